"""Links by their codes, statistics by the times that they answer, and why a body is not read."""
import datetime
import urllib.parse

import pytest

from harness.contract import NEEDS_OBJECT

JSON = {"Content-Type": "application/json"}


def test_a_link_is_read_by_its_code(imported, report):
    api = imported.api()
    links = [link for link in api.all_rows("/urls") if not link["short_code"].isdigit()]
    for link in links[::100]:
        for at in ("", "/v1"):
            by_id = api.get(f"{at}/urls/{link['id']}")
            by_code = api.get(f"{at}/urls/{link['short_code']}")
            assert by_code.canonical() == by_id.canonical() == link
            assert by_code.field("ETag") == by_id.field("ETag")
            short = f"{imported.public_url}/{link['short_code']}"
            assert by_code.field("X-Short-URL") == by_id.field("X-Short-URL") == short
            head = api.head(f"{at}/urls/{link['short_code']}")
            assert (head.status, head.body, head.field("X-Short-URL")) == (200, b"", short)
            fresh = api.get(f"{at}/urls/{link['short_code']}",
                            headers={"If-None-Match": by_id.field("ETag")})
            assert fresh.status == 304
            for below in ("/stats?period=month", "/qr?size=200"):
                assert (api.get(f"{at}/urls/{link['short_code']}{below}").body ==
                        api.get(f"{at}/urls/{link['id']}{below}").body)
    report(f"{len(links[::100])} links read both ways")


def test_a_code_is_exact_and_digits_are_an_id(fresh_service):
    api = fresh_service.api()
    owner = api.make_user()["id"]
    api.make_link(owner, code="Debian-doc")
    digits = api.make_link(owner, code="2026")
    off = api.make_link(owner, code="off_1")
    api.put(f"/urls/{off['id']}", {"is_active": False})
    assert api.get("/urls/off_1").json()["is_active"] is False
    assert api.get("/urls/2").json() == digits
    for segment in ("debian-doc", "DEBIAN-DOC", "Debian-doc.", "Debian-doc%20", "Debian-doc%00",
                    "%2fDebian-doc", "Debian-do", "2026", "002026", "-1", "x" * 33, "%ff", "1e0"):
        for below in ("", "/stats", "/qr"):
            for method in ("GET", "HEAD"):
                answer = api.request(method, f"/urls/{segment}{below}")
                assert answer.status == 404, (segment, below)
            assert api.get(f"/urls/{segment}{below}").error == "URL not found"
    assert api.get("/urls/Debian%2Ddoc").status == 200, "encoded or not"
    assert api.get("/urls/Debian-doc/").status == 404
    for method in ("PUT", "DELETE", "POST", "PATCH"):
        refused = api.request(method, "/urls/Debian-doc", {})
        assert (refused.status, refused.field("Allow")) == (405, "GET, HEAD, OPTIONS")
    assert api.get("/urls/bulk").status == 405, "what is a route stays one"
    assert api.get("/urls/off_1/redirect").status == 410


def test_reading_by_code_is_guarded(start_service):
    key = "a-key-of-16-characters"
    api = start_service(env={"API_KEY": key}).api()
    for path in ("/urls/abc", "/urls/abc/stats", "/urls/abc/qr", "/v1/urls/abc"):
        assert api.get(path).status == 401
        assert api.get(path, headers={"X-API-Key": key}).status == 404
        assert api.get(path, headers={"X-API-Key": key}).field("Cache-Control") == (
            "private, no-store")


# --- statistics -----------------------------------------------------------------------------------


@pytest.mark.parametrize("zone", ["UTC", "Europe/Berlin", "Asia/Kathmandu", "America/St_Johns",
                                  "Etc/GMT%2B5", "Etc/GMT+5"])
def test_statistics_take_the_times_that_they_answer(imported, zone):
    api = imported.api()
    for period in ("hour", "day", "week", "month"):
        for sent in (lambda time: time.replace("+", "%2B"), lambda time: time):  # + means a space
            path = f"/urls/1/stats?period={period}&time_zone={zone}"
            once = api.get(path + "&from=2026-03-20&to=2026-03-31").json()
            again = api.get(f"{path}&from={sent(once['from'])}&to={sent(once['to'])}")
            assert again.status == 200, again
            assert again.json() == once
            begin = once["buckets"][2 if period in ("hour", "day") else 0]["begin"]
            part = api.get(f"{path}&from={sent(begin)}&to={sent(once['to'])}").json()
            assert part["from"] == begin


