"""The disk fails under the database, each in three acts: a sync fails, a start has no room."""
import os
import resource
import shutil
import signal
import sqlite3
import subprocess

import pytest
from harness.clicks import ClickTables, shipped, wait_until
from harness.faults import FailingSync
from harness.service import run_cli
from harness.metrics import Page

UNKNOWN = "it is not known whether the change was kept"


def titles(api) -> list[str]:
    return [link["title"] for link in api.all_rows("/urls")]


def draft_of(user: int, title: str) -> dict:
    return {"user_id": user, "original_url": "https://example.com/", "title": title}


def with_failing_sync(start_service, tmp_path, ending="-wal"):
    sync = FailingSync(tmp_path, ending)
    service = start_service("--shutdown.ship_ms", "300", env=sync.environment,
                            folder=tmp_path / "service")
    service.expected_errors.append("the disk failed")
    assert wait_until(lambda: is_settled(tmp_path / "service"), 5)
    return sync, service, service.api()


def is_settled(folder) -> bool:
    """Whether the process has made the commits of its own that follow a start: one of them would
    meet the failure in the place of the test's."""
    with sqlite3.connect(f"file:{folder / 'ginnel.db'}?mode=ro", uri=True) as database:
        return database.execute(
            "SELECT (SELECT count(*) FROM visitor_salts) = 2 AND NOT EXISTS "
            "(SELECT 1 FROM sqlite_schema WHERE name LIKE 'clicks_by_%')").fetchone()[0] == 1


def test_a_commit_that_could_not_be_synced_is_said_to_be_unknown(start_service, tmp_path, report):
    """Kill -9 after it: it may be there, and its key tells; what was acknowledged is there."""
    kept = 0
    for number in range(4):
        folder = tmp_path / str(number)
        folder.mkdir()
        sync, service, api = with_failing_sync(start_service, folder)
        user = api.make_user()["id"]
        assert api.post("/urls", draft_of(user, "before")).status == 201
        key = {"Idempotency-Key": f"once-{number}"}
        sync.on()
        answer = api.post("/urls", draft_of(user, "doubtful"), headers=key)
        assert answer.status == 503 and answer.field("Retry-After")
        assert UNKNOWN in answer.json()["error"] and "Idempotency-Key" in answer.json()["error"]
        second = api.post("/urls", draft_of(user, "second"))
        assert second.status == 503 and UNKNOWN not in second.json()["error"], "it was not tried"
        service.kill()
        sync.off()

        again = start_service(folder=service.folder)
        api = again.api()
        found = titles(api)
        assert found in (["before"], ["before", "doubtful"])
        kept += found[-1] == "doubtful"
        answer = api.post("/urls", draft_of(user, "doubtful"), headers=key)
        assert answer.status == 201
        assert titles(api) == ["before", "doubtful"], "the key made it once"
        assert again.stop() == 0
    report(f"4 kills after a failed sync: {kept} changes came back, each said to be unknown")


def test_a_commit_that_is_known_to_be_undone_does_not_come_back(start_service, tmp_path, report):
    """One sync fails, the next succeeds: kill -9 right after the answer, and look."""
    folder = tmp_path / "service"
    for number in range(5):
        sync = FailingSync(tmp_path, "-wal")
        service = start_service(env=sync.environment, folder=folder)
        service.expected_errors.append("the disk failed")
        api = service.api()
        user = api.make_user()["id"]
        sync.once()
        answer = api.post("/urls", draft_of(user, "refused"))
        assert answer.status == 503 and answer.field("Retry-After")
        assert answer.json()["error"] == "The change could not be saved; try again"
        if number % 2:
            assert api.post("/urls", draft_of(user, "kept")).status == 201
        service.kill()
        assert not sync.order.exists(), "it did fail"
    again = start_service(folder=folder)
    assert titles(again.api()) == ["kept", "kept"]
    report("5 refused after a failed sync, 5 kills: none is there, 2 of 2 acknowledged are")


def test_a_problem_document_says_that_the_outcome_is_unknown(start_service, tmp_path):
    sync, service, api = with_failing_sync(start_service, tmp_path)
    sync.on()
    answer = api.post("/users", {"username": "n", "email": "n@b.cd"},
                      headers={"Accept": "application/problem+json"})
    assert answer.status == 503 and b"urn:ginnel:problem:outcome-unknown" in answer.body
    sync.off()
    assert wait_until(lambda: api.get("/health/ready").status == 200, 3)


def test_a_failed_sync_stops_changes_until_a_commit_succeeds(start_service, tmp_path, report):
    """And what was refused then is gone for good: it does not come back after a kill."""
    sync, service, api = with_failing_sync(start_service, tmp_path)
    link = api.make_link(title="before")
    user = link["user_id"]
    assert api.get(f"/{link['short_code']}").status == 302
    refused = 0
    for round_number in range(3):
        assert wait_until(lambda: shipped(api)), "or a commit of clicks would be the first to fail"
        sync.on()
        answer = api.post("/urls", draft_of(user, f"doubtful{round_number}"))
        assert UNKNOWN in answer.json()["error"]
        for _ in range(10):
            answer = api.post("/urls", draft_of(user, "refused"))
            assert answer.status == 503 and answer.field("Retry-After")
            assert "disk failed or is full" in answer.json()["error"]
            refused += 1
        assert api.get("/health/ready").status == 503
        assert Page(api).value("ginnel_store_stopped", reason="disk") == 1
        assert Page(api).value("ginnel_store_writable") == 0
        assert api.get(f"/{link['short_code']}").status == 302
        assert titles(api) == ["before", *(f"after{i}" for i in range(round_number))]
        sync.off()
        assert wait_until(lambda: api.get("/health/ready").status == 200, 3)
        assert api.post("/urls", draft_of(user, f"after{round_number}")).status == 201
    lines = [line["message"] for line in service.log.lines]
    assert lines.count("changes are taken again") == 3
    service.kill()
    again = start_service(folder=service.folder)
    assert titles(again.api()) == ["before", "after0", "after1", "after2"]
    report(f"3 failures, {refused} refused, none of them there after a kill")


