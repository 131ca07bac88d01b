"""The binary, run the way an operator runs it: its own folder, a port the system chose."""
import json
import os
import pathlib
import re
import signal
import socket
import subprocess
import threading

import pytest
from harness import secrets
from harness.http_client import Api, Client

ROOT = pathlib.Path(__file__).resolve().parent.parent.parent.parent
BINARY = pathlib.Path(os.environ.get("GINNEL_BINARY", ROOT / "build/release/bin/ginnel")).resolve()
START_LIMIT = 20  # seconds
STOP_LIMIT = 20
BAD_LEVELS = {"error", "critical", "fatal"}


def clean_environment(extra: dict[str, str] | None = None, folder=None) -> dict[str, str]:
    """Ours without anything that configures ginnel, and with a file of settings that keeps it from
    looking for the machine's: the one of `folder` when it has one, or an empty one."""
    ours = ("GINNEL_", "OTEL_", "DATABASE_URL", "API_KEY")
    kept = {name: value for name, value in os.environ.items() if not name.startswith(ours)}
    has_own = folder is not None and (pathlib.Path(folder) / "ginnel.toml").exists()
    kept["GINNEL_CONFIG"] = "ginnel.toml" if has_own else os.devnull
    return {**kept, **(extra or {})}


needs_root = pytest.mark.skipif(os.geteuid() != 0, reason="only root acts for another user")


def as_user(user: int, *command) -> list[str]:
    """The command that runs `command` as this user of no group. For root."""
    return ["setpriv", f"--reuid={user}", f"--regid={user}", "--clear-groups", *map(str, command)]


def run_cli(*words, cwd, env=None, timeout: float = 60) -> subprocess.CompletedProcess:
    """`ginnel WORD ...` to its end."""
    return subprocess.run(
        [str(BINARY), *map(str, words)],
        cwd=cwd,
        env=clean_environment(env, cwd),
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        timeout=timeout,
    )


class Log:
    """Standard error of a process: kept in a file, parsed as it comes."""

    def __init__(self, stream, path: pathlib.Path):
        self.path = path
        self.lines: list[dict] = []
        self.unparsed: list[str] = []
        self._grown = threading.Condition()
        self._ended = False
        self._thread = threading.Thread(target=self._read, args=(stream,), daemon=True)
        self._thread.start()

    def _read(self, stream):
        with open(self.path, "a", encoding="utf-8") as file, stream:
            for raw in stream:
                text = raw.decode("utf-8", "backslashreplace")
                file.write(text)
                file.flush()
                self._take(text)
        with self._grown:
            self._ended = True
            self._grown.notify_all()

    def _take(self, text: str):
        with self._grown:
            try:
                self.lines.append(json.loads(text))
            except ValueError:
                self.unparsed.append(text)
            self._grown.notify_all()

    def wait_for(self, wanted, limit: float, since: int = 0) -> dict | None:
        """The first line `wanted(line)` is true of, or None when the process ends or time does."""
        with self._grown:
            found = None

            def looked():
                nonlocal found
                found = next((line for line in self.lines[since:] if wanted(line)), None)
                return found is not None or self._ended

            self._grown.wait_for(looked, limit)
            return found

    def join(self):
        self._thread.join(5)


class Service:
    """One running `ginnel serve`."""

    def __init__(
        self, folder: pathlib.Path, *options, listen="127.0.0.1:0", env=None, preexec_fn=None
    ):
        self.folder = folder
        self.database = folder / "ginnel.db"
        self.expected_errors: list[str] = []
        folder.mkdir(parents=True, exist_ok=True)
        if "--shutdown.notice_ms" not in options:
            options = (*options, "--shutdown.notice_ms", "0")  # no balancer here that must notice
        command = [
            str(BINARY),
            "serve",
            *("--http.listen", listen, "--database.url", f"sqlite:{self.database}"),
            *map(str, options),
        ]
        self.process = subprocess.Popen(
            command,
            cwd=folder,
            env=clean_environment(env, folder),
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.PIPE,
            preexec_fn=preexec_fn,
            restore_signals=preexec_fn is None,
        )
        self.log = Log(self.process.stderr, folder / "service.log")
        secrets.keep_those_of(env)
        secrets.watch(self.log.path)
        try:
            self.host, self.port = self._learn_address()
            self._wait_until_serving()
        except BaseException:
            self.kill()
            raise

    def _learn_address(self) -> tuple[str, int]:
        line = self.log.wait_for(lambda line: line.get("message") == "listening", START_LIMIT)
        assert line, f"did not start listening:\n{self.tail()}"
        return split_address(line["address"])

    def _wait_until_serving(self):
        """An open port is not readiness; the server answers at once or not at all."""
        client = Client(self.host, self.port)
        answer = client.get("/health/serving")
        client.close()
        assert answer.status == 200, f"not serving: {answer}\n{self.tail()}"

    @property
    def url(self) -> str:
        return f"http://{self.host}:{self.port}"

    @property
    def public_url(self) -> str:
        """What its short URLs begin with where links.public_url does not say it."""
        return f"http://localhost:{self.port}"

    @property
    def pid(self) -> int:
        return self.process.pid

    def api(self) -> Api:
        """A new connection."""
        return Api(self.host, self.port)

    def signal(self, number: int):
        self.process.send_signal(number)

    def stop(self) -> int:
        """Asks politely and gives the exit status."""
        if self.process.poll() is None:
            self.signal(signal.SIGTERM)
        try:
            return self.process.wait(STOP_LIMIT)
        except subprocess.TimeoutExpired:
            self.kill()
            raise AssertionError(f"SIGTERM did not end it:\n{self.tail()}") from None
        finally:
            self.log.join()

    def kill(self):
        """SIGKILL: what a power cut leaves, as far as the process is concerned."""
        self.process.kill()
        self.process.wait()
        self.log.join()

    def mark(self) -> int:
        return len(self.log.lines)

    def unexpected_errors(self, since: int = 0) -> list[dict]:
        return [
            line
            for line in self.log.lines[since:]
            if line.get("level") in BAD_LEVELS
            and not any(re.search(pattern, json.dumps(line)) for pattern in self.expected_errors)
        ]

    def assert_healthy(self, since: int = 0):
        """Alive, and nothing in the log that somebody should have been told of."""
        assert self.process.poll() is None, f"ended with {self.process.poll()}:\n{self.tail()}"
        self.assert_clean_log(since)

    def assert_clean_log(self, since: int = 0):
        assert not self.unexpected_errors(since), self.unexpected_errors(since)
        assert not self.log.unparsed, f"not one JSON object a line: {self.log.unparsed[:3]}"

    def tail(self, lines: int = 30) -> str:
        try:
            return "\n".join(self.log.path.read_text().splitlines()[-lines:])
        except FileNotFoundError:
            return "(no log)"


def free_port() -> int:
    """A port of 127.0.0.1 that nobody listens on now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def split_address(text: str) -> tuple[str, int]:
    """`127.0.0.1:80` or `[::1]:80`."""
    host, _, port = text.rpartition(":")
    return host.strip("[]"), int(port)
