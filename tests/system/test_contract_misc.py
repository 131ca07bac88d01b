"""What every route has in common: bodies, fields, methods, names."""
import re
import string

import pytest

RESOURCES = ["/users", "/urls", "/events", "/audit"]


@pytest.mark.parametrize("path", ["/health", "/health/ready", "/health/serving"])
def test_health_is_sixteen_bytes(api, path):
    answer = api.get(path)
    assert (answer.status, answer.body) == (200, b'{"status":"ok"}\n')
    assert answer.field("Content-Type") == "application/json"
    assert answer.field("Content-Length") == "16"


@pytest.mark.parametrize("path", [
    "/v1/health", "/v1/metrics", "/v2/users", "/users/1/2", "/no/such", "//users", "/USERS/1",
    "/urls/abc/redirect/",
])
@pytest.mark.parametrize("method", ["GET", "POST", "PUT", "DELETE", "HEAD", "PATCH"])
def test_an_unknown_path_is_404_for_every_method(api, method, path):
    answer = api.request(method, path)
    assert answer.status == 404
    assert answer.field("Content-Type") == "application/json"
    if method != "HEAD":
        assert answer.canonical() == {"error": "Not found"}


def test_v1_is_the_same_interface(api):
    made = api.post("/v1/users", {"username": api.unique(), "email": f"{api.unique()}@b.cd"})
    user = made.json()
    assert made.field("Location") == f"/v1/users/{user['id']}"
    assert api.get(f"/users/{user['id']}").json() == user
    assert api.get(f"/v1/users/{user['id']}").json() == user
    draft = {"user_id": user["id"], "original_url": "https://example.com/", "title": "t"}
    link = api.post("/v1/urls", draft).json()
    assert api.get(f"/v1/urls/{link['id']}").json() == api.get(f"/urls/{link['id']}").json() == link
    assert api.put(f"/v1/urls/{link['id']}", {"title": "u"}).json()["title"] == "u"
    assert api.get(f"/v1/urls/{link['short_code']}/redirect").status == 302
    events = api.get(f"/v1/events?url_id={link['id']}").json()
    assert events == api.events_of(link["id"])
    event = {"url_id": link["id"], "user_id": user["id"], "event_type": "x"}
    assert api.post("/v1/events", event).status == 201
    assert api.delete(f"/v1/urls/{link['id']}").status == 204
    assert api.delete(f"/v1/users/{user['id']}").status == 204
    assert api.get("/v1/audit").status == 200


ALLOWED = {
    "/users": {"GET", "HEAD", "POST", "OPTIONS"},
    "/users/1": {"GET", "HEAD", "PUT", "DELETE", "OPTIONS"},
    "/urls": {"GET", "HEAD", "POST", "OPTIONS"},
    "/urls/1": {"GET", "HEAD", "PUT", "DELETE", "OPTIONS"},
    "/urls/abc123/redirect": {"GET", "HEAD", "OPTIONS"},
    "/events": {"GET", "HEAD", "POST", "OPTIONS"},
    "/events/1": {"GET", "HEAD", "PUT", "OPTIONS"},
    "/audit": {"GET", "HEAD", "OPTIONS"},
    "/health": {"GET", "HEAD", "OPTIONS"},
    "/health/ready": {"GET", "HEAD", "OPTIONS"},
    "/health/serving": {"GET", "HEAD", "OPTIONS"},
    "/metrics": {"GET", "HEAD", "OPTIONS"},
    "/": {"GET", "HEAD", "OPTIONS"},
    "/abc123": {"GET", "HEAD", "OPTIONS"},
}


@pytest.mark.parametrize("path", ALLOWED)
def test_a_method_that_is_not_there_is_405_and_says_which_are(api, path):
    for method in {"POST", "PUT", "DELETE", "PATCH", "TRACE", "FOO"} - ALLOWED[path]:
        answer = api.request(method, path)
        assert (answer.status, answer.canonical()) == (405, {"error": "Method not allowed"})
        assert set(answer.field("Allow").split(", ")) == ALLOWED[path]


@pytest.mark.parametrize("path", ALLOWED)
def test_options_lists_the_methods(api, path):
    answer = api.options(path)
    assert (answer.status, answer.body) == (200, b"")
    assert set(answer.field("Allow").split(", ")) == ALLOWED[path]


@pytest.mark.parametrize("method", ["get", "Post", "GETT", "head"])
def test_methods_are_case_sensitive(api, method):
    assert api.request(method, "/users").status == 405


def varying(fields):
    return [(n, v) for n, v in fields if n.lower() not in {"date", "x-request-id"}]


def test_head_is_get_without_the_body(api):
    link = api.make_link()
    event = api.events_of(link["id"])[0]
    paths = [
        "/", "/health", "/health/ready", "/health/serving", "/users", f"/users/{link['user_id']}",
        "/urls?per_page=1", f"/urls/{link['id']}", f"/events/{event['id']}", "/audit?per_page=2",
        f"/{link['short_code']}", f"/urls/{link['short_code']}/redirect", "/nosuchcode", "/a/b/c",
        "/users/0", "/users?page=0",
    ]
    for path in paths:
        got, head = api.get(path), api.head(path)
        assert head.status == got.status, path
        assert head.body == b""
        assert varying(head.fields) == varying(got.fields), path


def test_every_list_and_object_is_compact_sorted_ascii(fresh_service):
    api = fresh_service.api()  # other tests leave details, which stay as they were sent
    link = api.make_link(title="Ünï")
    for path in (*RESOURCES, "/", f"/urls/{link['id']}", f"/users/{link['user_id']}"):
        api.get(path, headers={"Accept": "application/json"}).canonical()


def test_every_answer_has_a_date_and_nothing_says_what_serves(api):
    for path in ("/health", "/nosuch", "/users", "/metrics"):
        answer = api.get(path)
        assert re.fullmatch(
            r"(Mon|Tue|Wed|Thu|Fri|Sat|Sun), \d\d [A-Z][a-z]{2} \d{4} \d\d:\d\d:\d\d GMT",
            answer.field("Date"),
        )


# --- request ids -------------------------------------------------------------------------------

ANSWERS = [
    ("GET", "/health"), ("GET", "/nosuch"), ("GET", "/a/b"), ("POST", "/health"),
    ("POST", "/users"), ("OPTIONS", "/users"), ("GET", "/users?page=0"), ("HEAD", "/users"),
    ("GET", "/metrics"), ("DELETE", "/users/0"),
]


@pytest.mark.parametrize("method, path", ANSWERS)
def test_a_request_id_is_echoed_or_made(api, method, path):
    answer = api.request(method, path, headers={"X-Request-ID": "Trace-42:a/b"})
    assert answer.field("X-Request-ID") == "Trace-42:a/b"
    made = [api.request(method, path).field("X-Request-ID") for _ in range(3)]
    assert all(re.fullmatch("[0-9a-f]{32}", request_id) for request_id in made)
    assert len(set(made)) == 3


@pytest.mark.parametrize("sent, kept", [
    ("x" * 128, True),
    ("x" * 129, False),
    ("", False),
    ("a b", False),
    ("a\tb", False),
    ("\xe9", False),
    ("".join(c for c in string.printable if "!" <= c <= "~"), True),
])
def test_only_a_sound_request_id_is_taken_over(api, sent, kept):
    answer = api.request("GET", "/health", headers={"X-Request-ID": sent.encode("latin-1")})
    echoed = answer.field("X-Request-ID")
    assert echoed == sent if kept else re.fullmatch("[0-9a-f]{32}", echoed)
