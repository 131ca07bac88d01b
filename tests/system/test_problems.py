"""Errors in the form that the client asks for: the usual JSON, or problem documents (RFC 9457)."""
import json
import re
import sqlite3

import pytest

from harness.raw_http import RawConnection
from harness.service import ROOT

PROBLEM = "application/problem+json"
MEMBERS = {"detail", "instance", "request_id", "status", "title", "type"}


def problem_of(answer, status: int) -> dict:
    """The document of an answer, whose parts have to agree with it."""
    assert answer.status == status, answer
    assert answer.field("Content-Type") == PROBLEM and answer.field("Vary") == "Accept", answer
    document = json.loads(answer.body)
    wanted = json.dumps(document, sort_keys=True, separators=(",", ":")) + "\n"
    assert answer.body == wanted.encode()
    assert document["status"] == status
    assert document["request_id"] == answer.field("X-Request-ID")
    assert re.fullmatch("urn:ginnel:problem:[a-z]+(-[a-z]+)*", document["type"])
    assert MEMBERS - {"instance"} <= set(document) <= MEMBERS | {"errors"}
    return document


def word_of(document: dict) -> str:
    return document["type"].removeprefix("urn:ginnel:problem:")


def ask(api, method, path, body=..., **kw) -> object:
    headers = {"Accept": PROBLEM, **kw.pop("headers", {})}
    return api.request(method, path, body, headers=headers, **kw)


def test_a_problem_tells_the_occurrence(api):
    answer = ask(api, "GET", "/users/99999999?key=secret", headers={"X-Request-ID": "mine"})
    assert problem_of(answer, 404) == {
        "detail": "User not found",
        "instance": "/users/99999999",
        "request_id": "mine",
        "status": 404,
        "title": "Not Found",
        "type": "urn:ginnel:problem:not-found",
    }


@pytest.mark.parametrize("accept, problem", [
    (None, False),
    ("*/*", False),
    ("application/*", False),
    ("application/json", False),
    ("text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8", None),
    (PROBLEM, True),
    ("APPLICATION/Problem+JSON", True),
    (f"application/json, {PROBLEM}", True),
    (f"{PROBLEM};q=0.9, application/json", False),
    (f"{PROBLEM};q=0.9, application/json;q=0.5, */*;q=0.1", True),
    (f"{PROBLEM};q=0", False),
    (f"{PROBLEM};q=much", False),
    ("a" * 12_000 + "," + PROBLEM, True),
    (f'text/plain;p="{PROBLEM}, "', False),
])
def test_accept_decides(api, accept, problem):
    headers = {} if accept is None else {"Accept": accept}
    answer = api.get("/users/99999999", headers=headers)
    if problem:
        assert word_of(problem_of(answer, 404)) == "not-found"
    elif problem is False:
        assert (answer.status, answer.body) == (404, b'{"error":"User not found"}\n')
        assert answer.field("Vary") == "Accept"
    else:
        assert answer.status == 404  # a browser


def test_accept_decides_nothing_but_errors(api):
    user = api.make_user()
    answer = ask(api, "GET", f"/users/{user['id']}")
    assert (answer.status, answer.json()) == (200, user)
    link = api.make_link(user["id"])
    assert ask(api, "GET", f"/{link['short_code']}").status == 302
    assert ask(api, "GET", "/health/ready").json() == {"status": "ok"}


def test_a_head_has_the_fields_of_the_problem_alone(api):
    answer = ask(api, "HEAD", "/users/99999999")
    assert (answer.status, answer.field("Content-Type"), answer.body) == (404, PROBLEM, b"")


# --- every fault -------------------------------------------------------------------------------

