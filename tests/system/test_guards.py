"""Who may use the interface: the key, and what a server without one makes of its callers."""
import os
import pty
import re
import socket
import subprocess

import pytest

from harness.http_client import Client
from harness.raw_http import RawConnection
from harness.service import BINARY, Service, clean_environment, run_cli

KEY = "a-key-that-nobody-guesses-0123456789"
WRONG = "a-key-that-nobody-guesses-0123456780"
NO_GOOD_KEY = "Unauthorized \u2013 invalid or missing API key"
CHALLENGE = 'Bearer realm="ginnel"'

ROWS = [
    ("GET", "/users"), ("POST", "/users"),
    ("GET", "/users/1"), ("PUT", "/users/1"), ("DELETE", "/users/1"),
    ("GET", "/urls"), ("POST", "/urls"),
    ("GET", "/urls/1"), ("PUT", "/urls/1"), ("DELETE", "/urls/1"), ("GET", "/urls/1/stats"),
    ("GET", "/urls/1/qr"),
    ("GET", "/events"), ("POST", "/events"), ("GET", "/events/1"), ("PUT", "/events/1"),
    ("GET", "/audit"),
]
GUARDED = [(method, at + path) for at in ("", "/v1") for method, path in ROWS]
PUBLIC = {
    "/": 200, "/docs": 200, "/docs/": 200, "/docs/docs.js": 200, "/openapi.json": 200,
    "/apispec.json": 200, "/health": 200, "/health/ready": 200, "/health/serving": 200,
    "/metrics": 200, "/favicon.ico": 200, "/robots.txt": 200, "/assets/nosuch": 404,
    "/guarded.svg": 200, "/guarded.png": 200, "/nosuch.svg": 404,
    "/nosuch": 404, "/urls/nosuch/redirect": 404, "/v1/urls/nosuch/redirect": 404,
    "/guarded": 302, "/urls/guarded/redirect": 302, "/v1/urls/guarded/redirect": 302,
}


