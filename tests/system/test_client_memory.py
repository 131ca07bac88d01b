"""What clients without a key can make the server hold, and what visitors notice of it."""
import contextlib
import re
import resource
import selectors
import shutil
import socket
import subprocess
import time

import pytest

from harness.metrics import Page
from harness.raw_http import ClosedByPeer, RawConnection

KEY = "a-key-that-the-attackers-do-not-have"
CLIENTS = 10_000
MIB = 1 << 20
BODY = 900_000


def post(target: bytes, length: int = BODY) -> bytes:
    return b"POST %s HTTP/1.1\r\nHost: h\r\nContent-Length: %d\r\n\r\n" % (target, length)


# What each of them sends and never ends, or asks and never reads.
ATTACKS = {
    "nothing": b"",
    "one request": b"GET /health HTTP/1.1\r\nHost: h\r\n\r\n",
    "a header of 16 KB without its end": b"GET /x HTTP/1.1\r\nHost: h\r\nX: " + b"x" * 16_000,
    "a body to what is not there": post(b"/no/such") + b"b" * 40_000,
    "a body to a redirect": post(b"/code").replace(b"POST", b"GET") + b"b" * 40_000,
    "a body to a guarded route": post(b"/urls") + b"b" * 40_000,
    "a body in chunks": b"PUT /health HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: chunked\r\n\r\n"
    b"%x\r\n" % BODY + b"b" * 40_000,
    "an upload": post(b"/users/bulk", 100 * MIB) + b"b" * 40_000,
    "pages that it does not read": b"GET / HTTP/1.1\r\nHost: h\r\nAccept: text/html\r\n\r\n" * 200,
    "pictures that it does not read": b"GET /code.png?size=1024 HTTP/1.1\r\nHost: h\r\n\r\n" * 200,
    "documents that it does not read": b"GET /openapi.json HTTP/1.1\r\nHost: h\r\n\r\n" * 200,
}


def memory_of(pid: int, what: str) -> int:
    with open(f"/proc/{pid}/status", encoding="ascii") as status:
        return int(re.search(rf"{what}:\s+(\d+) kB", status.read())[1]) * 1024


def forget_peak(pid: int) -> None:
    with open(f"/proc/{pid}/clear_refs", "w", encoding="ascii") as file:
        file.write("5")


