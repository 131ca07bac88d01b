#!/usr/bin/python3
# SPDX-License-Identifier: MIT
"""Follows a link at a fixed rate for minutes on end and tells whether memory, disk and lag stay
where they are, and whether every click is stored at the end."""

import argparse
import contextlib
import json
import os
import sqlite3
import subprocess
import sys
import tempfile
import time

from harness import BenchError, machine, metric, stop, wait_until_stored
from servers import CLIENT_CORE, ginnel

ROOT = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
PROGRAMS = os.path.join(ROOT, "build", "release", "bin")
EVERY = 10  # seconds between two looks
FIGURES = ("process_resident_memory_bytes", "ginnel_journal_disk_bytes",
           "ginnel_journal_records_total", "ginnel_journal_dropped_total",
           "ginnel_shipper_lag_records", "ginnel_shipper_lag_seconds")
MEMORY_RISE = 1.1  # of the last look : the first after a third of the time; and a MiB
JOURNAL_LIMIT_BYTES = 256 * 2**20  # 15 s of clicks and the files that are made ahead
LAG_LIMIT_SECONDS = 15


def parse_arguments():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--minutes", type=float, default=10, help="(%(default)s)")
    parser.add_argument("--rate", type=int, default=20_000, help="redirects a second (%(default)s)")
    parser.add_argument("--folder", default=os.path.join(ROOT, "build"), help="on a real disk")
    return parser.parse_args()


def watch(server, load):
    """What the server says of itself while the load runs."""
    looks = []
    while load.poll() is None:
        look = {name: metric(server.base, name) for name in FIGURES}
        looks.append(look)
        print(f"{(len(looks) - 1) * EVERY:5d} s  "
              f"clicks {look['ginnel_journal_records_total']:11,.0f}  "
              f"memory {look['process_resident_memory_bytes'] / 2**20:6.1f} MiB  "
              f"journal {look['ginnel_journal_disk_bytes'] / 2**20:7.1f} MiB  "
              f"waiting {look['ginnel_shipper_lag_records']:9,.0f} clicks, "
              f"{look['ginnel_shipper_lag_seconds']:5.1f} s", flush=True)
        with contextlib.suppress(subprocess.TimeoutExpired):
            load.wait(EVERY)
    return looks


def stored_clicks(folder):
    with contextlib.closing(sqlite3.connect(f"{folder}/ginnel.db")) as database:
        return database.execute("SELECT count(*) FROM clicks").fetchone()[0]


def verdict(looks, measured, stored):
    """What is not as it should be."""
    faults = []
    if stored != measured["answers"]:
        faults.append(f"{measured['answers']} clicks answered, {stored} stored")
    if measured["errors"] or measured["lost"]:
        faults.append(f"{measured['errors']} wrong answers, {measured['lost']} requests unanswered")
    if any(look["ginnel_journal_dropped_total"] for look in looks):
        faults.append("clicks were dropped")
    settled = looks[len(looks) // 3:]
    memory = [look["process_resident_memory_bytes"] for look in settled]
    if memory[-1] > memory[0] * MEMORY_RISE + 2**20:
        faults.append(f"memory grew from {memory[0]:,.0f} to {memory[-1]:,.0f} bytes")
    journal = max(look["ginnel_journal_disk_bytes"] for look in settled)
    if journal > JOURNAL_LIMIT_BYTES:
        faults.append(f"the journal took {journal:,.0f} bytes")
    lag = max(look["ginnel_shipper_lag_seconds"] for look in settled)
    if lag > LAG_LIMIT_SECONDS:
        faults.append(f"clicks waited {lag:.0f} s")
    return faults


def figures_of(load):
    """What open_loop printed at its end."""
    output = load.stdout.read()
    if load.wait() != 0:
        raise BenchError(f"open_loop ended with {load.returncode}")
    return json.loads(output)


def main():
    options = parse_arguments()
    print(machine())
    seconds = options.minutes * 60
    with tempfile.TemporaryDirectory(prefix="soak-", dir=options.folder) as folder:
        with contextlib.ExitStack() as stack:
            server = ginnel(os.path.join(PROGRAMS, "ginnel"), folder, stack)
            load = subprocess.Popen(
                ["taskset", "-c", CLIENT_CORE, os.path.join(PROGRAMS, "open_loop"), "--port",
                 server.base.rpartition(":")[2], "--path", server.path, "--rate",
                 str(options.rate), "--seconds", str(seconds)],
                stdout=subprocess.PIPE, text=True)
            stack.callback(lambda: load.poll() is None and stop(load))
            looks = watch(server, load)
            measured = figures_of(load)
            began = time.monotonic()
            wait_until_stored(server.base, 600)
            print(f"all stored {time.monotonic() - began:.1f} s after the last request")
        stored = stored_clicks(folder)
    faults = verdict(looks, measured, stored)
    print(json.dumps({**measured, "stored": stored}))
    for fault in faults:
        print(f"FAULT: {fault}")
    print("soak: " + ("failed" if faults else "memory, disk and lag stayed where they were, and "
                      "every click was stored"))
    return 1 if faults else 0


if __name__ == "__main__":
    try:
        sys.exit(main())
    except BenchError as error:
        sys.exit(f"soak: {error}")
