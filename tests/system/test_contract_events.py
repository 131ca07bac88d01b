"""/events and /audit."""
import pytest

from harness.contract import TIMESTAMP, details_of
from harness.http_client import next_link

JSON = {"Content-Type": "application/json"}


def draft(link, **fields):
    return {"url_id": link["id"], "user_id": link["user_id"], "event_type": "seen", **fields}


# --- creating ----------------------------------------------------------------------------------


def test_a_new_event_is_given_back_with_exactly_its_keys(api):
    link = api.make_link()
    details = {"browser": "Firefox", "n": [1, 2.5, None, {"é": "ü"}]}
    answer = api.post("/events", draft(link, event_type="  click ", details=details))
    assert answer.status == 201
    event = answer.json()
    assert set(event) == {"details", "event_type", "id", "timestamp", "url_id", "user_id"}
    assert event["details"] == details and event["event_type"] == "click"
    assert (event["url_id"], event["user_id"]) == (link["id"], link["user_id"])
    assert TIMESTAMP.fullmatch(event["timestamp"])
    assert answer.field("Location") == f"/events/{event['id']}"
    assert api.get(f"/events/{event['id']}").json() == event


def test_details_are_an_empty_object_unless_sent(api):
    answer = api.post("/events", draft(api.make_link()))
    assert answer.canonical()["details"] == {}


def test_details_come_back_as_the_text_that_was_sent(api):
    link = api.make_link()
    details = '{"z": 1.0, "a": 12345678901234567890123, "e": "\\u00e9", "f": 1e-7,  "b" : [ ] }'
    body = f'{{"url_id":{link["id"]},"user_id":{link["user_id"]},"event_type":"x","details":'
    answer = api.post("/events", body=(body + details + "}").encode(), headers=JSON)
    assert answer.status == 201
    assert details.encode() in answer.body
    assert details.encode() in api.get(f"/events/{answer.json()['id']}").body


@pytest.mark.parametrize("body", [b"", b"{}", b"[]", b"0", b'""', b"null", b"false", b"no json"])
def test_a_body_that_says_nothing_is_400(api, body):
    link = api.make_link()
    (created,) = api.events_of(link["id"])
    for answer in (
        api.post("/events", body=body, headers=JSON),
        api.put(f"/events/{created['id']}", body=body, headers=JSON),
    ):
        assert (answer.status, answer.error) == (400, "Request body must be JSON")
        assert set(answer.canonical()) == {"details", "error"}
        assert set(answer.canonical()["details"]) == {"body"}, "and why"


@pytest.mark.parametrize("body", [b"[1]", b"5", b'"text"', b"true"])
def test_a_body_that_is_no_object_is_400(api, body):
    link = api.make_link()
    (created,) = api.events_of(link["id"])
    for answer in (
        api.post("/events", body=body, headers=JSON),
        api.put(f"/events/{created['id']}", body=body, headers=JSON),
    ):
        assert answer.status == 400 and "JSON" in answer.error


NO_INTEGER = [None, "1", 1.5, True, False, [], {}]
NO_OBJECT = [None, 5, "s", [], True]


def test_faults_are_told_one_at_a_time_in_order(api):
    link = api.make_link()
    body = {"more": 1}
    for field, good, message in [
        ("url_id", link["id"], "url_id must be an integer"),
        ("user_id", link["user_id"], "user_id must be an integer"),
        ("event_type", "seen", "event_type must be a non-empty string"),
    ]:
        answer = api.post("/events", {**body, "details": 5})
        assert (answer.status, answer.canonical()) == (400, {"error": message})
        body[field] = good
    answer = api.post("/events", {**body, "details": 5})
    assert answer.error == "details must be a JSON object"
    assert api.post("/events", body).status == 201


@pytest.mark.parametrize("field", ["url_id", "user_id"])
@pytest.mark.parametrize("value", NO_INTEGER)
def test_a_number_that_is_none_is_refused(api, field, value):
    link = api.make_link()
    (created,) = api.events_of(link["id"])
    wanted = (400, {"error": f"{field} must be an integer"})
    answer = api.post("/events", draft(link, **{field: value}))
    assert (answer.status, answer.canonical()) == wanted
    answer = api.put(f"/events/{created['id']}", {field: value})
    assert (answer.status, answer.canonical()) == wanted


@pytest.mark.parametrize("value", NO_OBJECT)
def test_details_that_are_no_object_are_refused(api, value):
    link = api.make_link()
    (created,) = api.events_of(link["id"])
    wanted = (400, {"error": "details must be a JSON object"})
    answer = api.post("/events", draft(link, details=value))
    assert (answer.status, answer.canonical()) == wanted
    answer = api.put(f"/events/{created['id']}", {"details": value})
    assert (answer.status, answer.canonical()) == wanted
    assert api.get(f"/events/{created['id']}").json() == created


