"""What caches are told of every answer: nobody on the way may keep what is guarded."""
import pytest

from harness.http_client import Api
from harness.openapi import Document
from harness.raw_http import RawConnection
from harness.service import Service

KEY = "a-key-that-nobody-guesses-0123456789"
WITH_KEY = {"X-API-Key": KEY}
VARY = "Authorization, X-API-Key, Origin, Sec-Fetch-Site"
QR = "private, max-age=86400"
FOREIGN = {"Host": "rebound.example"}

# By the pattern of a public route; what is not here may be kept by nobody either.
PUBLIC = {
    "/{code}.svg": "public, max-age=86400", "/{code}.png": "public, max-age=86400",
    "/": "no-cache", "/docs": "no-cache", "/favicon.ico": "public, max-age=86400",
    "/robots.txt": "public, max-age=86400",
}


def start(folder, **kw):
    running = Service(folder, **kw)
    api = running.api()
    headers = WITH_KEY if kw else {}
    user = {"username": "ada", "email": "ada@example.com"}
    assert api.post("/users", user, headers=headers).status == 201
    link = {"user_id": 1, "original_url": "https://example.com/", "title": "t", "code": "kept"}
    assert api.post("/urls", link, headers=headers).status == 201
    return running


@pytest.fixture(scope="module")
def keyed(tmp_path_factory):
    """A service with a key, a user, a link and the event of its creation."""
    running = start(tmp_path_factory.mktemp("keyed"), env={"API_KEY": KEY})
    yield running
    assert running.stop() == 0


@pytest.fixture(scope="module")
def local(tmp_path_factory):
    """The same without a key."""
    running = start(tmp_path_factory.mktemp("local"))
    yield running
    assert running.stop() == 0


def operations_of(service):
    return Document(service.api().get("/openapi.json").json()).operations()


def requests_for(operation):
    """Good ones, bad ones and those of strangers: fields and body."""
    for headers in (WITH_KEY, {}, {"Authorization": "Bearer a-wrong-one"}, FOREIGN,
                    {**WITH_KEY, "Accept": "application/problem+json"},
                    {**WITH_KEY, "If-None-Match": "*"}, {**WITH_KEY, "If-None-Match": "malformed"},
                    {**WITH_KEY, "If-Match": '"another"'}):
        yield headers, None
        if operation.method in ("post", "put"):
            name = Api.unique("kept")
            good = b'{"username":"%b","email":"%b@example.com"}' % (name.encode(), name.encode())
            for body in (good, b"{", b'{"username":5,"title":"new","event_type":"share"}'):
                yield {**headers, "Content-Type": "application/json"}, body
            yield {**headers, "Content-Type": "text/csv"}, b"id\n"


def targets_of(operation):
    """Of a row that is there, of one that is not, and with what cannot be."""
    rows = ("2" if operation.method == "delete" else "1", "777")
    for row in rows if "{" in operation.path else ("",):
        path = operation.path.replace("{id}", row)
        path = path.replace("{code}", "kept" if row == "1" else "nosuch")
        yield path
        yield f"{path}?per_page=x&cursor=x&include=x&size=x&period=x"


def fault_of(guarded, pattern, answer):
    """What of an answer's fields lets somebody keep it who may not, or is not as it was decided."""
    kept, vary = answer.field("Cache-Control"), answer.field("Vary") or ""
    if answer.field("Content-Type") in ("application/json", "application/problem+json") and (
            answer.field("X-Content-Type-Options") != "nosniff"):
        return "a browser may guess at its type"
    if not guarded:
        good = answer.status in (200, 304) and not (pattern == "/" and answer.field("ETag") is None)
        return None if kept == (PUBLIC.get(pattern, "private, no-store") if good
                                else "private, no-store") else "is not kept as it should be"
    if answer.field("ETag") is None:
        return None if kept == "private, no-store" else "may be kept"
    wanted = QR if pattern.endswith("/qr") else "private, no-cache"
    return None if (kept, vary) == (wanted, VARY) else "may be kept by others, or unasked"


@pytest.mark.parametrize("name", ["keyed", "local"])
def test_every_answer_says_who_may_keep_it(request, name, report):
    service = request.getfixturevalue(name)
    api = service.api()
    seen, statuses, faults = 0, set(), []
    for operation in operations_of(service):
        guarded = operation.spec.get("security") != []
        for target in targets_of(operation):
            for headers, body in requests_for(operation):
                answer = api.request(operation.method.upper(), target, body=body, headers=headers)
                seen += 1
                statuses.add((guarded, answer.status))
                if fault := fault_of(guarded, operation.path, answer):
                    faults.append((str(operation), target, headers, fault, answer.fields))
    assert not faults, (len(faults), faults[:5])
    refusal = 401 if name == "keyed" else 403
    assert {(True, status) for status in (200, 201, 204, 304, 400, 404, 412, refusal)} <= statuses
    assert {(False, 200), (False, 302), (False, 404), (False, 400)} <= statuses
    report(f"{seen} answers of {name}, {len(statuses)} kinds of status, {len(faults)} faults")


def test_what_is_answered_without_a_route_is_kept_by_nobody(keyed):
    api = keyed.api()
    for method, path in (("PATCH", "/users/1"), ("DELETE", "/urls"), ("GET", "/users/"),
                         ("GET", "/no/such/path"), ("OPTIONS", "/urls/1"), ("PUT", "/health")):
        for headers in ({}, WITH_KEY):
            answer = api.request(method, path, headers=headers)
            assert answer.status in (200, 404, 405)
            assert answer.field("Cache-Control") == "private, no-store", (method, path)


@pytest.mark.parametrize("sent, status", [
    (b"GET /users HTTP/1.1\r\n\r\n", 400),
    (b"nonsense\r\n\r\n", 400),
    (b"GET /" + b"x" * 70_000 + b" HTTP/1.1\r\nHost: h\r\n\r\n", 414),
    (b"POST /users HTTP/1.1\r\nHost: h\r\nContent-Length: 99999999\r\n\r\n", 413),
    (b"POST /users HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: gzip\r\n\r\n", 501),
], ids=lambda value: str(value)[:24])
def test_what_is_no_request_is_answered_for_its_sender_alone(keyed, sent, status):
    with RawConnection(keyed) as raw:
        answer = raw.exchange(sent)
    assert answer.status == status
    assert answer.field("Cache-Control") == "private, no-store"
    assert answer.field("X-Content-Type-Options") == "nosniff"


def test_a_picture_is_everybodys_by_its_code_and_the_callers_by_its_number(keyed):
    api = keyed.api()
    one, other = api.get("/kept.svg"), api.get("/urls/1/qr", headers=WITH_KEY)
    assert one.body == other.body
    assert (one.field("Cache-Control"), one.field("Vary")) == ("public, max-age=86400", None)
    assert (other.field("Cache-Control"), other.field("Vary")) == (QR, VARY)
    tag = {"If-None-Match": other.field("ETag")}
    again = api.get("/urls/1/qr", headers={**WITH_KEY, **tag})
    assert again.status == 304 and again.field("Cache-Control") == QR, "as its 200 said"
    assert api.get("/urls/1/qr", headers=tag).status == 401
