"""`ginnel backup` and `ginnel restore`: beside a running server, and after one was killed."""
import os
import pathlib
import shutil
import sqlite3
import subprocess
import tempfile
import threading
import time

import pytest
from conftest import import_seed
from harness.clicks import ClickTables, shipped, wait_until
from harness.faults import preloaded
from harness.raw_http import RawConnection
from harness.service import BINARY, clean_environment, run_cli

DONE, FAILED, WRONG_USAGE = range(3)


def ginnel(service_or_folder, command, *words):
    folder = getattr(service_or_folder, "folder", service_or_folder)
    url = f"sqlite:{folder / 'ginnel.db'}"
    return run_cli(command, *words, "--database.url", url, cwd=folder)


def click(service, code: str, times: int) -> None:
    with RawConnection(service) as raw:
        for _ in range(times):
            answer = raw.exchange(
                f"GET /{code} HTTP/1.1\r\nHost: x\r\nUser-Agent: Mozilla/5.0\r\n\r\n".encode()
            )
            assert answer.status == 302


def clicks_in(path, code: str) -> int:
    tables = ClickTables(path)
    try:
        assert tables.faults() == []
        return tables.clicks_by_code()[code]
    finally:
        tables.close()


def test_there_and_back(start_service, tmp_path):
    import_seed(tmp_path)
    service = start_service(folder=tmp_path)
    before = {path: service.api().all_rows(path) for path in ("/users", "/urls", "/events")}

    done = ginnel(tmp_path, "backup", "b.db")
    assert done.returncode == DONE, done.stderr
    assert done.stdout.startswith(f"backed up {service.database} to b.db: 2000 links, ")
    assert ", checked (" in done.stdout

    service.api().delete("/users/1")
    service.api().make_link()
    refused = ginnel(tmp_path, "restore", "b.db")
    assert refused.returncode == FAILED
    assert f"pid {service.pid}" in refused.stderr and "stop it first" in refused.stderr
    service.assert_healthy()
    assert service.stop() == 0

    done = ginnel(tmp_path, "restore", "b.db")
    assert done.returncode == DONE, done.stderr
    first, second = done.stdout.splitlines()
    assert first.startswith(f"restored b.db to {service.database}: 2000 links, ")
    kept = second.removeprefix("what was there is in ")
    assert kept.startswith(f"{service.database}.replaced-20")
    service = start_service(folder=tmp_path)
    assert {path: service.api().all_rows(path) for path in before} == before
    replaced = sqlite3.connect(kept)
    assert replaced.execute("SELECT count(*) FROM users WHERE id = 1").fetchone() == (0,)
    replaced.close()
    assert service.api().make_link()["id"] == 2001


def test_every_backup_of_a_busy_server_is_sound(start_service, report):
    """What was acknowledged before is in it, nothing is torn, and nobody is made to wait long."""
    service = start_service()
    stop = threading.Event()
    made, longest = [], [0.0]

    def create():
        api = service.api()
        while not stop.is_set():
            began = time.monotonic()
            made.append(api.make_link()["id"])
            longest[0] = max(longest[0], time.monotonic() - began)

    creating = [threading.Thread(target=create) for _ in range(3)]
    for thread in creating:
        thread.start()
    found = []
    try:
        for number in range(10):
            acknowledged = list(made)
            done = ginnel(service, "backup", f"b{number}.db")
            assert done.returncode == DONE, done.stderr
            copy = sqlite3.connect(service.folder / f"b{number}.db")
            assert copy.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
            assert copy.execute("PRAGMA foreign_key_check").fetchall() == []
            assert copy.execute("PRAGMA journal_mode").fetchone() == ("delete",)
            ids = {row[0] for row in copy.execute("SELECT id FROM links")}
            events = copy.execute("SELECT count(*) FROM events WHERE type = 'created'").fetchone()
            assert events == (len(ids),), "a link and its event belong together"
            assert copy.execute("SELECT count(*) FROM visitor_salts").fetchone() == (0,)
            copy.close()
            assert ids >= set(acknowledged)
            found.append(len(ids))
    finally:
        stop.set()
        for thread in creating:
            thread.join()
    assert found[-1] > found[0]
    left = sorted(path.name for path in service.folder.glob("b*"))
    assert left == [f"b{number}.db" for number in range(10)]
    report(f"10 backups while {len(made)} links were made; links in each: {found}; the longest "
           f"creation took {longest[0] * 1000:.0f} ms")


