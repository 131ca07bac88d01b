"""kill -9 while visitors are sent on: every answered click is in the database, once."""
import contextlib
import functools
import http.client
import os
import random
import shutil
import sqlite3
import subprocess
import threading
import time

import pytest

from harness.clicks import ClickTables, metric, shipped, wait_until
from harness.service import Service

ROUNDS = int(os.environ.get("GINNEL_KILL_ROUNDS", "10"))
VISITORS = 8
PERSON = "Mozilla/5.0 (X11; Linux x86_64; rv:130.0) Gecko/20100101 Firefox/130.0"
LINKS = 20


class Visitor(threading.Thread):
    """Follows links on one connection, one after the other, until it dies."""

    def __init__(self, service: Service, codes: list[str]):
        super().__init__()
        self.connection = http.client.HTTPConnection(service.host, service.port, timeout=10)
        self.codes = codes
        self.answered = 0
        self.asked = 0
        self.fault: BaseException | None = None

    def run(self):
        try:
            while True:
                code = random.choice(self.codes)
                self.asked += 1
                self.connection.request("GET", f"/{code}", headers={"User-Agent": PERSON})
                answer = self.connection.getresponse()
                answer.read()
                assert answer.status == 302, answer.status
                self.answered += 1
        except (OSError, http.client.HTTPException):
            pass  # killed, as planned
        except BaseException as fault:
            self.fault = fault
        finally:
            self.connection.close()


def make_links(service: Service, count: int) -> list[str]:
    api = service.api()
    user = api.make_user()
    codes = [api.make_link(user["id"])["short_code"] for _ in range(count)]
    api.close()
    return codes


def visit_until_killed(service: Service, codes: list[str], when) -> list[Visitor]:
    """Kills the service when `when()` returns."""
    visitors = [Visitor(service, codes) for _ in range(VISITORS)]
    for visitor in visitors:
        visitor.start()
    when()
    service.kill()
    for visitor in visitors:
        visitor.join()
        assert visitor.fault is None, visitor.fault
    return visitors


def soon():
    time.sleep(random.uniform(0.1, 0.6))


def while_sums_are_made(service: Service):
    """When clicks are stored and in no sum yet, or a moment later."""
    api = service.api()
    assert wait_until(lambda: metric(api, "ginnel_sums_lag_clicks") > 1, every=0.01)
    api.close()
    time.sleep(random.uniform(0, 0.05))


def recorded(folder) -> tuple[int, list[str]]:
    """How many clicks a stopped service's database holds, and what contradicts them."""
    tables = ClickTables(folder / "ginnel.db")
    count = sum(tables.clicks_by_code().values())
    faults = tables.faults()
    tables.close()
    return count, faults


def unsummed(folder, copy) -> int:
    """How many clicks of a killed service's database are in no sum; looked at in a copy, since to
    open the files is to change them."""
    shutil.copytree(folder, copy, ignore=shutil.ignore_patterns("*.journal"))
    with contextlib.closing(sqlite3.connect(copy / "ginnel.db")) as database:
        count = database.execute("SELECT unsummed FROM sums_cursor").fetchone()[0]
    shutil.rmtree(copy)
    return count


def test_every_answered_click_survives_sigkill_and_is_counted_once(tmp_path, report):
    """Killed at any moment, or when sums are about to be made."""
    folder = tmp_path / "service"
    at_once = ("--clicks.ship_interval_ms", "20", "--clicks.patience_ms", "0")
    service = Service(folder, *at_once)
    codes = make_links(service, LINKS)
    answered = in_flight = between = 0
    for round_number in range(ROUNDS):
        when = soon if round_number % 2 == 0 else functools.partial(while_sums_are_made, service)
        visitors = visit_until_killed(service, codes, when)
        between += unsummed(folder, tmp_path / "copy") > 0
        answered += sum(visitor.answered for visitor in visitors)
        in_flight += sum(visitor.asked - visitor.answered for visitor in visitors)
        service = Service(folder)  # ships what the killed one left
        api = service.api()
        assert wait_until(lambda: shipped(api)), "clicks wait that nobody ships"
        api.close()
        assert service.stop() == 0
        count, faults = recorded(folder)
        assert answered <= count <= answered + in_flight, f"round {round_number}"
        assert faults == [], f"round {round_number}"
        service = Service(folder, *at_once)
    assert service.stop() == 0
    service.assert_clean_log()
    report(f"{ROUNDS} kills, {answered} clicks answered, {count} recorded, "
           f"{in_flight} more requests in flight; clicks stored and in no sum at {between} of the "
           f"kills; ids distinct, sums and lists equal the clicks")


@pytest.fixture
def shipped_database(tmp_path):
    """The database of a stopped service with 400 clicks in it."""
    service = Service(tmp_path / "service")
    codes = make_links(service, 4)
    api = service.api()
    for _ in range(100):
        for code in codes:
            assert api.get(f"/{code}", headers={"User-Agent": PERSON}).status == 302
    api.close()
    assert service.stop() == 0
    assert recorded(service.folder) == (400, [])
    return service.folder


def test_the_checker_notices_a_batch_that_is_there_twice(shipped_database):
    with sqlite3.connect(shipped_database / "ginnel.db") as database:
        columns = [row[1] for row in database.execute("PRAGMA table_info(clicks)")]
        others = ", ".join(column for column in columns if column != "id")
        database.execute(f"INSERT INTO clicks ({others}) SELECT {others} FROM clicks LIMIT 50")

    count, faults = recorded(shipped_database)

    assert count == 450
    assert faults == ["clicks in no sum: 0 kept, 50 counted"]


