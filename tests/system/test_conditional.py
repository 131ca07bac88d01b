"""Entity tags, and changes on the condition of them (RFC 9110 sections 8.8 and 13)."""
import concurrent.futures
import re
import sqlite3
import threading

import pytest

ERROR = "Precondition failed; read it again"
KINDS = ["users", "urls", "events"]
CHANGES = {
    "users": lambda api: {"username": api.unique("changed")},
    "urls": lambda api: {"title": api.unique("changed")},
    "events": lambda api: {"event_type": api.unique("changed")},
}


@pytest.fixture
def row(api):
    """row(kind) makes one; gives its path."""

    def make(kind: str) -> str:
        if kind == "users":
            return f"/users/{api.make_user()['id']}"
        link = api.make_link()
        if kind == "urls":
            return f"/urls/{link['id']}"
        event = {"url_id": link["id"], "user_id": link["user_id"], "event_type": "x"}
        return api.post("/events", event).field("Location")

    return make


def tag_of(answer) -> str:
    tag = answer.field("ETag")
    assert re.fullmatch('"[0-9a-f]{32}"', tag), answer
    return tag


@pytest.mark.parametrize("kind", KINDS)
def test_a_row_has_one_tag_however_it_is_shown(api, row, kind):
    path = row(kind)
    shown = api.get(path)
    assert tag_of(api.get(path)) == tag_of(shown)
    assert tag_of(api.head(path)) == tag_of(shown)
    assert tag_of(api.get("/v1" + path)) == tag_of(shown)
    changed = api.put(path, CHANGES[kind](api))
    assert changed.status == 200 and tag_of(changed) != tag_of(shown)
    assert tag_of(api.get(path)) == tag_of(changed)


def test_a_creation_has_the_tag_of_the_row(api):
    user = api.post("/users", {"username": api.unique(), "email": f"{api.unique()}@b.cd"})
    draft = {"user_id": user.json()["id"], "original_url": "https://example.com/", "title": "t"}
    link = api.post("/urls", draft)
    names = {"url_id": link.json()["id"], "user_id": user.json()["id"]}
    event = api.post("/events", {**names, "event_type": "x", "details": {"b": 1.0, "a": "é"}})
    for made in (user, link, event):
        assert made.status == 201
        assert tag_of(api.get(made.field("Location"))) == tag_of(made)


def test_the_tag_follows_what_is_shown_and_nothing_else(api):
    link = api.make_link()
    (event,) = api.events_of(link["id"])
    path = f"/events/{event['id']}"
    before = tag_of(api.get(path))
    assert tag_of(api.put(path, {"event_type": event["event_type"]})) == before, "it is as it was"
    assert api.delete(f"/urls/{link['id']}").status == 204
    assert tag_of(api.get(path)) != before, "it shows null now"


@pytest.mark.parametrize("kind", KINDS)
def test_who_has_it_gets_304_without_a_body(api, row, kind):
    path = row(kind)
    tag = tag_of(api.get(path))
    for known in (tag, f"W/{tag}", f'"other", {tag}', "*", f",{tag},"):
        for answer in (api.get(path, headers={"If-None-Match": known}),
                       api.head(path, headers={"If-None-Match": known})):
            assert (answer.status, answer.body) == (304, b""), known
            assert tag_of(answer) == tag
            assert answer.field("Content-Type") is None
    for other in ('"other"', f'"{tag[1:-2]}"', '""'):
        assert api.get(path, headers={"If-None-Match": other}).status == 200
    api.put(path, CHANGES[kind](api))
    assert api.get(path, headers={"If-None-Match": tag}).status == 200


@pytest.mark.parametrize("kind", KINDS)
def test_a_change_is_made_on_its_condition_alone(api, row, kind):
    path = row(kind)
    first = tag_of(api.get(path))
    changed = api.put(path, CHANGES[kind](api), headers={"If-Match": first})
    assert changed.status == 200
    shown = api.get(path)
    for stale in (first, '"other"', f"W/{tag_of(shown)}", f'{first}, "other"'):
        refused = api.put(path, CHANGES[kind](api), headers={"If-Match": stale})
        assert (refused.status, refused.error) == (412, ERROR), stale
    assert api.get(path).body == shown.body
    for good in ("*", "{fresh}", "{stale}, {fresh}"):
        good = good.format(fresh=tag_of(shown), stale=first)
        shown = api.put(path, CHANGES[kind](api), headers={"If-Match": good})
        assert shown.status == 200, good
    assert api.put(path, CHANGES[kind](api)).status == 200, "nobody is made to send a condition"


