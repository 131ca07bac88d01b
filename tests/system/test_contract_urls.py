"""/urls and the redirects."""
import re

import pytest

from harness.contract import NEEDS_OBJECT, TIMESTAMP, details_of
from harness.http_client import next_link
from harness.raw_http import RawConnection

CODE = re.compile(r"[0-9A-Za-z]{6}")


def draft(api, owner=None, **fields):
    owner = owner or api.make_user()["id"]
    return {"user_id": owner, "original_url": "https://example.com/", "title": "t", **fields}


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
    assert answer.field("X-Short-URL") == f"http://localhost:8080/{link['short_code']}"
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
    answer = api.post("/urls", draft(api, 1, user_id=value))
    if value == 1e400:  # Python writes Infinity, which is no JSON
        assert (answer.status, answer.error) == (400, NEEDS_OBJECT)
    else:
        assert details_of(answer, 422) == {"user_id": "user_id must be an integer"}


@pytest.mark.parametrize("value", [5, None, True, [], {}])
def test_a_title_that_is_no_string_is_refused(api, value):
    wanted = {"title": "title must be a string"}
    assert details_of(api.post("/urls", draft(api, title=value)), 422) == wanted
    link = api.make_link()
    assert details_of(api.put(f"/urls/{link['id']}", {"title": value}), 400) == wanted


@pytest.mark.parametrize("title", ["x" * 501, "é" * 501, "a\u0000b", "a\udc00b"])
def test_a_title_no_store_can_keep_is_a_clients_fault(api, title):
    assert list(details_of(api.post("/urls", draft(api, title=title)), 422)) == ["title"]
    link = api.make_link()
    assert list(details_of(api.put(f"/urls/{link['id']}", {"title": title}), 400)) == ["title"]


def test_500_characters_fit(api):
    assert api.make_link(title="é" * 500)["title"] == "é" * 500


def test_an_owner_nobody_knows_is_400(api):
    number = 9_007_199_254_740_991
    answer = api.post("/urls", draft(api, 1, user_id=number))
    assert (answer.status, answer.canonical()) == (400, {"error": f"User {number} not found"})


@pytest.mark.parametrize("number", [0, -1])
def test_an_owner_whose_id_can_be_nobodys_is_named(api, number):
    answer = api.post("/urls", draft(api, 1, user_id=number))
    assert details_of(answer, 422) == {"user_id": "user_id must be 1 or more"}


# --- targets -----------------------------------------------------------------------------------

LONG = "https://example.com/" + "x" * 2028

