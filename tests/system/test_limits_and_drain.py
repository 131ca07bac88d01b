"""Slow and many clients, and an end that loses nothing."""
import signal
import socket
import threading
import time

import pytest

from harness.http_client import Client
from harness.raw_http import ClosedByPeer, RawConnection

HEALTH = b"GET /health HTTP/1.1\r\nHost: x\r\n\r\n"


def seconds_until_ended(connection: RawConnection, limit: float) -> tuple[float, int | None]:
    """How long the server lets it live, and the status it says goodbye with."""
    began = time.monotonic()
    connection.socket.settimeout(limit)
    try:
        status = connection.read_response().status
        assert connection.closed(limit)
    except (ClosedByPeer, ConnectionResetError):
        status = None
    return time.monotonic() - began, status


def test_half_open_clients_hinder_nobody_and_are_ended(start_service, report):
    """400 that send half a request, with the default header deadline of 10 s."""
    service = start_service()
    api = service.api()
    link = api.make_link()
    half = [RawConnection(service) for _ in range(400)]
    began = time.monotonic()
    for connection in half:
        connection.send(HEALTH[:20])
    slowest, requests = 0.0, 0
    while requests < 500:
        sent = time.monotonic()
        assert api.get(f"/{link['short_code']}").status == 302
        slowest = max(slowest, time.monotonic() - sent)
        requests += 1
    statuses = [seconds_until_ended(connection, 20)[1] for connection in half]
    took = time.monotonic() - began
    for connection in half:
        connection.socket.close()
    assert 9 < took < 13
    assert set(statuses) <= {408, None} and statuses.count(408) >= 390
    assert slowest < 1
    report(
        f"{len(half)} half-open clients ended after {took:.1f} s;"
        f" slowest of {requests} other requests {slowest * 1000:.1f} ms"
    )


def test_a_client_that_trickles_is_ended_by_the_same_deadline(start_service):
    """The deadline is for the whole header: a byte now and then does not move it."""
    service = start_service("--http.header_timeout_ms", "1000")
    with RawConnection(service) as raw:
        began = time.monotonic()
        stop = threading.Event()

        def trickle():
            for i in range(len(HEALTH) - 4):
                if stop.wait(0.1):
                    return
                try:
                    raw.send(HEALTH[i : i + 1])
                except OSError:
                    return

        sender = threading.Thread(target=trickle)
        sender.start()
        _, status = seconds_until_ended(raw, 10)
        took = time.monotonic() - began
        stop.set()
        sender.join()
    assert status in (408, None) and 0.9 < took < 3.5


def test_a_connection_that_sends_nothing_is_ended(start_service):
    service = start_service("--http.header_timeout_ms", "1000", "--http.idle_timeout_ms", "1000")
    with RawConnection(service) as raw:
        took, _ = seconds_until_ended(raw, 10)
        assert 0.9 < took < 3.5


def test_an_idle_connection_is_ended_without_an_answer(start_service):
    service = start_service("--http.idle_timeout_ms", "1000", "--http.header_timeout_ms", "60000")
    with RawConnection(service) as raw:
        assert raw.exchange(HEALTH).status == 200
        took, status = seconds_until_ended(raw, 10)
        assert status is None and 0.9 < took < 3.5


def test_a_body_that_never_comes_is_408(start_service):
    service = start_service("--http.body_timeout_ms", "1000")
    with RawConnection(service) as raw:
        raw.send(b"POST /users HTTP/1.1\r\nHost: localhost\r\nContent-Length: 10\r\n\r\n{")
        took, status = seconds_until_ended(raw, 10)
        assert status == 408 and 0.9 < took < 3.5


def test_a_client_that_reads_nothing_is_ended_and_hinders_nobody(start_service):
    """It asks for far more than the sockets hold and never reads: the server stops reading too."""
    service = start_service("--http.write_timeout_ms", "1500")
    api = service.api()
    user = api.make_user()["id"]
    for _ in range(50):
        api.make_link(user, title="x" * 500)
    with RawConnection(service) as raw:
        raw.socket.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
        raw.socket.settimeout(0.5)
        request = b"GET /urls?per_page=1000 HTTP/1.1\r\nHost: localhost\r\n\r\n"
        sent = 0
        began = time.monotonic()
        with pytest.raises((BrokenPipeError, ConnectionResetError)):
            while time.monotonic() - began < 20:
                try:
                    sent += raw.socket.send(request * 50)
                except TimeoutError:
                    assert api.get("/health").status == 200
        took = time.monotonic() - began
    assert 0.4 < took < 10  # the limit is good to a second
    assert sent < 8 << 20, "it went on reading requests whose answers nobody takes"


