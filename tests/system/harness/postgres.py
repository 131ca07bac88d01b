"""A PostgreSQL of the tests' own, made by tools/postgres.sh, and what an outage does to it."""
import contextlib
import itertools
import os
import pathlib
import re
import shutil
import signal
import subprocess
import tempfile
import time

import psycopg2
import pytest

from harness.service import ROOT, clean_environment

SCRIPT = ROOT / "tools" / "postgres.sh"
NOT_HERE = 77  # the script's status where there is no PostgreSQL
START_LIMIT = 120  # seconds
END_LIMIT = 20  # seconds


class Server:
    """One server in a folder of its own. Its databases stay when it is stopped, killed or paused,
    and so does its port."""

    def __init__(self):
        # Not pytest's folder, which the user postgres cannot enter when root runs the tests.
        self.folder = pathlib.Path(tempfile.mkdtemp(prefix="ginnel-postgres."))
        self._numbers = itertools.count()
        try:
            self.url = self.start()
        except BaseException:
            self.close()
            raise

    def start(self) -> str:
        """Starts what was stopped or killed, on the same port; gives its URL."""
        done = self._script("start")
        if done.returncode == NOT_HERE:
            pytest.skip(done.stderr.strip())
        assert done.returncode == 0, done.stderr
        return done.stdout.splitlines()[-1]

    def stop(self) -> None:
        """As an operator stops it: connections are closed, nothing is lost."""
        done = self._script("stop")
        assert done.returncode == 0, done.stderr

    def kill(self) -> None:
        """SIGKILL of the server, of whose end its children find out by themselves."""
        pid = int((self.folder / "data" / "postmaster.pid").read_text().split()[0])
        assert pid in self.processes()
        os.kill(pid, signal.SIGKILL)
        self.resume()
        end = time.monotonic() + END_LIMIT
        while self.processes():
            assert time.monotonic() < end, f"{self.processes()} do not end"
            time.sleep(0.01)

    def pause(self) -> None:
        """The server and all its children stand still: connections are accepted by the kernel, and
        no answer comes."""
        self._signal(signal.SIGSTOP)

    def resume(self) -> None:
        self._signal(signal.SIGCONT)

    def processes(self) -> list[int]:
        """All that run in its folder: PostgreSQL's processes stand in the folder of their data."""
        found = []
        for link in pathlib.Path("/proc").glob("[0-9]*/cwd"):
            with contextlib.suppress(OSError):
                if os.readlink(link) == str(self.folder / "data"):
                    found.append(int(link.parent.name))
        return found

    def close(self) -> None:
        """Ends it, whatever a test has done to it, and deletes its folder."""
        self.resume()
        try:
            self.stop()
        finally:
            self._signal(signal.SIGKILL)
            shutil.rmtree(self.folder, ignore_errors=True)

    @contextlib.contextmanager
    def database(self):
        """A new, empty database, deleted at the end; the server runs then, whatever it did."""
        name = f"test_{next(self._numbers)}"
        self._command(f"CREATE DATABASE {name} TEMPLATE template0")
        try:
            yield Database(self, re.sub(r"/postgres$", f"/{name}", self.url))
        finally:
            self.resume()
            self.start()
            self._command(f"DROP DATABASE {name} WITH (FORCE)")

    def _command(self, text: str) -> None:
        """Outside a transaction, which the making of a database asks for."""
        with contextlib.closing(psycopg2.connect(self.url)) as connection:
            connection.autocommit = True
            connection.cursor().execute(text)

    def _script(self, verb: str):
        return subprocess.run([SCRIPT, verb, self.folder], env=clean_environment(), text=True,
                              capture_output=True, stdin=subprocess.DEVNULL, timeout=START_LIMIT)

    def _signal(self, number: int) -> None:
        for pid in self.processes():
            with contextlib.suppress(ProcessLookupError):
                os.kill(pid, number)


class Database:
    """An empty database of one test: `url` for the service, and a look into it."""

    def __init__(self, server: Server, url: str):
        self.server = server
        self.url = url

    def query(self, text: str, values=(), limit: float = 10) -> list[tuple]:
        """The rows of one statement, on a connection of its own; psycopg2.OperationalError where
        nobody can be connected to within `limit` seconds (2 at least)."""
        with contextlib.closing(self.connect(limit)) as connection, connection:
            cursor = connection.cursor()
            cursor.execute(text, values)
            return cursor.fetchall() if cursor.description else []

    def connect(self, limit: float = 10):
        return psycopg2.connect(self.url, connect_timeout=max(2, int(limit)))
