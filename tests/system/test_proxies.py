"""A proxy on the same machine: whom it serves come from loopback, and are no callers of this
machine; and if it is not named, they are one visitor."""
import re
import shutil
import time

import pytest

from harness import nginx
from harness.http_client import Api
from harness.raw_http import RawConnection
from harness.service import Service, run_cli

KEY = "a-key-that-nobody-guesses-0123456789"
WITH_KEY = {"X-API-Key": KEY}
PUBLIC_URL = ("--links.public_url", "https://go.example.org")
BROWSER = {"User-Agent": "Mozilla/5.0 (X11; Linux x86_64; rv:128.0) Gecko/20100101 Firefox/128.0"}
NOTICE = "visitors are not told apart"

needs_nginx = pytest.mark.skipif(nginx.PROGRAM is None, reason="nginx is not installed")

# What operators write below `proxy_pass`, each of which is a sign of its own.
HTTP_1_1 = 'proxy_http_version 1.1; proxy_set_header Connection "";'
SIGNS = {
    "nothing": "",
    "X-Forwarded-For": f"{HTTP_1_1} proxy_set_header X-Forwarded-For $proxy_add_x_forwarded_for;",
    "X-Forwarded-Proto": f"{HTTP_1_1} proxy_set_header X-Forwarded-Proto $scheme;",
    "X-Real-IP": f"{HTTP_1_1} proxy_set_header X-Real-IP $remote_addr;",
    "Forwarded": f'{HTTP_1_1} proxy_set_header Forwarded "for=$remote_addr";',
    "Via": f'{HTTP_1_1} proxy_set_header Via "1.1 nginx";',
    "Host": f"{HTTP_1_1} proxy_set_header Host go.example.org;",
}

# Ways into a guarded route, of which none changes anything.
ATTACKS = [("GET", "/users", None), ("GET", "/urls/1", None), ("DELETE", "/urls/1", None),
           ("DELETE", "/users/1", None), ("PUT", "/urls/1", b'{"is_active":false}'),
           ("POST", "/users", b'{"username":"eve","email":"e@e.ee"}'), ("GET", "/audit", None)]


def kept_link(service):
    """A user and a link of a service that has none."""
    api = service.api()
    user = {"username": "ada", "email": "ada@example.com"}
    assert api.post("/users", user).status == 201
    draft = {"user_id": 1, "original_url": "https://example.com/", "title": "t", "code": "kept"}
    assert api.post("/urls", draft).status == 201


@pytest.fixture(scope="module")
def database(tmp_path_factory):
    """One that has a user and a link."""
    running = Service(tmp_path_factory.mktemp("first"))
    kept_link(running)
    assert running.stop() == 0
    return running.database


@pytest.fixture
def furnished(start_service, database, tmp_path):
    """furnished(option, ...) starts a service on a copy of that database."""
    def start(*options, **kw):
        folder = tmp_path / Api.unique("furnished")
        folder.mkdir()
        shutil.copy(database, folder)
        return start_service(*options, folder=folder, **kw)

    return start


@pytest.fixture(scope="module")
def local(tmp_path_factory):
    """A service for callers on this machine, with a link."""
    running = Service(tmp_path_factory.mktemp("local"))
    kept_link(running)
    yield running
    assert running.stop() == 0


def attack(client, headers=None):
    answers = []
    for method, path, body in ATTACKS:
        more = {"Content-Type": "application/json"} if body else {}
        answers.append(client.request(method, path, body=body, headers={**more, **(headers or {})}))
    return answers


def notices(service):
    return [line for line in service.log.lines if line["message"] == NOTICE]


# --- who may call --------------------------------------------------------------------------------


@needs_nginx
@pytest.mark.parametrize("sign", SIGNS)
@pytest.mark.parametrize("options, status", [((), 403), (PUBLIC_URL, 401)],
                         ids=["no name", "public_url"])
def test_nobody_behind_nginx_is_a_caller_on_this_machine(
        furnished, tmp_path, sign, options, status, report):
    service = furnished(*options)
    with nginx.in_front_of(service, tmp_path / "nginx", SIGNS[sign]) as visitor:
        assert visitor.get("/kept").status == 302, "visitors are served"
        answers = attack(visitor)
    assert {answer.status for answer in answers} == {status}, answers
    assert not any("api.open" in answer.error for answer in answers)
    assert service.api().get("/kept").status == 302, "nothing was changed"
    report(f"{len(answers)} requests through nginx, none served")