def an_address_of_this_machine() -> str | None:
    """One that is not loopback, or None. Nothing is sent."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as probe:
        try:
            probe.connect(("192.0.2.1", 9))
        except OSError:
            return None
        return probe.getsockname()[0]


def with_key(key=KEY, **more) -> dict[str, str]:
    return {"X-API-Key": key, **more}


def refused(client, reason: str) -> float:
    """How many the metrics say were refused for this reason."""
    wanted = f'ginnel_api_refused_total{{reason="{reason}"}} '
    lines = client.get("/metrics").body.decode().splitlines()
    return float(next(line for line in lines if line.startswith(wanted)).rsplit(" ", 1)[1])


def said_at_start(service) -> dict:
    return next(line for line in service.log.lines if line["message"] == "access")


def make_link(client, code: str, headers=None) -> dict:
    user = client.post("/users", {"username": code, "email": f"{code}@example.com"},
                       headers=headers)
    assert user.status == 201, user
    draft = {"user_id": user.json()["id"], "original_url": "https://example.com/", "title": "t",
             "code": code}
    link = client.post("/urls", draft, headers=headers)
    assert link.status == 201, link
    return link.json()


@pytest.fixture
def keyed(start_service):
    """A service with a key."""
    return start_service(env={"GINNEL_API_KEY": KEY})


@pytest.fixture(scope="module")
def session_keyed(tmp_path_factory):
    """The same for tests that change nothing."""
    running = Service(tmp_path_factory.mktemp("keyed"), env={"API_KEY": KEY})
    yield running
    assert running.stop() == 0


# --- with a key ----------------------------------------------------------------------------------


def test_every_route_but_the_public_ones_asks_for_the_key(keyed, report):
    client = keyed.api()
    make_link(client, "guarded", with_key())
    for method, path in GUARDED:
        for headers in ({}, with_key(WRONG), {"Authorization": f"Bearer {WRONG}"}):
            answer = client.request(method, path, headers=headers)
            assert (answer.status, answer.error) == (401, NO_GOOD_KEY), (method, path)
            assert answer.field("WWW-Authenticate") == CHALLENGE
    assert client.head("/users").status == 401
    assert client.head("/users", headers=with_key()).status == 200
    for path, status in PUBLIC.items():
        assert client.get(path).status == status, path
        assert client.get(path, headers=with_key(WRONG)).status == status, path
        assert client.head(path).status == status, path
    for method, path in GUARDED:
        answer = client.request(method, path, headers=with_key())
        assert answer.status not in (401, 403), (method, path, answer)
    report(f"{len(GUARDED)} guarded routes asked for a key, {len(PUBLIC)} public paths did not")


def test_what_is_no_route_tells_nothing_but_that(keyed):
    """The routes are no secret: docs/api.md has them."""
    client = keyed.api()
    for path in ("/no/such", "/users/abc", "/users/", "/v1", "/v1/health", "/v1/nosuch"):
        for method in ("GET", "POST", "DELETE", "PATCH"):
            answer = client.request(method, path)
            assert answer.status in (404, 405), (method, path)
            assert answer.error in ("Not found", "Method not allowed")
    answer = client.request("PATCH", "/users/1")
    assert answer.status == 405 and answer.field("Allow") == "GET, HEAD, PUT, DELETE, OPTIONS"
    answer = client.options("/users", headers={"Origin": "https://other.example"})
    assert answer.status == 200 and answer.body == b""
    assert answer.field("Allow") == "GET, HEAD, POST, OPTIONS"


@pytest.mark.parametrize("fields, status", [
    ("X-API-Key: {}", 200),
    ("x-api-key:{}", 200),
    ("X-Api-Key: \t{} \t ", 200),
    ("Authorization: Bearer {}", 200),
    ("authorization: bearer   {}", 200),
    ("Authorization: Basic eDp5\r\nX-API-Key: {}", 200),
    ("X-API-Key: {}\r\nAuthorization: Bearer wrong", 200),
    ("X-API-Key: wrong\r\nAuthorization: Bearer {}", 401),
    ("X-API-Key: {}\r\nX-API-Key: {}", 401),
    ("X-API-Key: {}, {}", 401),
    ("X-API-Key: {}x", 401),
    ("X-API-Key: Bearer {}", 401),
    ("X-API-Key:", 401),
    ("X-API-Key: ***", 401),
    ("Authorization: {}", 401),
    ("Authorization: Bearer", 401),
    ("Authorization: Bearer{}", 401),
    ("Authorization: Basic {}", 401),
    ("Cookie: X-API-Key={}", 401),
    ("Accept: */*", 401),
])
def test_how_a_key_is_shown(session_keyed, fields, status):
    with RawConnection(session_keyed) as raw:
        head = f"GET /users HTTP/1.1\r\nHost: localhost\r\n{fields.replace('{}', KEY)}\r\n\r\n"
        assert raw.exchange(head.encode()).status == status


def test_no_query_parameter_is_a_key(session_keyed):
    client = session_keyed.api()
    assert client.get(f"/users?api_key={KEY}&X-API-Key={KEY}&access_token={KEY}").status == 401


def test_a_key_serves_callers_from_anywhere(session_keyed):
    """Whoever shows it is no page that a browser was sent to: none can send it without leave."""
    foreign = with_key(Origin="https://other.example", **{
        "Sec-Fetch-Site": "cross-site", "Host": "other.example", "X-Forwarded-For": "203.0.113.9"})
    assert session_keyed.api().get("/users", headers=foreign).status == 200


def test_a_body_is_not_waited_for_without_a_key(session_keyed):
    for fields in ("Content-Length: 1000000", "Transfer-Encoding: chunked",
                   "Content-Length: 9\r\nExpect: 100-continue"):
        with RawConnection(session_keyed) as raw:
            answer = raw.exchange(
                f"POST /users HTTP/1.1\r\nHost: localhost\r\n{fields}\r\n\r\n".encode())
            assert answer.status == 401 and answer.field("Connection") == "close"
            assert raw.closed()


def test_a_refused_connection_serves_the_next_request(session_keyed):
    with RawConnection(session_keyed) as raw:
        for _ in range(3):
            body = b'{"username":"x"}'
            head = b"POST /users HTTP/1.1\r\nHost: localhost\r\nContent-Length: %d\r\n" % len(body)
            assert raw.exchange(head + b"\r\n" + body).status == 401
            assert raw.exchange(
                head + b"X-API-Key: " + KEY.encode() + b"\r\n\r\n" + body).status == 400


def test_the_trail_says_who_changed_something(keyed):
    client = keyed.api()
    user = make_link(client, "guarded", with_key())["user_id"]
    assert client.put(f"/users/{user}", {"username": "new"},
                      headers={"Authorization": f"Bearer {KEY}"}).status == 200
    trail = client.get("/audit", headers=with_key()).json()
    assert [row["who"] for row in trail] == ["api.key"] * 3


def test_the_key_is_nowhere_to_be_seen(tmp_path, start_service):
    service = start_service(env={"API_KEY": KEY})
    client = service.api()
    client.get("/users", headers=with_key())
    client.get("/users", headers=with_key(WRONG))
    client.post("/users", {"username": 1}, headers=with_key())
    page = client.get("/metrics").body.decode()
    shown = run_cli("config", "check", cwd=tmp_path, env={"API_KEY": KEY})
    assert service.stop() == 0
    log = service.log.path.read_text()
    assert '"request"' in log and "wrong_key" in log
    line = next(line for line in shown.stdout.splitlines() if line.startswith("api.key "))
    assert line.split(" = ")[1] == "***  (API_KEY)"
    for text in (log, page, shown.stdout, shown.stderr):
        assert KEY not in text and WRONG not in text


@pytest.mark.parametrize("env, files", [
    ({"GINNEL_API_KEY": KEY}, {}),
    ({"API_KEY": KEY}, {}),
    ({"GINNEL_API_KEY": KEY, "API_KEY": WRONG}, {}),
    ({"GINNEL_API_KEY_FILE": "key"}, {"key": f"{KEY}\n"}),
    ({"API_KEY_FILE": "key"}, {"key": f"\n {KEY}\r\n"}),
    ({}, {"ginnel.toml": f'[api]\nkey = "{KEY}"\n'}),
    ({"API_KEY": ""}, {"ginnel.toml": f'[api]\nkey = "{KEY}"\n'}),
], ids=str)
def test_where_a_key_may_come_from(start_service, tmp_path, env, files):
    folder = tmp_path / "keyed"
    folder.mkdir()
    for name, text in files.items():
        (folder / name).write_text(text)
    service = start_service(folder=folder, env=env)
    assert said_at_start(service)["mode"] == "key"
    client = service.api()
    assert client.get("/users", headers=with_key()).status == 200
    assert client.get("/users", headers=with_key(WRONG)).status == 401


@pytest.mark.parametrize("env, place", [
    ({"API_KEY": "short"}, "API_KEY"),
    ({"GINNEL_API_KEY": "with a space in the middle"}, "GINNEL_API_KEY"),
    ({"API_KEY_FILE": "/nonexistent"}, "API_KEY_FILE"),
    ({"API_KEY": KEY, "API_KEY_FILE": "/dev/null"}, "API_KEY"),
], ids=str)
def test_a_bad_key_is_told_and_not_shown(tmp_path, env, place):
    done = run_cli("config", "check", cwd=tmp_path, env=env)
    assert done.returncode == 2 and place in done.stderr
    for secret in ("short", "with a space", KEY):
        assert secret not in done.stderr


# --- without a key -------------------------------------------------------------------------------


def test_a_server_of_its_own_machine_serves_its_callers(start_service):
    service = start_service()
    assert said_at_start(service)["mode"] == "local"
    client = service.api()
    make_link(client, "guarded")
    for method, path in GUARDED:
        assert client.request(method, path).status not in (401, 403), (method, path)
    for headers in ({"Host": f"localhost:{service.port}"}, {"Host": "[::1]"},
                    {"Sec-Fetch-Site": "same-origin", "Origin": service.url},
                    {"Sec-Fetch-Site": "none"}, with_key("whatever")):
        assert client.get("/users", headers=headers).status == 200, headers


FOREIGN = {
    "forwarded": [{"X-Forwarded-For": "203.0.113.9"}, {"X-Forwarded-For": "127.0.0.1"},
                  {"X-Real-IP": "203.0.113.9"}, {"Via": "1.1 squid"}],
    "unknown_host": [{"Host": "rebound.example"}, {"Host": "rebound.example:8080"}, {"Host": ""}],
    "foreign_origin": [{"Origin": "https://other.example"}, {"Origin": "null"},
                       {"Origin": "http://localhost:3000"}],
    "cross_site": [{"Sec-Fetch-Site": "cross-site"}],
}


def test_it_refuses_what_others_make_a_browser_send(start_service, report):
    service = start_service()
    client = service.api()
    make_link(client, "guarded")
    refusals = 0
    for reason, variants in FOREIGN.items():
        for headers in variants:
            before = refused(client, reason)
            for method, path in GUARDED:
                answer = client.request(method, path, headers=headers)
                assert answer.status == 403, (method, path, headers, answer)
                assert "set api.key" in answer.error and "api.open" not in answer.error
                refusals += 1
            assert refused(client, reason) == before + len(GUARDED)
            for path, status in PUBLIC.items():
                assert client.get(path, headers=headers).status == status, (path, headers)
    assert len(client.get("/users").json()) == 1, "nothing was changed"
    assert all(line["detail"] in FOREIGN for line in service.log.lines if line.get("status") == 403)
    report(f"{refusals} requests of others refused")


def test_a_form_of_another_page_changes_nothing(start_service):
    """What a browser sends without asking leave first: three media types, and the page's Origin."""
    client = start_service().api()
    for media in ("text/plain", "multipart/form-data; boundary=x",
                  "application/x-www-form-urlencoded"):
        for headers in ({"Origin": "https://other.example"}, {"Sec-Fetch-Site": "cross-site"}):
            answer = client.request("POST", "/users", body=b'{"username":"eve","email":"e@e.ee"}',
                                    headers={"Content-Type": media, **headers})
            assert answer.status == 403
    assert client.get("/users").json() == []


