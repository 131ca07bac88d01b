# SPDX-License-Identifier: MIT
"""What the rows share: processes that end, their CPU time, the machine, the table."""

import contextlib
import datetime
import os
import platform
import re
import signal
import socket
import statistics
import subprocess
import time
import urllib.error
import urllib.request
from dataclasses import dataclass, field

TICKS_PER_SECOND = os.sysconf("SC_CLK_TCK")


class BenchError(Exception):
    """Something that makes a measurement worthless; the message says what."""


@dataclass
class Row:
    """One line of the table. `ratio` is ours to the peer's, of the same run; a budget is one of it.
    A row without a peer has a budget in its own unit, a row without a budget only tells."""

    name: str
    unit: str
    ours: float
    peer: float | None = None
    ratio: float | None = None
    budget: float | None = None
    more_is_better: bool = False
    notes: list = field(default_factory=list)
    rounds: list = field(default_factory=list)

    @property
    def kept(self):
        if self.budget is None:
            return True
        judged = self.ours if self.ratio is None else self.ratio
        return judged >= self.budget if self.more_is_better else judged <= self.budget

    def cells(self):
        """What stands in the table."""
        sign = ">=" if self.more_is_better else "<="
        unit = f" {self.unit}" if self.ratio is None else "x"
        verdict = "kept" if self.kept else "MISSED"
        return (self.name, f"{number(self.ours)} {self.unit}",
                "" if self.peer is None else f"{number(self.peer)} {self.unit}",
                "" if self.ratio is None else f"{self.ratio:.2f}x",
                "" if self.budget is None else f"{sign} {self.budget:.2f}{unit}",
                "" if self.budget is None else verdict)


def median(values):
    return statistics.median(values)


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def process_tree(root):
    """The process and everything it started that still lives."""
    children = {}
    for entry in os.listdir("/proc"):
        if entry.isdigit():
            with contextlib.suppress(OSError):
                children.setdefault(int(stat_fields(int(entry))[1]), []).append(int(entry))
    tree = [root]
    for pid in tree:
        tree += children.get(pid, [])
    return tree


def stat_fields(pid):
    """/proc/PID/stat after the name: [0] is the state, [1] the parent (proc(5))."""
    with open(f"/proc/{pid}/stat", encoding="utf-8", errors="replace") as file:
        return file.read().rpartition(")")[2].split()


def cpu_seconds(root):
    """utime + stime of a process tree, all threads included."""
    ticks = 0
    for pid in process_tree(root):
        fields = stat_fields(pid)
        ticks += int(fields[11]) + int(fields[12])
    return ticks / TICKS_PER_SECOND


def resident_bytes(root):
    """VmRSS of a process tree."""
    kib = 0
    for pid in process_tree(root):
        with open(f"/proc/{pid}/status", encoding="utf-8") as file:
            kib += int(re.search(r"^VmRSS:\s+(\d+) kB", file.read(), re.MULTILINE).group(1))
    return kib * 1024


STORING_THREADS = ("ginnel-ship", "ginnel-write", "ginnel-journal")


def storing_seconds(pid):
    """CPU of the threads of a Ginnel that carry clicks to the database. They may work during a load
    or after it, so they are told apart from what answers."""
    ticks = 0
    for thread in os.listdir(f"/proc/{pid}/task"):
        with open(f"/proc/{pid}/task/{thread}/stat", encoding="utf-8") as file:
            name, _, fields = file.read().partition("(")[2].rpartition(")")
        if name in STORING_THREADS:
            ticks += sum(map(int, fields.split()[11:13]))
    return ticks / TICKS_PER_SECOND


@contextlib.contextmanager
def running(command, log_path, environment=None):
    """A server that lives as long as the block; its output goes to a file."""
    with open(log_path, "wb") as log:
        process = subprocess.Popen(command, stdout=log, stderr=log, stdin=subprocess.DEVNULL,
                                   env=environment, start_new_session=True)
        try:
            yield process
        finally:
            stop(process)


def stop(process):
    """Ends a process and, if it does not end in time, everything that it started."""
    tree = process_tree(process.pid)
    process.send_signal(signal.SIGTERM)
    try:
        process.wait(timeout=15)
    except subprocess.TimeoutExpired:
        for pid in tree:
            with contextlib.suppress(ProcessLookupError):
                os.kill(pid, signal.SIGKILL)
        process.wait(timeout=5)


class NoRedirect(urllib.request.HTTPRedirectHandler):
    def redirect_request(self, *_args, **_kwargs):
        return None


OPENER = urllib.request.build_opener(urllib.request.ProxyHandler({}), NoRedirect)


def ask(url, body=None):
    """(status, headers, body) of one request; a JSON body makes it a POST."""
    request = urllib.request.Request(url, data=body, headers={"Content-Type": "application/json"})
    try:
        with OPENER.open(request, timeout=5) as answer:
            return answer.status, answer.headers, answer.read()
    except urllib.error.HTTPError as answer:
        return answer.code, answer.headers, answer.read()


def wait_until_answers(url, process, log_path):
    deadline = time.monotonic() + 20
    while time.monotonic() < deadline and process.poll() is None:
        try:
            if ask(url)[0] < 500:
                return
        except OSError:
            pass
        time.sleep(0.05)
    with open(log_path, encoding="utf-8", errors="replace") as log:
        raise BenchError(f"{process.args[0]} does not answer {url}:\n{log.read()[-2000:]}")


def metric(base, name):
    """A figure of the metrics page, without labels."""
    found = re.search(rf"^{name} (\S+)$", ask(base + "/metrics")[2].decode(), re.MULTILINE)
    if not found:
        raise BenchError(f"no metric {name}")
    return float(found.group(1))


def wait_until_stored(base, limit=120):
    """Until no click waits for the database, or to be summed up."""
    deadline = time.monotonic() + limit
    while (metric(base, "ginnel_shipper_lag_records") > 0
           or metric(base, "ginnel_sums_lag_clicks") > 0):
        if time.monotonic() > deadline:
            raise BenchError(f"clicks still wait after {limit} s")
        time.sleep(0.2)


def machine():
    lscpu = subprocess.run(["lscpu"], capture_output=True, text=True, check=False,
                           env={**os.environ, "LC_ALL": "C"}).stdout
    model = re.search(r"^Model name:\s*(.+)$", lscpu, re.MULTILINE)
    return {
        "date": datetime.datetime.now(datetime.timezone.utc).strftime("%Y-%m-%d %H:%M UTC"),
        "cpu": model.group(1).strip() if model else "unknown",
        "cores": os.cpu_count(),
        "kernel": platform.release(),
    }


def number(value):
    if value >= 1000:
        return f"{value:,.0f}"
    return f"{value:.2f}" if value < 100 else f"{value:.0f}"


def print_table(about, rows):
    print(f"\n{about['date']}, {about['cpu']}, {about['cores']} cores, Linux {about['kernel']}\n")
    lines = [("what", "ours", "peer", "ratio", "budget", "")] + [row.cells() for row in rows]
    widths = [max(len(cell) for cell in column) for column in zip(*lines)]
    for line in lines:
        cells = [line[0].ljust(widths[0])]
        cells += [cell.rjust(width) for cell, width in zip(line[1:], widths[1:])]
        print("  ".join(cells).rstrip())
    print()
    for row in rows:
        for note in row.notes:
            print(f"{row.name}: {note}")
