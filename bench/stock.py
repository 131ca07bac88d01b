# SPDX-License-Identifier: MIT
"""Databases of many links, made once and kept in build/bench-data.

A database of N links has the codes u0000000 to u<N - 1>, targets of one length, and a user for
every hundred links. It is written by SQL: the import is a row of its own.
"""

import contextlib
import hashlib
import os
import shutil
import socket
import sqlite3
import subprocess

from harness import BenchError
from servers import TARGET, environment

AT_ONCE = 100  # requests of one write

FILL = """
INSERT INTO users (id, username, email, username_key, email_key, created_at)
WITH RECURSIVE n (id) AS (SELECT 1 UNION ALL SELECT id + 1 FROM n WHERE id < :users)
SELECT id, printf('user%07d', id), printf('user%07d@example.org', id),
       printf('user%07d', id), printf('user%07d@example.org', id), 1767225600000000 FROM n;

INSERT INTO links (id, user_id, code, target, title, enabled, created_at, updated_at, version)
WITH RECURSIVE n (id) AS (SELECT 1 UNION ALL SELECT id + 1 FROM n WHERE id < :links)
SELECT id, 1 + (id - 1) % :users, printf('u%07d', id - 1), printf('%s/%08d', :target, id - 1),
       'An article', 1, 1767225600000000, 1767225600000000, 1 FROM n;
"""


def users_of(links):
    return max(1, links // 100)


def copy(links, options, folder):
    """Puts a database of so many links, which the caller may change, into the folder."""
    os.makedirs(folder, exist_ok=True)
    shutil.copyfile(kept(links, options), os.path.join(folder, "ginnel.db"))


def kept(links, options):
    """The path of the database; it is made if it is not there in its present form."""
    os.makedirs(options.stock, exist_ok=True)
    with_schema = migrated(options)
    path = os.path.join(options.stock, f"links-{links}-{digest(with_schema)}.db")
    if not os.path.exists(path):
        fill(with_schema, links)
        os.rename(with_schema, path)  # so a making that was interrupted is not mistaken for one
    return path


def migrated(options):
    """An empty database as the binary makes it."""
    path = os.path.join(options.stock, "making.db")
    for suffix in ("", "-wal", "-shm", ".lock"):
        with contextlib.suppress(FileNotFoundError):
            os.unlink(path + suffix)
    done = subprocess.run([options.server, "migrate", "--database.url", f"sqlite:{path}"],
                          capture_output=True, text=True, check=False,
                          env=environment(options.stock))
    if done.returncode != 0:
        raise BenchError(f"ginnel migrate failed: {done.stderr.strip()}")
    return path


def digest(path):
    """Eight digits that change with the schema."""
    with contextlib.closing(sqlite3.connect(path)) as database:
        statements = database.execute("SELECT sql FROM sqlite_schema ORDER BY name").fetchall()
    return hashlib.sha256((FILL + repr(statements)).encode()).hexdigest()[:8]


def fill(path, links):
    values = {"links": links, "users": users_of(links), "target": TARGET}
    with contextlib.closing(sqlite3.connect(path, isolation_level=None)) as database:
        database.execute("PRAGMA journal_mode = OFF")
        database.execute("PRAGMA synchronous = OFF")
        database.execute("BEGIN")
        for statement in filter(str.strip, FILL.split(";")):
            database.execute(statement, {name: values[name] for name in values
                                         if f":{name}" in statement})
        database.execute("COMMIT")
        database.execute("PRAGMA journal_mode = WAL")


def touch(server, first, count):
    """Asks for each of so many links once, so that they are in memory. HEAD is no click: nothing
    else grows, and nothing waits to be stored."""
    address = ("127.0.0.1", int(server.base.rpartition(":")[2]))
    with socket.create_connection(address, timeout=20) as connection:
        for start in range(first, first + count, AT_ONCE):
            connection.sendall("".join(f"HEAD /u{number:07d} HTTP/1.1\r\nHost: a\r\n\r\n"
                                       for number in range(start, start + AT_ONCE)).encode())
            answers = b""
            while answers.count(b"\r\n\r\n") < AT_ONCE:
                more = connection.recv(65_536)
                if not more:
                    raise BenchError(f"{server.base} closed the connection")
                answers += more
            if answers.count(b"HTTP/1.1 302 ") != AT_ONCE:
                raise BenchError(f"not every link is there: {answers[:200]!r}")
