"""The database's files moved, replaced, emptied or overwritten while they are served, and a log
that is another database's at the start: nothing is acknowledged that a restart would lose."""
import contextlib
import os
import shutil
import sqlite3
import time

import pytest
from harness.clicks import shipped, wait_until
from harness.service import run_cli
from harness.metrics import Page

SECOND_LOOK = 3  # seconds: it looks each second


def ginnel(service, command, *words):
    url = f"sqlite:{service.database}"
    return run_cli(command, *words, "--database.url", url, cwd=service.folder)


def draft_of(user: int) -> dict:
    return {"user_id": user, "original_url": "https://example.com/", "title": ""}


class Scene:
    """A service with a link in memory and one that only the database knows."""

    def __init__(self, start_service, *options, **kw):
        self.service = start_service("--shutdown.ship_ms", "300", *options, **kw)
        self.service.expected_errors += ["not where it was", "is damaged", "disk failed", "journal"]
        self.api = self.service.api()
        self.user = self.api.make_user()["id"]
        self.link = self.api.make_link(self.user)
        self.cold = self.api.make_link(self.user)
        assert self.api.get(f"/{self.link['short_code']}").status == 302

    def create(self):
        return self.api.post("/urls", draft_of(self.user))

    def reason(self) -> str:
        page = Page(self.api)
        reasons = [reason for reason in ("disk", "moved", "damaged")
                   if page.value("ginnel_store_stopped", reason=reason)]
        assert page.value("ginnel_store_writable") == (0 if reasons else 1)
        assert len(reasons) <= 1
        return reasons[0] if reasons else ""

    def assert_stopped(self, reason: str, message: str, log: str):
        """No change from the first one on, and everybody who looks is told why."""
        began = time.monotonic()
        for answer in [self.create() for _ in range(5)]:
            assert answer.status == 503 and answer.field("Retry-After"), answer
            assert message in answer.json()["error"], answer
        for answer in (self.api.delete(f"/urls/{self.link['id']}"),
                       self.api.put(f"/users/{self.user}", {"username": self.api.unique("n")})):
            assert answer.status == 503, answer  # what they read first may be lost itself
        assert time.monotonic() - began < 2, "nobody waits for the refusal"
        assert self.api.get("/health/ready").status == 503
        assert self.api.get("/health/serving").status == 200
        assert self.reason() == reason
        line = self.service.log.wait_for(lambda line: log in line.get("what", ""), 5)
        assert line and line["level"] == "error" and line["cure"], self.service.tail()
        for _ in range(3):
            assert self.api.get(f"/{self.link['short_code']}").status == 302

    def assert_works(self):
        assert wait_until(lambda: self.api.get("/health/ready").status == 200, SECOND_LOOK)
        assert self.create().status == 201
        assert self.reason() == ""


def move(path, to=".away"):
    os.rename(path, str(path) + to)


def replace_by_backup(path):
    os.rename(path, str(path) + ".away")
    os.rename(path.parent / "b.db", path)


def replace_by_rename(path):
    os.link(path, str(path) + ".away")
    os.rename(path.parent / "b.db", path)


def come_back(path):
    os.replace(str(path) + ".away", path)


MOVED = {
    "the database moved": ("ginnel.db", move),
    "a backup in its place": ("ginnel.db", replace_by_backup),
    "a backup renamed over it": ("ginnel.db", replace_by_rename),
    "its log moved": ("ginnel.db-wal", move),
    "its index moved": ("ginnel.db-shm", move),
    "its lock file moved": ("ginnel.db.lock", move),
    "the journal moved": ("ginnel.db.journal", move),
    "the journal's lock moved": ("ginnel.db.journal/0/lock", move),
}


@pytest.mark.parametrize("what", MOVED)
def test_no_change_is_taken_while_a_file_is_not_where_it_was(start_service, what):
    name, act = MOVED[what]
    scene = Scene(start_service)
    service, api = scene.service, scene.api
    assert scene.create().status == 201
    assert ginnel(service, "backup", "b.db").returncode == 0
    known = api.all_rows("/urls")

    act(service.folder / name)
    scene.assert_stopped("moved", "moved or replaced", name)
    assert api.all_rows("/urls") == known, "what the open file holds is read from it"
    assert api.get(f"/{scene.cold['short_code']}").status == 302

    come_back(service.folder / name)
    scene.assert_works()
    assert service.log.wait_for(lambda line: line["message"] == "changes are taken again", 5)
    assert service.stop() == 0
    again = start_service(folder=service.folder)
    assert len(again.api().all_rows("/urls")) == len(known) + 1


