"""/urls: creating, codes, reading, changing, deleting."""
import re

import pytest

from harness.contract import NEEDS_OBJECT, TIMESTAMP, details_of, link_draft
from harness.http_client import next_link

CODE = re.compile(r"[0-9A-Za-z]{6}")


# --- creating ----------------------------------------------------------------------------------


def test_a_new_link_is_given_back_with_exactly_its_keys(api):
    user = api.make_user()
    answer = api.post(
        "/urls",
        {"user_id": user["id"], "original_url": "https://example.com/a?b=c#d", "title": "Títle"},
    )
    assert answer.status == 201
    link = answer.canonical()
    assert set(link) == {
        "created_at", "id", "is_active", "original_url", "short_code", "title", "updated_at",
        "user_id",
    }
    assert link["original_url"] == "https://example.com/a?b=c#d"
    assert (link["title"], link["user_id"], link["is_active"]) == ("Títle", user["id"], True)
    assert CODE.fullmatch(link["short_code"])
    assert TIMESTAMP.fullmatch(link["created_at"]) and link["created_at"] == link["updated_at"]
    assert answer.field("Location") == f"/urls/{link['id']}"
    assert answer.field("X-Short-URL") == f"http://localhost:{api.port}/{link['short_code']}"
    assert api.get(f"/urls/{link['id']}").canonical() == link


def test_the_same_target_gets_another_code_each_time(api):
    user = api.make_user()["id"]
    links = [api.make_link(user, original_url="https://example.com/same") for _ in range(10)]
    assert len({link["short_code"] for link in links}) == 10


def test_creation_leaves_a_created_event(api):
    link = api.make_link()
    (event,) = api.events_of(link["id"])
    assert (event["event_type"], event["user_id"]) == ("created", link["user_id"])
    assert event["timestamp"] == link["created_at"]
    assert event["details"] == {
        "original_url": link["original_url"],
        "short_code": link["short_code"],
    }


def test_the_space_around_a_target_is_not_kept(api):
    link = api.make_link(original_url="  https://example.com/x \n")
    assert link["original_url"] == "https://example.com/x"
    answer = api.get(f"/{link['short_code']}")
    assert answer.field("Location") == "https://example.com/x"


def test_an_empty_title_is_a_title(api):
    assert api.make_link(title="")["title"] == ""


@pytest.mark.parametrize("body", [b"", b"[1]", b"nonsense", b"3"])
def test_what_is_no_json_object_is_400(api, body):
    headers = {"Content-Type": "application/json"}
    assert api.post("/urls", body=body, headers=headers).error == NEEDS_OBJECT
    link = api.make_link()
    answer = api.put(f"/urls/{link['id']}", body=body, headers=headers)
    assert (answer.status, answer.error) == (400, NEEDS_OBJECT)


def test_every_missing_field_is_named(api):
    assert details_of(api.post("/urls", {}), 422) == {
        "original_url": "original_url is required",
        "title": "title is required",
        "user_id": "user_id is required",
    }


@pytest.mark.parametrize("value", [1.5, "1", None, True, False, [], {}, 1e400, 10**30])
def test_an_owner_that_is_no_integer_is_refused(api, value):
    answer = api.post("/urls", link_draft(api, 1, user_id=value))
    if value == 1e400:  # Python writes Infinity, which is no JSON
        assert (answer.status, answer.error) == (400, NEEDS_OBJECT)
    else:
        assert details_of(answer, 422) == {"user_id": "user_id must be an integer"}


@pytest.mark.parametrize("value", [5, None, True, [], {}])
def test_a_title_that_is_no_string_is_refused(api, value):
    wanted = {"title": "title must be a string"}
    assert details_of(api.post("/urls", link_draft(api, title=value)), 422) == wanted
    link = api.make_link()
    assert details_of(api.put(f"/urls/{link['id']}", {"title": value}), 400) == wanted


@pytest.mark.parametrize("title", ["x" * 501, "é" * 501, "a\u0000b", "a\udc00b"])
def test_a_title_no_store_can_keep_is_a_clients_fault(api, title):
    assert list(details_of(api.post("/urls", link_draft(api, title=title)), 422)) == ["title"]
    link = api.make_link()
    assert list(details_of(api.put(f"/urls/{link['id']}", {"title": title}), 400)) == ["title"]


