# SPDX-License-Identifier: MIT
"""Memory that the system sees, and how soon a server answers."""

import contextlib
import os
import socket
import subprocess
import time

import stock
from harness import BenchError, Row, free_port, median, metric, resident_bytes, stop
from servers import environment, ginnel, ginnel_command, needs, nginx

LINKS = 1_000_000  # in the database
WARM_LINKS = 20_000  # asked for first: buffers and SQLite's pages are there then
TOUCHED_LINKS = 200_000
START_LIMIT = 20  # seconds

IDLE_BUDGET_MIB = 40
LINK_BUDGET_BYTES = 250
START_BUDGET_MS = 150


def memory_rows(options, folder, stack):
    """Resident memory of an idle server, and what it grows by for each link it keeps."""
    needs(options)
    stock.copy(LINKS, options, folder)
    server = ginnel(options.server, folder, stack, path="/u0000007")
    peer = nginx(folder, stack)
    time.sleep(1)
    yield Row(name=f"resident memory, idle, {LINKS:,} links in the database", unit="MiB",
              ours=resident_bytes(server.pid) / 2**20, budget=IDLE_BUDGET_MIB,
              notes=[f"nginx with one worker: {resident_bytes(peer.pid) / 2**20:.1f} MiB"])
    stock.touch(server, 0, WARM_LINKS)
    before, kept = resident_bytes(server.pid), metric(server.base, "ginnel_cache_entries")
    stock.touch(server, WARM_LINKS, TOUCHED_LINKS)
    grown = resident_bytes(server.pid) - before
    kept = metric(server.base, "ginnel_cache_entries") - kept
    if kept < TOUCHED_LINKS * 0.99:
        raise BenchError(f"only {kept:,.0f} of {TOUCHED_LINKS:,} links were kept")
    yield Row(name="resident memory a link kept", unit="B", ours=grown / kept,
              budget=LINK_BUDGET_BYTES,
              notes=[f"{kept:,.0f} more links kept, {grown / 2**20:.1f} MiB more resident"])


def first_answer(port, process):
    """Waits until a redirect is answered."""
    request = b"GET /u0000007 HTTP/1.1\r\nHost: a\r\n\r\n"
    end = time.monotonic() + START_LIMIT
    while time.monotonic() < end and process.poll() is None:
        with contextlib.suppress(ConnectionError), \
                socket.create_connection(("127.0.0.1", port), timeout=START_LIMIT) as connection:
            connection.sendall(request)
            if connection.recv(65_536).startswith(b"HTTP/1.1 302 "):
                return
        time.sleep(0.001)
    raise BenchError("no redirect was answered after the start")


def start_rows(options, folder, _stack):
    """From the start of the process to its first redirect."""
    needs(options)
    stock.copy(LINKS, options, folder)
    times = []
    for _ in range(options.rounds):
        port = free_port()
        command = ginnel_command(options.server, folder, port, "--shutdown.notice_ms", "0")
        with open(os.path.join(folder, "ginnel.log"), "wb") as log:
            began = time.monotonic()
            process = subprocess.Popen(command, stdout=log, stderr=log, env=environment(folder))
            try:
                first_answer(port, process)
                times.append((time.monotonic() - began) * 1e3)
            finally:
                stop(process)
    yield Row(name=f"start to the first redirect, {LINKS:,} links", unit="ms", ours=median(times),
              budget=START_BUDGET_MS, notes=[", ".join(f"{time:.0f}" for time in times) + " ms"],
              rounds=times)
