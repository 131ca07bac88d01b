"""What counts as a click, what is kept of it, and what it adds up to."""
import collections
import datetime
import sqlite3

import pytest

from harness.clicks import metric, shipped, wait_until

PERSON = "Mozilla/5.0 (Windows NT 10.0; Win64; x64; rv:130.0) Gecko/20100101 Firefox/130.0"
PHONE = ("Mozilla/5.0 (iPhone; CPU iPhone OS 17_5 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like "
         "Gecko) Version/17.5 Mobile/15E148 Safari/604.1")
CRAWLER = "Mozilla/5.0 (compatible; Googlebot/2.1; +http://www.google.com/bot.html)"
PREVIEW = "facebookexternalhit/1.1 (+http://www.facebook.com/externalhit_uatext.php)"
MONITOR = "Mozilla/5.0+(compatible; UptimeRobot/2.0; http://www.uptimerobot.com/)"


def ship(api):
    assert wait_until(lambda: shipped(api)), "clicks wait that nobody ships"


def visit(api, code, agent=PERSON, status=302, **fields):
    headers = {"User-Agent": agent, **{key.replace("_", "-"): fields[key] for key in fields}}
    answer = api.get(f"/{code}", headers=headers)
    assert answer.status == status
    return answer


def stats(api, link, query=""):
    answer = api.get(f"/urls/{link['id']}/stats{query}")
    assert answer.status == 200, answer
    return answer.canonical()


def redirects_of(api, link) -> list[dict]:
    return [event for event in api.events_of(link["id"]) if event["event_type"] == "redirect"]


def counts(values: list[dict]) -> dict[str, int]:
    return {value["value"]: value["clicks"] for value in values}


@pytest.fixture
def fresh(fresh_service):
    api = fresh_service.api()
    yield api
    api.close()


def test_a_redirect_is_an_event_of_the_link_and_its_owner(api):
    user = api.make_user()
    link = api.make_link(user["id"])

    visit(api, link["short_code"])
    assert api.get(f"/urls/{link['short_code']}/redirect").status == 302
    ship(api)

    events = redirects_of(api, link)
    assert [event["details"] for event in events] == [{"short_code": link["short_code"]}] * 2
    assert {event["user_id"] for event in events} == {user["id"]}
    assert {event["url_id"] for event in events} == {link["id"]}
    for event in events:
        assert api.get(f"/events/{event['id']}").json() == event
    ids = [event["id"] for event in api.events_of(link["id"])]
    assert ids == sorted(ids)


def test_only_visitors_who_are_sent_on_count(api):
    link = api.make_link()
    code = link["short_code"]

    assert api.head(f"/{code}").status == 302
    assert api.put(f"/urls/{link['id']}", {"is_active": False}).status == 200
    visit(api, code, status=410)
    assert api.put(f"/urls/{link['id']}", {"is_active": True}).status == 200
    visit(api, code)
    assert api.get("/no-such-code").status == 404
    ship(api)

    assert stats(api, link)["clicks"] == 1


def test_a_redirect_event_is_a_fact_that_nobody_changes(api):
    link = api.make_link()
    visit(api, link["short_code"])
    ship(api)
    event = redirects_of(api, link)[0]

    answer = api.put(f"/events/{event['id']}", {"event_type": "other"})

    assert answer.status == 409
    assert redirects_of(api, link) == [event]


def test_a_client_event_called_redirect_is_the_clients_to_change(api):
    link = api.make_link()
    posted = api.post("/events", {"url_id": link["id"], "user_id": link["user_id"],
                                  "event_type": "redirect", "details": {"by": "hand"}}).json()

    assert api.put(f"/events/{posted['id']}", {"details": {"by": "me"}}).status == 200
    assert stats(api, link)["clicks"] == 0


def test_clicks_of_what_is_deleted_stay_and_name_nobody(api):
    user = api.make_user()
    link = api.make_link(user["id"])
    visit(api, link["short_code"])
    ship(api)
    event = redirects_of(api, link)[0]

    assert api.delete(f"/users/{user['id']}").status == 204

    kept = api.get(f"/events/{event['id']}").json()
    assert (kept["url_id"], kept["user_id"]) == (None, None)
    assert kept["details"] == {"short_code": link["short_code"]}
    assert api.get(f"/urls/{link['id']}/stats").status == 404


