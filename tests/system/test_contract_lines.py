"""What clients of the reference rely on, a case a line: the routes, users, the process."""
import json
import sqlite3

import pytest

from harness import seed
from harness.raw_http import RawConnection
from harness.script import Scene, error, faults, request, scripts, text_of, unreadable

USERS = seed.users()
ONE = text_of(USERS[0])
NEEDS_OBJECT = unreadable("Request body must be a JSON object")
BAD_EMAIL = "Email must be a valid email address"
NO_NAME = "Username must be a non-empty string"
HTML = "text/html; charset=utf-8"
MADE = '{"created_at":"<time>","email":"$name@example.com","id":<id>,"username":"$name"}'


# --- routes ---------------------------------------------------------------------------------------

RESOURCES = {
    "users-list": [("GET {at}/users?per_page=1", 200, f"[{ONE}]")],
    "users-create": [
        ('POST {at}/users {"username":"$name","email":"$name@example.com"}', 201, MADE),
        ("POST {at}/users []", 400, NEEDS_OBJECT),
        ('POST {at}/users {"username":"$name","email":"other@example.com"}', 409,
         error("Username is taken")),
        ('POST {at}/users {"username":"x"}', 422, faults(email="Email is required")),
    ],
    "users-read": [
        ("GET {at}/users/1", 200, ONE),
        ("GET {at}/users/$nobody", 404, error("User not found")),
    ],
    "users-update": [
        ('PUT {at}/users/$user {}', 200, MADE),
        ('PUT {at}/users/$user {"username":5}', 400, faults(username=NO_NAME)),
        ('PUT {at}/users/$nobody {}', 404, error("User not found")),
        ('PUT {at}/users/$user {"email":"foresttrail05@example.com"}', 422,
         error("Email is taken")),
    ],
    "users-delete": [
        ("DELETE {at}/users/$user", 204),
        ("DELETE {at}/users/$user", 404, error("User not found")),
    ],
    "urls-list": [("GET {at}/urls?per_page=1", 200, f"[{text_of(seed.links()[0])}]")],
    "urls-create": [
        ('POST {at}/urls {"user_id":$user,"original_url":"https://example.com/","title":""}', 201,
         '{<any>"original_url":"https://example.com/",<any>}'),
        ("POST {at}/urls 5", 400, NEEDS_OBJECT),
        ('POST {at}/urls {"user_id":1,"original_url":"https://example.com/"}', 422,
         faults(title="title is required")),
    ],
    "urls-read": [
        ("GET {at}/urls/1", 200, text_of(seed.links()[0])),
        ("GET {at}/urls/$nobody", 404, error("URL not found")),
    ],
    "urls-update": [
        ('PUT {at}/urls/$link {"title":"Other"}', 200, '{<any>"title":"Other",<any>}'),
        ('PUT {at}/urls/$link {"title":5}', 400, faults(title="title must be a string")),
        ('PUT {at}/urls/$nobody {}', 404, error("URL not found")),
    ],
    "urls-delete": [
        ("DELETE {at}/urls/$link", 204),
        ("DELETE {at}/urls/$link", 404, error("URL not found")),
    ],
    "urls-redirect": [
        ("GET {at}/urls/$code/redirect", 302, "", {"Location": "$target"}),
        ('PUT {at}/urls/$link {"is_active":false}', 200, "<any>"),
        ("GET {at}/urls/$code/redirect", 410, error("URL is deactivated")),
        ("GET {at}/urls/no-such-code/redirect", 404, error("Not found")),
    ],
    "events-list": [("GET {at}/events?per_page=1", 200, '[{<any>"id":1,<any>}]')],
    "events-create": [
        ('POST {at}/events {"url_id":$link,"user_id":$user,"event_type":"x"}', 201, "{<any>}"),
        ("POST {at}/events {}", 400, unreadable("Request body must be JSON")),
        ('POST {at}/events {"url_id":$nobody,"user_id":$user,"event_type":"x"}', 404,
         error("URL not found")),
    ],
    "events-read": [
        ("GET {at}/events/1", 200, '{<any>"id":1,<any>}'),
        ("GET {at}/events/$nobody", 404, error("Event not found")),
    ],
    "events-update": [
        ('PUT {at}/events/$event {"event_type":"y"}', 200, '{<any>"event_type":"y",<any>}'),
        ('PUT {at}/events/$event {"event_type":5}', 400,
         error("event_type must be a non-empty string")),
        ('PUT {at}/events/$nobody {"event_type":"y"}', 404, error("Event not found")),
    ],
    "events-are-not-deleted": [
        ("DELETE {at}/events/1", 405, error("Method not allowed"),
         {"Allow": "GET, HEAD, PUT, OPTIONS"}),
    ],
}