@pytest.mark.parametrize("link", ["file", "folder", "link to a link"])
@pytest.mark.parametrize("then", ["elsewhere", "nowhere", "gone"])
def test_a_link_that_leads_elsewhere_is_noticed(start_service, tmp_path, link, then):
    """The next start would follow it to another database, or begin a new one."""
    real, other = tmp_path / "real", tmp_path / "other"
    for folder in (real, other):
        assert start_service(folder=folder).stop() == 0
    if link == "folder":
        given = tmp_path / "link"
        given.symlink_to(real)
    else:
        given = tmp_path / "ginnel.db"
        given.symlink_to(real / "ginnel.db")
    moving = given
    if link == "link to a link":
        given = tmp_path / "first.db"
        given.symlink_to(moving)
    path = given / "ginnel.db" if link == "folder" else given
    scene = Scene(start_service, "--database.url", f"sqlite:{path}", folder=tmp_path / "run")
    assert scene.create().status == 201

    was = os.readlink(moving)
    moving.unlink()
    if then != "gone":
        target = str(other if link == "folder" else other / "ginnel.db")
        moving.symlink_to(target + (".none" if then == "nowhere" else ""))
    scene.assert_stopped("moved", "moved or replaced", str(path))
    moving.unlink(missing_ok=True)
    moving.symlink_to(was)
    scene.assert_works()


@pytest.mark.parametrize("command", [
    ["migrate"], ["doctor"], ["backup", "c.db"], ["restore", "b.db"],
    ["serve", "--http.listen", "127.0.0.1:0"],
])
def test_a_link_that_leads_nowhere_is_told(start_service, tmp_path, command):
    service = start_service()
    assert ginnel(service, "backup", "b.db").returncode == 0
    link = service.folder / "link.db"
    link.symlink_to(tmp_path / "not mounted" / "a.db")
    done = run_cli(*command, "--database.url", f"sqlite:{link}", cwd=service.folder, timeout=10)
    assert done.returncode == 1
    text = done.stdout + done.stderr
    assert f"{link} is a symbolic link to {tmp_path}/not mounted/a.db, which is not there" in text
    assert link.is_symlink() and not (tmp_path / "not mounted").exists()


@pytest.mark.parametrize("gone", ["ginnel.db", "ginnel.db-wal", "ginnel.db.lock"])
def test_a_deleted_file_is_noticed_by_itself(start_service, gone):
    """Nobody changes anything: the look of each second finds it."""
    scene = Scene(start_service)
    (scene.service.folder / gone).unlink()
    assert wait_until(lambda: scene.api.get("/health/ready").status == 503, SECOND_LOOK)
    scene.assert_stopped("moved", "moved or replaced", gone)


def test_changes_in_a_deleted_log_are_in_the_file_soon(start_service):
    scene = Scene(start_service)
    for _ in range(20):
        assert scene.create().status == 201
    (scene.service.folder / "ginnel.db-wal").unlink()
    assert wait_until(lambda: scene.reason() == "moved", SECOND_LOOK)
    scene.service.kill()
    (scene.service.folder / "ginnel.db-shm").unlink(missing_ok=True)
    assert len(start_service(folder=scene.service.folder).api().all_rows("/urls")) == 22


def overwrite(service):
    """As `cp backup ginnel.db` does: the same file, other contents."""
    with open(service.database, "r+b") as file:
        file.write((service.folder / "b.db").read_bytes())


