#!/usr/bin/python3
# SPDX-License-Identifier: MIT
"""Counts what a hot redirect costs its loop: instructions and allocations, under callgrind.

The real binary runs under valgrind and answers one connection; what N requests took, divided by N,
is a request. Only the turns of the loop's poller are looked at, and only what happens outside the
kernel: how often the loop waits between its turns, and what its sweeps take, follows from the
machine's speed. Instructions may be 5 % above instructions.json beside this file, which holds for
the versions it names (with others the figures are printed and not judged). There must be no
allocation: fewer than one in 20 redirects, since what is done once a second allocates too.

    check_hot_path.py BINARY             measures and judges
    check_hot_path.py BINARY --update    measures and rewrites instructions.json
"""
import argparse
import collections
import contextlib
import json
import os
import pathlib
import re
import shutil
import socket
import subprocess
import sys
import tempfile
import time

FIGURES = pathlib.Path(__file__).with_name("instructions.json")
WARM_UP = 200  # requests that fill caches and buffers
REQUESTS = 5_000
ALLOWED_RISE = 1.05
PATIENCE = 60  # seconds; valgrind starts slowly
ALLOCATORS = {"malloc", "calloc", "realloc", "aligned_alloc"}  # operator new calls malloc
TURN = "ginnel::http::Poller::take_turn()"

BROWSER = (
    "User-Agent: Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) "
    "Chrome/124.0.0.0 Safari/537.36\r\n"
    "Accept: text/html,application/xhtml+xml,application/xml;q=0.9,image/avif,image/webp,"
    "*/*;q=0.8\r\n"
    "Accept-Encoding: gzip, deflate, br, zstd\r\n"
    "Accept-Language: en-GB,en-US;q=0.9,en;q=0.8,de;q=0.7\r\n"
    "Referer: https://www.example.org/a/page/with/links?utm_source=newsletter&utm_medium=email\r\n"
    "Cookie: _ga=GA1.1.1234567890.1700000000; consent=eyJhbmFseXRpY3MiOnRydWV9\r\n"
    "Sec-Fetch-Mode: navigate\r\n"
    "Upgrade-Insecure-Requests: 1\r\n"
)


def get(path, fields=""):
    return f"GET {path} HTTP/1.1\r\nHost: 127.0.0.1:8080\r\n{fields}\r\n".encode()


PLANTED = "/health"  # a route that allocates
ASKED = {"bare": (get("/hot-path"), 302),
         "browser fields": (get("/hot-path", BROWSER), 302),
         PLANTED: (get(PLANTED), 200)}


class Fault(Exception):
    """Why nothing could be measured."""


def text_of(command):
    return subprocess.run(command, capture_output=True, text=True, check=True).stdout


def versions(binary):
    compiler = re.search(r"^compiler (.*)$", text_of([binary, "version"]), re.M).group(1)
    return {"compiler": compiler,
            "libc": text_of(["getconf", "GNU_LIBC_VERSION"]).strip(),
            "valgrind": text_of(["valgrind", "--version"]).strip(),
            "machine": os.uname().machine}


class Connection:
    """One connection that asks and waits, again and again."""

    def __init__(self, port):
        self.socket = socket.create_connection(("127.0.0.1", port), timeout=PATIENCE)
        self.socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)

    def ask(self, request, status):
        self.socket.sendall(request)
        answer = b""
        while b"\r\n\r\n" not in answer:
            more = self.socket.recv(65_536)
            if not more:
                raise Fault("the connection was closed")
            answer += more
        head, _, body = answer.partition(b"\r\n\r\n")
        length = int(re.search(rb"content-length: (\d+)", head, re.I).group(1))
        while len(body) < length:
            body += self.socket.recv(65_536)
        if not head.startswith(b"HTTP/1.1 %d " % status):
            raise Fault(f"not {status}: {head.decode()}")
        return body

    def ask_often(self, times, request, status):
        for _ in range(times):
            self.ask(request, status)

    def post(self, path, fields):
        body = json.dumps(fields).encode()
        head = (f"POST {path} HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n"
                f"Content-Length: {len(body)}\r\n\r\n")
        return json.loads(self.ask(head.encode() + body, 201))


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def connect(port, process):
    end = time.monotonic() + PATIENCE
    while time.monotonic() < end and process.poll() is None:
        with contextlib.suppress(OSError):
            return Connection(port)
        time.sleep(0.1)
    raise Fault("it did not start to listen")


def environment(folder):
    """What starts the binary: nothing of the caller's settings, or of a service on this machine."""
    return {"PATH": os.environ["PATH"], "HOME": str(folder), "GINNEL_CONFIG": os.devnull}