def test_the_checker_notices_a_click_that_was_skipped(shipped_database):
    with sqlite3.connect(shipped_database / "ginnel.db") as database:
        database.execute("DELETE FROM clicks WHERE id = (SELECT max(id) FROM clicks)")

    count, faults = recorded(shipped_database)

    assert count == 399
    # Clicks and people of each of seven dimensions, clicks of users, lists of links and of users.
    assert len(faults) == 17


def test_the_checker_notices_a_portion_that_would_be_summed_up_twice(shipped_database):
    with sqlite3.connect(shipped_database / "ginnel.db") as database:
        database.execute("UPDATE sums_cursor SET first_click = first_click - 40, unsummed = 40")

    count, faults = recorded(shipped_database)

    assert count == 400
    assert len(faults) == 17


def test_a_graceful_stop_ships_everything(tmp_path, report):
    service = Service(tmp_path / "service", "--clicks.ship_interval_ms", "60000")
    codes = make_links(service, 1)
    api = service.api()
    for _ in range(2_000):
        assert api.get(f"/{codes[0]}").status == 302
    api.close()
    assert service.stop() == 0
    service.assert_clean_log()

    count, faults = recorded(service.folder)

    assert (count, faults) == (2_000, [])
    left = [path for path in (service.folder / "ginnel.db.journal").rglob("*") if path.is_file()
            and path.name != "lock"]
    assert left == []
    report(f"{count} clicks stored by the stop, no file of the journal left")


@pytest.fixture
def small_disk(tmp_path):
    """A tmpfs of 3 MiB."""
    if os.geteuid() != 0:
        pytest.skip("mounting a small disk needs root")
    folder = tmp_path / "small"
    folder.mkdir()
    done = subprocess.run(["mount", "-t", "tmpfs", "-o", "size=3m", "tmpfs", str(folder)],
                          capture_output=True, text=True, check=False)
    if done.returncode != 0:
        pytest.skip(f"this machine mounts no tmpfs: {done.stderr.strip()}")
    yield folder
    subprocess.run(["umount", "-l", str(folder)], check=True)


def test_a_full_journal_disk_refuses_nothing_to_visitors(small_disk, start_service, report):
    journal = small_disk / "journal"
    service = start_service("--journal.folder", journal, "--journal.segment_bytes", "256 KiB")
    codes = make_links(service, 1)
    api = service.api()

    assert api.get(f"/{codes[0]}").status == 302  # act 1: it is kept
    assert wait_until(lambda: shipped(api))
    assert metric(api, "ginnel_journal_dropped_total") == 0

    ballast = small_disk / "ballast"  # act 2: the disk is full
    with open(ballast, "wb", buffering=0) as file, pytest.raises(OSError):
        while True:
            file.write(b"x" * 4_096)
    asked = 0
    while metric(api, "ginnel_journal_dropped_total") == 0:
        for _ in range(500):
            assert api.get(f"/{codes[0]}", headers={"User-Agent": "x" * 250}).status == 302
            asked += 1
        assert asked < 50_000, "the disk is full and nothing was dropped"
    assert service.log.wait_for(
        lambda line: "journal" in line["message"] and line["level"] in ("warn", "error"), 10)
    service.expected_errors.append("journal")

    ballast.unlink()  # act 3: there is room again
    assert wait_until(lambda: keeps_again(api, codes[0]))
    dropped = metric(api, "ginnel_journal_dropped_total")
    records = metric(api, "ginnel_journal_records_total")
    assert wait_until(lambda: shipped(api))
    api.close()
    assert service.stop() == 0
    count, faults = recorded(service.folder)
    assert (count, faults) == (records, [])
    report(f"{asked} redirects on a full disk, all 302; {dropped:.0f} clicks not kept and counted, "
           f"{count} stored")


def keeps_again(api, code: str) -> bool:
    before = metric(api, "ginnel_journal_records_total")
    for _ in range(20):
        assert api.get(f"/{code}").status == 302
    return metric(api, "ginnel_journal_records_total") >= before + 20


def test_a_journal_of_another_database_is_kept_and_told(start_service, tmp_path):
    journal = tmp_path / "journal"
    first = start_service("--journal.folder", journal, "--clicks.ship_interval_ms", "60000")
    codes = make_links(first, 1)
    api = first.api()
    for _ in range(10):
        assert api.get(f"/{codes[0]}").status == 302
    api.close()
    first.kill()

    second = start_service("--journal.folder", journal)

    api = second.api()
    assert wait_until(lambda: metric(api, "ginnel_journal_foreign_segments") >= 1)
    assert second.log.wait_for(lambda line: "another database" in line["message"], 5)
    api.close()
    assert second.stop() == 0
    again = start_service("--journal.folder", journal, folder=first.folder)
    assert again.stop() == 0
    assert recorded(first.folder) == (10, [])


def test_a_journal_that_was_copied_is_not_counted_twice(start_service, tmp_path):
    journal = tmp_path / "journal"
    service = start_service("--journal.folder", journal, "--clicks.ship_interval_ms", "60000")
    codes = make_links(service, 1)
    api = service.api()
    for _ in range(50):
        assert api.get(f"/{codes[0]}").status == 302
    api.close()
    service.kill()
    shutil.copytree(journal, tmp_path / "copy")
    first = start_service("--journal.folder", journal, folder=service.folder)
    assert first.stop() == 0

    second = start_service("--journal.folder", tmp_path / "copy", folder=service.folder)

    assert second.stop() == 0
    assert recorded(service.folder) == (50, [])