class Attackers:
    """Clients that send all of `bytes` as fast as it is taken, and read nothing."""

    def __init__(self, service, count: int):
        self.sockets = []
        for number in range(count):
            attacker = socket.socket()
            attacker.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
            attacker.settimeout(10)
            # Ports of their own, below those that the system gives away: others need these.
            attacker.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            attacker.bind((f"127.0.1.{1 + number % 200}", 20_000 + number // 200))
            with contextlib.suppress(OSError):
                attacker.connect((service.host, service.port))
            attacker.setblocking(False)
            self.sockets.append(attacker)

    def send(self, data: bytes, limit: float) -> int:
        """Gives how many took everything within `limit` seconds."""
        selector = selectors.DefaultSelector()
        left = {}
        for attacker in self.sockets:
            left[attacker] = memoryview(data)
            selector.register(attacker, selectors.EVENT_WRITE)
        done = 0
        deadline = time.monotonic() + limit
        while left and time.monotonic() < deadline:
            for key, _ in selector.select(0.5):
                attacker = key.fileobj
                try:
                    left[attacker] = left[attacker][attacker.send(left[attacker][:65_536]) :]
                    if left[attacker]:
                        continue
                    done += 1
                except BlockingIOError:
                    continue
                except OSError:
                    pass  # the server has ended it
                del left[attacker]
                selector.unregister(attacker)
        selector.close()
        return done

    def close(self) -> None:
        for attacker in self.sockets:
            attacker.close()


class Visitors:
    """wrk beside the test: a few visitors who follow one link, again and again."""

    def __init__(self, service, code: str, seconds: int):
        self.process = subprocess.Popen(
            ["wrk", "-t1", "-c4", f"-d{seconds}s", "--latency", "--timeout", "5s",
             f"http://{service.host}:{service.port}/{code}"],
            stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True,
        )  # fmt: skip

    def figures(self) -> tuple[int, float, str]:
        """Requests, the 99th percentile in milliseconds, and what went wrong."""
        text, _ = self.process.communicate(timeout=120)
        value, unit = re.search(r"99%\s+([\d.]+)(us|ms|s)", text).groups()
        milliseconds = float(value) * {"us": 1e-3, "ms": 1, "s": 1e3}[unit]
        wrong = re.findall(r"Socket errors: .*|Non-2xx.*", text)
        return int(re.search(r"(\d+) requests in", text)[1]), milliseconds, "; ".join(wrong)


def make_link(service) -> str:
    api = service.api()
    headers = {"X-API-Key": KEY}
    user = api.post("/users", {"username": "a", "email": "a@example.com"}, headers=headers).json()
    draft = {"user_id": user["id"], "original_url": "https://example.com/", "title": "t"}
    return api.post("/urls", draft, headers=headers).json()["short_code"]


@pytest.fixture
def many_files():
    """The test's own sockets need descriptors too."""
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (hard, hard))
    yield hard
    resource.setrlimit(resource.RLIMIT_NOFILE, (soft, hard))


@pytest.mark.skipif(not shutil.which("wrk"), reason="wrk is not installed")
@pytest.mark.parametrize("attack", ATTACKS)
def test_clients_without_a_key_hold_little_and_hinder_no_visitor(
    start_service, many_files, report, attack
):
    service = start_service(env={"API_KEY": KEY})
    code = make_link(service)
    clients = min(CLIENTS, many_files - 500)
    idle = memory_of(service.process.pid, "VmRSS")
    # Other tests may hold up the same cores, once: what the crowd does to visitors it does again.
    for _ in range(3):
        p99 = beside_a_crowd(service, code, clients, attack, idle, report)
        if p99 < 500:
            return
    pytest.fail(f"visitors waited for {p99:.0f} ms, three times")


def beside_a_crowd(service, code, clients, attack, idle, report) -> float:
    """Sends the same from each of the clients while a few visitors are served; gives what one of
    a hundred of these waited for at least, in milliseconds."""
    forget_peak(service.process.pid)
    attackers = Attackers(service, clients)
    visitors = Visitors(service, code, 6)
    done = attackers.send(ATTACKS[attack].replace(b"/code", b"/" + code.encode()), 15)
    requests, p99, wrong = visitors.figures()
    with RawConnection(service) as raw:
        assert raw.exchange(b"GET /health/serving HTTP/1.1\r\nHost: h\r\n\r\n").status == 200
    page = Page(service.api())
    peak = memory_of(service.process.pid, "VmHWM") - idle
    counted = page.sum("ginnel_http_memory_bytes")
    attackers.close()
    report(
        f"{attack}: {clients} clients, {done} sent all: {peak / MIB:.0f} MiB at most above idle"
        f" ({counted / MIB:.0f} MiB counted at the end); {requests} redirects beside them,"
        f" p99 {p99:.2f} ms {wrong}"
    )
    assert peak <= 256 * MIB and requests > 100
    return p99


def test_memory_that_the_system_refuses_ends_requests_and_not_the_process(start_service, report):
    """Bodies that are allowed, but for which the process may not have the address space."""
    service = start_service("--http.max_memory_bytes", "1 GiB", "--http.max_body_bytes", "64 MiB")
    code = service.api().make_link()["short_code"]
    # The heaps of the loops' threads have 64 MiB each that count already.
    allowed = memory_of(service.process.pid, "VmSize") + 24 * MIB
    resource.prlimit(service.process.pid, resource.RLIMIT_AS, (allowed, allowed))
    service.expected_errors.append("handler failed")
    body = b"x" * (24 * MIB)  # no JSON: refused at once, when it is there
    head = (
        b"POST /users HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n"
        b"Content-Length: %d\r\n\r\n" % len(body)
    )
    ends = []
    for _ in range(2):
        uploaders = [RawConnection(service) for _ in range(8)]
        for uploader in uploaders:
            uploader.send(head)
        for start in range(0, len(body), MIB):
            for uploader in uploaders:
                with contextlib.suppress(OSError):
                    uploader.send(body[start : start + MIB])
        for uploader in uploaders:
            try:
                ends.append(uploader.read_response().status)
            except (ClosedByPeer, OSError):
                ends.append(None)
            uploader.socket.close()
        visitor = service.api()
        assert visitor.get(f"/{code}").status == 302
    assert set(ends) <= {None, 503, 400}
    assert None in ends or 503 in ends, "not one was refused memory: the test tested nothing"
    assert service.api().make_user()["id"], "it recovers"
    assert service.process.poll() is None
    report(f"16 bodies of 24 MiB with 24 MiB to be had: {ends.count(None)} cut, "
           f"{ends.count(503)} answered 503, {ends.count(400)} taken whole")
