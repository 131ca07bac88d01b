"""Files of the journal that somebody deletes, cuts, locks or replaces: the others are stored, what
is lost is counted and told, and neither a start nor a command waits for a pipe."""
import os
import pathlib
import signal
import stat
import subprocess

import pytest

from harness.clicks import ClickTables, metric, shipped, wait_until
from harness.service import BINARY, Service, clean_environment, run_cli

CLICKS = 40


def segments(service: Service) -> list[pathlib.Path]:
    return sorted((service.folder / "ginnel.db.journal").rglob("*.clicks"))


def in_its_place(make):
    def harm(path: pathlib.Path):
        path.unlink()
        make(path)
    return harm


HARMS = {
    "deleted": pathlib.Path.unlink,
    "moved": lambda path: path.rename(path.with_suffix(".moved")),
    "emptied": lambda path: os.truncate(path, 0),
    "cut": lambda path: os.truncate(path, 100),
    "replaced by a folder": in_its_place(pathlib.Path.mkdir),
    "replaced by a pipe": in_its_place(os.mkfifo),
    "replaced by a dead link": in_its_place(lambda path: path.symlink_to("gone")),
    "replaced by a device": in_its_place(lambda path: path.symlink_to("/dev/zero")),
}


def visit(api, code: str, times: int):
    for _ in range(times):
        assert api.get(f"/{code}").status == 302


def stored(service: Service) -> int:
    tables = ClickTables(service.database)
    count = sum(tables.clicks_by_code().values())
    assert tables.faults() == []
    tables.close()
    return count


@pytest.mark.parametrize("harm", HARMS)
def test_one_file_less_holds_up_no_other(harm, start_service, report):
    """While clicks wait in it, since the shipper looks each two seconds."""
    service = start_service("--http.threads", "1", "--clicks.ship_interval_ms", "2000")
    service.expected_errors.append("journal")
    api = service.api()
    code = api.make_link()["short_code"]
    visit(api, code, 1)
    assert wait_until(lambda: shipped(api))
    visit(api, code, CLICKS)
    for path in segments(service):
        HARMS[harm](path)

    told = service.log.wait_for(lambda line: line["message"].startswith("clicks are lost"), 10)
    assert told and told["level"] == "error" and told["clicks"] > 0 and told["path"], told
    visit(api, code, CLICKS)
    visit(api, code, CLICKS)
    assert wait_until(lambda: shipped(api)), "clicks wait that nobody ships"
    dropped = metric(api, "ginnel_journal_dropped_total")
    total = 1 + 3 * CLICKS
    clicks = metric(api, "ginnel_shipper_clicks_total")
    assert clicks + dropped == metric(api, "ginnel_journal_records_total") == total
    assert clicks >= CLICKS and dropped > 0
    api.close()
    assert service.stop() == 0
    assert stored(service) == clicks
    report(f"{total} clicks: {clicks:.0f} stored, {dropped:.0f} lost and counted")


def test_a_folder_that_is_deleted_is_told_and_changes_stop_until_a_restart(start_service, report):
    """Redirects go on; a click that is not stored then is counted as lost."""
    service = start_service("--http.threads", "1", "--clicks.ship_interval_ms", "200")
    service.expected_errors.extend(["journal", "changes are refused", "clicks are lost", "request"])
    api = service.api()
    code = api.make_link()["short_code"]
    visit(api, code, CLICKS)
    (folder,) = {path.parent for path in segments(service)}
    for path in [*folder.iterdir()]:
        path.unlink()
    folder.rmdir()
    assert wait_until(lambda: api.get("/health/ready").status == 503)
    told = "the journal's folder, or its lock, was moved or deleted"
    assert service.log.wait_for(lambda line: line["message"] == told, 5)
    assert api.post("/users", {"username": "a", "email": "a@example.com"}).status == 503
    visit(api, code, CLICKS)
    api.close()
    assert service.stop() == 0
    assert stored(service) <= 2 * CLICKS
    before = stored(service)
    again = start_service("--http.threads", "1", "--clicks.ship_interval_ms", "200",
                          folder=service.folder)
    api = again.api()
    assert api.get("/health/ready").status == 200
    visit(api, code, CLICKS)
    assert wait_until(lambda: shipped(api))
    api.close()
    assert again.stop() == 0
    assert stored(again) == before + CLICKS
    report(f"{before} of {2 * CLICKS} clicks stored around the deletion, {CLICKS} of {CLICKS} after"
           " the restart")


