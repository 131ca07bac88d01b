"""/users: what clients of the reference product rely on, and where ours does better."""
import pytest

from harness.contract import NEEDS_OBJECT, TIMESTAMP, details_of
from harness.http_client import next_link

BAD_EMAIL = "Email must be a valid email address"


def draft(api, **fields):
    name = api.unique("person")
    return {"username": name, "email": f"{name}@example.com", **fields}


# --- creating ----------------------------------------------------------------------------------


def test_a_new_user_is_given_back_with_exactly_its_keys(api):
    answer = api.post("/users", draft(api, username="ada", email="ada@example.com"))
    assert answer.status == 201
    user = answer.canonical()
    assert set(user) == {"created_at", "email", "id", "username"}
    assert (user["username"], user["email"]) == ("ada", "ada@example.com")
    assert type(user["id"]) is int and user["id"] >= 1
    assert TIMESTAMP.fullmatch(user["created_at"])
    assert answer.field("Location") == f"/users/{user['id']}"
    assert api.get(f"/users/{user['id']}").canonical() == user


def test_names_are_kept_as_sent_but_for_the_space_around_them(api):
    user = api.make_user(username="  Zoë \u202f東京 😀\t", email=" Zoe@Example.COM \n")
    assert (user["username"], user["email"]) == ("Zoë \u202f東京 😀", "Zoe@Example.COM")


def test_text_outside_ascii_is_escaped(api):
    answer = api.post("/users", draft(api, username="é😀"))
    assert b'"username":"\\u00e9\\ud83d\\ude00"' in answer.body


def test_fields_nobody_knows_are_ignored(api):
    user = api.make_user(id=7_000_000, created_at="1999-01-01T00:00:00", role="admin")
    assert user["id"] < 7_000_000 and not user["created_at"].startswith("1999")


@pytest.mark.parametrize(
    "body, headers",
    [
        (None, {}),
        (b"", {"Content-Type": "application/json"}),
        (b'{"username":"a","email":"a@b.cd"}', {}),
        (b'{"username":"a","email":"a@b.cd"}', {"Content-Type": "text/plain"}),
        (b'{"username":"a","email":"a@b.cd"}', {"Content-Type": "application/jsonx"}),
        (b'{"username":"a",', {"Content-Type": "application/json"}),
        (b'{"username":"\xff"}', {"Content-Type": "application/json"}),
        (b'{"username":NaN}', {"Content-Type": "application/json"}),
        (b"[]", {"Content-Type": "application/json"}),
        (b'["username"]', {"Content-Type": "application/json"}),
        (b'"text"', {"Content-Type": "application/json"}),
        (b"5", {"Content-Type": "application/json"}),
        (b"null", {"Content-Type": "application/json"}),
        (b"{} {}", {"Content-Type": "application/json"}),
    ],
)
def test_what_is_no_json_object_is_400(api, body, headers):
    answer = api.post("/users", body=body, headers=headers)
    assert (answer.status, answer.error) == (400, NEEDS_OBJECT)
    user = api.make_user()
    answer = api.put(f"/users/{user['id']}", body=body, headers=headers)
    assert (answer.status, answer.error) == (400, NEEDS_OBJECT)


@pytest.mark.parametrize(
    "content_type",
    ["application/json; charset=utf-8", "application/vnd.api+json", "Application/JSON"],
)
def test_every_json_media_type_is_taken(api, content_type):
    body = f'{{"username":"{api.unique()}","email":"{api.unique()}@b.cd"}}'.encode()
    assert api.post("/users", body=body, headers={"Content-Type": content_type}).status == 201


def test_a_byte_order_mark_is_passed_over_and_the_last_of_two_keys_counts(api):
    name = api.unique()
    body = f'\ufeff{{"username":"x","username":"{name}","email":"{name}@b.cd"}}'.encode()
    answer = api.post("/users", body=body, headers={"Content-Type": "application/json"})
    assert answer.status == 201 and answer.json()["username"] == name


def test_every_missing_field_is_named(api):
    answer = api.post("/users", {})
    assert details_of(answer, 422) == {
        "email": "Email is required",
        "username": "Username is required",
    }


@pytest.mark.parametrize("name", ["", "   ", "\t\n", "\u3000\u00a0", 5, None, True, [], {}])
def test_a_username_that_says_nothing_is_refused(api, name):
    wanted = {"username": "Username must be a non-empty string"}
    assert details_of(api.post("/users", draft(api, username=name)), 422) == wanted
    user = api.make_user()
    assert details_of(api.put(f"/users/{user['id']}", {"username": name}), 400) == wanted