def test_a_checkpoint_that_could_not_be_synced_loses_nothing(start_service, tmp_path):
    sync, service, api = with_failing_sync(start_service, tmp_path, "ginnel.db")
    user = api.make_user()["id"]
    sync.on()
    for number in range(250):  # some checkpoints
        assert api.post("/urls", draft_of(user, str(number))).status == 201
    sync.off()
    for number in range(250, 300):
        assert api.post("/urls", draft_of(user, str(number))).status == 201
    service.kill()
    again = start_service(folder=service.folder)
    assert titles(again.api()) == [str(number) for number in range(300)]
    assert again.stop() == 0
    assert run_cli("verify", "--database.url", f"sqlite:{service.database}",
                   cwd=service.folder).returncode == 0


def no_room():
    """Every file may be as large as it is: what would let one grow fails, as on a full disk."""
    signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    resource.setrlimit(resource.RLIMIT_FSIZE, (1, resource.RLIM_INFINITY))


def forget_salts(folder):
    """As if the day had changed since the last run."""
    with sqlite3.connect(folder / "ginnel.db") as database:
        database.execute("DELETE FROM visitor_salts")
    database.close()


@pytest.mark.parametrize("killed", [False, True])
def test_a_start_without_room_serves_redirects(start_service, report, killed):
    service = start_service()
    api = service.api()
    link = api.make_link()
    service.kill() if killed else service.stop()
    if not killed:
        forget_salts(service.folder)

    full = start_service(folder=service.folder, preexec_fn=no_room)  # act 2
    full.expected_errors.append("the disk failed|journal")
    api = full.api()
    for _ in range(20):
        assert api.get(f"/{link['short_code']}").status == 302
    assert api.get(f"/urls/{link['id']}").json() == link
    assert api.get("/nosuchcode").status == 404
    answer = api.post("/users", {"username": "n", "email": "n@b.cd"})
    assert answer.status == 503 and answer.field("Retry-After")
    assert api.get("/health/serving").status == 200
    assert full.log.wait_for(lambda line: "no room for the index" in line["message"], 1)

    unlimited = (resource.RLIM_INFINITY, resource.RLIM_INFINITY)  # act 3
    resource.prlimit(full.pid, resource.RLIMIT_FSIZE, unlimited)
    assert wait_until(lambda: api.get("/health/ready").status == 200, 5)
    assert api.make_user()
    for _ in range(20):
        assert api.get(f"/{link['short_code']}").status == 302
    assert wait_until(lambda: shipped(api))
    assert full.stop() == 0
    with sqlite3.connect(service.database) as database:
        assert database.execute("SELECT count(*) FROM visitor_salts").fetchone() == (2,)
    database.close()
    tables = ClickTables(service.database)
    assert tables.faults() == []
    stored = sum(tables.clicks_by_code().values())
    tables.close()
    assert 20 <= stored <= 40
    again = start_service(folder=service.folder)
    assert again.api().get("/health/ready").status == 200
    report(f"40 visits, of which 20 without room for the journal: {stored} stored")


@pytest.fixture
def small_disk(tmp_path):
    """A file system of its own, which root alone can make."""
    folder = tmp_path / "disk"
    folder.mkdir()
    made = subprocess.run(["mount", "-t", "tmpfs", "-o", "size=24m", "tmpfs", folder],
                          capture_output=True, check=False)
    if made.returncode != 0:
        pytest.skip(f"no file system can be mounted: {made.stderr.decode().strip()}")
    yield folder
    subprocess.run(["umount", "--lazy", folder], check=True)


def test_a_start_on_a_full_disk_serves_redirects(start_service, small_disk):
    """The same with a disk that is really full."""
    service = start_service("--journal.max_bytes", 8 << 20, folder=small_disk)
    link = service.api().make_link()
    assert service.stop() == 0
    shutil.rmtree(small_disk / "ginnel.db.journal")
    with open(small_disk / "ballast", "wb", buffering=0) as ballast:
        try:
            while ballast.write(b"\0" * 4096):
                pass
        except OSError:
            pass  # full
    full = start_service("--journal.max_bytes", 8 << 20, folder=small_disk)
    full.expected_errors.append("the disk failed|journal")
    api = full.api()
    for _ in range(5):
        assert api.get(f"/{link['short_code']}").status == 302
    user = {"username": "n", "email": "n@b.cd"}
    assert wait_until(lambda: api.post("/users", user).status == 503)
    os.unlink(small_disk / "ballast")
    assert wait_until(lambda: api.get("/health/ready").status == 200, 5)
    assert api.make_user()
    assert full.stop() == 0
