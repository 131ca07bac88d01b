"""`ginnel export`: what was imported comes back byte for byte, beside a running server too."""
import csv
import io
import os
import pathlib
import re
import resource
import subprocess
import threading
import time

import pytest
from conftest import DATA, import_seed
from harness.clicks import shipped, wait_until
from harness.raw_http import RawConnection
from harness.service import BINARY, clean_environment, run_cli

KINDS = ("users", "urls", "events")


def database_flag(folder) -> tuple[str, str]:
    return "--database.url", f"sqlite:{folder / 'ginnel.db'}"


def export(folder, what, *options) -> bytes:
    """What is written to the standard output."""
    done = subprocess.run(
        [str(BINARY), "export", what, *map(str, options), *database_flag(folder)],
        cwd=folder,
        env=clean_environment(),
        stdin=subprocess.DEVNULL,
        capture_output=True,
        timeout=60,
    )
    assert done.returncode == 0, done.stderr
    assert done.stderr == b""
    return done.stdout


def start_export(folder, what) -> subprocess.Popen:
    """One whose standard output nobody reads yet."""
    return subprocess.Popen(
        [str(BINARY), "export", what, *database_flag(folder)],
        cwd=folder,
        env=clean_environment(),
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
    )


def has_closed_the_database(process) -> bool:
    """Whether it has what it read in a file without a name, and the database no more."""
    folder = f"/proc/{process.pid}/fd"
    try:
        names = [os.readlink(f"{folder}/{number}") for number in os.listdir(folder)]
    except FileNotFoundError:  # one was closed while we looked
        return False
    is_spooled = any(name.endswith(" (deleted)") for name in names)
    return is_spooled and not any(name.endswith("ginnel.db") for name in names)


def end(process) -> None:
    process.kill()
    process.wait()
    process.stdout.close()


def rows_of(text: bytes) -> list[dict]:
    return list(csv.DictReader(io.StringIO(text.decode(), newline="")))


def import_all(folder, files: dict[str, bytes]) -> None:
    folder.mkdir(exist_ok=True)
    for what in KINDS:
        (folder / f"{what}.csv").write_bytes(files[what])
        done = run_cli("import", what, folder / f"{what}.csv", *database_flag(folder), cwd=folder)
        assert done.returncode == 0, done.stdout + done.stderr


def test_the_real_files_come_back_byte_for_byte(tmp_path, report):
    import_seed(tmp_path)
    for what in KINDS:
        original = (DATA / f"{what}.csv").read_bytes()
        assert export(tmp_path, what) == original
        done = run_cli("export", what, "out.csv", *database_flag(tmp_path), cwd=tmp_path)
        assert done.returncode == 0, done.stderr
        rows = original.count(b"\n") - 1
        assert done.stdout.startswith(f"{what}: {rows} written to out.csv ("), done.stdout
        assert (tmp_path / "out.csv").read_bytes() == original
        report(f"{what}: {rows} rows, {len(original)} bytes, the same as the file's")
    assert not list(tmp_path.glob("*.partial"))


def test_what_version_0_1_exported_comes_back_byte_for_byte(tmp_path, report):
    """Written by the binary of 0.1: names, codes and targets that are refused of newcomers now."""
    exported = {what: (DATA / "export-0.1" / f"{what}.csv").read_bytes() for what in KINDS}
    import_all(tmp_path / "later", exported)
    for what in KINDS:
        assert export(tmp_path / "later", what) == exported[what]
    report(f"{sum(map(len, exported.values()))} bytes of three files, the same")