def test_the_last_day_that_is_named_is_included(imported):
    api = imported.api()
    days = api.get("/urls/1/stats?from=2026-11-01&to=2026-11-03").json()
    assert [bucket["begin"][:10] for bucket in days["buckets"]] == [
        "2026-11-01", "2026-11-02", "2026-11-03"]
    one = api.get("/urls/1/stats?from=2026-11-03&to=2026-11-03&period=hour").json()
    assert len(one["buckets"]) == 24 and one["to"] == "2026-11-04T00:00:00+00:00"
    for to in ("2026-11-03T00:00:00", "2026-11-03T00:00:00Z", "2026-11-03T01:00:00%2B01:00"):
        ended = api.get(f"/urls/1/stats?from=2026-11-01&to={to}").json()
        assert ended["to"] == "2026-11-03T00:00:00+00:00", to


def test_an_hour_ends_where_the_clock_of_lord_howe_changes(imported):
    path = "/urls/1/stats?period=hour&time_zone=Australia/Lord_Howe"
    for day, wanted in (("2026-04-05", ["00:00:00+11:00", "01:00:00+11:00", "01:30:00+10:30",
                                        "02:00:00+10:30"]),
                        ("2026-10-04", ["00:00:00+10:30", "01:00:00+10:30", "02:30:00+11:00",
                                        "03:00:00+11:00"])):
        stats = imported.api().get(f"{path}&from={day}&to={day}").json()
        begins = [bucket["begin"] for bucket in stats["buckets"]]
        assert [begin[11:] for begin in begins[:4]] == wanted
        assert begins[-1] == f"{day}T23:00:00{wanted[3][8:]}" and len(set(begins)) == len(begins)


@pytest.mark.parametrize("zone, change, wanted", [
    ("America/St_Johns", "2006-10-29T02:31:00Z", ["2006-10-29T00:00:00-02:30",
                                                  "2006-10-29T00:00:00-03:30"]),
    ("America/Goose_Bay", "2010-11-07T03:01:00Z", ["2010-11-07T00:00:00-03:00",
                                                   "2010-11-07T00:00:00-04:00"]),
    ("America/St_Johns", "2010-03-14T03:31:00Z", ["2010-03-14T00:00:00-03:30",
                                                  "2010-03-14T02:00:00-02:30"]),
    ("Antarctica/Casey", "2020-10-03T16:01:00Z", ["2020-10-04T00:00:00+08:00",
                                                  "2020-10-04T04:00:00+11:00"])])
def test_an_hour_whose_clock_changes_inside_a_quarter_is_one(imported, zone, change, wanted):
    """The figures know quarters of an hour: none is cut in two, and none refused."""
    api = imported.api()
    begin = datetime.datetime.fromisoformat(change.replace("Z", "+00:00"))
    path = f"/urls/1/stats?period=hour&time_zone={zone}"
    for seconds in (-60, -1, 0, 1, 59, 1800):
        at = begin + datetime.timedelta(seconds=seconds)
        end = at + datetime.timedelta(hours=1)
        asked = f"{path}&from={at:%Y-%m-%dT%H:%M:%SZ}&to={end:%Y-%m-%dT%H:%M:%SZ}"
        answer = api.get(asked)
        assert answer.status == 200, (asked, answer.body)
        begins = [bucket["begin"] for bucket in answer.json()["buckets"]]
        assert begins == wanted[:len(begins)] and len(begins) <= 2, (asked, begins)


@pytest.mark.parametrize("query", [
    "to=2000-01-01", "to=2000-01-20", "period=hour&to=2000-01-01",
    "period=week&from=2000-01-01&to=2000-02-01",
    "period=week&to=2000-02-01", "period=month&to=2001-01-01", "to=2000-01-01T00:00:01",
    "time_zone=Asia/Tokyo&to=2000-01-02", "time_zone=America/Lima&period=month&to=2000-01-31"])
def test_the_first_times_of_all_are_answered_and_taken(imported, query):
    api = imported.api()
    answer = api.get(f"/urls/1/stats?{query}")
    assert answer.status == 200
    told = answer.json()
    words = {"period": told["period"], "time_zone": told["time_zone"], "from": told["from"],
             "to": told["to"]}
    again = api.get("/urls/1/stats?" + urllib.parse.urlencode(words))
    assert again.status == 200, again.body
    assert again.json() == told


