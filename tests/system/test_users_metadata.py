"""`GET /users/{id}?include=metadata`: what a client keeps with a user, what the links came to."""
import itertools

import pytest
from conftest import DATA, import_seed
from harness.clicks import shipped, wait_until
from harness.contract import TIMESTAMP, details_of
from harness.service import run_cli

KEYS = ["clicks", "created_at", "email", "id", "last_activity_at", "links", "metadata", "username"]


def profile(api, user_id: int) -> dict:
    answer = api.get(f"/users/{user_id}?include=metadata")
    assert answer.status == 200, answer
    return answer.json()


def raw_metadata(api, user_id: int) -> bytes:
    """The object as it stands in the answer."""
    body = api.get(f"/users/{user_id}?include=metadata").body
    return body.partition(b'"metadata":')[2].rpartition(b',"username":')[0]


def put_raw(api, user_id: int, metadata: bytes):
    return api.put(f"/users/{user_id}", body=b'{"metadata":' + metadata + b"}",
                   headers={"Content-Type": "application/json"})


def visit(api, code: str, times: int = 1) -> None:
    for _ in range(times):
        assert api.get(f"/{code}").status == 302
    assert wait_until(lambda: shipped(api)), "clicks wait that nobody ships"


def test_a_new_user_has_nothing_yet(api):
    user = api.make_user()
    answer = api.get(f"/users/{user['id']}?include=metadata")
    assert list(answer.canonical()) == KEYS
    assert answer.json() == {**user, "clicks": 0, "last_activity_at": None, "links": 0,
                             "metadata": {}}
    assert api.get(f"/v1/users/{user['id']}?include=metadata").body == answer.body
    head = api.head(f"/users/{user['id']}?include=metadata")
    assert (head.status, head.body) == (200, b"")
    assert head.field("Content-Length") == str(len(answer.body))


def test_plain_answers_do_not_show_it(api):
    made = api.post("/users", {"username": api.unique(), "email": f"{api.unique()}@example.com",
                               "metadata": {"plan": "pro"}})
    assert made.status == 201
    user = made.canonical()
    assert set(user) == {"created_at", "email", "id", "username"}
    path = f"/users/{user['id']}"
    assert api.get(path).body == made.body
    assert api.put(path, {"metadata": {"plan": "free"}}).body == made.body
    assert api.get(path).body == made.body
    listed = api.get(f"/users?cursor={user['id'] - 1}&per_page=1&include=metadata")
    assert listed.body == b"[" + made.body.strip() + b"]\n"
    assert profile(api, user["id"])["metadata"] == {"plan": "free"}


def test_it_is_kept_as_the_text_that_was_sent(api):
    user = api.make_user()
    for sent in (b'{ "b": 1.0,\t"a" : [12345678901234567890, 1e-300], "b": null }',
                 '{"name":"Zoë \\u00e9 😀","":[[]]}'.encode(),
                 b"{}"):
        assert put_raw(api, user["id"], sent).status == 200
        assert raw_metadata(api, user["id"]) == sent


def test_it_is_replaced_as_a_whole_and_stays_when_it_is_not_sent(api):
    user = api.make_user(metadata={"plan": "pro", "seats": 5})
    renamed = api.put(f"/users/{user['id']}", {"username": api.unique("other")})
    assert renamed.status == 200
    assert profile(api, user["id"])["metadata"] == {"plan": "pro", "seats": 5}
    assert api.put(f"/users/{user['id']}", {"metadata": {"seats": 6}}).status == 200
    assert profile(api, user["id"])["metadata"] == {"seats": 6}
    assert profile(api, user["id"])["username"] == renamed.json()["username"]


@pytest.mark.parametrize("bad, message", [
    (b"null", "metadata must be a JSON object"),
    (b"[]", "metadata must be a JSON object"),
    (b'"{}"', "metadata must be a JSON object"),
    (b'{"a":' + b"[" * 64 + b"]" * 64 + b"}", "metadata must not be nested deeper than 64"),
    (b'{"a":"' + b"x" * 16377 + b'"}', "metadata must not exceed 16384 bytes"),
    (b'{"a":{"b":[1,"\\u0000"]}}', "metadata.a.b[1] holds U+0000"),
    (b'{"a":"\\ud800"}', "metadata.a holds a lone surrogate"),
    (b'{"a":1e400}', "metadata.a is a number beyond what a double can hold"),
])
def test_what_it_cannot_be_is_told_by_its_field(api, bad, message):
    user = api.make_user(metadata={"kept": True})
    assert details_of(put_raw(api, user["id"], bad), 400) == {"metadata": message}
    assert profile(api, user["id"])["metadata"] == {"kept": True}
    body = b'{"username":"","email":"a@b.cd","metadata":' + bad + b"}"
    told = api.post("/users", body=body, headers={"Content-Type": "application/json"})
    assert details_of(told, 422) == {"metadata": message,
                                     "username": "Username must be a non-empty string"}