class Profiler:
    """The binary under callgrind, serving one connection. Counts nothing until it is told to."""

    def __init__(self, binary, folder):
        self.folder = pathlib.Path(folder)
        self.dumps = 0
        self.port = free_port()
        # One for both: they find each other by names that USER, LOGNAME and HOST are part of.
        self.environment = environment(folder)
        command = ["valgrind", "--tool=callgrind", f"--vgdb-prefix={folder}/vgdb",
                   "--instr-atstart=no", "--separate-threads=yes", f"--toggle-collect={TURN}",
                   f"--callgrind-out-file={folder}/profile", binary, "serve",
                   "--http.listen", f"127.0.0.1:{self.port}", "--http.threads", "1",
                   "--database.url", f"sqlite:{folder}/ginnel.db", "--shutdown.notice_ms", "0",
                   "--log.redirects_one_in", "0",
                   # valgrind runs one thread at a time: another may keep the loop's waiting
                   "--database.timeout_ms", str(PATIENCE * 1000),
                   "--http.header_timeout_ms", str(PATIENCE * 1000),
                   "--http.idle_timeout_ms", str(PATIENCE * 1000)]
        with open(self.folder / "log", "wb") as log:
            self.process = subprocess.Popen(command, stdout=log, stderr=log,
                                            env=self.environment)

    def tell(self, *words):
        """Commands valgrind through the pipes of its gdb server."""
        try:
            subprocess.run(["vgdb", f"--vgdb-prefix={self.folder}/vgdb",
                            f"--pid={self.process.pid}", *words],
                           capture_output=True, text=True, check=True, timeout=PATIENCE,
                           env=self.environment)
        except subprocess.SubprocessError as error:
            raise Fault(f"valgrind does not listen: {error} {error.stderr}") from error

    def turns(self):
        """What the poller's turns took since the last call, or since counting began."""
        self.tell("dump")
        self.dumps += 1
        for file in sorted(self.folder.glob(f"profile.{self.dumps}-*")):
            text = file.read_text()
            if TURN in text:
                calls = calls_of(text)
                return {"instructions": int(re.search(r"^totals: (\d+)", text, re.M).group(1)),
                        "allocations": sum(calls[name] for name in ALLOCATORS)}
        raise Fault("no thread took the poller's turns")

    def log_end(self):
        return (self.folder / "log").read_text(errors="replace")[-2000:]


def calls_of(profile):
    """How often each function was called."""
    names, callee, counts = {}, "", collections.Counter()
    for line in profile.splitlines():
        named = re.match(r"c?fn=\((\d+)\)(?: (.*))?$", line)
        if named:
            number, name = named.groups()
            if name:
                names[number] = name.split("'")[0]
            if line.startswith("cfn="):
                callee = names[number]
        elif line.startswith("calls="):
            counts[callee] += int(line[6:].split()[0])
    return counts


def measure(binary):
    """What a request takes, for each name in ASKED."""
    with tempfile.TemporaryDirectory(prefix="ginnel-hot-") as folder:
        profiler = Profiler(binary, folder)
        try:
            connection = connect(profiler.port, profiler.process)
            make_link(connection)
            for asked in ASKED.values():
                connection.ask_often(WARM_UP, *asked)
            profiler.tell("instrumentation", "on")
            connection.ask_often(1, *ASKED["bare"])
            profiler.turns()
            return {name: per_request(profiler, connection, *of) for name, of in ASKED.items()}
        except OSError as error:
            raise Fault(f"{error}; status {profiler.process.poll()}, the log ends with\n"
                        + profiler.log_end()) from error
        finally:
            profiler.process.terminate()
            profiler.process.wait(PATIENCE)


def make_link(connection):
    user = connection.post("/users", {"username": "hot", "email": "hot@example.org"})
    connection.post("/urls", {"user_id": user["id"], "title": "hot", "code": "hot-path",
                              "original_url": "https://example.com/news/2024/05/an-article"})


def per_request(profiler, connection, request, status):
    connection.ask_often(REQUESTS, request, status)
    turns = profiler.turns()
    return {"instructions": round(turns["instructions"] / REQUESTS),
            "allocations": round(turns["allocations"] / REQUESTS, 1)}


def faults_of(measured, stored):
    """What is worse than it may be; `stored` is empty when nothing is comparable."""
    faults = []
    for name, figures in measured.items():
        if figures["allocations"] > 0:
            faults.append(f"{name}: {figures['allocations']} allocations a redirect")
        limit = stored.get(name, float("inf")) * ALLOWED_RISE
        if figures["instructions"] > limit:
            faults.append(f"{name}: {figures['instructions']} instructions a redirect, at most "
                          f"{limit:.0f} are allowed")
    return faults


def check_the_checker(measured, planted):
    """A figure that was lower, and a route that allocates, are noticed."""
    lower = {name: figures["instructions"] * 0.9 for name, figures in measured.items()}
    if len(faults_of(measured, lower)) < len(measured):
        raise Fault("a rise by a tenth was not noticed")
    if not faults_of({PLANTED: planted}, {}):
        raise Fault("a route that allocates was not noticed")
    print(f"planted: figures a tenth lower and {PLANTED} ({planted['allocations']} allocations) "
          "are both noticed")


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("binary")
    parser.add_argument("--update", action="store_true", help="rewrite instructions.json")
    options = parser.parse_args()
    if shutil.which("valgrind") is None:
        print("SKIPPED: valgrind is not installed")
        return 0
    here = versions(options.binary)
    measured = measure(options.binary)
    planted = measured.pop(PLANTED)
    print(json.dumps({"measured": measured, **here}, indent=1))
    if options.update:
        instructions = {name: figures["instructions"] for name, figures in measured.items()}
        FIGURES.write_text(json.dumps({"instructions": instructions, **here}, indent=1) + "\n")
        return 0
    stored = json.loads(FIGURES.read_text())
    comparable = all(stored[key] == here[key] for key in here)
    if not comparable:
        print(f"NOT JUDGED: instructions.json is for {stored}")
    faults = faults_of(measured, stored["instructions"] if comparable else {})
    check_the_checker(measured, planted)
    for fault in faults:
        print(f"FAULT: {fault}")
    return 1 if faults else 0


if __name__ == "__main__":
    try:
        sys.exit(main())
    except Fault as fault:
        sys.exit(f"check_hot_path: {fault}")
