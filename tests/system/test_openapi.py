"""/openapi.json and the service say the same: each operation and example is tried, each answer is
held against its schema, each documented status is seen."""
import copy
import json
import re
import urllib.parse

import pytest
from conftest import import_seed
from harness.http_client import Api
from harness.openapi import Document, Operation
from harness.raw_http import RawConnection

ABSENT = 9007199254740991
# What any request may meet and none can be made to at will: time, size, defects, outages. They have
# tests of their own (test_limits_and_drain.py, test_http_framing.py, test_degradation.py).
RARE = {"408", "413", "414", "431", "500", "501", "503"}
# Two requests with one key at one time: test_idempotency.py sends them.
AT_ONE_TIME = {("POST /events", "409"), ("POST /v1/events", "409")}


class Walker:
    """Sends requests to one service and keeps what each operation was seen to answer."""

    def __init__(self, service, document: Document):
        self.api: Api = service.api()
        self.document = document
        self.seen: set[tuple[str, str]] = set()
        self.exchanges = 0
        self.errors: list[str] = []

    def send(self, operation: Operation, target: str, json_body=..., **kw):
        answer = self.api.request(operation.method.upper(), target, json_body, **kw)
        self.exchanges += 1
        self.seen.add((str(operation), str(answer.status)))
        self.errors += self.document.answer_errors(operation, answer)
        return answer

    def row_for(self, operation: Operation) -> str:
        """An id or a code that the operation may use up."""
        if "{code}" in operation.path:
            return self.api.make_link()["short_code"]
        if "/users" in operation.path:
            return str(self.api.make_user()["id"])
        link = self.api.make_link()
        if "/urls" in operation.path:
            return str(link["id"])
        draft = {"url_id": link["id"], "user_id": link["user_id"], "event_type": "share"}
        return str(self.api.post("/events", draft).json()["id"])

    def target_of(self, operation: Operation, row: str | None = None) -> str:
        """Its path for a row of its own, with the examples of its parameters."""
        path = operation.path
        if "{" in path:
            row = self.row_for(operation) if row is None else row
            path = path.replace("{id}", row).replace("{code}", row)
        examples = {parameter["name"]: parameter["example"]
                    for parameter in self.document.parameters(operation)
                    if parameter["in"] == "query" and "example" in parameter}
        return f"{path}?{urllib.parse.urlencode(examples)}" if examples else path


def fresh(body):
    """An example with names that nobody has yet."""
    if not isinstance(body, dict):
        return body
    changed = dict(body)
    for name in ("username", "code"):
        if name in body:
            changed[name] = Api.unique(body[name])
    if "email" in body:
        changed["email"] = f"{Api.unique('walker')}@example.com"
    return changed


def good_requests(document: Document, operation: Operation) -> list[dict]:
    """What to send with a request for each example of its body."""
    examples = document.request_examples(operation).values()
    return document.file_examples(operation) or [
        {} if body is None else {"json_body": fresh(body)} for body in examples]


@pytest.fixture(scope="module")
def served(tmp_path_factory):
    from harness.service import Service

    folder = tmp_path_factory.mktemp("openapi")
    import_seed(folder)
    service = Service(folder)
    yield service
    assert service.stop() == 0
    service.assert_clean_log()


@pytest.fixture(scope="module")
def document(served) -> Document:
    return Document(served.api().get("/openapi.json").json())


def test_it_stands_under_both_names(served):
    api = served.api()
    assert api.get("/openapi.json").body == api.get("/apispec.json").body
    assert api.get("/openapi.json").json()["openapi"] == "3.1.0"


def test_every_example_obeys_its_schema(document, report):
    count, errors = document.example_errors()
    assert not errors, "\n".join(errors)
    assert count > 100
    report(f"{count} examples obey their schemas")


def test_every_operation_and_example_is_answered_as_documented(served, document, report):
    walker = Walker(served, document)
    operations = document.operations()
    for operation in operations:
        statuses = []
        for sent in good_requests(document, operation):
            target = walker.target_of(operation)
            statuses.append(walker.send(operation, target, **sent).status)
            if "?" in target:
                plain = target.partition("?")[0]
                statuses.append(walker.send(operation, plain, **sent).status)
        assert all(status < 400 for status in statuses), (str(operation), statuses)
    assert not walker.errors, "\n".join(walker.errors)
    report(f"{len(operations)} operations, {walker.exchanges} requests answered as documented")