def test_its_limits_are_the_last_that_fit(api):
    user = api.make_user()
    for largest in (b'{"a":"' + b"x" * 16376 + b'"}', b'{"a":' + b"[" * 63 + b"]" * 63 + b"}"):
        assert put_raw(api, user["id"], largest).status == 200
        assert raw_metadata(api, user["id"]) == largest


@pytest.mark.parametrize("query, shown", [
    ("links", "links"), ("", ""), ("METADATA", "METADATA"), ("metadata%2Cstats", "metadata,stats"),
    ("%FF", "\ufffd"), ("x" * 5000, "x" * 64),
])
def test_what_else_is_asked_for_is_named(api, query, shown):
    user = api.make_user()
    answer = api.get(f"/users/{user['id']}?include={query}")
    assert details_of(answer, 400) == {"include": f'include must be metadata, not "{shown}"'}


def test_nobody_has_no_metadata(api):
    answer = api.get("/users/9007199254740991?include=metadata")
    assert (answer.status, answer.error) == (404, "User not found")


def test_links_and_clicks_are_counted_and_activity_dated(fresh_service):
    api = fresh_service.api()
    user, other = api.make_user(), api.make_user()
    links = [api.make_link(user["id"]) for _ in range(3)]
    assert profile(api, user["id"])["links"] == 3
    assert profile(api, user["id"])["last_activity_at"] == links[2]["created_at"]
    visit(api, links[0]["short_code"], 3)
    visit(api, api.make_link(other["id"])["short_code"])
    shown = profile(api, user["id"])
    assert (shown["links"], shown["clicks"]) == (3, 3)
    assert shown["last_activity_at"] == api.events_of(links[0]["id"])[-1]["timestamp"]
    assert TIMESTAMP.fullmatch(shown["last_activity_at"])

    api.put(f"/urls/{links[1]['id']}", {"is_active": False})
    assert profile(api, user["id"])["links"] == 3  # switched off, not gone
    api.delete(f"/urls/{links[0]['id']}")
    shown = profile(api, user["id"])
    assert (shown["links"], shown["clicks"]) == (2, 3)
    events = api.all_rows(f"/events?user_id={user['id']}")
    assert shown["last_activity_at"] == events[-1]["timestamp"]
    assert events[-1]["event_type"] == "deleted"
    assert profile(api, other["id"])["clicks"] == 1


def test_figures_of_the_real_files_are_what_the_lists_say(imported, report):
    api = imported.api()
    owned, newest = {}, {}
    for link in api.all_rows("/urls"):
        owned[link["user_id"]] = owned.get(link["user_id"], 0) + 1
    for event in api.all_rows("/events"):
        newest[event["user_id"]] = max(newest.get(event["user_id"], ""), event["timestamp"])
    users = api.all_rows("/users")
    for user in users:
        shown = profile(api, user["id"])
        assert shown["links"] == owned.get(user["id"], 0), user
        assert shown["last_activity_at"] == newest.get(user["id"]), user
    report(f"{len(users)} users have the links and the last activity that the lists say")


def test_the_trail_holds_every_version(api):
    user = api.make_user(metadata={"v": 1})
    put_raw(api, user["id"], b'{"v":2}')
    put_raw(api, user["id"], b'{"v":2}')  # the same: no row
    put_raw(api, user["id"], b"{}")
    api.delete(f"/users/{user['id']}")
    rows = [row for row in api.all_rows("/audit")
            if row["entity"] == "user" and row["entity_id"] == user["id"]]
    assert [row["action"] for row in rows] == ["create", "update", "update", "delete"]
    versions = [(row["after"] or {}).get("metadata") for row in rows]
    assert versions == [{"v": 1}, {"v": 2}, None, None]
    for earlier, later in itertools.pairwise(rows):
        assert later["before"] == earlier["after"]


def test_a_backup_and_a_new_start_keep_it_and_an_export_does_not(start_service, tmp_path):
    import_seed(tmp_path)
    service = start_service(folder=tmp_path)
    api = service.api()
    assert put_raw(api, 1, b'{ "plan": "pro" }').status == 200
    visit(api, "UeWfmJ", 2)
    owner = api.get("/urls/1").json()["user_id"]
    before = [profile(api, 1), profile(api, owner)]
    assert before[1]["clicks"] == 2

    def ginnel(*words):
        done = run_cli(*words, "--database.url", f"sqlite:{tmp_path / 'ginnel.db'}", cwd=tmp_path)
        assert done.returncode == 0, done.stdout + done.stderr
        return done.stdout

    ginnel("export", "users", "users.csv")
    assert (tmp_path / "users.csv").read_bytes() == (DATA / "users.csv").read_bytes()
    ginnel("backup", "b.db")
    put_raw(api, 1, b"{}")
    assert service.stop() == 0
    ginnel("restore", "b.db")
    assert "400 read, 0 inserted, 400 unchanged" in ginnel("import", "users", "users.csv")
    assert "0 differ" in ginnel("verify")
    api = start_service(folder=tmp_path).api()
    assert [profile(api, 1), profile(api, owner)] == before
    assert raw_metadata(api, 1) == b'{ "plan": "pro" }'