FAULTY = {
    "a new user": ("POST", "/users", {"username": " ", "email": 5}, 422, ["username", "email"]),
    "a user": ("PUT", "/users/{user}", {"username": 1, "email": "no"}, 400, ["username", "email"]),
    "a new link": (
        "POST", "/urls", {"user_id": True, "original_url": "x", "title": "\0" * 501, "code": "a"},
        422, ["user_id", "original_url", "title", "title", "code"],
    ),
    "a link": (
        "PUT", "/urls/{link}", {"title": None, "is_active": 1, "original_url": ""},
        400, ["title", "is_active", "original_url"],
    ),
    "a new event": (
        "POST", "/events", {"details": [], "more": 1},
        400, ["url_id", "user_id", "event_type", "details"],
    ),
    "an event": (
        "PUT", "/events/{event}",
        {"details": None, "event_type": "", "url_id": 0, "user_id": "1"},
        400, ["event_type", "details", "url_id", "user_id"],
    ),
    "users": (
        "GET", "/users?page=0&per_page=x&cursor=-1", ..., 400, ["cursor", "page", "per_page"],
    ),
    "links": (
        "GET", "/urls?is_active=2&user_id=x&page_num=x&cursor=x",
        ..., 400, ["page_num", "cursor", "user_id", "is_active"],
    ),
    "events": (
        "GET", "/events?cursor=x&url_id=&user_id=x", ..., 400, ["cursor", "url_id", "user_id"],
    ),
    "figures": (
        "GET", "/urls/{link}/stats?period=x&time_zone=x&from=x&to=x&values=x",
        ..., 400, ["time_zone", "period", "to", "from", "values"],
    ),
}


@pytest.fixture(scope="module")
def rows(session_service):
    api = session_service.api()
    link = api.make_link()
    (event,) = api.events_of(link["id"])
    yield {"user": link["user_id"], "link": link["id"], "event": event["id"]}
    api.close()


@pytest.mark.parametrize("what", FAULTY)
def test_every_fault_is_told_by_its_field(api, rows, what):
    method, path, body, status, fields = FAULTY[what]
    document = problem_of(ask(api, method, path.format(**rows), body), status)
    assert [error["field"] for error in document["errors"]] == fields
    for error in document["errors"]:
        assert set(error) == {"field", "message"} and error["message"]
    assert word_of(document) == "invalid-fields"
    usual = api.request(method, path.format(**rows), body).canonical()
    first = {error["field"]: error["message"] for error in reversed(document["errors"])}
    assert usual["error"] == document["detail"]
    assert usual.get("details", first) == first


def test_what_is_taken_or_unknown_is_told_by_its_field(api, rows):
    user, link = api.make_user(), api.make_link(code=api.unique("taken"))
    draft = {"user_id": rows["user"], "original_url": "https://example.com/", "title": "t"}
    event = {"url_id": rows["link"], "user_id": rows["user"], "event_type": "x"}
    for method, path, body, status, word, fields in [
        ("POST", "/users", {"username": user["username"], "email": user["email"]},
         409, "conflict", ["username", "email"]),
        ("PUT", f"/users/{rows['user']}", {"email": user["email"]}, 422, "conflict", ["email"]),
        ("POST", "/urls", {**draft, "code": link["short_code"]}, 409, "conflict", ["code"]),
        ("POST", "/urls", {**draft, "code": "events"}, 409, "conflict", ["code"]),
        ("POST", "/urls", {**draft, "user_id": 99999999}, 400, "invalid-fields", ["user_id"]),
        ("POST", "/events", {**event, "url_id": 99999999}, 404, "not-found", ["url_id"]),
        ("POST", "/events", {**event, "user_id": 99999999}, 404, "not-found", ["user_id"]),
        ("PUT", f"/events/{rows['event']}", {"user_id": 99999999}, 404, "not-found", ["user_id"]),
    ]:
        document = problem_of(ask(api, method, path, body), status)
        assert word_of(document) == word, document
        assert [error["field"] for error in document["errors"]] == fields, document
        assert set(api.request(method, path, body).canonical()) == {"error"}


# --- what no handler answers -------------------------------------------------------------------