def test_stats_tell_who_came_from_where_with_what(api):
    link = api.make_link()
    code = link["short_code"]
    visit(api, code, Referer="https://News.Example.org:8443/page?x=1")
    visit(api, code, PHONE, Referer="https://news.example.org/other")
    visit(api, code, CRAWLER)
    visit(api, code, PREVIEW)
    visit(api, code, MONITOR)
    visit(api, code, Sec_Purpose="prefetch;prerender")
    visit(api, code, "curl/8.5.0", Referer="garbage")
    ship(api)

    figures = stats(api, link)

    assert (figures["clicks"], figures["humans"]) == (7, 2)
    assert figures["daily_visitors"] == 2
    assert counts(figures["referrers"]) == {"": 5, "news.example.org": 2}
    assert counts(figures["bot_classes"]) == {
        "bot": 2, "human": 2, "monitor": 1, "prefetch": 1, "preview": 1}
    assert counts(figures["browsers"])["Firefox"] == 2  # the prefetch is of one, too
    assert counts(figures["systems"])["iOS"] == 1
    assert counts(figures["devices"])["mobile"] == 1
    assert counts(figures["countries"]) == {"": 7}


PREFETCHES = [
    ("Sec-Purpose", "prefetch"), ("Sec-Purpose", "prefetch;anonymous-client-ip"),
    ("Sec-Purpose", "prerender"), ("sec-purpose", "Prefetch"), ("Purpose", "prefetch"),
    ("Purpose", "preview"), ("X-Purpose", "preview"), ("x-purpose", "PREVIEW"),
    ("X-Purpose", "prefetch"), ("X-Moz", "prefetch"),
]
CLICKED = [("Purpose", "checkout"), ("X-Purpose", ""), ("X-Moz", "none"),
           ("Sec-Purposes", "prefetch"), ("X-Preview", "preview")]


def test_what_a_browser_fetches_ahead_is_a_prefetch_whatever_field_says_so(api, report):
    link = api.make_link()
    for name, value in PREFETCHES + CLICKED:
        headers = {"User-Agent": PERSON, name: value}
        assert api.get(f"/{link['short_code']}", headers=headers).status == 302
    ship(api)
    figures = stats(api, link)
    assert counts(figures["bot_classes"]) == {"prefetch": len(PREFETCHES), "human": len(CLICKED)}
    report(f"{len(PREFETCHES)} ways to say prefetch, {len(CLICKED)} that are none")


def test_kinds_of_visitors_are_told_on_the_way_through_the_journal(api):
    link = api.make_link()
    agents = {
        "curl": "bot", "SomeNewBot": "bot", f"{PERSON} AcmeBot": "bot",
        "Acme Feed Reader/1.0 (Linux)": "bot", "Acme-User/1.0": "bot", "AcmeMonitor/2": "monitor",
        "AcmeChat LinkPreview": "preview", "w3m/0.5.3+git20230121": "human",
        "Mozilla/5.0 (Linux; Android 11; Spider X3) AppleWebKit/537.36 (KHTML, like Gecko) "
        "Chrome/107.0.0.0 Mobile Safari/537.36": "human",
    }
    for agent in agents:
        visit(api, link["short_code"], agent)
    ship(api)
    wanted = collections.Counter(agents.values())
    assert counts(stats(api, link)["bot_classes"]) == dict(wanted)


def test_the_same_person_is_one_visitor_a_day_and_another_agent_another(api, report):
    link = api.make_link()
    for number in range(200):
        for _ in range(3):
            visit(api, link["short_code"], f"{PERSON} n{number}")
    ship(api)

    figures = stats(api, link)

    assert figures["humans"] == 600
    assert abs(figures["daily_visitors"] - 200) <= 10
    report(f"200 visitors, three clicks each: {figures['daily_visitors']} estimated")


def test_buckets_follow_the_clock_of_the_place(api):
    link = api.make_link()
    visit(api, link["short_code"])
    ship(api)
    now = datetime.datetime.now(datetime.timezone.utc)

    for zone, offset in (("UTC", "+00:00"), ("Asia/Kolkata", "+05:30"),
                         ("Asia/Kathmandu", "+05:45")):
        figures = stats(api, link, f"?period=hour&time_zone={zone}")
        hit = [bucket for bucket in figures["buckets"] if bucket["clicks"]]
        assert len(figures["buckets"]) == 30
        assert [bucket["clicks"] for bucket in hit] == [1]
        assert hit[0]["begin"].endswith(f":00:00{offset}")
        begin = datetime.datetime.fromisoformat(hit[0]["begin"])
        assert -120 < (now - begin).total_seconds() < 3_720