def provoke(walker: Walker, operation: Operation) -> None:
    """Everything that can be wrong with a request of this operation."""
    here = walker.target_of(operation)
    path = here.partition("?")[0]
    good = fresh(next(iter(walker.document.request_examples(operation).values()), None))
    if "{id}" in operation.path:
        absent = operation.path.replace("{id}", str(ABSENT))
        walker.send(operation, absent, *([] if good is None else [good]))
    if "405" in operation.spec["responses"]:
        walker.send(operation, operation.path.replace("{id}", "no-id"))
    if "304" in operation.spec["responses"]:
        walker.send(operation, path, headers={"If-None-Match": "*"})
    if operation.method in ("post", "put"):
        walker.send(operation, path, body=b"[", headers={"Content-Type": "application/json"})
        walker.send(operation, path, body=b"{}", headers={"Content-Type": "text/plain"})
        for body in ({}, [], {"username": "", "email": 1, "title": 5, "is_active": "x",
                              "original_url": "http://localhost/", "user_id": 0, "url_id": 0,
                              "event_type": "", "details": 1, "code": "a", "metadata": []}):
            walker.send(operation, path, body)
    for sent in walker.document.file_examples(operation):
        for spoilt in (sent["body"].replace(b"id,", b""), sent["body"].replace(b"\n9", b"\nx"),
                       sent["body"][:20]):
            walker.send(operation, path, **{**sent, "body": spoilt})
    for parameter in walker.document.parameters(operation):
        if parameter["in"] == "header":
            for value in ('"other"', "no tag", "*"):
                walker.send(operation, path, *([] if good is None else [good]),
                            headers={parameter["name"]: value})
        if parameter["in"] == "query":
            for bad in ("", "-1", "x", "99999999999999999999", "%00"):
                walker.send(operation, f"{path}?{parameter['name']}={bad}")


def provoke_conflicts(walker: Walker, prefix: str) -> None:
    """What only some operations can be made to answer."""
    api = walker.api
    find = walker.document.operation
    one, other = api.make_user(), api.make_user()
    draft = {"username": one["username"], "email": f"{Api.unique('x')}@example.com"}
    walker.send(find("post", f"{prefix}/users"), f"{prefix}/users", draft)
    change = {"username": one["username"]}
    walker.send(find("put", f"{prefix}/users/{{id}}"), f"{prefix}/users/{other['id']}", change)
    link = api.make_link(one["id"])
    for code in (link["short_code"], "users"):
        draft = {"user_id": one["id"], "original_url": "https://example.com", "title": "t",
                 "code": code}
        walker.send(find("post", f"{prefix}/urls"), f"{prefix}/urls", draft)
    for ids in ({"url_id": ABSENT, "user_id": 1}, {"url_id": 1, "user_id": ABSENT}):
        draft = {**ids, "event_type": "share"}
        walker.send(find("post", f"{prefix}/events"), f"{prefix}/events", draft)
    clicks = api.get("/events?event_type=redirect&per_page=1000").json()
    click = next(row for row in reversed(clicks))
    walker.send(find("put", f"{prefix}/events/{{id}}"), f"{prefix}/events/{click['id']}",
                {"event_type": "share"})
    api.put(f"/urls/{link['id']}", {"is_active": False})
    at_root = ["/{code}", "/{code}.svg", "/{code}.png"]
    for path in (f"{prefix}/urls/{{code}}/redirect", *(at_root if not prefix else [])):
        for code in (link["short_code"], "nosuch", "%00"):
            for accept in ("*/*", "text/html"):
                walker.send(find("get", path), path.replace("{code}", code),
                            headers={"Accept": accept})
    for accept in ("text/html", "application/json"):
        walker.send(find("get", "/"), "/", headers={"Accept": accept})