REFUSED = {
    "": "original_url must be a non-empty string",
    "   ": "original_url must be a non-empty string",
    LONG + "x": "URL must not exceed 2048 characters",
    "https://example.com/\u0001": "URL contains invalid characters",
    "https://exa\tmple.com/": "URL contains invalid characters",
    "ftp://example.com/": "URL must start with http:// or https://",
    "javascript:alert(1)": "URL must start with http:// or https://",
    "example.com": "URL must start with http:// or https://",
    "http:///x": "URL has an invalid or missing host",
    "https://": "URL has an invalid or missing host",
    "https://user:secret@example.com/": "URL must not contain credentials",
    "https://@example.com/": "URL must not contain credentials",
    "https://example.com:/": "URL has an invalid port",
    "https://example.com:http/": "URL has an invalid port",
    "https://example.com:65536/": "URL has an invalid port",
    "https://example.com:0/": "URL port is out of range",
    "http://localhost/": "URL references a reserved or private host",
    "http://LOCALHOST:80/": "URL references a reserved or private host",
    "http://a.localhost/": "URL references a reserved or private host",
    "http://printer.local/": "URL references a reserved or private host",
    "http://printer.local./": "URL references a reserved or private host",
    "http://metadata.google.internal/": "URL references a reserved or private host",
    "http://x.home.arpa/": "URL references a reserved or private host",
    "http://127.0.0.1/": "URL references a private or loopback IP address",
    "http://127.1/": "URL references a private or loopback IP address",
    "http://0x7f000001/": "URL references a private or loopback IP address",
    "http://2130706433/": "URL references a private or loopback IP address",
    "http://10.1.2.3/": "URL references a private or loopback IP address",
    "http://172.16.0.1/": "URL references a private or loopback IP address",
    "http://192.168.1.1/": "URL references a private or loopback IP address",
    "http://169.254.169.254/latest": "URL references a private or loopback IP address",
    "http://100.64.0.1/": "URL references a private or loopback IP address",
    "http://[::1]/": "URL references a private or loopback IP address",
    "http://[fd00::1]/": "URL references a private or loopback IP address",
    "http://[fe80::1]/": "URL references a private or loopback IP address",
    "http://[::ffff:127.0.0.1]/": "URL references a private or loopback IP address",
    "http://１２７.０.０.１/": "URL references a private or loopback IP address",
    "https://" + ".".join(["a" * 60] * 5) + ".com/": "URL hostname is too long",
    "https://example/": "URL hostname must include a domain and TLD",
    "https://a..example.com/": "URL hostname contains an empty label",
    "https://" + "a" * 64 + ".com/": "URL hostname label exceeds 63 characters",
    "https://-a.com/": "URL hostname contains invalid characters",
    "https://exa mple.com/": "URL hostname contains invalid characters",
    "https://example.c/": "URL has an invalid top-level domain",
    "https://example.123x/": "URL has an invalid top-level domain",
    "http://localhost:8080/abc": "URL references a reserved or private host",
}


@pytest.mark.parametrize("target", REFUSED, ids=lambda target: ascii(target)[:40])
def test_a_target_that_leads_nowhere_good_is_refused(api, target):
    wanted = {"original_url": REFUSED[target]}
    assert details_of(api.post("/urls", draft(api, 1, original_url=target)), 422) == wanted
    link = api.make_link()
    answer = api.put(f"/urls/{link['id']}", {"original_url": target})
    assert details_of(answer, 400) == wanted


@pytest.mark.parametrize("target", [
    "http://[::1", "http://]/", "http://ex\u2100ample.com/", "https://a\\@b.com/",
    "http://[::1%25lo]/",
])
def test_a_target_that_broke_the_reference_is_a_clients_fault(api, target):
    answer = api.post("/urls", draft(api, 1, original_url=target))
    assert list(details_of(answer, 422)) == ["original_url"]


@pytest.mark.parametrize("value", [5, None, True, [], {}])
def test_a_target_that_is_no_string_is_refused(api, value):
    wanted = {"original_url": "original_url must be a non-empty string"}
    assert details_of(api.post("/urls", draft(api, 1, original_url=value)), 422) == wanted


def test_the_services_own_hosts_are_no_targets(start_service):
    service = start_service(
        "--links.public_url", "https://go.example.org", "--links.own_hosts", "other.example.org"
    )
    api = service.api()
    for host in ("go.example.org", "GO.example.org.", "other.example.org"):
        answer = api.post("/urls", draft(api, 1, original_url=f"https://{host}/abc"))
        assert list(details_of(answer, 422)) == ["original_url"]
    answer = api.post("/urls", draft(api))
    code = answer.json()["short_code"]
    assert answer.field("X-Short-URL") == f"https://go.example.org/{code}"


LOCATIONS = {
    "https://example.com": "https://example.com",
    "https://example.com/a/b?c=d&e=f#g": "https://example.com/a/b?c=d&e=f#g",
    "HTTPS://EXAMPLE.com/Path": "https://example.com/Path",
    "https://example.com/a b": "https://example.com/a%20b",
    "https://example.com/é?ü=ö": "https://example.com/%C3%A9?%C3%BC=%C3%B6",
    'https://example.com/<"x">': "https://example.com/%3C%22x%22%3E",
    "https://example.com/%zz%41": "https://example.com/%zz%41",
    "https://example.com/{x}|y[]=1": "https://example.com/{x}|y[]=1",
    "https://bücher.example.com/": "https://xn--bcher-kva.example.com/",
    "https://example.com:8443/": "https://example.com:8443/",
    LONG: LONG,
}