@pytest.mark.parametrize("value", [None, "", "   ", 5, True, []])
def test_a_type_that_says_nothing_is_refused(api, value):
    link = api.make_link()
    (created,) = api.events_of(link["id"])
    wanted = (400, {"error": "event_type must be a non-empty string"})
    answer = api.post("/events", draft(link, event_type=value))
    assert (answer.status, answer.canonical()) == wanted
    answer = api.put(f"/events/{created['id']}", {"event_type": value})
    assert (answer.status, answer.canonical()) == wanted


@pytest.mark.parametrize("value", ["x" * 51, "a\u0000b", "a\ud800"])
def test_a_type_no_store_can_keep_is_a_clients_fault(api, value):
    answer = api.post("/events", draft(api.make_link(), event_type=value))
    assert answer.status == 400 and "event_type" in answer.error


@pytest.mark.parametrize(
    "details, place",
    [
        ('{"a":"x\\u0000y"}', "details.a"),
        ('{"a":{"b":["\\u0000"]}}', "details.a.b[0]"),
        ('{"a":1e400}', "details.a"),
        ('{"a":"\\ud800"}', "details.a"),
        ('{"a\\u0000":1}', "details"),
        ('{"a":' + "[" * 200 + "]" * 200 + "}", "details"),
    ],
)
def test_details_no_store_can_keep_are_a_clients_fault(api, details, place):
    link = api.make_link()
    body = f'{{"url_id":{link["id"]},"user_id":{link["user_id"]},"event_type":"x","details":'
    answer = api.post("/events", body=(body + details + "}").encode(), headers=JSON)
    assert answer.status == 400, answer
    assert place in answer.error or "JSON" in answer.error


def test_nan_in_details_is_no_json(api):
    link = api.make_link()
    body = f'{{"url_id":{link["id"]},"user_id":1,"event_type":"x","details":{{"a":NaN}}}}'
    answer = api.post("/events", body=body.encode(), headers=JSON)
    assert (answer.status, answer.error) == (400, "Request body must be JSON")


def test_who_is_not_there_is_404(api):
    link = api.make_link()
    (created,) = api.events_of(link["id"])
    nobody = 9_007_199_254_740_991
    for field, message in [("url_id", "URL not found"), ("user_id", "User not found")]:
        answer = api.post("/events", draft(link, **{field: nobody}))
        assert (answer.status, answer.canonical()) == (404, {"error": message})
        answer = api.put(f"/events/{created['id']}", {field: nobody})
        assert (answer.status, answer.canonical()) == (404, {"error": message})
    both = draft(link, url_id=nobody, user_id=nobody)
    assert api.post("/events", both).error == "URL not found"


def test_any_user_may_have_an_event_with_any_link(api):
    link, other = api.make_link(), api.make_user()
    event = api.post("/events", draft(link, user_id=other["id"])).json()
    assert (event["url_id"], event["user_id"]) == (link["id"], other["id"])


# --- reading -----------------------------------------------------------------------------------


def test_an_event_that_is_not_there_is_404(api):
    for method in ("GET", "PUT"):
        answer = api.request(method, "/events/9007199254740991")
        assert (answer.status, answer.canonical()) == (404, {"error": "Event not found"})


def test_events_cannot_be_deleted(api):
    answer = api.delete("/events/1")
    assert (answer.status, answer.error) == (405, "Method not allowed")


