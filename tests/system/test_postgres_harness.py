"""The PostgreSQL that tests are given goes away and comes back as they ask for it."""
import time

import psycopg2
import pytest


def rows(database) -> list[tuple]:
    return database.query("SELECT number FROM kept")


def test_a_new_database_is_empty_and_its_server_ends_and_returns(postgres_database, report):
    server, url = postgres_database.server, postgres_database.url
    tables = "SELECT count(*) FROM pg_tables WHERE schemaname = 'public'"
    assert postgres_database.query(tables) == [(0,)]
    assert postgres_database.query("SHOW server_encoding") == [("UTF8",)]
    postgres_database.query("CREATE TABLE kept (number integer)")
    postgres_database.query("INSERT INTO kept VALUES (%s)", (7,))

    for end in (server.kill, server.stop):
        began = time.monotonic()
        end()
        with pytest.raises(psycopg2.OperationalError, match="refused"):
            rows(postgres_database)
        ended = time.monotonic()
        server.start()
        assert rows(postgres_database) == [(7,)] and postgres_database.url == url
        report(f"{end.__name__} {ended - began:.2f} s, start {time.monotonic() - ended:.2f} s")


def test_a_paused_server_accepts_and_does_not_answer(postgres_database, report):
    postgres_database.query("CREATE TABLE kept (number integer)")
    server = postgres_database.server
    processes = len(server.processes())
    server.pause()
    began = time.monotonic()
    with pytest.raises(psycopg2.OperationalError, match="timeout expired"):
        postgres_database.query("SELECT 1", limit=2)
    waited = time.monotonic() - began
    server.resume()
    assert rows(postgres_database) == []
    report(f"{processes} processes paused, no answer in {waited:.2f} s, then one")


def test_what_a_test_leaves_killed_while_paused_runs_for_the_next(session_postgres):
    with session_postgres.database():
        session_postgres.pause()
        session_postgres.kill()
    with session_postgres.database() as database:
        assert database.query("SELECT 1") == [(1,)]