def test_wrong_parameters_of_stats_are_named(api):
    link = api.make_link()

    answer = api.get(f"/urls/{link['id']}/stats?period=year&time_zone=Mars&from=x&to=y&values=-1")

    assert answer.status == 400
    assert set(answer.canonical()["details"]) == {"period", "time_zone", "from", "to", "values"}
    assert api.get("/urls/999999999/stats").status == 404


def test_lists_show_clicks_among_events_and_filter_them(fresh):
    user = fresh.make_user()
    one, two = fresh.make_link(user["id"]), fresh.make_link(user["id"])
    for _ in range(5):
        visit(fresh, one["short_code"])
        visit(fresh, two["short_code"])
    ship(fresh)
    fresh.make_link(user["id"])

    everything = fresh.all_rows("/events", per_page=3)

    assert [event["id"] for event in everything] == sorted(event["id"] for event in everything)
    kinds = collections.Counter(event["event_type"] for event in everything)
    assert kinds == {"created": 3, "redirect": 10}
    assert len(fresh.all_rows("/events?event_type=redirect", per_page=4)) == 10
    assert len(fresh.all_rows(f"/events?url_id={one['id']}&event_type=redirect")) == 5
    assert len(fresh.all_rows(f"/events?user_id={user['id']}")) == 13


def test_an_address_is_cut_before_it_is_written(start_service):
    service = start_service("--http.trusted_proxies", "127.0.0.0/8", "--api.open", "true",
                            "--clicks.ship_interval_ms", "60000")
    api = service.api()
    link = api.make_link()
    for address in ("203.0.113.77", "2001:db8:1:2:3:4:5:6", "198.51.100.9, 192.0.2.200"):
        visit(api, link["short_code"], X_Forwarded_For=address)
    journal = b"".join(path.read_bytes()
                       for path in (service.folder / "ginnel.db.journal").rglob("*.clicks"))
    api.close()
    assert service.stop() == 0

    for whole in (bytes([203, 0, 113, 77]), bytes([192, 0, 2, 200]), b"203.0.113.77",
                  bytes.fromhex("20010db8000100020003")):
        assert whole not in journal
    with sqlite3.connect(service.database) as database:
        networks = {row[0] for row in database.execute("SELECT network FROM clicks")}
    assert networks == {"203.0.113.0/24", "2001:db8:1::/48", "192.0.2.0/24"}


def test_an_address_that_is_to_be_dropped_is_nowhere(start_service):
    service = start_service("--clicks.address", "dropped")
    api = service.api()
    link = api.make_link()
    visit(api, link["short_code"])
    ship(api)

    assert stats(api, link)["daily_visitors"] == 1
    api.close()
    assert service.stop() == 0
    with sqlite3.connect(service.database) as database:
        assert database.execute("SELECT network FROM clicks").fetchall() == [("",)]


def test_salts_are_made_ahead_and_old_ones_are_gone(start_service):
    service = start_service()
    assert service.stop() == 0
    with sqlite3.connect(service.database) as database:
        today = database.execute("SELECT min(day) FROM visitor_salts").fetchone()[0]
        assert database.execute("SELECT count(*) FROM visitor_salts").fetchone() == (2,)
        database.execute("INSERT INTO visitor_salts (day, key) SELECT day - 1, key "
                         "FROM visitor_salts WHERE day = ?", (today,))

    again = start_service(folder=service.folder)

    assert again.stop() == 0
    with sqlite3.connect(service.database) as database:
        days = [row[0] for row in database.execute("SELECT day FROM visitor_salts ORDER BY day")]
    assert days == [today, today + 1]


def test_what_the_pipeline_does_is_on_the_metrics_page(fresh):
    link = fresh.make_link()
    for _ in range(10):
        visit(fresh, link["short_code"])
    ship(fresh)

    assert metric(fresh, "ginnel_journal_records_total") == 10
    assert metric(fresh, "ginnel_shipper_clicks_total") == 10
    assert metric(fresh, "ginnel_journal_dropped_total") == 0
    assert metric(fresh, "ginnel_shipper_lag_seconds") < 60
    assert metric(fresh, "ginnel_journal_disk_bytes") > 0