def test_no_stored_click_is_lost(start_service, report):
    """Clicks stored before the backup come back; those after it are gone with the database."""
    service = start_service()
    link = service.api().make_link()
    click(service, link["short_code"], 500)
    assert wait_until(lambda: shipped(service.api()))
    assert ginnel(service, "backup", "b.db").returncode == DONE
    click(service, link["short_code"], 300)
    assert service.stop() == 0
    assert clicks_in(service.database, link["short_code"]) == 800
    assert ginnel(service, "restore", "b.db").returncode == DONE
    service = start_service(folder=service.folder)
    stats = service.api().get(f"/urls/{link['id']}/stats").json()
    assert stats["clicks"] == 500, stats
    click(service, link["short_code"], 7)
    assert wait_until(lambda: shipped(service.api()))
    assert service.stop() == 0
    assert clicks_in(service.database, link["short_code"]) == 507
    assert ginnel(service, "verify").returncode == DONE
    report("500 clicks before the backup, 300 after it, 7 after the restore: 507 kept")


def test_what_waits_in_the_journal_is_stored_into_the_restored_database(start_service, report):
    """The server is killed with its journal; the backup is older than the clicks in that."""
    service = start_service()
    link = service.api().make_link()
    click(service, link["short_code"], 400)
    assert wait_until(lambda: shipped(service.api()))
    assert ginnel(service, "backup", "b.db").returncode == DONE
    click(service, link["short_code"], 350)
    service.kill()
    for name in ("ginnel.db", "ginnel.db-wal"):
        (service.folder / name).unlink(missing_ok=True)
    assert ginnel(service, "restore", "b.db").returncode == DONE
    service = start_service(folder=service.folder)
    assert wait_until(lambda: shipped(service.api()))
    assert service.stop() == 0
    assert clicks_in(service.database, link["short_code"]) == 750
    report("400 clicks in the backup, 350 in the journal of a killed server: 750 kept, each once")


def test_a_backup_serves_by_itself_and_exports(start_service, tmp_path):
    import_seed(tmp_path)
    (tmp_path / "far").mkdir()
    assert ginnel(tmp_path, "backup", "far/ginnel.db").returncode == DONE
    files = [
        subprocess.run(
            [str(BINARY), "export", "urls", "--database.url", f"sqlite:{path}"],
            cwd=tmp_path, env=clean_environment(), capture_output=True, check=True,
        ).stdout
        for path in (tmp_path / "ginnel.db", tmp_path / "far/ginnel.db")
    ]
    assert files[0] == files[1]
    assert os.listdir(tmp_path / "far") == ["ginnel.db"], "reading it leaves nothing beside it"
    assert len(start_service(folder=tmp_path / "far").api().all_rows("/urls")) == 2000


def test_a_backup_that_is_killed_leaves_no_backup_and_is_made_anew(tmp_path, report):
    import_seed(tmp_path)
    cut = tries = 0
    while cut < 3 and tries < 100:
        tries += 1
        process = subprocess.Popen(
            [str(BINARY), "backup", "b.db", "--force",
             "--database.url", f"sqlite:{tmp_path / 'ginnel.db'}"],
            cwd=tmp_path, env=clean_environment(), stdout=subprocess.DEVNULL,
        )
        began = wait_until(lambda: (tmp_path / "b.db.partial").exists(), 0.2, 0.0005)
        process.kill()
        process.wait()
        cut += bool(began) and (tmp_path / "b.db.partial").exists()
        if (tmp_path / "b.db").exists():
            copy = sqlite3.connect(tmp_path / "b.db")
            assert copy.execute("SELECT count(*) FROM links").fetchone() == (2000,)
            copy.close()
            (tmp_path / "b.db").unlink()
    assert ginnel(tmp_path, "backup", "b.db").returncode == DONE
    assert not list(tmp_path.glob("b.db.*")), "and what was left over is gone"
    assert cut, "no backup was killed on its way"
    report(f"{tries} backups killed, {cut} of them on their way")


def served_links(start_service, folder) -> int:
    service = start_service(folder=folder)
    links = len(service.api().all_rows("/urls"))
    assert service.stop() == 0
    return links


