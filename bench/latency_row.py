# SPDX-License-Identifier: MIT
"""How long a redirect takes at a fixed rate, beside nginx, and what clicks cost creations."""

import concurrent.futures
import contextlib
import os
import signal
import subprocess
import time

from harness import BenchError, Row, median, metric, wait_until_stored
from program_rows import run_program
from servers import CLIENT_CORE, create, ginnel, needs, nginx

RATE = 20_000
DISK_LIMIT_MIB = 512


def open_loop(options, server, seconds, rate=RATE):
    arguments = ["--port", server.base.rpartition(":")[2], "--path", server.path,
                 "--rate", str(rate), "--seconds", str(seconds)]
    before = os.sched_getaffinity(0)
    os.sched_setaffinity(0, {int(CLIENT_CORE)})  # inherited by the program
    try:
        measured = run_program("open_loop", arguments, options, seconds + 60)
    finally:
        os.sched_setaffinity(0, before)
    if measured["errors"] or measured["lost"]:
        raise BenchError(f"{server.base}: {measured}")
    return measured


@contextlib.contextmanager
def busy_disk(folder):
    """dd writes and syncs, again and again, beside the journal."""
    path = os.path.join(folder, "ballast")
    process = subprocess.Popen(
        ["sh", "-c", 'while dd if=/dev/zero of="$1" bs=1M count="$2" conv=fdatasync 2>/dev/null; '
         "do :; done", "sh", path, str(DISK_LIMIT_MIB)], start_new_session=True)
    try:
        time.sleep(1)
        yield
        if process.poll() is not None:
            raise BenchError("dd could not write")
    finally:
        with contextlib.suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGKILL)  # the shell and its dd
        process.wait()
        with contextlib.suppress(FileNotFoundError):
            os.unlink(path)


def row_of(name, rounds, budget):
    ratios = [each["ginnel"]["p99_us"] / each["nginx"]["p99_us"] for each in rounds]

    def figures(who):
        return ", ".join(f"{key.removesuffix('_us')} {median([e[who][key] for e in rounds]):,.0f}"
                         for key in ("p50_us", "p99_us", "p999_us", "max_us"))
    return Row(name=name, unit="us", budget=budget, ratio=median(ratios),
               ours=median([each["ginnel"]["p99_us"] for each in rounds]),
               peer=median([each["nginx"]["p99_us"] for each in rounds]),
               notes=[f"ours {figures('ginnel')} us; nginx {figures('nginx')} us; rounds "
                      + ", ".join(f"{ratio:.2f}x" for ratio in ratios)], rounds=rounds)


def rows(options, folder, stack):
    """p99 at 20,000 requests a second: alone, and while dd writes to the journal's disk."""
    needs(options)
    servers = {"nginx": nginx(folder, stack), "ginnel": ginnel(options.server, folder, stack)}
    for server in servers.values():
        open_loop(options, server, 1)
    for name, beside, budget in (("", contextlib.nullcontext(), 1.5),
                                 (" while dd writes beside the journal", busy_disk(folder), 3.0)):
        with beside:
            rounds = []
            for index in range(options.rounds):
                names = list(servers) if index % 2 == 0 else list(reversed(servers))
                rounds.append({who: open_loop(options, servers[who], options.seconds)
                               for who in names})
                wait_until_stored(servers["ginnel"].base)
        yield row_of(f"p99 of a redirect at {RATE:,}/s{name} : nginx", rounds, budget)


def create_times(base, user, seconds):
    """How long creations took, one after the other, in milliseconds."""
    times = []
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        began = time.monotonic()
        create(base + "/urls", {"user_id": user, "original_url": "https://example.com/x",
                                "title": "t"})
        times.append((time.monotonic() - began) * 1e3)
    return sorted(times)


def beside_rows(options, folder, stack):
    """p99 of a creation while 20,000 clicks a second are answered and stored : without them."""
    needs(options)
    server = ginnel(options.server, folder, stack, "--clicks.patience_ms", "0")
    user = create(server.base + "/users", {"username": "b", "email": "b@example.org"})["id"]
    rounds = []
    for _ in range(options.rounds):
        alone = create_times(server.base, user, options.seconds)
        with concurrent.futures.ThreadPoolExecutor() as threads:
            load = threads.submit(open_loop, options, server, options.seconds + 1)
            time.sleep(0.5)
            beside = create_times(server.base, user, options.seconds)
            waiting = metric(server.base, "ginnel_shipper_lag_records")
            load.result()  # raises when an answer was wrong
        wait_until_stored(server.base)
        rounds.append({"alone": alone[int(len(alone) * 0.99)],
                       "beside": beside[int(len(beside) * 0.99)], "waiting": waiting})
    ratios = [each["beside"] / each["alone"] for each in rounds]
    return [Row(name="p99 of a creation beside 20,000 clicks/s : without them", unit="ms",
                ours=median([each["beside"] for each in rounds]),
                peer=median([each["alone"] for each in rounds]), ratio=median(ratios),
                notes=["one client; at most " f"{max(each['waiting'] for each in rounds):,.0f} "
                       "clicks waited; rounds " + ", ".join(f"{ratio:.1f}x" for ratio in ratios)],
                rounds=rounds)]