def test_the_list_is_oldest_first_and_filters(api):
    link = api.make_link()
    other_user = api.make_user()["id"]
    events = api.events_of(link["id"])
    for i in range(6):
        body = draft(link, event_type=f"kind{i % 2}", user_id=[link["user_id"], other_user][i // 3])
        events.append(api.post("/events", body).json())
    path = f"/events?url_id={link['id']}"
    assert api.get(path).json() == events
    assert [e["id"] for e in events] == sorted(e["id"] for e in events)
    assert api.get(f"{path}&event_type=kind1").json() == [events[2], events[4], events[6]]
    assert api.get(f"{path}&user_id={other_user}").json() == events[4:]
    assert api.get(f"{path}&cursor={events[3]['id']}").json() == events[4:]
    both = f"{path}&user_id={other_user}&event_type=kind0&cursor={events[0]['id']}"
    assert api.get(both).json() == [events[5]]
    for nothing in ("event_type=", "event_type=KIND1", "event_type=kind%00", "user_id=0"):
        assert api.get(f"{path}&{nothing}").body == b"[]\n", nothing

    seen, page = [], f"{path}&per_page=3"
    while page:
        answer = api.get(page)
        seen += answer.json()
        page = next_link(answer)
    assert seen == events


def test_the_default_page_is_100(imported):
    events = imported.api().get("/events").json()
    assert [event["id"] for event in events] == list(range(1, 101))


@pytest.mark.parametrize("query", [
    "url_id=x", "url_id=", "url_id=-1", "user_id=true", "cursor=x", "cursor=-1", "per_page=0",
    "per_page=-1", "per_page=ten",
])
@pytest.mark.parametrize("path", ["/events", "/audit"])
def test_a_bad_value_is_named(api, path, query):
    name = query.split("=")[0]
    if path == "/audit" and name in {"url_id", "user_id"}:
        return  # no such filter there
    assert list(details_of(api.get(f"{path}?{query}"), 400)) == [name]


def test_creating_or_changing_a_user_adds_no_event(fresh_service):
    api = fresh_service.api()
    user = api.make_user()
    api.put(f"/users/{user['id']}", {"username": "other"})
    api.delete(f"/users/{user['id']}")
    assert api.get("/events").body == b"[]\n"


# --- changing ----------------------------------------------------------------------------------


def test_a_change_is_shown_by_every_read_and_keeps_the_time(api):
    link, other = api.make_link(), api.make_link()
    event = api.post("/events", draft(link, details={"a": 1})).json()
    change = {
        "event_type": " amended ", "details": {"b": 2}, "url_id": other["id"],
        "user_id": other["user_id"], "timestamp": "1999-01-01T00:00:00", "id": 1,
    }
    answer = api.put(f"/events/{event['id']}", change)
    assert answer.status == 200
    amended = answer.json()
    assert amended == {
        "details": {"b": 2}, "event_type": "amended", "id": event["id"],
        "timestamp": event["timestamp"], "url_id": other["id"], "user_id": other["user_id"],
    }
    assert api.get(f"/events/{event['id']}").json() == amended
    assert amended in api.events_of(other["id"])
    assert event["id"] not in [row["id"] for row in api.events_of(link["id"])]
    assert amended in api.get(f"/events?event_type=amended&cursor={event['id'] - 1}").json()


def test_the_services_own_events_can_be_amended_and_the_trail_keeps_the_truth(api):
    link = api.make_link()
    (created,) = api.events_of(link["id"])
    answer = api.put(f"/events/{created['id']}", {"event_type": "other", "details": {"x": 1}})
    assert answer.status == 200
    entry = [row for row in api.all_rows("/audit") if row["entity"] == "event"][-1]
    assert (entry["action"], entry["entity_id"]) == ("update", created["id"])
    assert entry["before"]["event_type"] == "created"
    assert entry["before"]["details"] == created["details"]
    assert entry["after"]["event_type"] == "other" and entry["after"]["details"] == {"x": 1}


def test_only_unknown_keys_change_nothing(api):
    link = api.make_link()
    (created,) = api.events_of(link["id"])
    answer = api.put(f"/events/{created['id']}", {"unknown": 1})
    assert (answer.status, answer.json()) == (200, created)


# --- the audit trail ---------------------------------------------------------------------------

AUDIT_KEYS = {
    "action", "after", "at", "before", "entity", "entity_id", "id", "request_id", "who",
}


def test_every_change_leaves_one_entry_with_who_when_and_what(fresh_service):
    api = fresh_service.api()

    def tagged(method, path, body=..., tag=""):
        return api.request(method, path, body, headers={"X-Request-ID": tag})

    user = tagged("POST", "/users", {"username": "a", "email": "a@b.cd"}, "one").json()
    tagged("PUT", "/users/1", {"username": "b"}, "two")
    link = tagged(
        "POST", "/urls", {"user_id": 1, "original_url": "https://b.cd/", "title": ""}, "three"
    ).json()
    tagged("PUT", f"/urls/{link['id']}", {"title": "x"}, "four")
    event = tagged(
        "POST", "/events", {"url_id": 1, "user_id": 1, "event_type": "seen"}, "five"
    ).json()
    tagged("PUT", f"/events/{event['id']}", {"details": {"a": 1}}, "six")
    tagged("DELETE", f"/urls/{link['id']}", tag="seven")
    tagged("DELETE", "/users/1", tag="eight")
    tagged("POST", "/users", {}, "refused")
    tagged("DELETE", "/users/1", tag="refused")
    tagged("GET", "/users", tag="refused")

    answer = api.get("/audit")
    entries = answer.canonical()
    assert all(set(entry) == AUDIT_KEYS for entry in entries)
    assert all(TIMESTAMP.fullmatch(entry["at"]) for entry in entries)
    assert {entry["who"] for entry in entries} == {"anonymous"}
    assert [(e["request_id"], e["action"], e["entity"], e["entity_id"]) for e in entries] == [
        ("one", "create", "user", 1),
        ("two", "update", "user", 1),
        ("three", "create", "link", link["id"]),
        ("four", "update", "link", link["id"]),
        ("five", "create", "event", event["id"]),
        ("six", "update", "event", event["id"]),
        ("seven", "delete", "link", link["id"]),
        ("eight", "delete", "user", 1),
    ]
    create, update = entries[0], entries[1]
    assert (create["before"], create["after"]) == (None, user)
    assert update["before"] == user and update["after"] == {**user, "username": "b"}
    assert entries[6]["before"]["short_code"] == link["short_code"]
    assert entries[6]["after"] is None and entries[7]["after"] is None

    ids = [entry["id"] for entry in entries]
    assert ids == sorted(set(ids))
    assert api.get(f"/audit?cursor={ids[5]}").json() == entries[6:]
    page = api.get("/audit?per_page=3")
    assert page.json() == entries[:3] and next_link(page)
    assert api.all_rows("/audit", per_page=3) == entries
