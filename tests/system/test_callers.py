"""Whose program calls: without a key, root's, the server's own user's and those of people; a proxy
that leaves no sign in a request is told by the account that it runs under."""
import ctypes
import os
import pathlib
import platform
import re
import shutil
import signal
import struct
import subprocess
import tempfile

import pytest

from harness import nginx
from harness.http_client import Client
from harness.raw_http import RawConnection
from harness.service import Service, as_user, clean_environment, needs_root
from test_guards import GUARDED

HTTP_1_1 = 'proxy_http_version 1.1; proxy_set_header Connection "";'
SYSTEM_ACCOUNT = "A program of a system account, as proxies are, sent this request; "
UNKNOWN = "The system does not tell whose program sent this request; "
PEOPLE = [0, 1000, 1001, 60_000, 60_513]
# daemon, www-data, of a package, of a package, DynamicUser=, nobody, of a container
ACCOUNTS = [1, 33, 101, 999, 60_514, 61_184, 65_534, 100_032]

needs_nginx = pytest.mark.skipif(nginx.PROGRAM is None, reason="nginx is not installed")


def furnish(service):
    api = service.api()
    api.post("/users", {"username": "ada", "email": "ada@example.com"})
    api.post("/urls", {"user_id": 1, "original_url": "https://example.com/", "title": "t",
                       "code": "kept"})
    assert api.get("/kept").status == 302


@pytest.fixture
def service(start_service):
    """One for callers on this machine, with a link."""
    running = start_service()
    furnish(running)
    return running


def refused(service, reason: str) -> int:
    page = service.api().get("/metrics").body.decode()
    return int(re.search(rf'api_refused_total{{reason="{reason}"}} (\d+)', page)[1])


def status_as(user: int, service, method="GET", path="/users") -> int:
    """What a curl of this user is answered."""
    host = f"[{service.host}]" if ":" in service.host else service.host
    done = subprocess.run(
        as_user(user, "curl", "-s", "-o", os.devnull, "-w", "%{http_code}", "-X", method,
                f"http://{host}:{service.port}{path}"),
        env=clean_environment(), capture_output=True, text=True, check=True, timeout=30)
    return int(done.stdout)


# --- a proxy that leaves no sign -----------------------------------------------------------------


@needs_root
@needs_nginx
@pytest.mark.parametrize("worker", ["www-data", "nobody nogroup"])
@pytest.mark.parametrize("keeps", [False, True], ids=["a connection each", "kept connections"])
def test_nobody_is_a_caller_behind_an_nginx_that_leaves_no_sign(
        service, tmp_path, worker, keeps, report):
    with nginx.in_front_of(service, tmp_path / "nginx", HTTP_1_1, worker, keeps) as visitor:
        for _ in range(3):
            assert visitor.get("/kept").status == 302, "visitors are served"
            for method, path in GUARDED:
                answer = visitor.request(method, path)
                assert answer.status == 403, (method, path, answer)
                if method != "HEAD":
                    assert answer.error.startswith(SYSTEM_ACCOUNT + "without a key")
                    assert "set api.key" in answer.error and worker.split()[0] not in answer.error
    asked = 3 * len(GUARDED)
    assert refused(service, "system_account") == asked
    assert service.api().get("/kept").status == 302, "nothing was changed"
    assert len(service.api().get("/users").json()) == 1
    report(f"{asked} requests through a bare nginx of {worker}, none served")


@needs_root
@needs_nginx
def test_who_shows_the_key_is_served_behind_it(start_service, tmp_path):
    key = "a-key-that-nobody-guesses-0123456789"
    service = start_service(env={"API_KEY": key})
    with nginx.in_front_of(service, tmp_path / "nginx", HTTP_1_1, "www-data") as client:
        assert client.get("/users", headers={"X-API-Key": key}).status == 200
        assert client.get("/users").status == 401


# --- whose program it is -------------------------------------------------------------------------


@needs_root
@pytest.mark.parametrize("listen", ["127.0.0.1:0", "[::1]:0"])
def test_people_and_root_are_served_and_accounts_of_the_system_are_not(
        start_service, listen, report):
    service = start_service(listen=listen)
    furnish(service)
    for user in PEOPLE:
        assert status_as(user, service) == 200, user
    for user in ACCOUNTS:
        assert status_as(user, service) == 403, user
        assert status_as(user, service, "DELETE", "/urls/1") == 403, user
        assert status_as(user, service, path="/kept") == 302, user
        assert status_as(user, service, path="/health/ready") == 200, user
    assert status_as(1000, service, "DELETE", "/urls/1") == 204
    said = [line for line in service.log.lines if line.get("status") == 403]
    assert {line["detail"] for line in said} == {"system_account"}
    report(f"{listen}: {len(PEOPLE)} users served, {len(ACCOUNTS)} accounts refused")