WAITING = {
    "after an answer": HEALTH,
    "without a word": b"",
    "in its header": HEALTH[:20],
    "in a body that nobody wants": b"POST /no HTTP/1.1\r\nHost: x\r\nContent-Length: 9\r\n\r\n",
}


@pytest.mark.parametrize("how", WAITING)
def test_a_connection_over_the_limit_takes_the_place_of_who_waited_longest(
    start_service, report, how
):
    service = start_service("--http.max_connections", "20")
    held = [RawConnection(service) for _ in range(20)]
    for connection in held:
        connection.send(WAITING[how])
    for _ in range(30):
        visitor = RawConnection(service)
        held.append(visitor)
        assert visitor.exchange(HEALTH).status == 200
    assert visitor.exchange(HEALTH).status == 200, "and it stays"
    if WAITING[how] == HEALTH:
        assert held[0].read_response().status == 200
    assert held[0].closed(), "the first went first"
    for connection in held:
        connection.socket.close()
    report(f"30 visitors served beside 20 connections that wait {how}")


def test_where_nobody_waits_a_visitor_gets_one_answer_and_a_caller_503(start_service):
    service = start_service("--http.max_connections", "20", "--http.body_timeout_ms", "3000")
    code = service.api().make_link()["short_code"].encode()
    held = [RawConnection(service) for _ in range(20)]
    for connection in held:  # bodies that somebody wants
        connection.send(b"POST /users HTTP/1.1\r\nHost: localhost\r\nContent-Length: 9\r\n\r\n{")
    for target, status in ((b"/" + code, 302), (b"/health/serving", 200), (b"/urls", 503)):
        with RawConnection(service) as raw:
            answer = raw.exchange(b"GET " + target + b" HTTP/1.1\r\nHost: localhost\r\n\r\n")
            assert answer.status == status, target
            assert answer.field("Connection") == "close" and raw.closed()
            assert bool(answer.field("Retry-After")) == (status == 503)
    for connection in held:
        assert connection.read_response().status == 408, "those inside had their time"
        connection.socket.close()
    assert service.api().get("/urls").status == 200, "and afterwards there is room"


# --- the end -----------------------------------------------------------------------------------


class Load:
    """Clients on keep-alive connections, half of them creating links, half following one, until
    nobody listens any more.

    A connection may end before the first byte of an answer: the server closed it as idle while the
    request was on its way, or it never left the kernel's queue. Such a request is `cut`, and sent
    again on a new connection (RFC 9110 9.2.2). It must not have taken effect: see the test."""

    def __init__(self, service, clients: int):
        api = service.api()
        self.service = service
        self.user = api.make_user()["id"]
        self.code = api.make_link(self.user)["short_code"]
        self.acknowledged: list[str] = []
        self.answers = 0
        self.wrong: list = []
        self.cut = 0
        self._lock = threading.Lock()
        self._running = [threading.Thread(target=self._run, args=(i,)) for i in range(clients)]
        for thread in self._running:
            thread.start()

    def _run(self, number: int):
        creates, connection, i = number % 2 == 1, None, 0
        while True:
            try:
                if connection is None:
                    connection = RawConnection(self.service)
                answer = connection.exchange(self._request(creates, f"{number}-{i}"))
            except ConnectionRefusedError:
                return
            except (ConnectionResetError, BrokenPipeError, ClosedByPeer):
                assert connection is None or not connection.buffer, "an answer was cut in two"
                with self._lock:
                    self.cut += 1
                connection = None
                continue
            i += 1
            self._take(answer, 201 if creates else 302)
            if answer.field("Connection") == "close":
                connection.socket.close()
                connection = None

    def _request(self, creates: bool, name: str) -> bytes:
        if not creates:
            return f"GET /{self.code} HTTP/1.1\r\nHost: x\r\n\r\n".encode()
        target = f"https://example.com/{name}"
        body = f'{{"user_id":{self.user},"original_url":"{target}","title":"t"}}'
        return (
            "POST /urls HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n"
            f"Content-Length: {len(body)}\r\n\r\n{body}"
        ).encode()

    def _take(self, answer, wanted: int):
        with self._lock:
            self.answers += 1
            if answer.status != wanted:
                self.wrong.append(answer)
            elif wanted == 201:
                self.acknowledged.append(answer.json()["short_code"])

    def wait_for_answers(self, count: int):
        deadline = time.monotonic() + 30
        while self.answers < count:
            assert time.monotonic() < deadline, f"only {self.answers} answers"
            time.sleep(0.005)

    def join(self):
        for thread in self._running:
            thread.join(40)
            assert not thread.is_alive()


