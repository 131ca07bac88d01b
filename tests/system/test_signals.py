"""What signals do: those that ask for an end drain and say so, the others change nothing."""
import fcntl
import os
import signal
import subprocess
import termios
import time

import pytest

from harness.raw_http import ClosedByPeer, RawConnection
from harness.service import BINARY, STOP_LIMIT, Log, clean_environment

REQUEST = b"GET /health HTTP/1.1\r\nHost: x\r\n\r\n"


@pytest.fixture(autouse=True)
def no_signal_is_ignored():
    """As `nohup make test` and jobs of a script have it: the server would inherit that."""
    ends = (signal.SIGHUP, signal.SIGINT, signal.SIGQUIT)
    ignored = [number for number in ends if signal.getsignal(number) is signal.SIG_IGN]
    for number in ignored:
        signal.signal(number, signal.SIG_DFL)
    yield
    for number in ignored:
        signal.signal(number, signal.SIG_IGN)


def logged(service, message: str) -> dict | None:
    return service.log.wait_for(lambda line: line.get("message") == message, 10)


@pytest.mark.parametrize("name", ["SIGTERM", "SIGINT", "SIGHUP", "SIGQUIT"])
def test_what_asks_for_an_end_drains_and_says_so(name, start_service):
    service = start_service("--shutdown.notice_ms", "2000")
    with RawConnection(service) as raw:
        assert raw.exchange(REQUEST).status == 200
        service.signal(getattr(signal, name))
        line = logged(service, "draining")
        assert line and line["signal"] == name, service.tail()
        answers = [raw.exchange(REQUEST)]
        while answers[-1].field("Connection") != "close":  # answered still, then told to go
            answers.append(raw.exchange(REQUEST))
        assert {answer.status for answer in answers} == {200}
    assert service.process.wait(STOP_LIMIT) == 0
    assert logged(service, "stopped")


def test_a_terminal_that_closes_drains(tmp_path):
    """The server is its foreground process; log and terminal are gone at once."""
    ours, theirs = os.openpty()

    def take_terminal():
        os.setsid()
        fcntl.ioctl(theirs, termios.TIOCSCTTY, 0)

    process = subprocess.Popen(
        [str(BINARY), "serve", "--http.listen", "127.0.0.1:0", "--shutdown.notice_ms", "0",
         "--database.url", f"sqlite:{tmp_path / 'ginnel.db'}"],
        cwd=tmp_path, env=clean_environment(), stdin=theirs, stdout=theirs, stderr=subprocess.PIPE,
        preexec_fn=take_terminal)
    log = Log(process.stderr, tmp_path / "log")
    os.close(theirs)
    assert log.wait_for(lambda line: line.get("message") == "listening", STOP_LIMIT)
    os.close(ours)
    assert process.wait(STOP_LIMIT) == 0
    log.join()
    draining = [line["signal"] for line in log.lines if line["message"] == "draining"]
    assert draining == ["SIGHUP"] and log.lines[-1]["message"] == "stopped"


def test_a_second_hangup_hurries_nobody(start_service):
    """A shell passes on the one that the kernel sent already."""
    service = start_service("--shutdown.notice_ms", "1500")
    service.signal(signal.SIGHUP)
    assert logged(service, "draining")
    service.signal(signal.SIGHUP)
    time.sleep(0.3)
    assert service.api().get("/health").status == 200
    service.signal(signal.SIGTERM)  # this is one


@pytest.mark.parametrize("second", ["SIGTERM", "SIGINT", "SIGQUIT"])
def test_a_second_of_the_others_ends_the_waiting(second, start_service, report):
    service = start_service("--shutdown.notice_ms", "30000", "--shutdown.grace_ms", "30000")
    with RawConnection(service) as raw:
        raw.send(b"POST /users HTTP/1.1\r\nHost: localhost\r\nContent-Length: 10\r\n\r\n{")
        service.signal(signal.SIGHUP)
        assert logged(service, "draining")
        began = time.monotonic()
        service.signal(getattr(signal, second))
        assert service.process.wait(STOP_LIMIT) == 0
        took = time.monotonic() - began
        assert took < 10
        with pytest.raises((ClosedByPeer, ConnectionResetError)):
            raw.read_response()
    report(f"ended {took:.2f} s after it, with 60 s of waiting left")


@pytest.mark.parametrize(
    "name", ["SIGPIPE", "SIGUSR1", "SIGUSR2", "SIGXFSZ", "SIGWINCH", "SIGCHLD"])
def test_what_asks_for_nothing_changes_nothing(name, start_service):
    service = start_service()
    api = service.api()
    service.signal(getattr(signal, name))
    for _ in range(20):
        assert api.get("/health").status == 200
        time.sleep(0.01)
    assert not [line for line in service.log.lines if line["message"] == "draining"]


def test_nohup_keeps_it_serving(start_service):
    service = start_service(preexec_fn=lambda: signal.signal(signal.SIGHUP, signal.SIG_IGN))
    service.signal(signal.SIGHUP)
    time.sleep(0.2)
    assert service.api().get("/health").status == 200