@pytest.mark.parametrize("zone", [
    "localtime", "posixrules", "Factory", "posix/Europe/Berlin", "right/Europe/Berlin",
    "/etc/localtime", "Europe/../localtime", "../../etc/localtime", "./UTC", "tzdata.zi", ""])
def test_a_zone_that_each_machine_has_otherwise_is_none(imported, zone):
    answer = imported.api().get(f"/urls/1/stats?time_zone={zone}")
    assert answer.status == 400 and set(answer.canonical()["details"]) == {"time_zone"}


@pytest.mark.parametrize("time", [
    "2026-11-25T00:00:00%2B24:00", "2026-11-25T00:00:00ZZ", "2026-11-25Z", "2026-11-25T00:00%2B01",
    "2026-11-25T00:00:00%2B1", "1999-12-31T23:59:59Z", "2100-01-02", "2026-11-25 UTC"])
def test_times_that_are_none_are_named(imported, time):
    answer = imported.api().get("/urls/1/stats?from=" + time.replace(" ", "%20"))
    assert answer.status == 400 and set(answer.canonical()["details"]) == {"from"}


# --- bodies ---------------------------------------------------------------------------------------

BODIES = [
    (b"", JSON, "There is no body: send a JSON object"),
    (b"{}", {}, "There is no Content-Type: send application/json"),
    (b"{}", {"Content-Type": "text/plain"}, "The media type is text/plain: send application/json"),
    (b"a=1", {"Content-Type": "application/x-www-form-urlencoded"},
     "The media type is application/x-www-form-urlencoded: send application/json"),
    (b"\x1f\x8b\x08\x00", {**JSON, "Content-Encoding": "gzip"},
     "The body's Content-Encoding is gzip: send it as it is"),
    ('{"a":1}'.encode("utf-16"), JSON, "The body is UTF-16 or UTF-32: send UTF-8"),
    ('{"a":1}'.encode("utf-16-be"), JSON, "The body is UTF-16 or UTF-32: send UTF-8"),
    ('{"a":1}'.encode("utf-32"), JSON, "The body is UTF-16 or UTF-32: send UTF-8"),
    ('{"title":"Zoë"}'.encode("latin-1"), JSON, "The body is not UTF-8 at line 1, column 13"),
    (b'{"a":1,}', JSON, "The JSON breaks at line 1, column 8"),
    (b'{\n  "a": "\xc3\xbc\xf0\x9f\x98\x80" "b"\n}', JSON, "The JSON breaks at line 2, column 13"),
    (b"{'a':1}", JSON, "The JSON breaks at line 1, column 2"),
    (b'{"a":NaN}', JSON, "The JSON breaks at line 1, column 6"),
    (b'{"a":01}', JSON, "The JSON breaks at line 1, column 7"),
    (b'{"a":"x', JSON, "The JSON ends too early, at line 1, column 8"),
    (b'{"a":1}\n}', JSON, "Something follows the JSON at line 2, column 1"),
    (b'{"a":' + b"[" * 128 + b"]" * 128 + b"}", JSON,
     "The JSON nests deeper than 128 levels at line 1, column 133"),
    (b'{"a":' * 129 + b"1" + b"}" * 129, JSON,
     "The JSON nests deeper than 128 levels at line 1, column 641"),
    (b"[" * 200, JSON, "The JSON nests deeper than 128 levels at line 1, column 129"),
    (b"[1]", JSON, "The body is an array: send an object with members"),
    (b" null", JSON, "The body is null: send an object with members"),
]


@pytest.mark.parametrize("body, headers, why", BODIES, ids=range(len(BODIES)))
def test_why_a_body_cannot_be_read(api, body, headers, why):
    link = api.make_link()
    event = api.events_of(link["id"])[0]
    for method, path in (("POST", "/users"), ("PUT", f"/users/{link['user_id']}"),
                         ("POST", "/urls"), ("PUT", f"/urls/{link['id']}"),
                         ("POST", "/events"), ("PUT", f"/events/{event['id']}")):
        answer = api.request(method, path, body=body, headers=headers)
        pinned = {NEEDS_OBJECT, "Request body must be JSON"}
        assert answer.status == 400 and answer.error in pinned, answer
        assert answer.canonical()["details"] == {"body": why}
        problem = api.request(method, path, body=body,
                              headers={**headers, "Accept": "application/problem+json"})
        assert problem.status == 400
        assert f'"errors":[{{"field":"body","message":"{why}"}}]'.encode() in problem.body
        assert b'"type":"urn:ginnel:problem:bad-request"' in problem.body