@needs_root
@pytest.mark.parametrize("own, other", [(998, 997), (100_999, 100_998)])
def test_the_servers_own_user_is_served(own, other):
    """Another account of the system is not, and root is."""
    def become_it():
        os.setgid(own)
        os.setuid(own)

    folder = tempfile.mkdtemp(dir="/tmp")
    try:
        os.chown(folder, own, own)
        service = Service(pathlib.Path(folder), preexec_fn=become_it)
        assert [status_as(user, service) for user in (own, 0, 1000, other)] == [200, 200, 200, 403]
        assert service.stop() == 0
    finally:
        shutil.rmtree(folder)


@needs_root
def test_nobody_is_many_and_never_the_server_itself():
    def become_nobody():
        os.setgid(65_534)
        os.setuid(65_534)

    folder = tempfile.mkdtemp(dir="/tmp")
    try:
        os.chown(folder, 65_534, 65_534)
        service = Service(pathlib.Path(folder), preexec_fn=become_nobody)
        assert [status_as(user, service) for user in (65_534, 0)] == [403, 200]
        assert service.stop() == 0
    finally:
        shutil.rmtree(folder)


def test_a_connection_is_its_owners_to_its_end(service):
    """Also when the caller has told that it sends no more."""
    with RawConnection(service) as raw:
        for _ in range(5):
            assert raw.exchange(b"GET /users HTTP/1.1\r\nHost: localhost\r\n\r\n").status == 200
        raw.send(b"GET /users HTTP/1.1\r\nHost: localhost\r\n\r\n")
        raw.end_sending()
        assert raw.read_response().status == 200


# $1, $2: host and port. Sends what would delete the link on many connections, and is gone.
SEND_AND_GO = """
import socket, sys
for _ in range(20):
    with socket.create_connection((sys.argv[1], int(sys.argv[2]))) as one:
        one.sendall(b"DELETE /urls/1 HTTP/1.1\\r\\nHost: localhost\\r\\n\\r\\n")
"""


@needs_root
@pytest.mark.parametrize("stopped", [True, False], ids=["gone before it is read", "at once"])
def test_what_was_closed_is_not_roots(service, stopped, report):
    """A visitor who gives up makes a proxy close its end; the kernel may show what then belongs
    to nobody as root's."""
    if stopped:
        service.process.send_signal(signal.SIGSTOP)
    subprocess.run(as_user(33, "/usr/bin/python3", "-c", SEND_AND_GO, service.host, service.port),
                   env=clean_environment(), check=True, timeout=30)
    service.process.send_signal(signal.SIGCONT)
    asked = 20
    log = service.log
    assert log.wait_for(lambda _: sum(line.get("status") == 403 for line in log.lines) == asked, 10)
    assert service.api().get("/kept").status == 302
    unknown = refused(service, "unknown_owner")
    assert unknown + refused(service, "system_account") == asked
    assert unknown == asked or not stopped
    report(f"{asked} deletions of a closed connection: none done, {unknown} of nobody's")


# --- where the system does not tell --------------------------------------------------------------


def keep_from_netlink():
    """From now on this process gets no netlink socket: seccomp, as RestrictAddressFamilies= of
    systemd uses it."""
    call = {"x86_64": 41, "aarch64": 198}[platform.machine()]  # socket
    load, equal, give = 0x20, 0x15, 0x06
    refuse, allow = 0x00050000 | 97, 0x7FFF0000  # EAFNOSUPPORT
    steps = [(load, 0, 0, 0), (equal, 0, 3, call), (load, 0, 0, 16), (equal, 0, 1, 16),
             (give, 0, 0, refuse), (give, 0, 0, allow)]
    code = b"".join(struct.pack("=HBBI", *step) for step in steps)
    buffer = ctypes.create_string_buffer(code)
    program = struct.pack("@HP", len(steps), ctypes.addressof(buffer))
    libc = ctypes.CDLL(None, use_errno=True)
    assert libc.prctl(38, 1, 0, 0, 0) == 0  # PR_SET_NO_NEW_PRIVS
    assert libc.prctl(22, 2, program, 0, 0) == 0, ctypes.get_errno()  # PR_SET_SECCOMP, by a filter


@pytest.mark.skipif(platform.machine() not in ("x86_64", "aarch64"), reason="numbers of calls")
def test_a_caller_of_whom_the_system_does_not_tell_needs_the_key(start_service, report):
    service = start_service(preexec_fn=keep_from_netlink)
    client = Client(service.host, service.port)
    for method, path in GUARDED:
        answer = client.request(method, path)
        assert answer.status == 403, (method, path, answer)
        assert answer.error.startswith(UNKNOWN) and "set api.key" in answer.error
    assert client.get("/health/ready").status == 200 and client.get("/nosuch").status == 404
    assert refused(service, "unknown_owner") == len(GUARDED)
    key = "a-key-that-nobody-guesses-0123456789"
    keyed = start_service(preexec_fn=keep_from_netlink, env={"API_KEY": key})
    assert keyed.api().get("/users", headers={"X-API-Key": key}).status == 200
    report(f"{len(GUARDED)} requests of unknown callers refused")