@pytest.mark.parametrize("at", ["", "/v1"], ids=["at-the-root", "under-v1"])
@scripts(RESOURCES)
def test_the_routes_of_the_resources(scene, steps, at):
    scene.play((sent.replace("{at}", at), *rest) for sent, *rest in steps)


PROCESS = {
    "health": [("GET /health", 200, '{"status":"ok"}', {"Content-Length": "16"})],
    "ready": [("GET /health/ready", 200, '{"status":"ok"}', {"Content-Length": "16"})],
    "the-root-tells-programs-what-is-here": [
        (b"GET / HTTP/1.1\r\nHost: localhost\r\nAccept: application/json\r\n\r\n", 200,
         text_of({"name": "ginnel", "users": "/users", "links": "/urls", "events": "/events",
                  "health": "/health/serving", "metrics": "/metrics", "hosts": ["localhost"],
                  "public_url": "http://localhost:PORT"}).replace("PORT", "$port")),
    ],
    "the-root-is-the-page-for-everybody-else": [
        ("GET /", 200, "<!doctype html>\n<any>", {"Content-Type": HTML}),
        (b"GET / HTTP/1.1\r\nHost: localhost\r\nAccept: */*\r\n\r\n", 200,
         "<!doctype html>\n<any>", {"Content-Type": HTML}),
    ],
    "metrics-are-text-for-prometheus": [
        ("GET /metrics", 200, "# HELP <any>",
         {"Content-Type": "text/plain; version=0.0.4; charset=utf-8"}),
    ],
    "docs-is-a-page": [
        ("GET /docs", 200, "<!DOCTYPE html>\n<any>", {"Content-Type": HTML}),
        ("GET /docs/", 200, "<!DOCTYPE html>\n<any>", {"Content-Type": HTML}),
    ],
    "process-routes-stand-at-the-root-alone": [
        (f"GET /v1{path}", 404, error("Not found"))
        for path in ("/", "/health", "/health/ready", "/metrics", "/docs", "/apispec.json")
    ],
    "an-asset-that-is-not-there": [("GET /static/nothing.js", 404, error("Not found"))],
    "an-unknown-path-is-json": [
        ("GET /no/such/path", 404, error("Not found")),
        ("POST /no/such/path {}", 404, error("Not found")),
    ],
    "a-method-that-is-not-there-is-json": [
        ("DELETE /users", 405, error("Method not allowed"), {"Allow": "GET, HEAD, POST, OPTIONS"}),
        ("PATCH /urls/1 {}", 405, error("Method not allowed"),
         {"Allow": "GET, HEAD, PUT, DELETE, OPTIONS"}),
    ],
    "a-request-id-is-echoed": [
        (b"GET /health HTTP/1.1\r\nHost: localhost\r\nX-Request-ID: my-id-1\r\n\r\n", 200,
         '{"status":"ok"}', {"X-Request-ID": "my-id-1"}),
        (b"GET /nosuch/x HTTP/1.1\r\nHost: localhost\r\nX-Request-ID: my-id-2\r\n\r\n", 404,
         error("Not found"), {"X-Request-ID": "my-id-2"}),
    ],
}


@scripts(PROCESS)
def test_the_routes_of_the_process(scene, steps):
    scene.play(steps)


def test_a_request_id_is_made_for_those_who_send_none(scene):
    made = {scene.ask("GET /health", 200, '{"status":"ok"}').field("X-Request-ID") for _ in "123"}
    assert len(made) == 3 and all(len(i) == 32 and int(i, 16) for i in made)