@needs_nginx
def test_callers_behind_nginx_show_the_key(furnished, tmp_path):
    service = furnished(*PUBLIC_URL, env={"API_KEY": KEY})
    with nginx.in_front_of(service, tmp_path / "nginx") as client:
        assert {answer.status for answer in attack(client)} == {401}
        assert client.get("/users", headers=WITH_KEY).status == 200
        assert client.delete("/urls/1", headers=WITH_KEY).status == 204


@pytest.mark.parametrize("field", [
    "X-Forwarded-For: 203.0.113.9", "X-Forwarded-For: 127.0.0.1", "X-Forwarded-For: ::1",
    "X-Forwarded-For:", "x_forwarded_for: 127.0.0.1", "X-Forwarded-Host: localhost",
    "Forwarded: for=127.0.0.1", "X-Real-IP: 127.0.0.1", "X-Client-IP: 127.0.0.1",
    "CF-Connecting-IP: 127.0.0.1", "CF-Ray: 1", "True-Client-IP: 127.0.0.1",
    "Fastly-Client-IP: 127.0.0.1", "Via: 1.1 localhost", "X-Original-URL: /users",
    "X-Envoy-External-Address: 127.0.0.1", "X-Azure-ClientIP: 127.0.0.1", "CDN-Loop: a",
    "Tailscale-User-Login: ada", "X-Amzn-Trace-Id: Root=1", "X-Originating-IP: 127.0.0.1",
    "X-Real-Port: 1", "X-HTTPS: on", "X-TLS-Version: 1.3", "Early-Data: 1", "Remote-Email: a@b.c",
    "X-Goog-Authenticated-User-Email: a@b.c", "Surrogate-Capability: a=\"ESI/1.0\"", "rndr-id: 1",
])
def test_any_sign_of_a_proxy_is_enough(local, field):
    for method, path, _ in ATTACKS:
        with RawConnection(local) as raw:
            answer = raw.exchange(
                f"{method} {path} HTTP/1.1\r\nHost: localhost\r\n{field}\r\n\r\n".encode())
        assert answer.status == 403, (method, path)
        assert field.split(":")[0] in answer.error and "set api.key" in answer.error
    with RawConnection(local) as raw:
        assert raw.exchange(
            f"GET /kept HTTP/1.1\r\nHost: h\r\n{field}\r\n\r\n".encode()).status == 302


@pytest.mark.parametrize("options", [
    PUBLIC_URL,
    ("--links.public_url", "http://localhost.example.org"),
    ("--links.public_url", "http://192.168.7.7:8080"),
    ("--links.own_hosts", "localhost, links.lan"),
    ("--http.trusted_proxies", "127.0.0.1"),
    ("--links.public_url", "http://[2001:db8::7]/s", "--links.own_hosts", "a.example.org"),
], ids=" ".join)
def test_settings_that_expect_others_close_a_server_without_a_key(
        furnished, tmp_path, options, report):
    service = furnished(*options)
    said = next(line for line in service.log.lines if line["message"] == "access")
    assert (said["mode"], said["level"]) == ("closed", "warn")
    assert "openssl rand" in said["cure"] and "API_KEY_FILE" in said["cure"]
    assert "api.open" not in str(said)
    for headers in ({}, {"Host": "localhost"}, {"Host": "go.example.org"},
                    {"Origin": service.url}, WITH_KEY):
        answers = attack(service.api(), headers)
        assert {answer.status for answer in answers} == {401}
        assert not any("api.open" in answer.error for answer in answers)
    assert service.api().get("/kept").status == 302
    done = run_cli("doctor", *options, "--database.url", f"sqlite:{service.database}",
                   cwd=tmp_path)
    assert re.search(r"^warn  access     closed: no key, and .*\n.*openssl rand", done.stdout, re.M)
    report(f"{5 * len(ATTACKS)} requests, none served")


def test_names_of_this_machine_close_nothing(furnished):
    for options in (("--links.public_url", "http://127.0.0.1:9"), ("--links.own_hosts", "::1"),
                    ("--links.public_url", "https://go.localhost", "--links.own_hosts",
                     "LOCALHOST, 127.0.0.2")):
        service = furnished(*options)
        assert service.api().get("/users").status == 200, options
        assert service.stop() == 0