def test_every_documented_status_is_seen_and_no_other(served, document, start_service, report):
    walker = Walker(served, document)
    active = walker.api.make_link()
    walker.api.get(f"/{active['short_code']}")  # a click, which nobody may change
    for operation in document.operations():
        provoke(walker, operation)
        for sent in good_requests(document, operation):
            walker.send(operation, walker.target_of(operation), **sent)
        if "403" in operation.spec["responses"]:
            walker.send(operation, walker.target_of(operation), headers={"Host": "evil.example"})
        with RawConnection(served) as raw:  # two hosts: malformed whatever the operation
            target = walker.target_of(operation)
            raw.send(f"{operation.method.upper()} {target} HTTP/1.1\r\nHost: a\r\nHost: b\r\n\r\n"
                     .encode())
            answer = raw.read_response()
            walker.seen.add((str(operation), str(answer.status)))
            walker.errors += document.answer_errors(operation, answer)
    for prefix in ("", "/v1"):
        provoke_conflicts(walker, prefix)
    keyed = Walker(start_service(env={"API_KEY": "a-key-that-is-not-shown"}), document)
    for operation in document.operations():
        if "401" in operation.spec["responses"]:
            keyed.send(operation, operation.path.replace("{id}", "1"))
    walker.errors += keyed.errors
    walker.seen |= keyed.seen
    assert not walker.errors, "\n".join(sorted(set(walker.errors)))
    documented = {(str(o), status) for o in document.operations() for status in o.spec["responses"]}
    unseen = {pair for pair in documented - walker.seen - AT_ONE_TIME if pair[1] not in RARE}
    assert not unseen, sorted(unseen)
    report(f"{walker.exchanges} requests, {len(walker.seen)} pairs of operation and status seen, "
           f"{len(documented)} documented, none undocumented")


def test_every_operation_has_its_errors_as_problem_documents_too(served, document, report):
    operations = document.operations()
    for operation in operations:
        target = operation.path.replace("{id}", "1").replace("{code}", "nosuch")
        with RawConnection(served) as raw:
            raw.send(f"{operation.method.upper()} {target} HTTP/1.1\r\nHost: a\r\n"
                     "Accept: application/problem+json\r\nHost: b\r\n\r\n".encode())
            answer = raw.read_response()
        assert answer.field("Content-Type") == "application/problem+json", operation
        assert not document.answer_errors(operation, answer)
    report(f"{len(operations)} operations")


def test_every_path_has_the_methods_that_are_documented(served, document):
    api = served.api()
    methods: dict[str, set[str]] = {}
    for operation in document.operations():
        methods.setdefault(operation.path, set()).add(operation.method.upper())
    for path, documented in methods.items():
        target = path.replace("{id}", "1").replace("{code}", "UeWfmJ")
        allowed = set(api.options(target).field("Allow").split(", "))
        assert allowed - {"HEAD", "OPTIONS"} == documented, path


def test_the_page_takes_nothing_from_elsewhere(served):
    api = served.api()
    page = api.get("/docs")
    assert page.status == 200
    assert "'unsafe-inline'" not in page.field("Content-Security-Policy")
    named = re.findall(r'(?:src|href)="([^"]*)"', page.body.decode())
    assert named and b'<meta charset="utf-8">' in page.body
    for target in named:
        assert target.startswith("/"), target
        answer = api.get(target)
        assert answer.status == 200 and answer.body, target
        assert answer.field("X-Content-Type-Options") == "nosniff", target
        if target not in ("/", "/openapi.json"):  # the way back, and the document
            again = api.get(target, headers={"If-None-Match": answer.field("ETag")})
            assert (again.status, again.body) == (304, b""), target
    assert api.get("/docs/nosuch.js").error == "Not found"
    assert api.get("/docs/docs.html").error == "Not found"


def objects_of(value):
    """Every object schema in a part of the document."""
    if isinstance(value, dict):
        if value.get("type") == "object" and isinstance(value.get("properties"), dict):
            yield value
        value = list(value.values())
    for item in value if isinstance(value, list) else []:
        yield from objects_of(item)