def test_ready_is_503_while_the_database_does_not_answer(start_service):
    """The table it asks for is away for a while; being alive and known links need no database."""
    service = start_service()
    service.expected_errors.append("")
    scene = Scene(service)
    scene.ask("GET /urls/$code/redirect", 302, "", {"Location": "$target"})
    scene.ask("GET /health/ready", 200, '{"status":"ok"}')
    database = sqlite3.connect(service.database, isolation_level=None)
    database.execute("ALTER TABLE sequences RENAME TO away")
    scene.ask("GET /health/ready", 503, '{"status":"unavailable"}', {"Retry-After": "1"})
    scene.ask("GET /health", 200, '{"status":"ok"}')
    scene.ask("GET /metrics", 200, "<any>", {"Content-Type": "text/plain<any>"})
    scene.ask("GET /urls/$code/redirect", 302, "", {"Location": "$target"})
    database.execute("ALTER TABLE away RENAME TO sequences")
    database.close()
    scene.ask("GET /health/ready", 200, '{"status":"ok"}')
    scene.close()


def test_with_a_key_only_the_public_routes_answer_without_it(start_service):
    scene = Scene(start_service(env={"API_KEY": "a-key-of-sixteen-letters"}))
    refused = error("Unauthorized \u2013 invalid or missing API key")
    for path in ("/users", "/urls", "/events/1", "/v1/users"):
        scene.ask(f"GET {path}", 401, refused)
    for path in ("/health", "/health/ready"):
        scene.ask(f"GET {path}", 200, '{"status":"ok"}')
    scene.ask("GET /urls/nosuch/redirect", 404, error("Not found"))
    shown = b"GET /users HTTP/1.1\r\nHost: localhost\r\nX-API-Key: %s\r\n\r\n"
    scene.ask(shown % b"a-key-of-sixteen-letters", 200, "[]")
    scene.ask(shown % b"another-key-of-its-length", 401, refused)
    scene.close()


def test_the_served_document_describes_every_route(scene):
    answer = scene.ask("GET /apispec.json", 200, "<any>")
    paths = json.loads(answer.body)["paths"]
    assert {path: set(item) & {"get", "post", "put", "delete"} for path, item in paths.items()
            if path.startswith(("/users", "/urls", "/events"))}.items() >= {
        "/users": {"get", "post"},
        "/users/{id}": {"get", "put", "delete"},
        "/urls": {"get", "post"},
        "/urls/{id}": {"get", "put", "delete"},
        "/urls/{code}/redirect": {"get"},
        "/events": {"get", "post"},
        "/events/{id}": {"get", "put"},
    }.items()


def test_empty_tables_are_empty_arrays(fresh_service):
    with RawConnection(fresh_service) as raw:
        for path in ("/users", "/urls", "/events", "/v1/users", "/v1/urls", "/v1/events"):
            answer = raw.exchange(f"GET {path} HTTP/1.1\r\nHost: localhost\r\n\r\n".encode())
            assert (answer.status, answer.body) == (200, b"[]\n")
            assert answer.field("Content-Type") == "application/json"


# --- users ----------------------------------------------------------------------------------------


def bad_page(name: str, least: int = 1) -> str:
    return faults(**{name: f"{name} must be a whole number from {least} to 9007199254740991"})


LISTS_OF_USERS = {
    "users-the-page-is-20-rows-by-id": [("GET /users", 200, text_of(USERS[:20]))],
    "users-second-page-goes-on": [
        ("GET /users?page=1&per_page=3", 200, text_of(USERS[:3])),
        ("GET /users?page=2&per_page=3", 200, text_of(USERS[3:6])),
        ("GET /users?page=2", 200, text_of(USERS[20:40])),
    ],
    "users-page-beyond-the-end": [("GET /users?page=5000", 200, "[]")],
    "users-cursor-is-strictly-greater": [
        ("GET /users?cursor=5&per_page=2", 200, text_of(USERS[5:7])),
        ("GET /users?cursor=0&per_page=1", 200, f"[{ONE}]"),
        ("GET /users?cursor=5", 200, text_of(USERS[5:25])),
    ],
    "users-cursor-wins-over-page": [
        ("GET /users?cursor=5&page=9&per_page=2", 200, text_of(USERS[5:7])),
    ],
    "users-page-zero-or-negative-is-told": [
        ("GET /users?page=0", 400, bad_page("page")),
        ("GET /users?page=-3", 400, bad_page("page")),
    ],
    "users-page-size-zero-or-negative-is-told": [
        ("GET /users?per_page=0", 400, bad_page("per_page")),
        ("GET /users?per_page=-1", 400, bad_page("per_page")),
        ("GET /users?per_page=9223372036854775808", 400, bad_page("per_page")),
    ],
    "users-what-is-no-number-is-told": [
        ("GET /users?cursor=abc", 400, bad_page("cursor", 0)),
        ("GET /users?page=1.5", 400, bad_page("page")),
        ("GET /users?per_page=", 400, bad_page("per_page")),
    ],
    "users-an-id-is-digits": [
        ("GET /users/abc", 404, error("Not found")),
        ("GET /users/-1", 404, error("Not found")),
        ("GET /users/1/", 404, error("Not found")),
        ("GET /users/01", 200, ONE),
        ("GET /users/100000000000000000000000", 404, error("User not found")),
    ],
}

