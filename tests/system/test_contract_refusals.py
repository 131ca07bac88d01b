"""What the reference answers with 500, takes in silence or hides, and this service tells."""
import json

import pytest
from harness.script import NOBODY, error, faults, unreadable

BAD_HOST = "URL hostname contains invalid characters"


def page_of(name: str) -> str:
    return faults(**{name: f"{name} must be a whole number from 1 to 9007199254740991"})


def link_with(**fields: str) -> str:
    draft = {"user_id": "1", "original_url": '"https://example.com/"', "title": '""', **fields}
    return "POST /urls {" + ",".join(f'"{key}":{value}' for key, value in draft.items()) + "}"


def event_with(**fields: str) -> str:
    draft = {"url_id": "1", "user_id": "1", "event_type": '"x"', **fields}
    return "POST /events {" + ",".join(f'"{key}":{value}' for key, value in draft.items()) + "}"


def name_fault(message: str) -> str:
    return faults(username=f"Username {message}")


OWN_FAULTS = {
    "a-username-too-long": (f'POST /users {{"username":"{"x" * 151}","email":"a@b.cd"}}', 422,
                            name_fault("must not exceed 150 characters")),
    "a-username-with-nul": ('POST /users {"username":"a\\u0000","email":"a@b.cd"}', 422,
                            name_fault("must not contain control characters")),
    "a-username-with-half-a-pair": ('POST /users {"username":"a\\ud800","email":"a@b.cd"}', 422,
                                    name_fault("holds text that is not Unicode")),
    "an-email-with-half-a-pair": ('POST /users {"username":"a","email":"\\udc00@b.cd"}', 422,
                                  faults(email="Email holds text that is not Unicode")),
    "a-title-too-long": (link_with(title=f'"{"x" * 501}"'), 422,
                         faults(title="title must not exceed 500 characters")),
    "a-title-with-nul": (link_with(title='"a\\u0000"'), 422,
                         faults(title="title must not contain U+0000")),
    "a-title-with-half-a-pair": (link_with(title='"a\\ud800"'), 422,
                                 faults(title="title holds text that is not Unicode")),
    "a-type-too-long": (event_with(event_type=f'"{"x" * 51}"'), 400,
                        error("event_type must not exceed 50 characters")),
    "a-type-with-nul": (event_with(event_type='"a\\u0000"'), 400,
                        error("event_type must not contain control characters")),
    "details-with-nul": (event_with(details='{"a":"\\u0000"}'), 400,
                         error("details.a holds U+0000")),
    "details-with-half-a-pair": (event_with(details='{"a":"\\ud800"}'), 400,
                                 error("details.a holds a lone surrogate")),
    "details-with-nan": (event_with(details='{"a":NaN}'), 400,
                         unreadable("Request body must be JSON")),
    "details-beyond-a-double": (event_with(details='{"a":1e400}'), 400,
                                error("details.a is a number beyond what a double can hold")),
    "an-event-that-is-an-array": ("POST /events [1]", 400,
                                  unreadable("Request body must be a JSON object")),
    "an-event-that-is-a-number": ("POST /events 5", 400,
                                  unreadable("Request body must be a JSON object")),
    "a-type-of-nul-in-a-filter": ("GET /events?event_type=%00", 200, "[]"),
    "a-code-of-nul": ("GET /urls/%00/redirect", 404, error("Not found")),
    "a-page-size-below-zero": ("GET /users?per_page=-1", 400, page_of("per_page")),
    "a-page-size-beyond-64-bits": ("GET /events?per_page=99999999999999999999", 400,
                                   page_of("per_page")),
    "brackets-that-do-not-match": (link_with(original_url='"http://[::1"'), 422,
                                   faults(original_url="URL has an invalid or missing host")),
    "a-bracket-alone": (link_with(original_url='"http://]/"'), 422,
                        faults(original_url=BAD_HOST)),
    "a-host-that-maps-to-a-slash": (link_with(original_url='"http://ex℀ample.com/"'), 422,
                                    faults(original_url=BAD_HOST)),
}


@pytest.mark.parametrize("sent, status, answer", OWN_FAULTS.values(), ids=OWN_FAULTS.keys())
def test_a_clients_fault_is_told_to_the_client(scene, sent, status, answer):
    scene.ask(sent, status, answer)


UNSAFE_HOSTS = [
    "foo.localhost", "a.local.", "metadata.google.internal", "x.internal", "nas.home.arpa",
    "kubernetes.default.svc", "127.0.0.1.nip.io", "localtest.me", "localhost:8080",
    "100.64.0.1", "0.1.2.3", "192.0.0.8", "198.18.0.1", "224.0.0.1", "[::ffff:10.0.0.1]",
    "[::127.0.0.1]", "[64:ff9b::a00:1]", "0x7f.1", "127.1", "%31%32%37.0.0.1",
]
GOOD_HOSTS = [
    "xn--e1afmkfd.xn--p1ai", "пример.рф", "8.8.8.8", "[2606:4700::1111]", "b_c.example.com",
]