def test_an_export_beside_a_server_is_what_the_api_shows_and_comes_back(start_service, tmp_path):
    """Odd texts, chosen codes, deleted things, clicks; then all of it in another database."""
    service = start_service()
    api = service.api()
    owner = api.make_user(username='"quoted", =1+1', email="a+b@example.com")["id"]
    titles = ["", " a ", "a,b", 'say "hi"', "two\nlines", "\r", "=HYPERLINK(1)", "Bücher 📚"]
    links = [api.make_link(owner, title=title) for title in titles]
    api.put(f"/urls/{links[0]['id']}", {"is_active": False})
    for link in links:
        api.get(f"/{link['short_code']}")
    api.post("/events", {
        "url_id": links[1]["id"], "user_id": owner, "event_type": "note", "details": {"a": [1.0]},
    })
    assert api.delete(f"/urls/{links[2]['id']}").status == 204
    gone = api.make_user()["id"]
    assert api.delete(f"/users/{gone}").status == 204
    assert wait_until(lambda: shipped(api))

    files = {what: export(service.database.parent, what) for what in KINDS}

    shown = {row["id"]: row for row in api.all_rows("/urls")}
    assert {int(row["id"]): row["title"] for row in rows_of(files["urls"])} == {
        number: link["title"] for number, link in shown.items()
    }
    events = api.all_rows("/events")
    exported = rows_of(files["events"])
    assert [int(row["id"]) for row in exported] == [event["id"] for event in events]
    assert [row["url_id"] for row in exported] == [
        "" if event["url_id"] is None else str(event["url_id"]) for event in events
    ]
    assert sum(row["event_type"] == "redirect" for row in exported) == len(titles) - 1
    without = rows_of(export(service.database.parent, "events", "--without-clicks"))
    assert without == [row for row in exported if row["event_type"] != "redirect"]

    import_all(tmp_path / "other", files)
    assert {what: export(tmp_path / "other", what) for what in KINDS} == files
    other = start_service(folder=tmp_path / "other").api()
    for path in ("/users", "/urls", "/events"):
        assert other.all_rows(path) == api.all_rows(path)

    # And back into the database it came from: nothing to change, nothing refused.
    assert service.stop() == 0
    import_all(service.database.parent, files)
    assert {what: export(service.database.parent, what) for what in KINDS} == files


def test_a_spreadsheet_is_given_no_formula(start_service):
    service = start_service()
    api = service.api()
    owner = api.make_user(username="@owner")["id"]
    for title in ("=1+1", "+1", "-1", "@a", "plain", "a=b"):
        api.make_link(owner, title=title)
    folder = service.database.parent
    titles = [row["title"] for row in rows_of(export(folder, "urls", "--spreadsheet-safe"))]
    assert titles == ["'=1+1", "'+1", "'-1", "'@a", "plain", "a=b"]
    assert [row["title"] for row in rows_of(export(folder, "urls"))][0] == "=1+1", "exact otherwise"
    assert rows_of(export(folder, "users", "--spreadsheet-safe"))[0]["username"] == "'@owner"


def test_a_file_of_an_instant_while_everything_changes(start_service, report):
    """Titles are set to 1, 2, ... from the first link to the last, over and over: at any instant
    those in front are one ahead, or all are equal."""
    service = start_service()
    api = service.api()
    owner = api.make_user()["id"]
    links = [api.make_link(owner, title="0")["id"] for _ in range(40)]
    stop = threading.Event()
    rounds = []

    def change():
        client = service.api()
        while not stop.is_set():
            rounds.append(len(rounds) + 1)
            for number in links:
                assert client.put(f"/urls/{number}", {"title": str(rounds[-1])}).status == 200

    changing = threading.Thread(target=change)
    changing.start()
    try:
        split = 0
        for _ in range(30):
            titles = [int(row["title"]) for row in rows_of(export(service.database.parent, "urls"))]
            assert len(titles) == len(links)
            assert titles == sorted(titles, reverse=True) and titles[0] - titles[-1] <= 1, titles
            split += titles[0] != titles[-1]
    finally:
        stop.set()
        changing.join()
    assert split, "no export met a change"
    report(f"30 exports during {len(rounds)} rounds of 40 changes, {split} of them within one")