def test_a_preflight_is_given_no_leave(start_service):
    client = start_service().api()
    asked = {"Origin": "https://other.example", "Access-Control-Request-Method": "PUT",
             "Access-Control-Request-Headers": "x-api-key, content-type"}
    for answer in (client.options("/users/1", headers=asked),
                   client.get("/health", headers=asked), client.get("/users", headers=asked)):
        assert not [name for name, _ in answer.fields if name.lower().startswith("access-control")]


def test_names_of_the_settings_are_for_those_who_show_the_key(start_service):
    """A name that others have for a server is a proxy's, whom nobody behind it can be told from."""
    names = ("--links.public_url", "https://go.example.org", "--links.own_hosts", "links.lan")
    service = start_service(*names)
    assert said_at_start(service)["mode"] == "closed"
    client = service.api()
    for headers in ({}, {"Host": "go.example.org"}, {"Host": "links.lan:8080"},
                    {"Host": "go.example.org", "Origin": "https://go.example.org"}):
        assert client.get("/users", headers=headers).status == 401, headers
    client = start_service(*names, env={"API_KEY": KEY}).api()
    assert client.get("/users", headers=with_key(Host="go.example.org")).status == 200


def test_a_name_that_is_not_this_machines_alone_is_not_its_callers(start_service):
    client = start_service().api()
    answer = client.get("/users", headers={"Host": "other.example.org"})
    assert answer.status == 403
    assert answer.error.startswith("other.example.org is no name of this machine alone")
    behind = {"X-Forwarded-For": "203.0.113.9"}
    answer = client.post("/users", {"username": "eve", "email": "e@e.ee"}, headers=behind)
    assert answer.status == 403 and answer.error.startswith("A proxy passed this request on")