@pytest.mark.parametrize("email", [
    "", "a", "a@b", "@b.cd", "a@.", "a@@b.cd", "a b@c.de", "a@b .cd", 5, None, "a@b.c\u0001",
    "a@b..cd", "x" * 250 + "@b.cd",
])
def test_what_is_no_email_address_is_refused(api, email):
    assert details_of(api.post("/users", draft(api, email=email)), 422) == {"email": BAD_EMAIL}
    user = api.make_user()
    answer = api.put(f"/users/{user['id']}", {"email": email})
    assert details_of(answer, 400) == {"email": BAD_EMAIL}


@pytest.mark.parametrize("email", ["{}..x@b.cd", "ü{}@b.cd", "{}@b.c"])
def test_the_rule_for_email_addresses_is_loose(api, email):
    api.make_user(email=email.format(api.unique()))


@pytest.mark.parametrize("name", ["x" * 151, "é" * 151, "a\u0000b", "a\u0007b", "a\ud800b"])
def test_a_username_no_store_can_keep_is_a_clients_fault(api, name):
    assert list(details_of(api.post("/users", draft(api, username=name)), 422)) == ["username"]
    user = api.make_user()
    answer = api.put(f"/users/{user['id']}", {"username": name})
    assert list(details_of(answer, 400)) == ["username"]


def test_150_characters_fit(api):
    name = ("é" * 140 + api.unique("x"))[:150]
    assert api.make_user(username=name)["username"] == name


@pytest.mark.parametrize("field, message", [
    ("username", "Username is taken"),
    ("email", "Email is taken"),
])
def test_a_duplicate_is_409_on_creation_and_422_on_change(api, field, message):
    first, second = api.make_user(), api.make_user()
    for taken in (first[field], first[field].upper(), f"  {first[field]} "):
        answer = api.post("/users", draft(api, **{field: taken}))
        assert (answer.status, answer.canonical()) == (409, {"error": message})
        answer = api.put(f"/users/{second['id']}", {field: taken})
        assert (answer.status, answer.canonical()) == (422, {"error": message})
    assert api.get(f"/users/{second['id']}").json() == second


# --- reading -----------------------------------------------------------------------------------


def test_a_user_that_is_not_there_is_404(api):
    for path in ("/users/9007199254740991", "/users/9223372036854775807", "/users/0"):
        answer = api.get(path)
        assert (answer.status, answer.canonical()) == (404, {"error": "User not found"})


@pytest.mark.parametrize("path", ["/users/-1", "/users/abc", "/users/1/", "/users/1.0", "/users/"])
def test_what_is_no_number_is_no_route(api, path):
    answer = api.get(path)
    assert (answer.status, answer.canonical()) == (404, {"error": "Not found"})


def test_leading_zeros_and_endless_numbers(api):
    user = api.make_user()
    assert api.get(f"/users/0{user['id']}").json() == user
    answer = api.get(f"/users/{10**23}")
    assert answer.status == 404 and answer.error in {"User not found", "Not found"}


def test_the_list_is_an_array_in_order_of_id(fresh_service):
    api = fresh_service.api()
    assert api.get("/users").body == b"[]\n"
    users = [api.make_user() for _ in range(25)]
    answer = api.get("/users")
    assert answer.canonical() == users[:20], "the default page is 20"
    assert api.get("/users?per_page=25").canonical() == users


def test_pages_do_not_overlap_and_name_the_next(fresh_service):
    api = fresh_service.api()
    users = [api.make_user() for _ in range(7)]
    assert api.get("/users?page=1&per_page=3").json() == users[:3]
    assert api.get("/users?page=2&per_page=3").json() == users[3:6]
    assert api.get("/users?page=3&per_page=3").json() == users[6:]
    assert api.get("/users?page=4&per_page=3").json() == []
    assert api.get(f"/users?cursor={users[1]['id']}&per_page=3").json() == users[2:5]
    assert api.get(f"/users?cursor={users[1]['id']}&page=2&per_page=3").json() == users[2:5]

    for first in ("/users?per_page=3", "/users?page=1&per_page=3", "/users?cursor=0&per_page=3"):
        pages, path = [], first
        while path:
            answer = api.get(path)
            pages.append(answer.json())
            path = next_link(answer)
        assert pages == [users[:3], users[3:6], users[6:]], first


def test_a_full_last_page_names_no_next(fresh_service):
    api = fresh_service.api()
    for _ in range(4):
        api.make_user()
    assert next_link(api.get("/users?per_page=4")) is None
    assert next_link(api.get("/users?per_page=3")) is not None


def test_a_page_that_would_skip_too_many_rows_is_refused(api):
    answer = api.get("/users?page=102&per_page=1000")
    assert "cursor" in details_of(answer, 400)["page"]
    assert api.get("/users?page=101&per_page=1000").status == 200


