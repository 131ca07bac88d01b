"""Where nobody says what short URLs begin with, they lead to the port that was bound; and who is
asked by the same file of settings is the same server."""
import os
import re
import socket
import subprocess
import urllib.parse

import pytest

from harness.http_client import Client
from harness.service import BINARY, clean_environment, free_port, run_cli

KEY = "a-key-that-nobody-guesses-0123456789"
WITH_KEY = {"X-API-Key": KEY}
TARGET = "https://example.com/there"
USERS = "id,username,email,created_at\n1,ada,ada@example.com,2025-07-13 12:40:57\n"


def outer_address() -> str | None:
    """One of this machine that is not loopback's, if there is one. Nothing is sent."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as one:
        try:
            one.connect(("192.0.2.1", 9))
        except OSError:
            return None
        return one.getsockname()[0]


def follow(url: str, listens: str):
    """As browsers do, to whom localhost is both loopback addresses (RFC 6761), whatever this
    machine's resolver says."""
    parts = urllib.parse.urlsplit(url)
    host = "::1" if parts.hostname == "localhost" and listens == "::1" else parts.hostname
    return Client(host, parts.port).get(parts.path)


def url_of(service) -> str:
    """Where a caller on this machine finds it, as the server itself says it."""
    host = {"0.0.0.0": "127.0.0.1", "::": "::1"}.get(service.host, service.host)
    return f"http://[{host}]:{service.port}" if ":" in host else f"http://{host}:{service.port}"


# What is listened on, and the host of short URLs then; the outer address stands for itself.
LISTENERS = {"127.0.0.1:0": "localhost", "localhost:0": "localhost", "[::1]:0": "localhost",
             "0.0.0.0:0": "localhost", ":0": "localhost", "127.0.0.1:0, 127.0.0.2:0": "localhost",
             "127.0.0.2:0": "127.0.0.2", "outer:0": "outer", "outer:0, 127.0.0.1:0": "outer"}


@pytest.mark.parametrize("listen", LISTENERS)
def test_short_urls_lead_to_the_port_that_was_bound(start_service, tmp_path, listen):
    outer = outer_address()
    if "outer" in listen and outer is None:
        pytest.skip("this machine has no address but loopback's")
    host = LISTENERS[listen].replace("outer", outer or "")
    service = start_service(listen=listen.replace("outer", outer or ""), env={"API_KEY": KEY})
    begin = f"http://{host}:{service.port}"
    api = service.api()
    user = api.post("/users", {"username": "ada", "email": "a@example.com"}, headers=WITH_KEY)
    draft = {"user_id": user.json()["id"], "original_url": TARGET, "title": "t", "code": "there"}
    made = api.post("/urls", draft, headers=WITH_KEY)
    assert made.field("X-Short-URL") == f"{begin}/there"
    assert follow(f"{begin}/there", service.host).field("Location") == TARGET
    html = api.get("/", headers={"Accept": "text/html"}).body.decode()
    assert f'data-public-url="{begin}"' in html
    assert api.get("/", headers={"Accept": "application/json"}).json()["public_url"] == begin
    done = run_cli("link", "create", f"{TARGET}/2", "--code", "cli-made", "--server",
                   url_of(service), cwd=tmp_path, env={"API_KEY": KEY})
    assert done.stdout == f"{begin}/cli-made\n", done.stderr


def test_one_that_is_set_stays(start_service):
    service = start_service("--links.public_url", "http://localhost:8080")
    assert service.api().get("/", headers={"Accept": "application/json"}).json()[
        "public_url"] == "http://localhost:8080"


@pytest.mark.parametrize("listen", ["127.0.0.1:PORT", "localhost:PORT", ":PORT", "127.0.0.1:0"])
def test_the_commands_ask_the_server_of_their_file(start_service, tmp_path, listen):
    """One file for both sides: where it listens, its key, its database."""
    listen = listen.replace("PORT", str(free_port()))
    (tmp_path / "ginnel.toml").write_text(
        f'[http]\nlisten = "{listen}"\n[api]\nkey_file = "{tmp_path}/key"\n'
        f'[database]\nurl = "sqlite:{tmp_path}/service/ginnel.db"\n')
    (tmp_path / "key").write_text(KEY + "\n")
    (tmp_path / "key").chmod(0o600)
    (tmp_path / "more.csv").write_text(USERS.replace("1,ada,ada@", "7,eve,eve@"))
    service = start_service("--config", tmp_path / "ginnel.toml", listen=listen,
                            folder=tmp_path / "service", env={"API_KEY": KEY})
    for words, told in (
            (("user", "create", "ada", "ada@example.com"), "1\n"),
            (("link", "create", TARGET, "--code", "there"), f"{service.public_url}/there\n"),
            (("link", "show", "there"), TARGET),
            (("import", "users", "more.csv", "--through-server"), "users: 1 read, 1 inserted")):
        done = run_cli(*words, cwd=tmp_path)
        assert done.returncode == 0 and told in done.stdout, (words, done.stdout + done.stderr)