@pytest.mark.parametrize("log", ["no log", "a log", "a log of another database"])
def test_a_killed_restore_leaves_whole_files_of_one_name(start_service, tmp_path, log, report):
    """Killed before each call that gives a file a name: what has the database's name is the old
    database or the new one, and what has another is never the same file."""
    killed = 0
    for call in range(1, 8):
        folder = tmp_path / str(call)
        service = start_service(folder=folder)
        service.api().make_link()
        assert ginnel(folder, "backup", "b.db").returncode == 0
        service.api().make_link()
        service.stop() if log == "no log" else service.kill()
        if log == "a log of another database":
            shutil.copy(folder / "b.db", folder / "ginnel.db")
        done = run_cli("restore", "b.db", "--database.url", f"sqlite:{folder / 'ginnel.db'}",
                       cwd=folder, env=preloaded(FAULT_KILL=call))
        if done.returncode == 0:
            break
        assert done.returncode == -9, done.stderr
        killed += 1
        for path in folder.iterdir():
            assert path.is_dir() or path.stat().st_nlink == 1, f"{path} has two names"
        again = ginnel(folder, "restore", "b.db")
        assert again.returncode == DONE, again.stderr
        assert served_links(start_service, folder) == 1
        kept = [path for path in folder.glob("ginnel.db.replaced-*") if path.suffix != ".lock"]
        assert kept, "what was there is kept"
    assert killed == (4 if log == "a log of another database" else 2)
    report(f"killed at {killed} places")


@pytest.mark.parametrize("killed", [True, False])
def test_a_restore_after_the_file_was_deleted_starts(start_service, killed):
    """What the deleted database left beside it is another's now: it is kept, not applied."""
    service = start_service()
    service.api().make_link()
    assert ginnel(service, "backup", "b.db").returncode == DONE
    service.api().make_link()
    service.kill() if killed else service.stop()
    service.database.unlink()
    done = ginnel(service, "restore", "b.db")
    assert done.returncode == DONE, done.stderr
    kept = [path.name for path in service.folder.glob("*.replaced-*-wal")]
    assert len(kept) == killed
    assert ("what was there is in " in done.stdout) == killed
    assert all(name in done.stdout for name in kept)
    assert served_links(start_service, service.folder) == 1


@pytest.mark.skipif(os.geteuid() != 0, reason="only root gives files away")
@pytest.mark.parametrize("there", [True, False])
def test_what_root_restores_belongs_to_the_service(start_service, tmp_path, there):
    user, group = 4321, 4322
    folder = tmp_path / "owned"
    service = start_service(folder=folder)
    service.api().make_link()
    assert ginnel(folder, "backup", "b.db").returncode == DONE
    assert service.stop() == 0
    if not there:
        (folder / "ginnel.db").unlink()
    for path in (folder / "ginnel.db", folder):
        if path.exists():
            os.chown(path, user, group)
    if there:
        (folder / "ginnel.db").chmod(0o600)
    (folder / "ginnel.db.lock").unlink()
    assert ginnel(folder, "restore", "b.db").returncode == DONE
    for name in ("ginnel.db", "ginnel.db.lock"):
        found = (folder / name).stat()
        assert (found.st_uid, found.st_gid) == (user, group), name
    assert (folder / "ginnel.db").stat().st_mode & 0o777 == (0o600 if there else 0o640)


@pytest.mark.skipif(os.geteuid() != 0, reason="only root gives files away")
def test_what_a_killed_restore_of_root_leaves_is_the_services(tmp_path, report):
    import_seed(tmp_path)
    assert ginnel(tmp_path, "backup", "b.db").returncode == DONE
    os.chown(tmp_path / "ginnel.db", 4321, 4322)
    left = tmp_path / "ginnel.db.partial"
    cut = []
    for _ in range(40):
        process = subprocess.Popen(
            [str(BINARY), "restore", "b.db", "--database.url", f"sqlite:{tmp_path / 'ginnel.db'}"],
            cwd=tmp_path, env=clean_environment(), stdout=subprocess.DEVNULL,
        )
        wait_until(lambda: left.exists() and left.stat().st_size, 1, 0.0005)
        process.kill()
        process.wait()
        if left.exists():
            cut.append((left.stat().st_uid, left.stat().st_gid))
            left.unlink()
        if len(cut) == 3:
            break
    assert cut and set(cut) == {(4321, 4322)}, cut
    report(f"{len(cut)} restores killed on their way")


