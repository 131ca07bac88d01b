"""Idempotency-Key: what was made under one is made once, whatever happens in between."""
import concurrent.futures
import json
import sqlite3

import pytest

PATHS = ["/users", "/urls", "/events"]
REUSED = {"error": "Idempotency-Key was sent with another request before"}
UNDER_WAY = {"error": "A request with this Idempotency-Key is under way"}


def draft_for(api, path: str) -> dict:
    """A body that makes another row each time it is sent without a key, but for users."""
    if path.endswith("/users"):
        return {"username": api.unique("once"), "email": f"{api.unique('once')}@example.com"}
    if path.endswith("/urls"):
        owner = api.make_user()["id"]
        return {"user_id": owner, "original_url": "https://example.com/", "title": "t"}
    link = api.make_link()
    return {"url_id": link["id"], "user_id": link["user_id"], "event_type": "note",
            "details": {"price": 1.0, "name": "é"}}


def keyed(key: str) -> dict:
    return {"headers": {"Idempotency-Key": key}}


def same_answer(one, other) -> bool:
    fields = [{name: answer.field(name) for name in ("Location", "ETag", "X-Short-URL")}
              for answer in (one, other)]
    return (one.status, one.body, fields[0]) == (other.status, other.body, fields[1])


@pytest.mark.parametrize("path", PATHS + ["/v1" + path for path in PATHS])
def test_a_repetition_gets_the_first_answer(api, path):
    draft, key = draft_for(api, path), api.unique("key")
    first = api.post(path, draft, **keyed(key))
    again = api.post(path, draft, **keyed(f'"{key}"'))
    assert first.status == 201
    assert same_answer(first, again), (first, again)
    other = api.post(path, draft, **keyed(api.unique("key")))
    if path.endswith("/users"):
        assert other.status == 409, "the name is taken"
    else:
        assert other.status == 201 and other.json()["id"] != first.json()["id"]


def test_the_answer_is_that_of_then(api):
    draft, key = draft_for(api, "/urls"), api.unique("key")
    first = api.post("/urls", draft, **keyed(key))
    api.put(f"/urls/{first.json()['id']}", {"title": "changed"})
    assert same_answer(api.post("/urls", draft, **keyed(key)), first)
    api.delete(f"/urls/{first.json()['id']}")
    assert same_answer(api.post("/urls", draft, **keyed(key)), first)
    assert api.get(f"/{first.json()['short_code']}").status == 404


def test_another_request_with_the_key_is_422_and_makes_nothing(api):
    draft, key = draft_for(api, "/urls"), api.unique("key")
    assert api.post("/urls", draft, **keyed(key)).status == 201
    before = len(api.get(f"/urls?user_id={draft['user_id']}").json())
    for path, body in (("/urls", {**draft, "title": "other"}), ("/v1/urls", draft),
                       ("/urls?x=1", draft), ("/users", draft_for(api, "/users"))):
        answer = api.post(path, body, **keyed(key))
        assert (answer.status, answer.json()) == (422, REUSED), path
    assert len(api.get(f"/urls?user_id={draft['user_id']}").json()) == before
    problem = json.loads(api.post("/urls", {**draft, "title": "other"}, headers={
        "Idempotency-Key": key, "Accept": "application/problem+json"}).body)
    assert problem["type"] == "urn:ginnel:problem:key-reused"
    assert problem["errors"][0]["field"] == "Idempotency-Key"


@pytest.mark.parametrize("key", ["", '""', "two words", "k" * 256])
def test_a_key_that_is_none_is_told(api, key):
    answer = api.post("/users", draft_for(api, "/users"), **keyed(key))
    assert answer.status == 400
    assert answer.json()["details"] == {
        "Idempotency-Key": "Idempotency-Key must be one value of 1 to 255 visible ASCII characters"}


def test_what_failed_may_be_tried_again(api):
    taken, key = api.make_user(), api.unique("key")
    draft = {"username": taken["username"], "email": f"{api.unique()}@example.com"}
    assert api.post("/users", draft, **keyed(key)).status == 409
    api.delete(f"/users/{taken['id']}")
    assert api.post("/users", draft, **keyed(key)).status == 201


def test_many_at_one_time_make_one(service, report):
    api = service.api()
    rounds, answers = 30, {201: 0, 409: 0}
    for _ in range(rounds):
        draft, key = draft_for(api, "/urls"), api.unique("key")

        def send(_):
            return service.api().post("/urls", draft, **keyed(key))

        with concurrent.futures.ThreadPoolExecutor(8) as pool:
            got = list(pool.map(send, range(8)))
        made = [answer for answer in got if answer.status == 201]
        assert made and all(same_answer(answer, made[0]) for answer in made)
        for answer in got:
            answers[answer.status] += 1
            if answer.status == 409:
                assert answer.json() == UNDER_WAY and answer.field("Retry-After") == "1"
        assert len(api.get(f"/urls?user_id={draft['user_id']}").json()) == 1
    report(f"{rounds} rounds of 8 requests with one key: one link each; answers {answers}")


def test_beside_the_first_it_is_409_and_then_the_same(start_service):
    service = start_service()
    api = service.api()
    draft, key = draft_for(api, "/events"), api.unique("key")
    writer = sqlite3.connect(service.database, isolation_level=None)
    writer.execute("BEGIN IMMEDIATE")
    with concurrent.futures.ThreadPoolExecutor(2) as pool:
        both = [pool.submit(lambda: service.api().post("/events", draft, **keyed(key)))
                for _ in range(2)]
        refused = next(concurrent.futures.as_completed(both, timeout=10)).result()
        writer.execute("ROLLBACK")  # until now nobody could write
        writer.close()
        assert (refused.status, refused.json()) == (409, UNDER_WAY)
        assert refused.field("Retry-After") == "1"
    made = next(answer.result() for answer in both if answer.result().status == 201)
    assert same_answer(api.post("/events", draft, **keyed(key)), made)


def test_it_holds_after_kill_minus_9(start_service, report):
    at = ("--links.public_url", "http://localhost:8080")  # the port is another each time
    service = start_service(*at)
    rounds, made = 5, []
    for _ in range(rounds):
        api = service.api()
        draft, key = draft_for(api, "/urls"), api.unique("key")
        made.append((draft, key, api.post("/urls", draft, **keyed(key))))
        service.kill()
        service = start_service(*at, folder=service.folder)
        for sent, its_key, first in made:
            assert same_answer(service.api().post("/urls", sent, **keyed(its_key)), first)
    report(f"{rounds} kills, {len(made)} keys: each repetition had the first answer")