def test_500_characters_fit(api):
    assert api.make_link(title="é" * 500)["title"] == "é" * 500


def test_an_owner_nobody_knows_is_400(api):
    number = 9_007_199_254_740_991
    answer = api.post("/urls", link_draft(api, 1, user_id=number))
    assert (answer.status, answer.canonical()) == (400, {"error": f"User {number} not found"})


@pytest.mark.parametrize("number", [0, -1])
def test_an_owner_whose_id_can_be_nobodys_is_named(api, number):
    answer = api.post("/urls", link_draft(api, 1, user_id=number))
    assert details_of(answer, 422) == {"user_id": "user_id must be 1 or more"}


# --- chosen codes ------------------------------------------------------------------------------


@pytest.mark.parametrize("code", ["abc", "a-b_C9", "x" * 32])
def test_a_person_may_choose_a_code(api, code):
    link = api.make_link(code=code)
    assert link["short_code"] == code
    assert api.get(f"/{code}").field("Location") == link["original_url"]


@pytest.mark.parametrize("code", [
    "ab", "", "x" * 33, "a b", "a/b", "é12", "a.b", "a\u0000b", "abc\n",
])
def test_a_malformed_code_is_named(api, code):
    assert list(details_of(api.post("/urls", link_draft(api, code=code)), 422)) == ["code"]


@pytest.mark.parametrize("value", [5, True, []])
def test_a_code_that_is_no_string_is_named(api, value):
    assert list(details_of(api.post("/urls", link_draft(api, code=value)), 422)) == ["code"]


def test_a_taken_code_is_409_in_any_case_and_is_found_in_any(api):
    taken = api.make_link(code="TakenOne")
    for code in ("TakenOne", "takenONE"):
        answer = api.post("/urls", link_draft(api, code=code))
        assert answer.status == 409 and set(answer.canonical()) == {"error"}
        assert api.get(f"/{code}").field("Location") == taken["original_url"]


@pytest.mark.parametrize("code", ["health", "Health", "urls", "events", "users", "static", "docs"])
def test_a_code_that_is_a_route_is_409(api, code):
    answer = api.post("/urls", link_draft(api, code=code))
    assert answer.status == 409 and set(answer.canonical()) == {"error"}


# --- reading -----------------------------------------------------------------------------------


def test_a_link_that_is_not_there_is_404(api):
    for method in ("GET", "PUT", "DELETE"):
        answer = api.request(method, "/urls/9007199254740991")
        assert (answer.status, answer.canonical()) == (404, {"error": "URL not found"})


def test_the_list_filters_by_owner_and_state(api):
    user = api.make_user()["id"]
    links = [api.make_link(user) for _ in range(4)]
    off = api.put(f"/urls/{links[1]['id']}", {"is_active": False}).json()
    on = [links[0], links[2], links[3]]
    assert api.get(f"/urls?user_id={user}").canonical() == [links[0], off, *links[2:]]
    for word in ("true", "True", "TRUE"):
        assert api.get(f"/urls?user_id={user}&is_active={word}").json() == on
    assert api.get(f"/urls?user_id={user}&is_active=false").json() == [off]
    assert api.get("/urls?user_id=9007199254740991").body == b"[]\n"


def test_page_num_and_cursor_are_the_last_id_seen(api):
    user = api.make_user()["id"]
    links = [api.make_link(user) for _ in range(5)]
    for name in ("page_num", "cursor"):
        path = f"/urls?user_id={user}&per_page=2&{name}="
        assert api.get(f"{path}{links[1]['id']}").json() == links[2:4]
        seen, path = [], f"{path}0"
        while path:
            answer = api.get(path)
            seen += answer.json()
            path = next_link(answer)
            assert path is None or f"{name}=" in path
        assert seen == links


def test_the_default_page_is_100(imported):
    links = imported.api().get("/urls").json()
    assert [link["id"] for link in links] == list(range(1, 101))