@pytest.mark.parametrize("listen", ["0.0.0.0:0", "127.0.0.1:0, 0.0.0.0:0"])
def test_a_server_that_others_reach_serves_nobody_without_a_key(start_service, listen):
    service = start_service(listen=listen)
    said = said_at_start(service)
    assert said["mode"] == "closed" and said["level"] == "warn" and "api.key" in said["means"]
    assert "openssl rand" in said["cure"] and "api.open" not in str(said)
    client = Client("127.0.0.1", service.port)
    for method, path in GUARDED:
        answer = client.request(method, path, headers=with_key())
        assert answer.status == 401 and answer.field("WWW-Authenticate") == CHALLENGE
        assert "has no API key" in answer.error and "api.key" in answer.error
    for path, status in PUBLIC.items():
        assert client.get(path).status == (404 if "guarded" in path else status), path
    assert refused(client, "no_key_set") == len(GUARDED)


def test_an_open_server_serves_everybody(start_service):
    service = start_service("--api.open", "true", listen="0.0.0.0:0")
    said = said_at_start(service)
    assert said["mode"] == "open" and said["level"] == "warn"
    client = Client(an_address_of_this_machine() or "127.0.0.1", service.port)
    make_link(client, "guarded")
    for method, path in GUARDED:
        for variants in FOREIGN.values():
            for headers in variants:
                assert client.request(method, path, headers=headers).status not in (401, 403)


def test_a_key_counts_on_an_open_server(start_service):
    service = start_service("--api.open", "true", env={"API_KEY": KEY})
    assert said_at_start(service)["mode"] == "key"
    client = service.api()
    assert client.get("/users").status == 401
    assert client.get("/users", headers=with_key()).status == 200


def test_who_is_served_is_said_on_a_terminal_too(tmp_path):
    """Before anybody is served."""
    ours, theirs = pty.openpty()
    process = subprocess.Popen(
        [str(BINARY), "serve", "--http.listen", "127.0.0.1:0", "--database.url", "sqlite::memory:"],
        cwd=tmp_path, env=clean_environment(), stdout=theirs, stderr=theirs)
    os.close(theirs)
    printed = b""
    while b"listening" not in printed:
        printed += os.read(ours, 65536)
    process.terminate()
    assert process.wait(20) == 0
    os.close(ours)
    assert re.search(rb"access.* mode.*local.*only callers on this machine.*\n.*listening", printed)