@pytest.mark.parametrize("host", UNSAFE_HOSTS)
def test_a_target_inside_somebodys_network_is_refused(scene, host):
    scene.ask(link_with(original_url=f'"http://{host}/"'), 422,
              '{"details":{"original_url":"URL references a <any>"},"error":"Validation failed"}')


@pytest.mark.parametrize("host", GOOD_HOSTS, ids=ascii)
def test_a_public_target_is_taken_in_any_script(scene, host):
    scene.ask(link_with(original_url=f'"http://{host}/"', user_id="$user"), 201, "{<any>}")


def test_texts_are_kept_without_the_space_around_and_names_are_one_in_any_case(scene):
    scene.ask(link_with(user_id="$user", original_url='"  https://example.com/x \\t\\n"'), 201,
              '{<any>"id":<id link>,<any>"short_code":"<code code>",<any>}')
    scene.ask("GET /urls/$link", 200, '{<any>"original_url":"https://example.com/x",<any>}')
    scene.ask("GET /$code", 302, "", {"Location": "https://example.com/x"})
    scene.ask('POST /users {"username":" New$name ","email":"New$name@B.cd\\n"}', 201,
              '{<any>"email":"New$name@B.cd",<any>"username":"New$name"}')
    scene.ask('POST /users {"username":"NEW$name","email":"other@b.cd"}', 409,
              error("Username is taken"))
    scene.ask('POST /users {"username":"other","email":"nEW$name@b.CD"}', 409,
              error("Email is taken"))


def test_a_conflict_tells_neither_the_store_nor_the_row(scene):
    for sent, status in [
        ('POST /users {"username":"foresttrail05","email":"x$name@b.cd"}', 409),
        ('PUT /users/$user {"username":"foresttrail05"}', 422),
    ]:
        scene.ask(sent, status, error("Username is taken"))
    scene.ask(link_with(code='"UeWfmJ"'), 409, error("This short code is taken"))


def test_no_page_has_more_than_1000_rows(scene):
    for path in ("/urls", "/events"):
        answer = scene.ask(f"GET {path}?per_page=1000000", 200, "[<any>]")
        assert len(json.loads(answer.body)) == 1000
        assert answer.field("Link").endswith('>; rel="next"')


def test_one_way_to_page_through_every_list(scene):
    for path, name in (("/users", "cursor"), ("/urls", "page_num"), ("/events", "cursor")):
        answer = scene.ask(f"GET {path}?cursor=7&per_page=2", 200, "[<any>]")
        assert [row["id"] for row in json.loads(answer.body)] == [8, 9]
        answer = scene.ask(f"GET {path}?per_page=2", 200, "[<any>]")
        assert f"{name}=2" in answer.field("Link") and "per_page=2" in answer.field("Link")


def test_what_is_not_understood_is_told(scene):
    scene.ask("GET /urls?is_active=1", 400, faults(is_active="is_active must be true or false"))
    scene.ask("GET /urls?user_id=true", 400,
              faults(user_id=f"user_id must be a whole number from 0 to {NOBODY}"))
    scene.ask(link_with(user_id="true"), 422, faults(user_id="user_id must be an integer"))
    scene.ask(event_with(url_id="true"), 400, error("url_id must be an integer"))
    scene.ask("PUT /users {}", 405, error("Method not allowed"),
              {"Allow": "GET, HEAD, POST, OPTIONS"})


def test_a_short_link_is_short_chosen_counted_and_can_be_led_elsewhere(scene):
    fields = {"Cache-Control": "private, no-store"}
    code = f"my-{scene['name']}"
    scene.ask(link_with(user_id="$user", code=f'"{code}"'), 201,
              f'{{<any>"id":<id link>,<any>"short_code":"{code}",<any>}}',
              {"X-Short-URL": f"http://localhost:$port/{code}"})
    scene.ask(f"GET /{code}", 302, "", {"Location": "https://example.com/", **fields})
    scene.ask('PUT /urls/$link {"original_url":"https://example.org/"}', 200, "{<any>}")
    scene.ask(f"GET /{code}", 302, "", {"Location": "https://example.org/", **fields})
    scene.ask('PUT /urls/$link {"is_active":false}', 200, "{<any>}")
    scene.ask(f"GET /{code}", 410, error("URL is deactivated"), fields)
    scene.ship()
    scene.ask("GET /urls/$link/stats", 200, '{<any>"clicks":2,<any>}')