@pytest.mark.parametrize("kind", ["users", "urls"])
def test_a_deletion_is_made_on_its_condition_alone(api, row, kind):
    path = row(kind)
    stale = tag_of(api.get(path))
    fresh = tag_of(api.put(path, CHANGES[kind](api)))
    assert api.delete(path, headers={"If-Match": stale}).status == 412
    assert api.get(path).status == 200
    assert api.delete(path, headers={"If-Match": fresh}).status == 204
    assert api.delete(path, headers={"If-Match": "*"}).status == 404


@pytest.mark.parametrize("kind", KINDS)
def test_if_none_match_forbids_a_change_of_what_it_names(api, row, kind):
    path = row(kind)
    tag = tag_of(api.get(path))
    for named in (tag, f"W/{tag}", "*"):
        assert api.put(path, CHANGES[kind](api), headers={"If-None-Match": named}).status == 412
    assert tag_of(api.get(path)) == tag
    assert api.put(path, CHANGES[kind](api), headers={"If-None-Match": '"x"'}).status == 200


@pytest.mark.parametrize("value", ["", "tag", '"open', "*, \"a\"", '"a" "b"', "w/\"a\"", "'a'"])
@pytest.mark.parametrize("field", ["If-Match", "If-None-Match"])
def test_a_malformed_condition_is_400_and_named(api, row, field, value):
    path = row("urls")
    shown = api.get(path)
    wanted = {field: f"{field} must be * or a list of entity tags"}
    for answer in (api.get(path, headers={field: value}),
                   api.put(path, {"title": "x"}, headers={field: value}),
                   api.delete(path, headers={field: value})):
        assert answer.status == 400 and answer.canonical()["details"] == wanted
    assert api.get(path).body == shown.body


def test_what_fails_without_a_condition_fails_the_same_with_one(api, row):
    stale = {"If-Match": '"stale"'}
    path = row("users")
    assert api.put("/users/99999999", {"username": "x"}, headers=stale).status == 404
    assert api.delete("/urls/99999999", headers=stale).status == 404
    assert api.put(path, {"email": "none"}, headers=stale).status == 400
    taken = api.make_user()["username"]
    assert api.put(path, {"username": taken}, headers=stale).status == 412
    assert api.put(path, {"username": taken}, headers={"If-Match": "*"}).status == 422


def test_a_get_of_another_row_than_wanted_is_412(api, row):
    path = row("events")
    tag = tag_of(api.get(path))
    assert api.get(path, headers={"If-Match": tag}).status == 200
    assert api.get(path, headers={"If-Match": f"W/{tag}"}).status == 412


def test_a_click_has_a_tag_and_no_change(fresh_service):
    api = fresh_service.api()
    link = api.make_link()
    assert api.get(f"/{link['short_code']}").status == 302
    waiting = threading.Event()
    for _ in range(100):
        if len(api.events_of(link["id"])) == 2:
            break
        waiting.wait(0.1)
    click = api.events_of(link["id"])[-1]
    assert click["event_type"] == "redirect"
    path = f"/events/{click['id']}"
    tag = tag_of(api.get(path))
    assert api.get(path, headers={"If-None-Match": tag}).status == 304
    assert api.put(path, {"event_type": "x"}, headers={"If-Match": tag}).status == 409


def test_of_those_who_change_what_all_have_read_one_gets_through(start_service, report):
    """Rounds of clients, on both loops, that read a link and then change it on that condition."""
    service = start_service("--http.threads", "2")
    api = service.api()
    rounds, clients = 100, 8
    path = f"/urls/{api.make_link()['id']}"
    connections = [service.api().connect() for _ in range(clients)]
    start = threading.Barrier(clients)

    def change(connection, tag: str, title: str) -> int:
        start.wait(15)
        return connection.put(path, {"title": title}, headers={"If-Match": tag}).status

    with concurrent.futures.ThreadPoolExecutor(clients) as pool:
        for turn in range(rounds):
            tag = tag_of(api.get(path))
            statuses = list(pool.map(
                change, connections, [tag] * clients, [f"{turn}-{i}" for i in range(clients)]
            ))
            assert sorted(statuses) == [200] + [412] * (clients - 1), statuses
            assert api.get(path).json()["title"] == f"{turn}-{statuses.index(200)}"
    assert service.stop() == 0
    database = sqlite3.connect(service.database)
    (versions,) = database.execute("SELECT version FROM links").fetchone()
    (changes,) = database.execute("SELECT count(*) FROM audit WHERE action = 'update'").fetchone()
    assert (versions, changes) == (rounds + 1, rounds)
    refused = rounds * (clients - 1)
    report(f"{rounds} rounds of {clients} clients: one change each, {refused} refused")
