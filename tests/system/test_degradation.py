"""What happens when something the process needs is away, each in three acts: it works, it degrades
as promised, it recovers."""
import resource
import signal
import socket
import sqlite3
import threading
import time

import pytest

from harness.http_client import Client
from harness.raw_http import RawConnection


def eventually(true, seconds: float = 10):
    """Waits for what the service does in its own time."""
    deadline = time.monotonic() + seconds
    while not true():
        assert time.monotonic() < deadline, "it did not come true"
        time.sleep(0.01)


def metric(api, name: str) -> float:
    for line in api.get("/metrics").body.decode().splitlines():
        if line.startswith(name + " "):
            return float(line.split()[1])
    raise AssertionError(f"no metric {name}")


def test_a_full_disk_refuses_writes_with_503_and_redirects_go_on(start_service):
    """A limit on the size of files stands for the full disk: writes beyond it fail with EFBIG."""

    def limit_files():
        signal.signal(signal.SIGXFSZ, signal.SIG_IGN)

    service = start_service("--http.threads", "2", preexec_fn=limit_files)
    service.expected_errors.append("")  # the log may say what it likes while the disk is full
    api = service.api()
    user = api.make_user()["id"]
    link = api.make_link(user)
    draft = {"user_id": user, "original_url": "https://example.com/", "title": "x" * 500}

    wal = service.folder / "ginnel.db-wal"
    full = wal.stat().st_size + 20_000
    resource.prlimit(service.pid, resource.RLIMIT_FSIZE, (full, resource.RLIM_INFINITY))
    acknowledged, refused = [link], 0
    while refused < 20:
        answer = api.post("/urls", draft)
        if answer.status == 201:
            assert not refused, "a disk does not empty itself"
            acknowledged.append(answer.json())
            assert len(acknowledged) < 1000
        else:
            assert answer.status == 503 and answer.field("Retry-After"), answer
            refused += 1
    for shown in acknowledged:
        assert api.get(f"/{shown['short_code']}").status == 302
        assert api.get(f"/urls/{shown['id']}").json() == shown
    assert api.get("/health/serving").status == 200
    assert api.get("/nosuchcode").status == 404

    unlimited = (resource.RLIM_INFINITY, resource.RLIM_INFINITY)
    resource.prlimit(service.pid, resource.RLIMIT_FSIZE, unlimited)
    eventually(lambda: api.post("/urls", draft).status == 201)
    kept = {row["id"]: row for row in api.all_rows("/urls")}
    assert all(kept[shown["id"]] == shown for shown in acknowledged)
    assert len(kept) == len(acknowledged) + 1, "what was refused was not made"
    assert service.stop() == 0
    check = sqlite3.connect(service.database).execute("PRAGMA integrity_check").fetchone()
    assert check == ("ok",)