def test_a_page_of_another_port_is_foreign(local):
    """The default of links.public_url, port 8080, was set by nobody."""
    api = local.api()
    for origin in ("http://localhost:8080", "http://localhost:3000", "http://127.0.0.1:8080"):
        assert api.get("/users", headers={"Origin": origin}).status == 403, origin
        for host in ("localhost", f"localhost:{local.port}"):
            answer = api.get("/users", headers={"Host": host, "Origin": origin})
            assert answer.status == 403, (host, origin)
    assert api.get("/users", headers={"Origin": local.url}).status == 200


# --- who is counted ------------------------------------------------------------------------------


@pytest.mark.parametrize("field", ["X-Forwarded-For: 203.0.113.9", "Forwarded: for=203.0.113.9",
                                   "X-Real-IP: 203.0.113.9", "CF-Connecting-IP: 203.0.113.9"])
def test_a_proxy_that_is_not_named_is_told_once(furnished, field, report):
    service = furnished()
    for path in ("/kept", "/kept", "/nosuch", "/", "/users"):
        with RawConnection(service) as raw:
            raw.exchange(f"GET {path} HTTP/1.1\r\nHost: h\r\n{field}\r\n\r\n".encode())
    told = service.log.wait_for(lambda line: line["message"] == NOTICE, 5)
    assert (told["level"], told["proxy"], told["sign"]) == (
        "warn", "127.0.0.1", field.split(":")[0])
    assert "http.trusted_proxies=127.0.0.1" in told["cure"]
    assert service.stop() == 0
    assert len(notices(service)) == 1
    report(f"one line for 5 requests with {told['sign']}")


def test_a_proxy_that_is_named_and_a_direct_visitor_are_not_told(furnished):
    service = furnished("--http.trusted_proxies", "127.0.0.0/8", env={"API_KEY": KEY})
    client = service.api()
    for headers in ({"X-Forwarded-For": "203.0.113.9"}, {}, WITH_KEY):
        client.get("/kept", headers=headers)
    assert service.stop() == 0 and not notices(service)
    service = furnished()
    for path in ("/kept", "/users", "/"):
        service.api().get(path)
    assert service.stop() == 0 and not notices(service)


def test_that_another_proxy_is_named_does_not_help(furnished):
    service = furnished("--http.trusted_proxies", "10.0.0.0/8", env={"API_KEY": KEY})
    service.api().get("/kept", headers={"X-Forwarded-For": "203.0.113.9"})
    assert service.log.wait_for(lambda line: line["message"] == NOTICE, 5)


def test_one_that_has_to_be_there_is_told_at_the_start(furnished, tmp_path):
    """Others have a name for the server, and only this machine reaches it; nginx's bare proxy_pass
    leaves no sign that requests could tell."""
    service = furnished(*PUBLIC_URL, env={"API_KEY": KEY})
    assert len(notices(service)) == 1 and "http.trusted_proxies" in notices(service)[0]["cure"]
    done = run_cli("doctor", *PUBLIC_URL, "--database.url", f"sqlite:{service.database}",
                   cwd=tmp_path, env={"API_KEY": KEY})
    assert re.search(r"^warn  url .*all of them count as one\n.*http.trusted_proxies", done.stdout,
                     re.M), done.stdout
    assert service.stop() == 0
    service = furnished(*PUBLIC_URL, "--http.trusted_proxies", "127.0.0.1", env={"API_KEY": KEY})
    assert not notices(service)


@needs_nginx
def test_visitors_behind_a_named_nginx_are_told_apart(furnished, tmp_path):
    """What the notice's cure comes to."""
    service = furnished("--http.trusted_proxies", "127.0.0.1", *PUBLIC_URL, env={"API_KEY": KEY})
    pass_on = "proxy_set_header X-Forwarded-For $http_x_visitor;"
    with nginx.in_front_of(service, tmp_path / "nginx", pass_on) as client:
        for visitor in ("203.0.113.9", "198.51.100.7", "203.0.113.9"):
            assert client.get("/kept", headers={**BROWSER, "X-Visitor": visitor}).status == 302
    api = service.api()
    end = time.monotonic() + 10
    while True:
        stats = api.get("/urls/1/stats", headers=WITH_KEY).json()
        if stats["clicks"] == 3 or time.monotonic() > end:
            break
        time.sleep(0.05)
    assert (stats["clicks"], stats["daily_visitors"]) == (3, 2)