@pytest.mark.parametrize("query", [
    "is_active=1", "is_active=yes", "is_active=", "user_id=abc", "user_id=", "user_id=true",
    "page_num=x", "page_num=-1", "cursor=1.5", "per_page=0", "per_page=-1", "per_page=x",
    "user_id=1%27", "is_active=%00",
])
def test_a_bad_value_is_named(api, query):
    assert list(details_of(api.get(f"/urls?{query}"), 400)) == [query.split("=")[0]]


# --- changing ----------------------------------------------------------------------------------


def test_a_change_is_seen_leaves_an_event_and_moves_updated_at(api):
    link = api.make_link()
    answer = api.put(f"/urls/{link['id']}", {"title": "new", "is_active": False})
    assert answer.status == 200
    changed = answer.canonical()
    assert changed == {
        **link, "title": "new", "is_active": False, "updated_at": changed["updated_at"],
    }
    assert changed["updated_at"] > link["updated_at"]
    assert api.get(f"/urls/{link['id']}").canonical() == changed
    created, updated = api.events_of(link["id"])
    assert (created["event_type"], updated["event_type"]) == ("created", "updated")
    assert updated["details"] == {"is_active": False, "title": "new"}
    assert (updated["url_id"], updated["user_id"]) == (link["id"], link["user_id"])


def test_even_an_empty_change_moves_updated_at_and_leaves_an_event(api):
    link = api.make_link()
    changed = api.put(f"/urls/{link['id']}", {}).json()
    assert changed["updated_at"] > link["updated_at"]
    assert changed == {**link, "updated_at": changed["updated_at"]}
    assert [event["details"] for event in api.events_of(link["id"])][1:] == [{}]


def test_fields_that_cannot_change_are_ignored(api):
    link = api.make_link()
    change = {"short_code": "other1", "user_id": 1, "id": 1, "created_at": "x", "code": "other1"}
    changed = api.put(f"/urls/{link['id']}", change).json()
    assert changed == {**link, "updated_at": changed["updated_at"]}


@pytest.mark.parametrize("value", [0, 1, None, "true", [], {}])
def test_a_state_that_is_no_boolean_is_refused(api, value):
    link = api.make_link()
    answer = api.put(f"/urls/{link['id']}", {"is_active": value})
    assert details_of(answer, 400) == {"is_active": "is_active must be a boolean"}


def test_a_target_can_be_changed_and_the_event_tells_both(api):
    link = api.make_link()
    old, new = link["original_url"], "https://example.org/elsewhere"
    assert api.get(f"/{link['short_code']}").field("Location") == old
    changed = api.put(f"/urls/{link['id']}", {"original_url": new}).json()
    assert changed["original_url"] == new
    assert api.get(f"/{link['short_code']}").field("Location") == new
    event = api.events_of(link["id"])[-1]
    assert event["details"] == {"original_url": {"after": new, "before": old}}


def test_existence_is_asked_before_the_body_is_read(api):
    answer = api.put("/urls/9007199254740991", body=b"no json")
    assert (answer.status, answer.error) == (404, "URL not found")


# --- deleting ----------------------------------------------------------------------------------


def test_a_deleted_link_leaves_its_events_and_a_deleted_event(api):
    link = api.make_link()
    created = api.events_of(link["id"])[0]
    assert api.get(f"/{link['short_code']}").status == 302
    answer = api.delete(f"/urls/{link['id']}")
    assert (answer.status, answer.body) == (204, b"")
    assert api.get(f"/urls/{link['id']}").error == "URL not found"
    assert api.get(f"/{link['short_code']}").status == 404
    assert api.events_of(link["id"]) == []
    assert api.get(f"/events/{created['id']}").json() == {**created, "url_id": None}
    (deleted,) = api.get(f"/events?event_type=deleted&cursor={created['id']}").json()
    assert (deleted["url_id"], deleted["user_id"]) == (None, link["user_id"])
    assert deleted["details"]["short_code"] == link["short_code"]
    assert deleted["details"]["original_url"] == link["original_url"]
    answer = api.delete(f"/urls/{link['id']}")
    assert (answer.status, answer.error) == (404, "URL not found")