@pytest.mark.skipif(os.geteuid() != 0, reason="starting as another user needs root")
def test_one_that_may_not_be_read_waits_until_it_may(tmp_path):
    nobody = 65534
    folder = tmp_path / "service"
    folder.mkdir()
    os.chown(folder, nobody, nobody)
    for parent in [tmp_path, *tmp_path.parents[:3]]:
        if parent != pathlib.Path("/tmp") and parent != pathlib.Path("/"):
            parent.chmod(0o755)

    def become_nobody():
        os.setgid(nobody)
        os.setuid(nobody)

    service = Service(folder, "--clicks.ship_interval_ms", "2000", "--http.threads", "1",
                      preexec_fn=become_nobody)
    service.expected_errors.append("cannot be read")
    api = service.api()
    code = api.make_link()["short_code"]
    visit(api, code, 1)
    assert wait_until(lambda: shipped(api))
    visit(api, code, CLICKS)
    for path in segments(service):
        path.chmod(0)
    assert wait_until(lambda: metric(api, "ginnel_journal_unreadable_segments") > 0)
    assert metric(api, "ginnel_journal_dropped_total") == 0
    for path in segments(service):
        path.chmod(0o640)
    assert wait_until(lambda: shipped(api))
    assert metric(api, "ginnel_journal_unreadable_segments") == 0
    assert metric(api, "ginnel_journal_dropped_total") == 0
    api.close()
    assert service.stop() == 0
    service.assert_clean_log()
    assert stored(service) == 1 + CLICKS


STRANGERS = {
    "pipe": os.mkfifo,
    "folder": pathlib.Path.mkdir,
    "socket": lambda path: os.mknod(path, stat.S_IFSOCK | 0o600),
    "device": lambda path: path.symlink_to("/dev/zero"),
    "dead_link": lambda path: path.symlink_to("gone"),
}


def test_a_start_waits_for_nothing_that_lies_in_the_folder(start_service, tmp_path, report):
    folder = tmp_path / "service"
    journal = folder / "ginnel.db.journal"
    (journal / "0").mkdir(parents=True)
    (journal / "9").mkdir()
    made = 0
    for name, make in STRANGERS.items():
        for path in (journal / "0" / f"{name}.clicks", journal / "0" / f"{name}.clicks.new",
                     journal / "9" / f"{name}.clicks", journal / name):
            make(path)
            made += 1
    os.mkfifo(journal / "1")
    service = start_service(folder=folder)
    service.expected_errors.append("a file of the journal cannot be read")
    api = service.api()
    visit(api, api.make_link()["short_code"], 3)
    assert wait_until(lambda: shipped(api))
    assert metric(api, "ginnel_journal_unreadable_segments") == 2 * len(STRANGERS)
    for words in (("journal", "inspect"), ("journal", "verify")):
        done = run_cli(*words, journal, cwd=folder, timeout=20)
        assert ".clicks" in done.stdout + done.stderr, done
    assert run_cli("doctor", "--database.url", f"sqlite:{service.database}", cwd=folder,
                   timeout=20).returncode in (0, 1)
    api.close()
    report(f"started beside {made + 1} pipes, folders, sockets, devices and dead links")


def ends_soon(words, folder, env=None) -> str:
    """What a command says that has to end by itself, within 15 s."""
    with subprocess.Popen([str(BINARY), *map(str, words)], cwd=folder, stdin=subprocess.DEVNULL,
                          env=clean_environment(env), stdout=subprocess.PIPE,
                          stderr=subprocess.STDOUT, text=True) as process:
        try:
            return process.communicate(timeout=15)[0]
        except subprocess.TimeoutExpired:
            process.send_signal(signal.SIGKILL)
            process.communicate()
            raise AssertionError(f"{words} waits for the writer of a pipe") from None


@pytest.mark.parametrize("place", ["settings", "key", "countries", "database", "log of changes",
                                   "rollback journal", "lock", "backup"])
def test_a_pipe_in_the_place_of_a_file_keeps_nothing_waiting(place, tmp_path):
    """Nobody writes to it: whoever opens it as a file would wait for good."""
    pipe = tmp_path / "pipe"
    database = tmp_path / "data.db"
    url = ("--database.url", f"sqlite:{database}")
    good = run_cli("migrate", *url, cwd=tmp_path)
    assert good.returncode == 0, good
    serve = ("serve", "--http.listen", "127.0.0.1:0", *url)
    os.mkfifo(pipe)
    if place == "settings":
        for words in (("config", "check"), ("serve",)):
            assert "nobody writes" in ends_soon((*words, "--config", pipe), tmp_path)
    elif place == "key":
        said = ends_soon(serve, tmp_path, {"API_KEY_FILE": str(pipe)})
        assert "API_KEY_FILE" in said and "nobody writes" in said
    elif place == "countries":
        said = ends_soon(("doctor", *url, "--clicks.country_file", pipe), tmp_path)
        assert "not a file" in said
    elif place == "backup":
        assert "not a file" in ends_soon(("restore", pipe, "--database.url",
                                          f"sqlite:{tmp_path / 'new.db'}"), tmp_path)
    else:
        suffix = {"database": "", "log of changes": "-wal", "rollback journal": "-journal",
                  "lock": ".lock"}[place]
        stranger = pathlib.Path(f"{database}{suffix}")
        stranger.unlink(missing_ok=True)
        pipe.rename(stranger)
        for words in (("doctor",), ("backup", tmp_path / "copy.db"), ("export", "urls")):
            said = ends_soon((*words, *url), tmp_path)
            assert "not a file" in said or place == "lock", said
        if place != "lock":
            assert "not a file" in ends_soon(serve, tmp_path)