ACCEPT = b"Accept: " + PROBLEM.encode() + b"\r\n"
HEAD = b"Host: localhost\r\n" + ACCEPT
UNREAD = {
    "no route": (b"GET /a/b HTTP/1.1\r\n" + HEAD + b"\r\n", 404, "not-found"),
    "no method": (b"POST /audit HTTP/1.1\r\n" + HEAD + b"\r\n", 405, "method-not-allowed"),
    "no Host": (b"GET /users HTTP/1.1\r\n" + ACCEPT + b"\r\n", 400, "bad-request"),
    "two lengths": (
        b"POST /users HTTP/1.1\r\n" + HEAD + b"Content-Length: 2\r\nContent-Length: 3\r\n\r\n{}",
        400, "bad-request",
    ),
    "a long body": (
        b"POST /users HTTP/1.1\r\n" + HEAD + b"Content-Length: 1048577\r\n\r\n",
        413, "content-too-large",
    ),
    "long chunks": (
        b"POST /users HTTP/1.1\r\n" + HEAD + b"Transfer-Encoding: chunked\r\n\r\n100001\r\n",
        413, "content-too-large",
    ),
    "long fields": (
        b"GET /users HTTP/1.1\r\n" + HEAD + b"A: " + b"b" * 17_000 + b"\r\n\r\n",
        431, "request-header-fields-too-large",
    ),
    "a coding": (
        b"POST /users HTTP/1.1\r\n" + HEAD + b"Transfer-Encoding: gzip, chunked\r\n\r\n",
        501, "not-implemented",
    ),
}


@pytest.mark.parametrize("what", UNREAD)
def test_a_request_no_handler_sees_is_answered_in_the_form_it_asked_for(service, what):
    request, status, word = UNREAD[what]
    with RawConnection(service) as raw:
        raw.send(request)
        document = problem_of(raw.read_response(), status)
    assert word_of(document) == word
    assert document["instance"] == request.split(b" ")[1].decode()


ACCEPT_UNREAD = {
    "a long target": (b"GET /" + b"a" * 17_000 + b" HTTP/1.1\r\n" + HEAD + b"\r\n", 414),
    "long fields": (b"GET / HTTP/1.1\r\nA: " + b"b" * 17_000 + b"\r\n" + HEAD + b"\r\n", 431),
    "no request line": (b"hello\r\n" + HEAD + b"\r\n", 400),
}


@pytest.mark.parametrize("what", ACCEPT_UNREAD)
def test_what_is_refused_before_its_accept_is_read_has_the_usual_form(service, what):
    request, status = ACCEPT_UNREAD[what]
    with RawConnection(service) as raw:
        raw.send(request)
        answer = raw.read_response()
    assert answer.status == status and set(answer.canonical()) == {"error"}


def test_a_body_that_never_comes_is_a_problem_too(start_service):
    service = start_service("--http.body_timeout_ms", "1000")
    with RawConnection(service) as raw:
        raw.send(b"POST /users HTTP/1.1\r\n" + HEAD + b"Content-Length: 2\r\n\r\n{")
        assert word_of(problem_of(raw.read_response(), 408)) == "request-timeout"


# --- waiting -----------------------------------------------------------------------------------


def test_a_database_that_is_away_is_a_problem_to_come_back_with(start_service):
    """Somebody holds the file: changes cannot be made, and waiting helps."""
    service = start_service("--database.timeout_ms", "1000")
    service.expected_errors.append("")
    api = service.api()
    body = {"username": "ada", "email": "ada@example.com"}
    other = sqlite3.connect(service.database, isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    answer = ask(api, "POST", "/users", body)
    document = problem_of(answer, 503)
    assert answer.field("Retry-After") == "1"
    assert word_of(document) in {"service-unavailable", "outcome-unknown"}, document
    other.execute("ROLLBACK")
    assert ask(api, "POST", "/users", body).status in {201, 409}


# --- documentation -----------------------------------------------------------------------------


def test_every_type_is_documented():
    """The words above are in the table of docs/api.md, and no word that is no status' own."""
    page = (ROOT / "docs/api.md").read_text()
    table = page.split("| type | status |", 1)[1].split("\n\n", 1)[0]
    documented = set(re.findall(r"^\| `([a-z-]+)` \|", table, re.MULTILINE))
    seen = {word for _, _, word in UNREAD.values()} | {
        "invalid-fields", "conflict", "not-found", "request-timeout", "service-unavailable",
        "outcome-unknown", "request-under-way", "key-reused",
    }
    assert seen <= documented
    reasons = re.findall(
        r'\{\d{3}, "([A-Z][A-Za-z -]+)"\}', (ROOT / "src/http/response_writer.cc").read_text()
    )
    assert len(reasons) > 20
    assert documented <= {reason.lower().replace(" ", "-") for reason in reasons} | {
        "invalid-fields", "outcome-unknown", "request-under-way", "key-reused",
    }
