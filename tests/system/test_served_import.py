"""`ginnel import --through-server`: the server that holds the database imports the file."""
import socket
import threading

import pytest

from harness import seed
from harness.service import free_port, run_cli

ALL_IMPORTED, NOTHING_IMPORTED, WRONG_USAGE, SOME_LEFT_OUT = range(4)
HEADER = "id,username,email,created_at\n"


def run_import(service, what, file, *options, **kw):
    return run_cli("import", what, file, "--through-server", "--server", service.url, *options,
                   cwd=service.folder, **kw)


def summary(done) -> str:
    return done.stdout.partition(" (")[0]


def test_the_real_files_whole_and_again(start_service, report):
    service = start_service()
    for what, rows in (("users", 400), ("urls", 2000), ("events", 3422)):
        done = run_import(service, what, seed.DATA / f"{what}.csv")
        assert done.returncode == ALL_IMPORTED, done.stderr
        assert summary(done) == f"{what}: {rows} read, {rows} inserted, 0 unchanged, 0 skipped"
    for what, rows in (("users", 400), ("urls", 2000), ("events", 3422)):
        done = run_import(service, what, seed.DATA / f"{what}.csv")
        assert done.returncode == ALL_IMPORTED
        assert summary(done) == f"{what}: {rows} read, 0 inserted, {rows} unchanged, 0 skipped"
    assert service.api().all_rows("/users") == seed.users()
    assert service.api().all_rows("/urls") == seed.links()
    assert service.api().all_rows("/events") == seed.events()
    report("400 users, 2000 links and 3422 events through a server, equal field by field")


def test_the_refusal_of_a_served_file_names_the_command(start_service):
    service = start_service()
    file = service.folder / "some users.csv"
    file.write_text(HEADER + "1,ada,ada@example.com,2025-07-13 12:40:57\n")
    done = run_cli("import", "users", file, "--database.url", f"sqlite:{service.database}",
                   cwd=service.folder)
    assert done.returncode == NOTHING_IMPORTED
    assert f"  ginnel import users '{file}' --through-server\n" in done.stderr
    assert run_import(service, "users", file).returncode == ALL_IMPORTED
    assert service.api().get("/users/1").json()["username"] == "ada"


def test_a_file_with_faults_is_refused_whole_and_they_are_told(start_service):
    service = start_service()
    file = service.folder / "users.csv"
    file.write_text(HEADER + "1,ada,ada@example.com,2025-07-13 12:40:57\n2,,mail,2025-07-13\n")
    done = run_import(service, "users", file)
    assert done.returncode == NOTHING_IMPORTED
    assert "  line 3, username: Username must be a non-empty string\n" in done.stderr
    assert done.stderr.endswith("nothing was imported\n")
    assert service.api().get("/users").json() == []


def test_rows_that_are_left_out_are_told(start_service):
    service = start_service()
    service.api().post("/users", {"username": "ada", "email": "ada@example.com"})
    file = service.folder / "users.csv"
    file.write_text(HEADER + "1,bob,bob@example.com,2025-07-13 12:40:57\n"
                    "2,eve,eve@example.com,2025-07-13 12:40:57\n")
    done = run_import(service, "users", file)
    assert done.returncode == SOME_LEFT_OUT
    assert summary(done) == "users: 2 read, 1 inserted, 0 unchanged, 1 skipped"
    assert done.stderr.startswith("  line 2: ")


def test_the_key_is_shown(start_service):
    service = start_service(env={"API_KEY": "a-key-for-the-importer"})
    file = service.folder / "users.csv"
    file.write_text(HEADER + "1,ada,ada@example.com,2025-07-13 12:40:57\n")
    done = run_import(service, "users", file)
    assert done.returncode == NOTHING_IMPORTED and "GINNEL_API_KEY" in done.stderr
    done = run_import(service, "users", file, env={"GINNEL_API_KEY": "a-key-for-the-importer"})
    assert done.returncode == ALL_IMPORTED, done.stderr


def test_no_server_there_is_said_so(start_service):
    service = start_service()
    file = service.folder / "users.csv"
    file.write_text(HEADER)
    done = run_cli("import", "users", file, "--through-server", "--server",
                   f"http://127.0.0.1:{free_port()}", cwd=service.folder)
    assert done.returncode == NOTHING_IMPORTED
    assert "cannot be reached" in done.stderr and "nothing was imported" in done.stderr


@pytest.mark.parametrize("answer, told", [
    (b"", "whether it was done is unknown"),
    (b"HTTP/1.1 502 Bad Gateway\r\nContent-Length: 0\r\n\r\n", "answered 502"),
], ids=["broken", "gateway"])
def test_an_end_that_is_unknown_is_told_so(tmp_path, answer, told):
    """The file is sent, and no Ginnel says what came of it: it may have been imported."""
    file = tmp_path / "users.csv"
    file.write_text(HEADER)
    with socket.create_server(("127.0.0.1", 0)) as listener:

        def break_off():
            connection, _ = listener.accept()
            with connection:
                received = b""
                while HEADER.encode() not in received and (more := connection.recv(65_536)):
                    received += more
                connection.sendall(answer)

        listener.settimeout(10)
        breaker = threading.Thread(target=break_off)
        breaker.start()
        done = run_cli("import", "users", file, "--through-server", "--server",
                       f"http://127.0.0.1:{listener.getsockname()[1]}", cwd=tmp_path)
        breaker.join()
    assert done.returncode == NOTHING_IMPORTED
    assert told in done.stderr
    assert "nothing was imported" not in done.stderr


@pytest.mark.parametrize("option", [("--dry-run",), ("--rejects", "r.csv")])
def test_what_only_an_import_of_ones_own_can_is_refused(start_service, option):
    service = start_service()
    file = service.folder / "users.csv"
    file.write_text(HEADER)
    done = run_import(service, "users", file, *option)
    assert done.returncode == WRONG_USAGE and option[0] in done.stderr
