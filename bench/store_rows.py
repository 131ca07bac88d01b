# SPDX-License-Identifier: MIT
"""What the database is asked for beside redirects: lists and imports."""

import contextlib
import http.client
import json
import os
import re
import subprocess
import tempfile
import time
import urllib.parse

import stock
from closed_loop import Load, alternate, row_of
from harness import BenchError, Row, median
from program_rows import file_system
from servers import environment, ginnel, needs

FEW_LINKS = 10_000
MANY_LINKS = 1_000_000
LONG_LINKS = 10_000_000
USERS = 1_000_000

PAGES = (("page 1", "/urls?per_page=100"), ("page 100", "/urls?per_page=100&page=100"),
         ("one user's", "/urls?per_page=100&user_id=77"))


def list_rows(options, folder, stack):
    """A page of 100 links: the first, the hundredth and that of a user, of many links : of few."""
    needs(options)
    many = LONG_LINKS if options.long else MANY_LINKS
    servers = {}
    for size in (many, FEW_LINKS):
        home = os.path.join(folder, str(size))
        stock.copy(size, options, home)
        servers[size] = ginnel(options.server, home, stack, path="/u0000007")
    for label, path in PAGES:
        loads = dict.fromkeys(servers, Load(path=path))
        rounds = alternate(servers, loads, options, max(1, options.seconds // 2))
        yield row_of(f"CPU a list of 100 links, {label}, of {many:,} : of {FEW_LINKS:,}", rounds,
                     (many, FEW_LINKS), 1.2)


def write_users(path, count):
    with open(path, "w", encoding="utf-8") as file:
        file.write("id,username,email,created_at\n")
        for number in range(1, count + 1):
            file.write(f"{number},user{number},user{number}@example.org,2026-01-01 00:00:00\n")


def timed(command, folder):
    """Seconds on the clock and MiB at the most."""
    began = time.monotonic()
    with open(os.path.join(folder, "import.log"), "wb") as log:
        process = subprocess.Popen(command, stdout=log, stderr=log, env=environment(folder))
        _, status, usage = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode != 0:
        with open(log.name, encoding="utf-8", errors="replace") as log:
            raise BenchError(f"{command[0]} failed: {log.read()[-500:]}")
    return time.monotonic() - began, usage.ru_maxrss / 1024


# The table of the first migration, as far as a CSV file fills it, with as many indexes.
PEER_TABLE = """
PRAGMA journal_mode = WAL;
PRAGMA synchronous = FULL;
CREATE TABLE users (
  id         INTEGER PRIMARY KEY AUTOINCREMENT,
  username   TEXT NOT NULL,
  email      TEXT NOT NULL,
  created_at TEXT NOT NULL
) STRICT;
CREATE UNIQUE INDEX users_by_username ON users (username);
CREATE UNIQUE INDEX users_by_email ON users (email);
"""


def shell_import(database, csv):
    return ["sqlite3", database, PEER_TABLE, f".import --csv --skip 1 {csv} users"]


def import_round(options, folder, csv):
    """Users a second by `ginnel import` and by the shell, each into a new file."""
    databases = {who: os.path.join(folder, f"{who}.db") for who in ("ours", "shell", "few")}
    commands = {who: [options.server, "import", "users", csv[who], "--database.url",
                      f"sqlite:{databases[who]}"] for who in ("ours", "few")}
    commands["shell"] = shell_import(databases["shell"], csv["shell"])
    try:
        return {who: timed(command, folder) for who, command in commands.items()}
    finally:
        for name in os.listdir(folder):
            if ".db" in name:
                os.unlink(os.path.join(folder, name))


def import_rows(options, folder, _stack):
    """A million users from a CSV file, beside the import of the sqlite3 shell."""
    needs(options)
    csv = {"ours": os.path.join(folder, "users.csv"), "few": os.path.join(folder, "few.csv")}
    csv["shell"] = csv["ours"]
    write_users(csv["ours"], USERS)
    write_users(csv["few"], USERS // 100)
    rounds = [import_round(options, folder, csv) for _ in range(options.rounds)]
    ratios = [each["shell"][0] / each["ours"][0] for each in rounds]
    memory = {who: median([each[who][1] for each in rounds]) for who in ("ours", "few", "shell")}
    yield Row(name=f"users imported, {USERS:,} in a CSV file : sqlite3 .import", unit="/s",
              ours=median([USERS / each["ours"][0] for each in rounds]),
              peer=median([USERS / each["shell"][0] for each in rounds]),
              ratio=median(ratios), budget=0.5, more_is_better=True,
              notes=[f"on {file_system(folder)}; at most {memory['ours']:.0f} MiB of memory, "
                     f"{memory['few']:.0f} for a hundredth of the users, {memory['shell']:.0f} by "
                     "the shell; rounds " + ", ".join(f"{ratio:.2f}x" for ratio in ratios)],
              rounds=rounds)


def peak_memory(pid):
    """VmHWM of a process, in MiB."""
    with open(f"/proc/{pid}/status", encoding="utf-8") as file:
        return int(re.search(r"^VmHWM:\s+(\d+) kB", file.read(), re.MULTILINE).group(1)) / 1024


def upload(base, path, csv):
    """Sends a file as text/csv and gives the answer."""
    connection = http.client.HTTPConnection(urllib.parse.urlsplit(base).netloc, timeout=600)
    with contextlib.closing(connection), open(csv, "rb") as file:
        connection.request("POST", path, file, {"Content-Type": "text/csv",
                                                "Content-Length": str(os.path.getsize(csv))})
        answer = connection.getresponse()
        body = answer.read()
    if answer.status != 200:
        raise BenchError(f"POST {path} answered {answer.status}: {body[:300]!r}")
    return json.loads(body)


def upload_round(options, folder, csv):
    """Seconds of an upload and of the shell's import, each into a new file, and the MiB of memory
    that the upload took above the idle server."""
    with contextlib.ExitStack() as stack:
        home = stack.enter_context(tempfile.TemporaryDirectory(dir=folder))
        with contextlib.ExitStack() as servers:
            server = ginnel(options.server, home, servers, path="/", threads=2,
                            cores=f"0-{os.cpu_count() - 1}")
            idle = peak_memory(server.pid)
            began = time.monotonic()
            imported = upload(server.base, "/users/bulk", csv)["imported"]
            ours = time.monotonic() - began
            grown = peak_memory(server.pid) - idle
        if imported != USERS:
            raise BenchError(f"{imported} of {USERS} users were imported")
        shell, _ = timed(shell_import(os.path.join(home, "shell.db"), csv), home)
        return {"ours": ours, "shell": shell, "grown": grown}


def upload_rows(options, folder, _stack):
    """A million users uploaded to a server, beside the import of the sqlite3 shell."""
    needs(options)
    csv = os.path.join(folder, "users.csv")
    write_users(csv, USERS)
    rounds = [upload_round(options, folder, csv) for _ in range(options.rounds)]
    ratios = [each["shell"] / each["ours"] for each in rounds]
    yield Row(name=f"users uploaded, {USERS:,} in a CSV file : sqlite3 .import", unit="/s",
              ours=median([USERS / each["ours"] for each in rounds]),
              peer=median([USERS / each["shell"] for each in rounds]),
              ratio=median(ratios), budget=0.5, more_is_better=True,
              notes=[f"on {file_system(folder)}, {os.path.getsize(csv) >> 20} MiB; rounds "
                     + ", ".join(f"{ratio:.2f}x" for ratio in ratios)],
              rounds=rounds)
    yield Row(name="memory an upload takes, above the idle server", unit="MiB",
              ours=max(each["grown"] for each in rounds), budget=64,
              notes=["the most of the rounds; a system test sends files of any size "
                     "(GINNEL_BULK_MIB=256)"],
              rounds=rounds)
