"""A process that may have no more memory refuses what is asked of it one by one, and lives."""
import collections
import contextlib
import json
import pathlib
import re
import resource
import shutil
import socket
import threading
import time

import pytest

from harness.raw_http import ClosedByPeer, RawConnection
from harness.service import Service

MIB = 1 << 20
SLOW_READERS = 150
CSV = {"Content-Type": "text/csv"}


def address_space(pid: int) -> int:
    with open(f"/proc/{pid}/status", encoding="ascii") as status:
        return int(re.search(r"VmSize:\s+(\d+) kB", status.read())[1]) * 1024


def import_large_events(service) -> None:
    """A hundred of 60 KB: a page of them is 4 MiB."""
    details = json.dumps({"a": "b" * 60_000}).replace('"', '""')
    rows = "".join(f'{i},1,1,x,2026-01-01 00:00:00,"{details}"\n' for i in range(1_000, 1_100))
    head = "id,url_id,user_id,event_type,timestamp,details\n"
    answer = service.api().post("/events/bulk", body=(head + rows).encode(), headers=CSV)
    assert answer.status in (200, 201)


def slow_reader(service, request: bytes) -> socket.socket:
    reader = socket.socket()
    reader.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4_096)
    reader.connect(("127.0.0.1", service.port))
    reader.sendall(request)
    return reader


def outcome(service, method: str, path: str, **request):
    """The status, or what became of the connection."""
    try:
        return service.api().request(method, path, **request).status
    except (OSError, ClosedByPeer) as error:
        return type(error).__name__


class Caller(threading.Thread):
    """Asks the same again and again, until `stop`."""

    def __init__(self, service, method: str, path: str, **request):
        super().__init__()
        self.ask = lambda: outcome(service, method, path, **request)
        self.stopped = threading.Event()
        self.seen: collections.Counter = collections.Counter()
        self.start()

    def run(self):
        while not self.stopped.is_set():
            self.seen[self.ask()] += 1
            time.sleep(0.01)

    def stop(self):
        self.stopped.set()
        self.join()


@pytest.fixture(scope="module")
def filled(tmp_path_factory) -> tuple[pathlib.Path, int, str]:
    """A folder with large events, the address space of a server on it that has done nothing yet (it
    depends on the machine's cores), and a code."""
    folder = tmp_path_factory.mktemp("filled")
    service = Service(folder)
    size = address_space(service.process.pid)
    code = service.api().make_link()["short_code"]
    import_large_events(service)
    assert service.stop() == 0
    return folder, size, code


# How much more than that the process may have from its beginning. With the least of these it does
# not always start, which an operator sees at once; with STARTS it must.
STARTS = 64


@pytest.mark.parametrize("more_mib", [16, 32, 48, 64, 96])
def test_lists_for_which_there_is_no_memory_end_requests_and_not_the_process(
    start_service, filled, tmp_path, report, more_mib
):
    origin, idle_size, code = filled
    folder = shutil.copytree(origin, tmp_path / "own")
    allowed = idle_size + more_mib * MIB
    try:
        service = start_service(
            folder=folder,
            preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_AS, (allowed, allowed)),
        )
    except AssertionError:
        assert more_mib < STARTS
        report("it does not start with so little")
        return
    service.expected_errors.append("handler failed")
    assert outcome(service, "GET", f"/{code}") == 302

    taken = {"username": "taken", "email": "taken@example.com"}
    callers = {
        "visitor": Caller(service, "GET", f"/{code}"),
        "stranger": Caller(service, "GET", "/nosuch"),
        "health": Caller(service, "GET", "/health/serving"),
        "reader": Caller(service, "GET", "/users"),
        "writer": Caller(service, "POST", "/users", json_body=taken),
        "no JSON": Caller(service, "POST", "/users", json_body=[]),
    }
    request = b"GET /events?per_page=1000 HTTP/1.1\r\nHost: localhost\r\n\r\n"
    for _ in range(2):
        readers = []
        for _ in range(SLOW_READERS):
            with contextlib.suppress(OSError):
                readers.append(slow_reader(service, request))
        time.sleep(2)
        for reader in readers:
            reader.close()
    for caller in callers.values():
        caller.stop()
    seen = {who: dict(caller.seen) for who, caller in callers.items()}
    report(f"{allowed / MIB:.0f} MiB allowed: {seen}")

    assert service.process.poll() is None, "it lives"
    assert 302 in seen["visitor"] and 200 in seen["health"], "and answers"

    late = {"username": "late", "email": "late@example.com"}

    def recovered() -> bool:
        return (
            outcome(service, "GET", f"/{code}") == 302
            and outcome(service, "GET", "/health/ready") == 200
            and outcome(service, "POST", "/users", json_body=late) in (201, 409)
        )

    end = time.monotonic() + 10
    while not recovered():
        assert time.monotonic() < end, "it recovers when the readers have gone"
        time.sleep(0.1)
    with RawConnection(service) as raw:
        assert raw.exchange(b"GET /health/serving HTTP/1.1\r\nHost: h\r\n\r\n").status == 200