@pytest.mark.parametrize("name", ["page", "per_page"])
@pytest.mark.parametrize("value", ["0", "-1", "abc", "", "1.5", "%201", "1_0", "+3", "9" * 30])
def test_a_bad_page_is_named(api, name, value):
    answer = api.get(f"/users?{name}={value}")
    assert list(details_of(answer, 400)) == [name]


@pytest.mark.parametrize("value", ["-1", "abc", "", "9" * 30, "1%00"])
def test_a_bad_cursor_is_named(api, value):
    assert list(details_of(api.get(f"/users?cursor={value}"), 400)) == ["cursor"]


def test_more_than_1000_a_page_acts_as_1000(imported):
    api = imported.api()
    for path in ("/urls", "/events"):
        answer = api.get(f"{path}?per_page=100000")
        assert len(answer.json()) == 1000 and next_link(answer)
    assert len(api.get("/users?per_page=100000").json()) == 400


# --- changing ----------------------------------------------------------------------------------


def test_a_change_touches_what_was_sent_alone(api):
    user = api.make_user()
    answer = api.put(f"/users/{user['id']}", {"username": user["username"] + "x"})
    assert answer.status == 200
    assert answer.canonical() == {**user, "username": user["username"] + "x"}
    email = f"{api.unique()}@example.org"
    answer = api.put(f"/users/{user['id']}", {"email": f" {email} "})
    assert answer.canonical() == {**user, "username": user["username"] + "x", "email": email}
    assert api.get(f"/users/{user['id']}").canonical() == answer.canonical()


@pytest.mark.parametrize("change", [{}, {"id": 5, "created_at": "x", "more": 1}])
def test_a_change_of_nothing_is_200(api, change):
    user = api.make_user()
    answer = api.put(f"/users/{user['id']}", change)
    assert (answer.status, answer.canonical()) == (200, user)


def test_a_user_may_keep_his_own_name_in_another_case(api):
    user = api.make_user()
    upper = user["username"].upper()
    assert api.put(f"/users/{user['id']}", {"username": upper}).json()["username"] == upper


def test_existence_is_asked_before_the_body_is_read(api):
    answer = api.put("/users/9007199254740991", body=b"no json")
    assert (answer.status, answer.error) == (404, "User not found")


# --- deleting ----------------------------------------------------------------------------------


def test_deleting_a_user_takes_his_links_and_keeps_their_events(api):
    user, other = api.make_user(), api.make_user()
    links = [api.make_link(user["id"]) for _ in range(2)]
    kept = api.make_link(other["id"])
    event = {"url_id": kept["id"], "user_id": user["id"], "event_type": "seen"}
    seen = api.post("/events", event).json()
    created = [event["id"] for link in links for event in api.events_of(link["id"])]
    assert len(created) == 2

    answer = api.delete(f"/users/{user['id']}")
    assert (answer.status, answer.body) == (204, b"")
    assert answer.field("Content-Length") in (None, "0") and answer.field("Content-Type") is None

    assert api.get(f"/users/{user['id']}").error == "User not found"
    for link in links:
        answer = api.get(f"/urls/{link['id']}")
        assert (answer.status, answer.error) == (404, "URL not found")
        assert api.get(f"/urls/{link['short_code']}/redirect").status == 404
    for number in created:
        event = api.get(f"/events/{number}").json()
        assert (event["url_id"], event["user_id"]) == (None, None)
    event = api.get(f"/events/{seen['id']}").json()
    assert (event["url_id"], event["user_id"]) == (kept["id"], None)
    assert api.get(f"/urls/{kept['id']}").status == 200

    assert api.get(f"/urls?user_id={user['id']}").json() == []
    assert api.get(f"/events?user_id={user['id']}").json() == []
    deleted = api.get(f"/events?event_type=deleted&cursor={seen['id']}").json()
    assert len(deleted) == len(links), "one deleted event a link"
    assert [event["details"]["short_code"] for event in deleted] == [
        link["short_code"] for link in links
    ]


def test_a_second_delete_is_404(api):
    user = api.make_user()
    assert api.delete(f"/users/{user['id']}").status == 204
    answer = api.delete(f"/users/{user['id']}")
    assert (answer.status, answer.error) == (404, "User not found")


def test_a_number_is_never_given_twice(api):
    first = api.make_user()
    api.delete(f"/users/{first['id']}")
    assert api.make_user()["id"] > first["id"]


def test_the_name_of_a_deleted_user_is_free(api):
    user = api.make_user()
    api.delete(f"/users/{user['id']}")
    again = api.make_user(username=user["username"], email=user["email"])
    assert again["username"] == user["username"]