@pytest.mark.skipif(os.geteuid() != 0, reason="acts as another user")
@pytest.mark.parametrize("folder_is_ours", [True, False])
def test_a_restore_passes_over_what_another_user_left(folder_is_ours):
    user = 4321
    with tempfile.TemporaryDirectory() as name:
        folder = pathlib.Path(name)
        binary = shutil.copy(BINARY, folder / "ginnel")
        import_seed(folder)
        assert ginnel(folder, "backup", "b.db").returncode == DONE
        (folder / "ginnel.db.partial").write_text("of root")
        (folder / "ginnel.db.partial").chmod(0o640)
        for path in ("ginnel.db", "ginnel.db.lock", "b.db", "."):
            os.chown(folder / path, user, user)
        if not folder_is_ours:
            os.chown(folder, 0, 0)
        folder.chmod(0o755)
        done = subprocess.run(
            [binary, "restore", "b.db", "--database.url", f"sqlite:{folder / 'ginnel.db'}"],
            cwd=folder, env=clean_environment(), capture_output=True, text=True, user=user,
            group=user, extra_groups=[],
        )
        assert done.returncode == (DONE if folder_is_ours else FAILED), done.stderr
        if not folder_is_ours:
            assert f"cannot write {folder}/ginnel.db.partial: Permission denied" in done.stderr
            assert "delete it" in done.stderr


def test_the_owner_of_the_file_alone_and_his_group_read_it(tmp_path):
    import_seed(tmp_path)
    assert ginnel(tmp_path, "backup", "b.db").returncode == DONE
    assert (tmp_path / "b.db").stat().st_mode & 0o777 == 0o640


@pytest.mark.parametrize("words, status, message", [
    ((), WRONG_USAGE, "FILE"),
    (("a", "b"), WRONG_USAGE, "unexpected word: b"),
    (("b.db", "--forc"), WRONG_USAGE, "did you mean --force"),
    (("there.db",), FAILED, "there.db is there already: --force replaces it"),
    ((".",), FAILED, ". is a folder: name a file in it"),
    (("ginnel.db", "--force"), FAILED, "ginnel.db is the database itself: name another file"),
    (("no/b.db",), FAILED, "cannot write no/b.db: No such file or directory"),
])
def test_a_backup_that_cannot_be_made_is_told(tmp_path, words, status, message):
    import_seed(tmp_path)
    (tmp_path / "there.db").write_text("precious")
    done = ginnel(tmp_path, "backup", *words)
    assert done.returncode == status, done.stderr
    assert message in done.stderr and done.stdout == ""
    assert (tmp_path / "there.db").read_text() == "precious"


@pytest.mark.parametrize("file, message", [
    ("nosuch.db", "nosuch.db does not exist"),
    ("letter.txt", "letter.txt is not a Ginnel database"),
    ("empty.db", "empty.db is empty"),
    ("ginnel.db", "ginnel.db is the database itself: name a backup of it"),
])
def test_a_restore_that_cannot_be_made_changes_nothing(tmp_path, file, message):
    import_seed(tmp_path)
    (tmp_path / "letter.txt").write_text("x" * 5000)
    (tmp_path / "empty.db").touch()
    shutil.copy(tmp_path / "ginnel.db", tmp_path / "before")
    done = ginnel(tmp_path, "restore", file)
    assert done.returncode == FAILED
    assert message in done.stderr and done.stdout == ""
    assert (tmp_path / "ginnel.db").read_bytes() == (tmp_path / "before").read_bytes()
    assert not list(tmp_path.glob("*.replaced-*")) and not list(tmp_path.glob("*.partial"))


def test_help_fits_a_screen(tmp_path):
    lines = run_cli("--help", cwd=tmp_path).stdout.splitlines()
    assert len(lines) <= 40 and max(map(len, lines)) <= 100
    for command in ("backup", "restore", "export"):
        text = run_cli(command, "--help", cwd=tmp_path).stdout
        assert "Exit status: 0 " in text and max(map(len, text.splitlines())) <= 100