NEW_USERS = {
    "users-a-new-one-has-four-keys": [
        ('POST /users {"username":"$name","email":"$name@example.com"}', 201,
         '{"created_at":"<time>","email":"$name@example.com","id":<id user>,"username":"$name"}',
         {"Location": "/users/$user"}),
        ("GET /users/$user", 200, MADE),
    ],
    "users-unknown-fields-are-ignored": [
        ('POST /users {"username":"$name","email":"$name@example.com","id":1,"created_at":"x"}',
         201, MADE),
    ],
    "users-a-body-that-is-no-object": [
        ("POST /users []", 400, NEEDS_OBJECT),
        ('POST /users "text"', 400, NEEDS_OBJECT),
        ("POST /users 5", 400, NEEDS_OBJECT),
        ("POST /users null", 400, NEEDS_OBJECT),
    ],
    "users-no-body-or-none-that-is-json": [
        ("POST /users", 400, NEEDS_OBJECT),
        ('POST /users {"username":', 400, NEEDS_OBJECT),
        (request("POST /users", b'{"username":"\xff"}'), 400, NEEDS_OBJECT),
        (request("POST /users", b'{"username":"a","email":"a@b.cd"}', "text/plain"), 400,
         NEEDS_OBJECT),
        (request("POST /users", b'{"username":"a","email":"a@b.cd"}', None), 400, NEEDS_OBJECT),
    ],
    "users-every-missing-field-is-told": [
        ("POST /users {}", 422,
         faults(email="Email is required", username="Username is required")),
    ],
    "users-a-username-is-a-text-that-says-something": [
        (f'POST /users {{"username":{value},"email":"$name@example.com"}}', 422,
         faults(username=NO_NAME))
        for value in ("5", "null", "true", "[]", '""', '"   "', '"\\t\\n"')
    ],
    "users-an-email-has-a-sign-and-a-dot": [
        (f'POST /users {{"username":"$name","email":{value}}}', 422, faults(email=BAD_EMAIL))
        for value in ('"a@b"', '"a"', '"@b.cd"', '"a@b c.de"', '"a@@b.cd"', "5", "null", '""')
    ],
    "users-an-email-has-254-characters-at-most": [
        (f'POST /users {{"username":"$name","email":"{"x" * 250}@b.cd"}}', 422,
         faults(email=BAD_EMAIL)),
        (f'POST /users {{"username":"$name","email":"{"x" * 249}@b.cd"}}', 201,
         f'{{"created_at":"<time>","email":"{"x" * 249}@b.cd","id":<id>,"username":"$name"}}'),
    ],
    "users-the-rule-for-emails-is-loose": [
        ('POST /users {"username":"$name","email":"$name..x@b.c"}', 201,
         '{"created_at":"<time>","email":"$name..x@b.c","id":<id>,"username":"$name"}'),
        ('POST /users {"username":"y$name","email":"$name@b..c"}', 422, faults(email=BAD_EMAIL)),
        ('POST /users {"username":"x$name","email":"${name}ü@b.cd"}', 201,
         '{"created_at":"<time>","email":"${name}\\u00fc@b.cd","id":<id>,"username":"x$name"}'),
    ],
    "users-both-faults-are-told-together": [
        ('POST /users {"username":5,"email":"a@b"}', 422,
         faults(email=BAD_EMAIL, username=NO_NAME)),
    ],
    "users-a-duplicate-is-409": [
        ("GET /users/$user", 200, MADE),
        ('POST /users {"username":"$name","email":"new$name@example.com"}', 409,
         error("Username is taken")),
        ('POST /users {"username":"new $name","email":"$name@example.com"}', 409,
         error("Email is taken")),
    ],
    "users-the-space-around-is-not-kept": [
        ('POST /users {"username":"  $name ","email":" $name@example.com\\n"}', 201, MADE),
    ],
    "users-150-characters-fit-and-151-are-told": [
        (f'POST /users {{"username":"{"y" * 150}","email":"$name@example.com"}}', 201, "<any>"),
        (f'POST /users {{"username":"{"y" * 151}","email":"x$name@example.com"}}', 422,
         faults(username="Username must not exceed 150 characters")),
    ],
}