def test_a_locked_database_answers_503_in_time_and_redirects_go_on(start_service):
    """Somebody opens the file with the sqlite3 shell and leaves a transaction open."""
    service = start_service("--database.timeout_ms", "1000")
    service.expected_errors.append("")
    api = service.api()
    user = api.make_user()["id"]
    link = api.make_link(user)
    draft = {"user_id": user, "original_url": "https://example.com/", "title": ""}
    assert api.get(f"/{link['short_code']}").status == 302

    other = sqlite3.connect(service.database, isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    began = time.monotonic()
    answer = api.post("/urls", draft)
    took = time.monotonic() - began
    assert answer.status == 503 and answer.field("Retry-After")
    assert took < 8
    assert api.get(f"/{link['short_code']}").status == 302
    assert api.get(f"/urls/{link['id']}").json() == link
    assert api.get("/unknowncode").status == 404
    other.execute("ROLLBACK")
    other.close()

    eventually(lambda: api.post("/urls", draft).status == 201)


def leave_early(service, name: str, number: int):
    """Sends a request or three and goes, every other time by a reset."""
    raw = RawConnection(service)
    body = f'{{"username":"{name}","email":"{name}@b.cd"}}'
    request = (
        "POST /users HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n"
        f"Content-Length: {len(body)}\r\n\r\n{body}"
    )
    raw.send(request.encode() * (1 + number % 3))
    if number % 2:
        raw.reset_on_close()
    raw.socket.close()


def test_clients_that_leave_before_their_answer_cost_nothing(start_service):
    """What they asked for is done or not, and nothing leaks: three rounds, files counted after
    each (the first opens what the store opens once)."""
    service = start_service()
    api = service.api()
    open_files = []
    for round_number in range(3):
        for i in range(200):
            leave_early(service, f"gone{round_number}x{i}", i)
        eventually(lambda: metric(api, "ginnel_http_connections") == 1)
        eventually(lambda: metric(api, "ginnel_http_requests_in_flight") <= 1)
        names = [user["username"] for user in api.all_rows("/users")]
        assert len(names) == len(set(names))
        open_files.append(metric(api, "process_open_fds"))
    assert open_files[2] <= open_files[0] + 5, open_files
    assert api.get("/health/ready").status == 200


def test_ten_thousand_short_connections_leave_nothing_behind(start_service, report):
    service = start_service()
    api = service.api()
    link = api.make_link()
    api.all_rows("/urls")
    before = metric(api, "process_open_fds")

    def visit():
        for _ in range(1250):
            client = Client(service.host, service.port)
            assert client.get(f"/{link['short_code']}").status == 302
            client.close()

    threads = [threading.Thread(target=visit) for _ in range(8)]
    began = time.monotonic()
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    eventually(lambda: metric(api, "ginnel_http_connections") == 1)
    assert metric(api, "process_open_fds") <= before + 5, "what the store opens once, no more"
    report(f"10000 connections of one request each in {time.monotonic() - began:.1f} s")


def test_a_slow_reader_gets_everything_in_order(start_service):
    """More answers than the sockets hold, read in small pieces: the server waits, then goes on."""
    service = start_service()
    api = service.api()
    user = api.make_user()["id"]
    for i in range(60):
        api.make_link(user, title=f"{i}" + "x" * 490)
    wanted = api.get("/urls?per_page=60").body
    assert len(wanted) > 30_000
    count = 400  # 16 MB
    with RawConnection(service) as raw:
        raw.socket.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 65_536)
        request = b"GET /urls?per_page=60 HTTP/1.1\r\nHost: localhost\r\n\r\n"
        sender = threading.Thread(target=raw.send, args=(request * count,))
        sender.start()
        assert api.get("/health").status == 200
        for i in range(count):
            if i % 50 == 0:
                time.sleep(0.05)  # long enough for every buffer on the way to be full
            assert raw.read_response().body == wanted
        sender.join(20)
    assert api.get("/health").status == 200


@pytest.mark.parametrize("limit", [256])
def test_too_few_file_descriptors_are_no_end(start_service, limit):
    """The limit of connections is lowered to what the limit of files allows, and said so."""

    def few_files():
        resource.setrlimit(resource.RLIMIT_NOFILE, (limit, limit))

    service = start_service(preexec_fn=few_files)
    api = service.api().connect()
    assert api.get("/health").status == 200
    crowd = []
    for _ in range(limit + 50):
        crowd.append(RawConnection(service))
    api = service.api()  # the crowd is younger: the one that was there has made room
    assert api.get("/health").status == 200
    link = api.make_link()
    assert api.get(f"/{link['short_code']}").status == 302
    for connection in crowd:
        connection.socket.close()
    eventually(lambda: metric(api, "ginnel_http_connections") == 1)
    assert service.api().get("/health").status == 200


def test_a_paused_process_goes_on_where_it_was(start_service):
    """SIGSTOP for two seconds, as a suspended machine: deadlines pass, nothing breaks."""
    service = start_service()
    api = service.api().connect()
    link = api.make_link()
    service.signal(signal.SIGSTOP)
    with RawConnection(service) as raw:  # the kernel accepts it
        raw.send(f"GET /{link['short_code']} HTTP/1.1\r\nHost: x\r\n\r\n".encode())
        time.sleep(2)
        service.signal(signal.SIGCONT)
        assert raw.read_response().status == 302
    assert api.put(f"/urls/{link['id']}", {"is_active": False}).status == 200
    assert api.get(f"/{link['short_code']}").status == 410