def test_sigterm_under_load_loses_no_request(start_service, report):
    service = start_service("--shutdown.notice_ms", "500")  # the default
    load = Load(service, 8)
    load.wait_for_answers(500)
    service.signal(signal.SIGTERM)
    load.join()
    assert service.process.wait(20) == 0
    assert not load.wrong, load.wrong[:3]
    assert load.cut <= 2 * 8, "a client is cut once as idle, once in the listener's queue"

    api = start_service(folder=service.folder).api()
    kept = {link["short_code"] for link in api.all_rows("/urls")} - {load.code}
    assert kept == set(load.acknowledged), "every change was acknowledged, and none is missing"
    report(
        f"{load.answers} answers, {len(load.wrong)} errors, {load.cut} connections cut;"
        f" {len(load.acknowledged)} acknowledged links, {len(kept)} kept"
    )


def test_the_notice_says_503_where_balancers_look_and_answers_everything_else(start_service):
    service = start_service("--shutdown.notice_ms", "1500")
    api = service.api()
    link = api.make_link()
    service.signal(signal.SIGTERM)
    deadline = time.monotonic() + 5
    while api.get("/health/serving").status == 200:
        assert time.monotonic() < deadline
    answer = Client(service.host, service.port).get("/health/serving")
    assert (answer.status, answer.canonical()) == (503, {"status": "unavailable"})
    newcomer = Client(service.host, service.port)
    assert newcomer.get("/health").status == 200
    assert newcomer.get(f"/{link['short_code']}").status == 302
    user = {"username": "late", "email": "late@example.com"}
    assert newcomer.post("/users", user).status == 201
    assert service.process.wait(20) == 0


def test_a_request_in_flight_is_finished(start_service):
    """Half of a body is there when SIGTERM comes; the rest may still come, and is answered."""
    service = start_service("--shutdown.notice_ms", "100")
    body = b'{"username":"slow","email":"slow@example.com"}'
    head = (
        b"POST /users HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n"
        b"Content-Length: %d\r\n\r\n" % len(body)
    )
    with RawConnection(service) as raw:
        assert raw.exchange(HEALTH).status == 200
        raw.send(head + body[:10])
        service.signal(signal.SIGTERM)
        wait_until_refused(service)
        raw.send(body[10:])
        answer = raw.read_response()
        assert answer.status == 201 and answer.field("Connection") == "close"
        assert raw.closed()
    assert service.process.wait(20) == 0


def test_a_request_that_never_ends_is_cut_off_after_the_grace(start_service):
    service = start_service("--shutdown.grace_ms", "1000")
    with RawConnection(service) as raw:
        raw.send(b"POST /users HTTP/1.1\r\nHost: localhost\r\nContent-Length: 10\r\n\r\n{")
        assert service.api().get("/health").status == 200
        began = time.monotonic()
        service.signal(signal.SIGTERM)
        assert service.process.wait(10) == 0
        assert 0.5 < time.monotonic() - began < 5


def test_idle_connections_do_not_delay_the_end(start_service):
    service = start_service("--shutdown.grace_ms", "15000")
    with RawConnection(service) as raw, RawConnection(service) as silent:
        assert raw.exchange(HEALTH).status == 200
        began = time.monotonic()
        service.signal(signal.SIGTERM)
        assert raw.closed() and silent.closed()
        assert service.process.wait(10) == 0
        assert time.monotonic() - began < 3


def test_a_second_signal_ends_at_once(start_service):
    service = start_service("--shutdown.notice_ms", "30000", "--shutdown.grace_ms", "30000")
    api = service.api()
    service.signal(signal.SIGTERM)
    while api.get("/health/serving").status == 200:
        pass
    began = time.monotonic()
    service.signal(signal.SIGTERM)
    service.process.wait(5)
    assert time.monotonic() - began < 3


def wait_until_refused(service):
    """Until the listener is closed: the notice is over."""
    deadline = time.monotonic() + 10
    while time.monotonic() < deadline:
        try:
            socket.create_connection((service.host, service.port), 1).close()
        except ConnectionRefusedError:
            return
        time.sleep(0.01)
    raise AssertionError("it still listens")