CHANGED_USERS = {
    "users-one-is-read": [("GET /users/1", 200, ONE), ("GET /users/400", 200, text_of(USERS[399]))],
    "users-one-that-is-not-there": [("GET /users/$nobody", 404, error("User not found"))],
    "users-a-change-looks-for-the-user-first": [
        ("PUT /users/$nobody nonsense", 404, error("User not found")),
        ("PUT /users/$user nonsense", 400, NEEDS_OBJECT),
        ("PUT /users/$user", 400, NEEDS_OBJECT),
        ('PUT /users/$user [1]', 400, NEEDS_OBJECT),
    ],
    "users-a-change-checks-what-was-sent-alone": [
        ('PUT /users/$user {"username":" "}', 400, faults(username=NO_NAME)),
        ('PUT /users/$user {"email":"a@b"}', 400, faults(email=BAD_EMAIL)),
        ('PUT /users/$user {"username":5,"email":5}', 400,
         faults(email=BAD_EMAIL, username=NO_NAME)),
        ("GET /users/$user", 200, MADE),
    ],
    "users-a-change-to-what-is-taken-is-422": [
        ('PUT /users/$user {"username":"foresttrail05"}', 422, error("Username is taken")),
        ('PUT /users/$user {"email":"foresttrail05@example.com"}', 422, error("Email is taken")),
        ("GET /users/$user", 200, MADE),
    ],
    "users-a-change-of-nothing-is-200": [
        ("PUT /users/$user {}", 200, MADE),
        ('PUT /users/$user {"id":1,"created_at":"x","more":[]}', 200, MADE),
    ],
    "users-a-change-is-kept": [
        ('PUT /users/$user {"username":"New $name"}', 200,
         '{"created_at":"<time>","email":"$name@example.com","id":$user,"username":"New $name"}'),
        ('PUT /users/$user {"email":"new$name@b.cd"}', 200,
         '{"created_at":"<time>","email":"new$name@b.cd","id":$user,"username":"New $name"}'),
        ("GET /users/$user", 200,
         '{"created_at":"<time>","email":"new$name@b.cd","id":$user,"username":"New $name"}'),
    ],
    "users-a-change-leaves-no-event": [
        ('PUT /users/$user {"username":"New $name"}', 200, "<any>"),
        ("GET /events?user_id=$user", 200, "[]"),
    ],
    "users-a-change-that-does-not-fit-is-told": [
        (f'PUT /users/$user {{"username":"{"y" * 151}"}}', 400,
         faults(username="Username must not exceed 150 characters")),
    ],
    "users-a-second-delete-is-404": [
        ("DELETE /users/$user", 204),
        ("GET /users/$user", 404, error("User not found")),
        ("DELETE /users/$user", 404, error("User not found")),
    ],
    "users-a-delete-takes-the-links-and-frees-the-events": [
        ('GET /events?url_id=$link', 200, '[{<any>"id":<id created>,<any>}]'),
        ('POST /events {"url_id":1,"user_id":$user,"event_type":"seen"}', 201,
         '{<any>"id":<id seen>,<any>}'),
        ("DELETE /users/$user", 204),
        ("GET /urls/$link", 404, error("URL not found")),
        ("GET /urls/$code/redirect", 404, error("Not found")),
        ("GET /events/$created", 200, '{<any>"url_id":null,"user_id":null}'),
        ("GET /events/$seen", 200, '{<any>"url_id":1,"user_id":null}'),
        ("GET /urls?user_id=$user", 200, "[]"),
        ("GET /events?user_id=$user", 200, "[]"),
    ],
}


@scripts(LISTS_OF_USERS)
def test_lists_of_users(scene, steps):
    scene.play(steps)


@scripts(NEW_USERS)
def test_new_users(scene, steps):
    scene.play(steps)


@scripts(CHANGED_USERS)
def test_reading_changing_and_deleting_users(scene, steps):
    scene.play(steps)