@pytest.mark.parametrize("target", LOCATIONS, ids=lambda target: ascii(target)[:40])
def test_the_location_is_the_target_as_http_can_carry_it(api, target):
    link = api.make_link(original_url=target)
    assert link["original_url"] == target
    for path in (f"/{link['short_code']}", f"/urls/{link['short_code']}/redirect"):
        answer = api.get(path)
        assert (answer.status, answer.field("Location")) == (302, LOCATIONS[target])


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
    assert list(details_of(api.post("/urls", draft(api, code=code)), 422)) == ["code"]


@pytest.mark.parametrize("value", [5, True, []])
def test_a_code_that_is_no_string_is_named(api, value):
    assert list(details_of(api.post("/urls", draft(api, code=value)), 422)) == ["code"]


def test_a_taken_code_is_409_and_codes_differ_by_case(api):
    taken = api.make_link(code="TakenOne")
    answer = api.post("/urls", draft(api, code="TakenOne"))
    assert answer.status == 409 and set(answer.canonical()) == {"error"}
    other = api.make_link(code="takenONE")
    assert api.get("/TakenOne").field("Location") == taken["original_url"]
    assert api.get("/takenONE").field("Location") == other["original_url"]


@pytest.mark.parametrize("code", ["health", "Health", "urls", "events", "users", "static", "docs"])
def test_a_code_that_is_a_route_is_409(api, code):
    answer = api.post("/urls", draft(api, code=code))
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


# --- redirects ---------------------------------------------------------------------------------

REDIRECT_PATHS = ["/{}", "/urls/{}/redirect", "/v1/urls/{}/redirect"]


@pytest.mark.parametrize("path", REDIRECT_PATHS)
def test_a_redirect_is_302_and_not_to_be_kept_by_anybody(api, path):
    link = api.make_link()
    for _ in range(3):  # from the store, then from memory
        answer = api.get(path.format(link["short_code"]))
        assert answer.status == 302
        assert answer.field("Location") == link["original_url"]
        assert answer.field("Cache-Control") == "private, no-store"


@pytest.mark.parametrize("path", REDIRECT_PATHS)
def test_an_unknown_code_is_404(api, path):
    for code in ("nosuch", "x" * 33, "a%00b", "%zz", "%C3%A9", "a.b"):
        for _ in range(2):
            answer = api.get(path.format(code))
            assert (answer.status, answer.canonical()) == (404, {"error": "Not found"})


@pytest.mark.parametrize("path", REDIRECT_PATHS)
def test_a_link_that_is_off_is_410(api, path):
    link = api.make_link()
    api.put(f"/urls/{link['id']}", {"is_active": False})
    for _ in range(3):
        answer = api.get(path.format(link["short_code"]))
        assert (answer.status, answer.canonical()) == (410, {"error": "URL is deactivated"})


def test_a_code_may_be_written_percent_encoded(api):
    link = api.make_link(code="PercentCode")
    assert api.get("/%50ercent%43ode").field("Location") == link["original_url"]


def test_a_query_does_not_change_where_a_code_leads(api):
    link = api.make_link()
    answer = api.get(f"/{link['short_code']}?utm_source=x")
    assert answer.field("Location") == link["original_url"]


def test_the_host_field_is_not_believed(service, api):
    link = api.make_link()
    with RawConnection(service) as raw:
        raw.send(f"GET /{link['short_code']} HTTP/1.1\r\nHost: evil.example\r\n\r\n".encode())
        answer = raw.read_response()
    assert answer.field("Location") == link["original_url"]
    draft_of = draft(api, link["user_id"])
    answer = api.post("/urls", draft_of, headers={"Host": "evil.example"})
    assert answer.field("X-Short-URL").startswith("http://localhost:8080/")
