"""The database takes nothing for a while: redirects go on, clicks wait, and are stored later."""
import signal
import sqlite3
import time

from harness.clicks import ClickTables, metric, shipped, wait_until

PERSON = "Mozilla/5.0 (X11; Linux x86_64; rv:130.0) Gecko/20100101 Firefox/130.0"


def visit(api, code: str, times: int):
    for _ in range(times):
        assert api.get(f"/{code}", headers={"User-Agent": PERSON}).status == 302


def test_clicks_wait_while_the_database_takes_nothing(start_service, report):
    service = start_service("--database.timeout_ms", "1000")
    service.expected_errors.append("database|journal|clicks")
    api = service.api()
    link = api.make_link()
    code = link["short_code"]

    visit(api, code, 100)  # act 1: it works
    assert wait_until(lambda: shipped(api))
    assert metric(api, "ginnel_shipper_failures_total") == 0

    other = sqlite3.connect(service.database, isolation_level=None)  # act 2: somebody has it
    other.execute("BEGIN IMMEDIATE")
    visit(api, code, 100)
    answer = api.post("/users", {"username": "late", "email": "late@b.cd"})
    assert answer.status == 503
    assert int(answer.field("Retry-After")) >= 1
    assert wait_until(lambda: metric(api, "ginnel_shipper_failures_total") >= 1)
    visit(api, code, 100)
    assert api.get(f"/urls/{link['id']}/stats").json()["clicks"] == 100
    waiting = metric(api, "ginnel_shipper_lag_records")
    assert waiting == 200
    assert metric(api, "ginnel_shipper_lag_seconds") > 0
    assert service.log.wait_for(lambda line: "clicks cannot be stored" in line["message"], 5)

    other.execute("ROLLBACK")  # act 3: it recovers by itself
    other.close()
    assert wait_until(lambda: shipped(api))
    assert service.log.wait_for(lambda line: "clicks are stored again" in line["message"], 5)
    assert wait_until(lambda: metric(api, "ginnel_shipper_lag_seconds") == 0)
    assert api.get(f"/urls/{link['id']}/stats").json()["clicks"] == 300
    assert api.make_user()
    api.close()
    assert service.stop() == 0
    tables = ClickTables(service.database)
    assert tables.faults() == []
    tables.close()
    report(f"{waiting:.0f} clicks waited while the database took nothing, 300 of 300 stored")


def test_a_stop_during_the_outage_leaves_the_clicks_for_the_next_start(start_service):
    service = start_service("--database.timeout_ms", "500", "--shutdown.ship_ms", "300")
    service.expected_errors.append("database|journal|clicks")
    api = service.api()
    code = api.make_link()["short_code"]
    other = sqlite3.connect(service.database, isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    visit(api, code, 50)
    api.close()

    assert service.stop() == 0

    assert service.log.wait_for(lambda line: "clicks stay in the journal" in line["message"], 5)
    other.execute("ROLLBACK")
    other.close()
    again = start_service(folder=service.folder)
    assert again.stop() == 0
    tables = ClickTables(service.database)
    assert (sum(tables.clicks_by_code().values()), tables.faults()) == (50, [])
    tables.close()


def test_a_process_that_is_paused_counts_a_click_once(start_service, report):
    service = start_service()
    api = service.api()
    code = api.make_link()["short_code"]
    for _ in range(5):
        visit(api, code, 200)
        service.signal(signal.SIGSTOP)
        time.sleep(0.1)
        service.signal(signal.SIGCONT)
    assert wait_until(lambda: shipped(api))
    api.close()
    assert service.stop() == 0
    tables = ClickTables(service.database)
    assert (sum(tables.clicks_by_code().values()), tables.faults()) == (1_000, [])
    tables.close()
    report("5 pauses, 1000 clicks answered, 1000 stored")