def test_a_server_that_is_named_is_asked_all_the_same(start_service, tmp_path):
    asked = start_service()
    (tmp_path / "ginnel.toml").write_text(f'[http]\nlisten = "127.0.0.1:{free_port()}"\n')
    done = run_cli("user", "list", "--server", asked.url, cwd=tmp_path)
    assert done.returncode == 0, done.stderr


@pytest.mark.parametrize("listen", ["127.0.0.1:0", "[::1]:0", "0.0.0.0:0", "127.0.0.2:0"])
def test_the_refusal_of_an_import_names_the_server(start_service, tmp_path, listen):
    """The command that it prints is run as it stands."""
    service = start_service(listen=listen, env={"API_KEY": KEY})
    (tmp_path / "some users.csv").write_text(USERS)
    words = ("users", "some users.csv", "--database.url", f"sqlite:{service.database}")
    done = run_cli("import", *words, cwd=tmp_path)
    assert done.returncode == 1
    url = url_of(service)
    assert f"(pid {service.pid}, at {url})" in done.stderr
    assert ":8080" not in done.stderr
    command = re.search(r"whole or not at all:\n(.*)nothing was imported", done.stderr, re.S)[1]
    path = f"{BINARY.parent}:{os.environ['PATH']}"
    again = subprocess.run(["bash", "-c", command], cwd=tmp_path, capture_output=True, text=True,
                           env=clean_environment({"PATH": path, "API_KEY": KEY}), timeout=60)
    assert again.stdout.startswith("users: 1 read, 1 inserted"), command + again.stderr
    for command in (("serve", "--http.listen", "127.0.0.1:0"), ("migrate",)):
        done = run_cli(*command, "--database.url", f"sqlite:{service.database}", cwd=tmp_path)
        assert done.returncode == 1 and url in done.stderr, done.stderr


def test_a_server_that_is_gone_is_not_named(start_service, tmp_path):
    service = start_service()
    (tmp_path / "users.csv").write_text(USERS)
    service.kill()
    done = run_cli("import", "users", "users.csv", "--database.url", f"sqlite:{service.database}",
                   cwd=tmp_path)
    assert done.returncode == 0, done.stderr
    assert service.url not in service.database.with_suffix(".db.lock").read_text()


def test_config_check_says_what_auto_stands_for(tmp_path):
    port = free_port()
    for listen, public, server in ((f"localhost:{port}", f"http://localhost:{port}",
                                    f"http://127.0.0.1:{port}"),
                                   (f"192.0.2.7:{port}", f"http://192.0.2.7:{port}",
                                    f"http://192.0.2.7:{port}"), ("localhost:0", "auto", "auto")):
        told = run_cli("config", "check", "--http.listen", listen, cwd=tmp_path).stdout
        assert re.search(rf"^links.public_url +=\ {re.escape(public)}  \(default\)$", told, re.M)
        assert re.search(rf"^client.server +=\ {re.escape(server)}  \(default\)$", told, re.M)


def test_doctor_tells_short_urls_that_lead_nowhere(start_service, tmp_path):
    port = free_port()
    listen = ("--http.listen", f"127.0.0.1:{port}")
    told = run_cli("doctor", *listen, cwd=tmp_path).stdout
    assert f"ok    url        short URLs begin with http://localhost:{port}\n" in told
    for dead in ("http://localhost:8080", "http://127.0.0.1:1/s", "http://localhost"):
        told = run_cli("doctor", *listen, "--links.public_url", dead, cwd=tmp_path).stdout
        assert f"warn  url        short URLs begin with {dead}, where this server does not" in told
    for own, dead in (("127.0.0.1", "http://[::1]:{}"), ("127.0.0.1", "http://127.0.0.2:{}/s"),
                      ("[::1]", "http://127.0.0.1:{}"), ("127.0.0.5", "http://localhost:{}"),
                      ("127.0.0.5", "http://127.0.0.1:{}")):
        dead = dead.format(port)
        told = run_cli("doctor", "--http.listen", f"{own}:{port}", "--links.public_url", dead,
                       cwd=tmp_path).stdout
        assert f"warn  url        short URLs begin with {dead}, where this server does not" in told
    for own, alive in (("127.0.0.5", "http://127.0.0.5:{}"), ("[::1]", "http://localhost:{}"),
                       ("[::1]", "http://[0::1]:{}"), ("127.0.0.1", "https://localhost")):
        alive = alive.format(port)
        told = run_cli("doctor", "--http.listen", f"{own}:{port}", "--links.public_url", alive,
                       cwd=tmp_path).stdout
        assert f"ok    url        short URLs begin with {alive}\n" in told
    tls = f"https://localhost:{port}"
    for more in ((), ("--http.trusted_proxies", "127.0.0.1", "--api.key", "k" * 40)):
        told = run_cli("doctor", *listen, "--links.public_url", tls, *more, cwd=tmp_path).stdout
        assert f"url        short URLs begin with {tls}, where this server listens without" in told
    service = start_service()
    told = run_cli("doctor", "--http.listen", "127.0.0.1:0", "--database.url",
                   f"sqlite:{service.database}", cwd=tmp_path).stdout
    assert f"process {service.pid} serves, ready at {service.url}\n" in told