def test_memory_does_not_grow_with_the_rows(tmp_path, report):
    rows = 200_000
    stamp = "2025-01-01 00:00:00"
    users = "".join(
        f"{i},user{i},user{i}@example.com,{stamp}\n" for i in range(1, rows + 1)
    ).encode()
    (tmp_path / "users.csv").write_bytes(b"id,username,email,created_at\n" + users)
    done = run_cli("import", "users", "users.csv", *database_flag(tmp_path), cwd=tmp_path)
    assert done.returncode == 0, done.stderr
    began = time.monotonic()
    process = start_export(tmp_path, "users")
    try:
        assert wait_until(lambda: has_closed_the_database(process))
        seconds = time.monotonic() - began
        status = pathlib.Path(f"/proc/{process.pid}/status").read_text()
        resident = int(re.search(r"VmHWM:\s+(\d+) kB", status).group(1)) / 1024
        assert process.stdout.read() == (tmp_path / "users.csv").read_bytes()
        assert process.wait(10) == 0
    finally:
        end(process)
    assert resident < 40
    report(f"{rows} rows in {seconds:.2f} s, {resident:.0f} MiB resident at most")


def test_a_reader_that_does_not_read_keeps_no_server_waiting(start_service):
    """The rows are more than a pipe holds; the snapshot ends before the pipe is written to."""
    service = start_service()
    api = service.api()
    owner = api.make_user()["id"]
    for _ in range(200):
        api.make_link(owner, title="x" * 500)
    reader = start_export(service.database.parent, "urls")
    try:
        assert wait_until(lambda: has_closed_the_database(reader))
        assert reader.poll() is None, "it waits for its reader"
        text = reader.stdout.read()
        assert reader.wait(10) == 0
        assert len(rows_of(text)) == 200
    finally:
        end(reader)


def test_a_reader_that_has_enough_ends_it_quietly(tmp_path):
    import_seed(tmp_path)
    url = f"sqlite:{tmp_path / 'ginnel.db'}"
    done = subprocess.run(
        ["bash", "-c", f"{BINARY} export events --database.url {url} | head -1"],
        cwd=tmp_path, env=clean_environment(), capture_output=True, text=True, timeout=60,
    )
    assert done.stdout == "id,url_id,user_id,event_type,timestamp,details\n"
    assert done.stderr == ""


@pytest.mark.parametrize("words, status, message", [
    (("users", "no/such/folder/x.csv"), 1, "cannot write no/such/folder/x.csv: No such file"),
    (("users", "/dev/full"), 1, "cannot write to /dev/full: No space left on device"),
    (("users", "/"), 1, "cannot write to /: Is a directory"),
    (("people",), 2, "people"),
    ((), 2, "WHAT"),
    (("users", "a.csv", "b.csv"), 2, "unexpected word: b.csv"),
    (("users", "--without-click"), 2, "did you mean --without-clicks"),
])
def test_what_cannot_be_exported_is_told(tmp_path, words, status, message):
    import_seed(tmp_path)
    done = run_cli("export", *words, *database_flag(tmp_path), cwd=tmp_path)
    assert done.returncode == status, done.stderr
    assert message in done.stderr
    assert done.stdout == ""


def test_a_database_that_is_not_there_is_not_made(tmp_path):
    done = run_cli("export", "users", cwd=tmp_path)
    assert done.returncode == 1
    assert done.stderr == "ginnel: data/ginnel.db does not exist\n"
    assert not (tmp_path / "data").exists()


def test_an_export_that_is_cut_off_leaves_the_earlier_one(tmp_path):
    """The disk is full: here by a limit on the size of files."""
    import_seed(tmp_path)
    (tmp_path / "events.csv").write_text("yesterday's")
    done = subprocess.run(
        [str(BINARY), "export", "events", "events.csv", *database_flag(tmp_path)],
        cwd=tmp_path, env=clean_environment(), capture_output=True, text=True, timeout=60,
        preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_FSIZE, (100_000, 100_000)),
    )
    assert (tmp_path / "events.csv").read_text() == "yesterday's"
    assert done.returncode != 0


def test_redirects_go_on_while_the_clicks_are_exported(start_service, report):
    service = start_service()
    api = service.api()
    code = api.make_link()["short_code"]
    with RawConnection(service) as raw:
        for _ in range(2000):
            assert raw.exchange(f"GET /{code} HTTP/1.1\r\nHost: x\r\n\r\n".encode()).status == 302
    assert wait_until(lambda: shipped(api))
    exported = rows_of(export(service.database.parent, "events"))
    assert sum(row["event_type"] == "redirect" for row in exported) == 2000
    report("2000 clicks exported as redirects")