def test_answers_are_described_so_that_they_may_grow(document, report):
    """A client made from the document would fail on the first property that is added."""
    schemas = list(objects_of(document.value))
    shut = [schema for schema in schemas if schema.get("additionalProperties") is False]
    assert len(schemas) > 20 and not shut
    report(f"{len(schemas)} schemas of objects, all open")


def test_parameters_are_described_as_they_are(served, document, report):
    """Defaults and conditions are tried, not only read."""
    api = served.api()
    tried = 0
    for operation in document.operations():
        parameters = {p["name"]: p for p in document.parameters(operation)}
        if "304" in operation.spec["responses"]:
            assert "If-None-Match" in parameters, operation
            assert parameters["If-None-Match"]["in"] == "header"
        if operation.method == "get" and "per_page" in parameters:
            schema = parameters["per_page"]["schema"]
            rows = {"users": 400, "urls": 2000, "events": 3422, "audit": 3}
            there = rows[operation.path.rsplit("/", 1)[1]]
            shown = len(api.get(operation.path).json())
            assert shown == min(schema["default"], max(there, shown)), operation
            assert api.get(f"{operation.path}?per_page={schema['maximum']}").status == 200
            assert api.get(f"{operation.path}?per_page={schema['maximum'] + 1}").status == 400
            assert api.get(f"{operation.path}?per_page={schema['minimum'] - 1}").status == 400
            tried += 4
    assert tried == 4 * 8
    for path in ("/", "/docs", "/favicon.ico", "/robots.txt", "/UeWfmJ.svg", "/urls/1/qr",
                 "/urls/1", "/urls/UeWfmJ", "/urls/UeWfmJ/qr"):
        tag = api.get(path).field("ETag")
        for value in (tag, f"W/{tag}", f'"x", {tag}', "*"):
            again = api.get(path, headers={"If-None-Match": value})
            assert (again.status, again.body) == (304, b""), (path, value)
            tried += 1
    report(f"{tried} requests")


def test_times_of_statistics_are_described_as_they_are(served, document):
    operation = document.operation("get", "/urls/{id}/stats")
    for zone in ("UTC", "Asia/Kathmandu", "America/St_Johns"):
        answer = served.api().get(f"/urls/1/stats?time_zone={zone}")
        assert not document.answer_errors(operation, answer)
    spoiled = spoil(document, lambda v: v["components"]["schemas"].update(
        ZonedTime=v["components"]["schemas"]["Time"]))
    assert spoiled.answer_errors(operation, answer), "they are not as all other times"


def spoil(document: Document, change) -> Document:
    value = copy.deepcopy(document.value)
    change(value)
    return Document(value)


@pytest.mark.parametrize("fault, change", [
    ("a property that is not documented",
     lambda v: v["components"]["schemas"]["User"]["properties"].pop("username")),
    ("a status that is not documented",
     lambda v: v["paths"]["/users/{id}"]["get"]["responses"].pop("200")),
    ("a property under another name",
     lambda v: v["components"]["schemas"]["User"]["properties"].update(
         mail=v["components"]["schemas"]["User"]["properties"].pop("email"))),
    ("another type",
     lambda v: v["components"]["schemas"]["User"]["properties"].update(id={"type": "string"})),
    ("a header that does not come",
     lambda v: v["paths"]["/users/{id}"]["get"]["responses"]["200"]["headers"].update(
         Location={"required": True, "schema": {"type": "string"}})),
    ("another media type",
     lambda v: v["paths"]["/users/{id}"]["get"]["responses"]["200"].update(
         content={"text/html": {"schema": {"type": "string"}}})),
])
def test_a_difference_is_noticed(served, document, fault, change):
    answer = served.api().get("/users/1")
    assert not document.answer_errors(document.operation("get", "/users/{id}"), answer)
    spoiled = spoil(document, change)
    operation = spoiled.operation("get", "/users/{id}")
    assert spoiled.answer_errors(operation, answer), fault


def test_an_example_that_breaks_its_schema_is_noticed(document):
    def change(value):
        content = value["paths"]["/users"]["post"]["requestBody"]["content"]["application/json"]
        del content["examples"]["ada"]["value"]["email"]

    assert not document.example_errors()[1]
    assert "email" in json.dumps(spoil(document, change).example_errors()[1])