def flip_page(service):
    with open(service.database, "r+b") as file:
        file.seek(4096 * (service.database.stat().st_size // 4096 // 2))
        file.write(b"\xee" * 4096)


def cut(service):
    os.truncate(service.database, 4096)


def empty_log(service):
    os.truncate(f"{service.database}-wal", 0)


def overwrite_log(service):
    with open(f"{service.database}-wal", "r+b") as file:
        file.write(b"\0" * 4096)


DAMAGES = {
    "a backup copied over it": (overwrite, "not SQLite"),
    "a page flipped": (flip_page, "not SQLite"),
    "cut off": (cut, "not SQLite"),
    "its log emptied": (empty_log, "-wal was emptied"),
    "its log overwritten": (overwrite_log, "-wal was emptied"),
}


@pytest.mark.parametrize("what", DAMAGES)
def test_a_database_that_others_wrote_to_takes_no_change_until_a_restart(start_service, what):
    act, log = DAMAGES[what]
    folder = start_service()
    api = folder.api()
    for _ in range(60):
        api.make_link()
    assert folder.stop() == 0  # so that there is something in the file
    scene = Scene(start_service, folder=folder.folder)
    assert ginnel(scene.service, "backup", "b.db").returncode == 0
    act(scene.service)
    scene.assert_stopped("damaged", "is damaged", log)
    time.sleep(1.5)
    assert scene.create().status == 503, "it does not get better by itself"
    before = {name: (scene.service.folder / name).read_bytes()
              for name in ("ginnel.db", "ginnel.db-wal")}
    assert scene.service.stop() == 0
    for name, content in before.items():
        assert (scene.service.folder / name).read_bytes() == content, "left as it is for people"

    done = ginnel(scene.service, "restore", "b.db")
    assert done.returncode == 0, done.stderr
    again = Scene(start_service, folder=scene.service.folder)
    assert again.reason() == "" and len(again.api.all_rows("/urls")) == 64


def test_an_index_that_was_cut_ends_changes_and_not_the_server(start_service):
    """As long as SQLite itself does not come to it before the look of each second."""
    scene = Scene(start_service)
    assert wait_until(lambda: shipped(scene.api)), "who stores clicks reads"
    os.truncate(f"{scene.service.database}-shm", 0)
    assert wait_until(lambda: scene.reason() == "damaged", SECOND_LOOK)
    scene.assert_stopped("damaged", "is damaged", "-shm was emptied")
    assert scene.api.get(f"/{scene.cold['short_code']}").status == 302
    assert len(scene.api.all_rows("/urls")) == 2
    assert scene.service.stop() == 0
    again = start_service(folder=scene.service.folder)
    assert len(again.api().all_rows("/urls")) == 2, "nothing but the index was lost"


def test_a_database_that_may_not_be_written_is_not_called_ready(start_service):
    """A folder in the place of its index: SQLite opens the database, and every change fails."""
    scene = Scene(start_service)
    scene.service.kill()
    index = scene.service.folder / "ginnel.db-shm"
    index.unlink()
    index.mkdir()
    service = start_service(folder=scene.service.folder)
    service.expected_errors.append("disk failed")
    api = service.api()
    for _ in range(3):
        assert api.post("/urls", draft_of(scene.user)).status == 503
    assert api.get("/health/ready").status == 503
    assert Page(api).value("ginnel_store_stopped", reason="disk") == 1
    line = service.log.wait_for(lambda line: "disk failed" in line["message"], 5)
    assert "read" in line["what"] and "owner" in line["cure"], line
    assert api.get(f"/{scene.link['short_code']}").status == 302


def test_a_damaged_page_that_is_read_stops_changes(start_service):
    """Damage from before the start, in a file too large to be read whole at a start."""
    service = start_service()
    api = service.api()
    user = api.make_user()["id"]
    for _ in range(100):
        assert api.post("/urls", draft_of(user)).status == 201
    assert service.stop() == 0
    with sqlite3.connect(service.database) as database:
        database.execute("CREATE TABLE large (b)")
        for _ in range(5):
            database.execute("INSERT INTO large VALUES (zeroblob(4000000))")
        (root,) = database.execute(
            "SELECT rootpage FROM sqlite_schema WHERE name = 'events_by_type'").fetchone()
    database.close()
    with open(service.database, "r+b") as file:
        file.seek(4096 * (root - 1))
        file.write(b"\xee" * 4096)
    again = start_service(folder=service.folder)
    again.expected_errors.append("damaged|500")
    api = again.api()
    code = api.get("/urls?per_page=1").json()[0]["short_code"]
    assert api.get(f"/{code}").status == 302
    assert api.get("/health/ready").status == 200
    assert api.get("/events?event_type=created").status in (500, 503)
    answer = api.post("/users", {"username": "n", "email": "n@b.cd"})
    assert answer.status == 503 and "damaged" in answer.json()["error"], answer
    assert api.get("/health/ready").status == 503
    assert api.get(f"/{code}").status == 302
    assert Page(api).value("ginnel_store_stopped", reason="damaged") == 1


def test_damage_in_a_small_file_is_seen_at_the_start(start_service):
    service = start_service()
    for _ in range(60):
        service.api().make_link()
    assert service.stop() == 0
    with sqlite3.connect(service.database) as database:
        (root,) = database.execute(
            "SELECT rootpage FROM sqlite_schema WHERE name = 'events_by_type'").fetchone()
    database.close()
    with open(service.database, "r+b") as file:
        file.seek(4096 * (root - 1))
        file.write(b"\xee" * 4096)
    scene = start_service(folder=service.folder)
    scene.expected_errors.append("damaged")
    api = scene.api()
    assert api.get("/health/ready").status == 503
    assert api.post("/users", {"username": "n", "email": "n@b.cd"}).status == 503
    code = api.get("/urls?per_page=1").json()[0]["short_code"]
    assert api.get(f"/{code}").status == 302


def kill_with_log(start_service, tmp_path):
    """A folder that a killed server left, and a backup of the middle of its life."""
    service = start_service(folder=tmp_path / "killed")
    for _ in range(5):
        service.api().make_link()
    assert ginnel(service, "backup", "b.db").returncode == 0
    shutil.copy(service.database, service.folder / "raw.db")
    for _ in range(5):
        service.api().make_link()
    return service


def by_backup(service):
    shutil.copy(service.folder / "b.db", service.database)


def by_moved_backup(service):
    os.replace(service.folder / "b.db", service.database)


def by_old_copy(service):
    shutil.copy(service.folder / "old.db", service.database)


def by_other(service):
    shutil.copy(service.folder / "other.db", service.database)


def by_none(service):
    service.database.unlink()


def by_empty(service):
    service.database.write_bytes(b"")


@pytest.mark.parametrize(
    "replace", [by_backup, by_moved_backup, by_old_copy, by_other, by_none, by_empty])
def test_a_log_is_not_applied_to_a_file_that_is_not_its_own(start_service, tmp_path, replace):
    """A killed server leaves a log; somebody puts another file in the database's place."""
    folder = tmp_path / "killed"
    other = start_service(folder=tmp_path / "other")
    for _ in range(3):
        other.api().make_link()
    assert other.stop() == 0
    for round_number in range(3):  # three logs, of which the last is left
        service = start_service(folder=folder)
        for _ in range(5):
            service.api().make_link()
        if round_number == 0:
            assert service.stop() == 0
            shutil.copy(service.database, folder / "old.db")
        elif round_number == 1:
            assert ginnel(service, "backup", "b.db").returncode == 0
            assert service.stop() == 0
    service.kill()
    shutil.copy(other.database, folder / "other.db")
    whole = folder / "whole.db"
    shutil.copy(service.database, whole)
    replace(service)
    before = {name: (folder / name).read_bytes() for name in ("ginnel.db", "ginnel.db-wal")
              if (folder / name).exists()}

    for command, *words in (["migrate"], ["import", "users", os.devnull]):
        done = ginnel(service, command, *words)
        assert done.returncode == 1, (command, done.stdout)
        assert "ginnel.db-wal is not the log of" in done.stderr, done.stderr
        assert "move" in done.stderr
    for name, content in before.items():
        assert (folder / name).read_bytes() == content

    shutil.copy(whole, service.database)  # the way back that the message names first
    assert len(start_service(folder=folder).api().all_rows("/urls")) == 15


@pytest.mark.parametrize("lives", [1, 2, 3])
@pytest.mark.parametrize("of_first_life", [True, False])
def test_the_log_of_a_first_life_has_a_name(start_service, tmp_path, lives, of_first_life):
    """The log that migrations begin, and a database whose only log that was."""
    for _ in range(lives):
        ended = start_service(folder=tmp_path / "ended")
        ended.api().make_link()
        assert ended.stop() == 0
    before = ended.database.read_bytes()
    killed = start_service(folder=tmp_path / "killed")
    if not of_first_life:
        killed.api().make_link()
        assert killed.stop() == 0
        killed = start_service(folder=tmp_path / "killed")
    killed.api().make_link()
    killed.kill()
    shutil.copy(f"{killed.database}-wal", f"{ended.database}-wal")
    done = ginnel(ended, "import", "users", os.devnull)
    assert done.returncode == 1 and "is not the log of" in done.stderr, done.stderr
    assert ended.database.read_bytes() == before
    os.unlink(f"{ended.database}-wal")
    assert len(start_service(folder=ended.folder).api().all_rows("/urls")) == lives
    assert len(start_service(folder=killed.folder).api().all_rows("/urls")) == 2 - of_first_life


def delete_log(service):
    os.unlink(f"{service.database}-wal")


def delete_log_and_index(service):
    delete_log(service)
    os.unlink(f"{service.database}-shm")


def move_log(service):
    os.replace(f"{service.database}-wal", service.folder / "moved-wal")


@pytest.mark.parametrize("lives", [0, 1, 2])
@pytest.mark.parametrize("take_away", [delete_log, delete_log_and_index, move_log, empty_log])
def test_a_log_that_a_killed_server_left_is_missed(start_service, tmp_path, take_away, lives):
    """Acknowledged changes are in it: who takes it away hears of it, and says that he means it."""
    folder = tmp_path / "killed"
    for _ in range(lives):
        ended = start_service(folder=folder)
        ended.api().make_link()
        assert ended.stop() == 0
    service = start_service(folder=folder)
    service.api().make_link()
    service.kill()
    saved = (folder / "ginnel.db-wal").read_bytes()
    take_away(service)

    for command, *words in (["migrate"], ["import", "users", os.devnull], ["doctor"]):
        done = ginnel(service, command, *words)
        said = done.stdout + done.stderr
        assert done.returncode == 1, (command, said)
        assert "ginnel.db-wal is gone or emptied" in said and "ginnel.db.lock" in said, said

    (folder / "ginnel.db-wal").write_bytes(saved)  # the way back that the message names first
    again = start_service(folder=folder)
    assert len(again.api().all_rows("/urls")) == lives + 1
    again.api().make_link()
    again.kill()
    delete_log(again)
    assert ginnel(again, "migrate").returncode == 1
    (folder / "ginnel.db.lock").unlink()  # and the last
    if lives > 0:
        assert len(start_service(folder=folder).api().all_rows("/urls")) >= lives


def restore_backup(service):
    assert ginnel(service, "restore", "b.db").returncode == 0


def copy_log_by_another_program(service):
    with contextlib.closing(sqlite3.connect(service.database)) as other:
        other.execute("SELECT count(*) FROM sqlite_schema").fetchone()
    assert not os.path.exists(f"{service.database}-wal")


def copy_file_to_another_place(service):
    os.mkdir(service.folder / "new")
    shutil.copy(service.database, service.folder / "new")
    service.folder = service.folder / "new"


def delete_all_but_the_lock(service):
    for name in ("", "-wal", "-shm"):
        os.unlink(f"{service.database}{name}")


@pytest.mark.parametrize("do", [restore_backup, copy_log_by_another_program,
                                copy_file_to_another_place, delete_all_but_the_lock])
def test_no_log_is_missed_where_none_was_taken_away(start_service, tmp_path, do):
    service = kill_with_log(start_service, tmp_path)
    service.kill()
    do(service)
    for _ in range(3):
        service = start_service(folder=service.folder)
        service.api().make_link()
        assert service.stop() == 0


@pytest.mark.parametrize("copies", [False, True])
def test_a_log_of_its_own_is_always_taken(start_service, tmp_path, copies, report):
    """Kills at any time, between and during checkpoints, also of a folder that was copied since."""
    folder = tmp_path / "own"
    total = 0
    for round_number in range(6):
        service = start_service(folder=folder)
        api = service.api()
        user = api.make_user()["id"]
        for _ in range(10 + 37 * round_number):
            assert api.post("/urls", draft_of(user)).status == 201
            total += 1
        service.kill()
        if copies:
            shutil.copytree(folder, tmp_path / f"copy{round_number}")
            folder = tmp_path / f"copy{round_number}"
    api = start_service(folder=folder).api()
    assert len(api.all_rows("/urls")) == total
    report(f"6 kills, {total} links acknowledged and there")


def test_a_second_server_does_not_start_when_the_lock_file_is_gone(start_service):
    scene = Scene(start_service)
    (scene.service.folder / "ginnel.db.lock").unlink()
    url = f"sqlite:{scene.service.database}"
    for command in (["serve", "--http.listen", "127.0.0.1:0"], ["import", "users", os.devnull],
                    ["restore", "b.db"], ["migrate"]):
        if command[0] == "restore":
            assert ginnel(scene.service, "backup", "b.db").returncode == 0
        done = run_cli(*command, "--database.url", url, cwd=scene.service.folder, timeout=10)
        assert done.returncode == 1, command
        assert "is being served by another process" in done.stderr, done.stderr
    assert scene.api.get(f"/{scene.cold['short_code']}").status == 302
    assert scene.service.stop() == 0
    assert start_service(folder=scene.service.folder).api().make_link()
