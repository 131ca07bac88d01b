"""What clients of the reference rely on, a case a line: links, their targets, redirects."""
import pytest

from harness import seed
from harness.script import error, faults, request, scripts, text_of, unreadable

LINKS = seed.links()
ONE = text_of(LINKS[0])
OFF = [link for link in LINKS if not link["is_active"]]
OF_USER_1 = [link for link in LINKS if link["user_id"] == 1]
NEEDS_OBJECT = unreadable("Request body must be a JSON object")
NO_USER = "User 9007199254740991 not found"
AS_MADE = ('{"created_at":"<time made>","id":$link,"is_active":true,"original_url":"$target",'
           '"short_code":"$code","title":"A title","updated_at":"<time made>","user_id":$user}')
GOOD = '"original_url":"https://example.com/"'


def changed(title: str, active: str, target: str = "$target") -> str:
    return (f'{{"created_at":"<time>","id":$link,"is_active":{active},"original_url":"{target}",'
            f'"short_code":"$code","title":"{title}","updated_at":"<time>","user_id":$user}}')


def bad(name: str, least: int) -> str:
    return faults(**{name: f"{name} must be a whole number from {least} to 9007199254740991"})


LISTS = {
    "urls-the-page-is-100-rows-by-id": [("GET /urls", 200, text_of(LINKS[:100]))],
    "urls-page-num-is-the-last-id-seen": [
        ("GET /urls?page_num=5&per_page=2", 200, text_of(LINKS[5:7])),
        ("GET /urls?page_num=0&per_page=1", 200, f"[{ONE}]"),
        ("GET /urls?page_num=1900", 200, '[{<any>"id":1901,<any>'),
    ],
    "urls-page-is-ignored": [("GET /urls?page=3&per_page=2", 200, text_of(LINKS[:2]))],
    "urls-of-a-user": [
        ("GET /urls?user_id=1", 200, text_of(OF_USER_1)),
        ("GET /urls?user_id=$nobody", 200, "[]"),
        ("GET /urls?user_id=118", 200, "[]"),
    ],
    "urls-that-are-active-or-not": [
        ("GET /urls?is_active=false&per_page=3", 200, text_of(OFF[:3])),
        ("GET /urls?is_active=FALSE&per_page=3", 200, text_of(OFF[:3])),
        ("GET /urls?is_active=true&per_page=3", 200,
         text_of([link for link in LINKS if link["is_active"]][:3])),
        ("GET /urls?user_id=1&is_active=True", 200,
         text_of([link for link in OF_USER_1 if link["is_active"]])),
    ],
    "urls-an-is-active-that-is-neither-is-told": [
        (f"GET /urls?is_active={value}", 400, faults(is_active="is_active must be true or false"))
        for value in ("1", "yes", "")
    ],
    "urls-page-size-zero-negative-or-huge-is-told": [
        (f"GET /urls?per_page={value}", 400, bad("per_page", 1))
        for value in ("0", "-1", "9223372036854775808")
    ],
    "urls-a-filter-that-is-no-number-is-told": [
        ("GET /urls?user_id=abc", 400, bad("user_id", 0)),
        ("GET /urls?page_num=x", 400, bad("page_num", 0)),
    ],
}

NEW = {
    "urls-a-new-one-has-eight-keys": [
        ('POST /urls {"user_id":$user,"original_url":"https://example.com/?a=b#c","title":"T"}',
         201,
         '{"created_at":"<time made>","id":<id link>,"is_active":true,'
         '"original_url":"https://example.com/?a=b#c","short_code":"<code code>","title":"T",'
         '"updated_at":"<time made>","user_id":$user}', {"Location": "/urls/$link"}),
        ("GET /urls/$code/redirect", 302, "", {"Location": "https://example.com/?a=b#c"}),
    ],
    "urls-a-body-that-is-no-object": [
        *((f"POST /urls {body}", 400, NEEDS_OBJECT) for body in ("[]", '"x"', "5", "null", "{")),
        ("POST /urls", 400, NEEDS_OBJECT),
        (request("POST /urls", b'{"user_id":1}', "text/plain"), 400, NEEDS_OBJECT),
    ],
    "urls-every-missing-field-is-told": [
        ("POST /urls {}", 422,
         faults(original_url="original_url is required", title="title is required",
                user_id="user_id is required")),
    ],
    "urls-an-owner-is-an-integer": [
        (f'POST /urls {{"user_id":{value},{GOOD},"title":""}}', 422,
         faults(user_id="user_id must be an integer"))
        for value in ("1.5", '"1"', "null", "true", "false", "[]", "{}")
    ],
    "urls-an-owner-nobody-knows-is-400": [
        (f'POST /urls {{"user_id":$nobody,{GOOD},"title":""}}', 400, error(NO_USER)),
    ],
    "urls-the-owner-is-looked-for-after-the-fields": [
        (f'POST /urls {{"user_id":$nobody,{GOOD},"title":5}}', 422,
         faults(title="title must be a string")),
    ],
    "urls-a-target-is-a-text-that-says-something": [
        (f'POST /urls {{"user_id":1,"original_url":{value},"title":""}}', 422,
         faults(original_url="original_url must be a non-empty string"))
        for value in ("5", "null", "true", "[]", '""', '"  "')
    ],
    "urls-a-title-is-a-text": [
        *((f'POST /urls {{"user_id":1,{GOOD},"title":{value}}}', 422,
           faults(title="title must be a string")) for value in ("5", "null", "true", "[]")),
        (f'POST /urls {{"user_id":$user,{GOOD},"title":""}}', 201, '{<any>"title":"",<any>}'),
    ],
    "urls-500-characters-of-title-fit-and-501-are-told": [
        (f'POST /urls {{"user_id":$user,{GOOD},"title":"{"t" * 500}"}}', 201, "{<any>}"),
        (f'POST /urls {{"user_id":$user,{GOOD},"title":"{"t" * 501}"}}', 422,
         faults(title="title must not exceed 500 characters")),
    ],
    "urls-what-nobody-may-choose-is-ignored": [
        (f'POST /urls {{"user_id":$user,{GOOD},"title":"","is_active":false,"id":1,'
         '"short_code":"UeWfmJ","created_at":"x"}', 201,
         '{"created_at":"<time>","id":<id link>,"is_active":true,"original_url":'
         '"https://example.com/","short_code":"<code code>","title":"","updated_at":"<time>",'
         '"user_id":$user}'),
    ],
    "urls-a-new-one-leaves-a-created-event-at-once": [
        ("GET /urls/$link", 200, AS_MADE),
        ("GET /events?url_id=$link", 200,
         '[{"details":{"original_url":"$target","short_code":"$code"},"event_type":"created",'
         '"id":<id>,"timestamp":"$made","url_id":$link,"user_id":$user}]'),
    ],
}

CHANGED = {
    "urls-one-is-read": [("GET /urls/1", 200, ONE), ("GET /urls/2000", 200, text_of(LINKS[1999]))],
    "urls-one-that-is-not-there": [("GET /urls/$nobody", 404, error("URL not found"))],
    "urls-a-change-looks-for-the-link-first": [
        ("PUT /urls/$nobody nonsense", 404, error("URL not found")),
        ("PUT /urls/$link nonsense", 400, NEEDS_OBJECT),
        ("PUT /urls/$link", 400, NEEDS_OBJECT),
        ("PUT /urls/$link [1]", 400, NEEDS_OBJECT),
    ],
    "urls-a-change-of-title-and-state": [
        ('PUT /urls/$link {"title":"New"}', 200, changed("New", "true")),
        ('PUT /urls/$link {"is_active":false}', 200, changed("New", "false")),
        ("GET /urls/$link", 200, changed("New", "false")),
        ('PUT /urls/$link {"title":"","is_active":true}', 200, changed("", "true")),
    ],
    "urls-a-state-is-a-boolean": [
        (f'PUT /urls/$link {{"is_active":{value}}}', 400,
         faults(is_active="is_active must be a boolean"))
        for value in ("0", "1", "null", '"true"', "[]")
    ],
    "urls-faults-of-a-change-are-told-together": [
        ('PUT /urls/$link {"title":null,"is_active":0}', 400,
         faults(is_active="is_active must be a boolean", title="title must be a string")),
        (f'PUT /urls/$link {{"title":"{"t" * 501}"}}', 400,
         faults(title="title must not exceed 500 characters")),
        ("GET /urls/$link", 200, AS_MADE),
    ],
    "urls-what-cannot-change-is-ignored": [
        ('PUT /urls/$link {"short_code":"zzzzzz","user_id":1,"id":1,"created_at":"x"}', 200,
         changed("A title", "true")),
    ],
    "urls-a-change-leaves-an-updated-event": [
        ('PUT /urls/$link {"title":"New","is_active":false}', 200, changed("New", "false")),
        ("GET /events?url_id=$link&event_type=updated", 200,
         '[{"details":{"is_active":false,"title":"New"},"event_type":"updated","id":<id>,'
         '"timestamp":"<time>","url_id":$link,"user_id":$user}]'),
    ],
    "urls-a-delete-frees-the-events": [
        ("GET /events?url_id=$link", 200, '[{<any>"id":<id created>,<any>}]'),
        ("DELETE /urls/$link", 204),
        ("GET /urls/$link", 404, error("URL not found")),
        ("GET /urls/$code/redirect", 404, error("Not found")),
        ("GET /events/$created", 200, '{<any>"url_id":null,"user_id":$user}'),
        ("DELETE /urls/$link", 404, error("URL not found")),
    ],
}


@scripts(LISTS)
def test_lists_of_links(scene, steps):
    scene.play(steps)


@scripts(NEW)
def test_new_links(scene, steps):
    scene.play(steps)


@scripts(CHANGED)
def test_reading_changing_and_deleting_links(scene, steps):
    scene.play(steps)


def test_ten_links_have_ten_codes(scene):
    codes = set()
    for _ in range(10):
        scene.ask(f'POST /urls {{"user_id":$user,{GOOD},"title":""}}', 201,
                  '{<any>"short_code":"<code new>",<any>}')
        codes.add(scene["new"])
    assert len(codes) == 10


def test_even_an_empty_change_moves_the_time(scene):
    scene.ask("GET /urls/$link", 200, AS_MADE)
    for fields in ("{}", '{"unknown":1}'):
        scene.ask(f"PUT /urls/$link {fields}", 200,
                  '{"created_at":"$made","id":$link,"is_active":true,"original_url":"$target",'
                  '"short_code":"$code","title":"A title","updated_at":"<time later>",'
                  '"user_id":$user}')
        assert scene["later"] > scene["made"]
    scene.ask("GET /events?url_id=$link&event_type=updated&per_page=1", 200,
              '[{"details":{},<any>}]')


# --- targets --------------------------------------------------------------------------------------

INVALID = "URL contains invalid characters"
SCHEME = "URL must start with http:// or https://"
HOST = "URL has an invalid or missing host"
PORT = "URL has an invalid port"
RESERVED = "URL references a reserved or private host"
PRIVATE = "URL references a private or loopback IP address"
CHARACTERS = "URL hostname contains invalid characters"
TLD = "URL has an invalid top-level domain"

# The id of a case, the message, and the targets that get it.
REFUSED = {
    "2049-characters": ("URL must not exceed 2048 characters",
                        "https://example.com/" + "x" * 2029),
    "control-characters": (INVALID, "https://example.com/\\u0001", "https://exa\\tmple.com/",
                           "https://example.com/\\u007f"),
    "another-scheme": (SCHEME, "ftp://example.com/", "javascript:alert(1)", "example.com"),
    "no-host": (HOST, "http:///x", "https://", "http://?q", "http:// example.com/"),
    "credentials": ("URL must not contain credentials", "https://a:b@example.com/",
                    "https://a@example.com/"),
    "a-port-that-is-none": (PORT, "https://example.com:65536/", "https://example.com:x/",
                            "https://example.com:-1/"),
    "port-zero": ("URL port is out of range", "https://example.com:0/"),
    "a-port-and-no-host": (HOST, "https://:80/"),
    "names-of-this-machine": (RESERVED, "http://localhost/", "http://LOCALHOST:80/x",
                              "http://localhost.localdomain/", "http://broadcasthost/",
                              "http://printer.local/", "http://0.0.0.0/"),
    "private-addresses": (PRIVATE, "http://127.0.0.1/", "http://127.255.0.9/", "http://10.1.2.3/",
                          "http://172.16.0.1/", "http://172.31.255.255/", "http://192.168.0.1/",
                          "http://169.254.169.254/", "http://[::1]:80/", "http://[fc00::1]:80/",
                          "http://[fd12::1]/", "http://[fe80::1]/"),
    "254-characters-of-host": ("URL hostname is too long",
                               "https://" + ".".join(["a" * 62] * 4) + ".com/"),
    "one-label": ("URL hostname must include a domain and TLD", "https://example/"),
    "an-empty-label": ("URL hostname contains an empty label", "https://a..example.com/"),
    "64-characters-of-label": ("URL hostname label exceeds 63 characters",
                               "https://" + "a" * 64 + ".com/"),
    "letters-digits-hyphens": (CHARACTERS, "https://-a.com/", "https://a-.com/",
                               "https://a!b.com/", "https://a_b.com/", "https://exa mple.com/"),
    "a-top-level-that-is-none": (TLD, "https://example.c/", "https://example.c0m/",
                                 "https://example.123/"),
}
# Where a target breaks two rules: the one that is told.
FIRST_FAULT = {
    "length-before-characters": ("URL must not exceed 2048 characters", "\\u0001" + "x" * 2048),
    "characters-before-scheme": (INVALID, "ftp://example.com/\\u0001"),
    "scheme-before-host": (SCHEME, "ftp://"),
    "credentials-before-port": ("URL must not contain credentials", "http://a@example.com:x/"),
    "port-before-name": (PORT, "http://localhost:99999/"),
    "reserved-before-labels": (RESERVED, "http://localhost/"),
}
TARGETS = {**REFUSED, **FIRST_FAULT}


@pytest.mark.parametrize("message, targets", [(m, t) for m, *t in TARGETS.values()],
                         ids=[f"targets-{name}" for name in TARGETS])
def test_refused_targets(scene, message, targets):
    for target in targets:
        scene.ask(f'POST /urls {{"user_id":1,"original_url":"{target}","title":""}}', 422,
                  faults(original_url=message))


# --- redirects ------------------------------------------------------------------------------------

LOCATIONS = {
    "nothing-is-added": ("https://example.com", "https://example.com"),
    "scheme-and-host-in-lower-case": ("HTTPS://Example.COM/Path", "https://example.com/Path"),
    "a-space": ("https://example.com/a b", "https://example.com/a%20b"),
    "beyond-ascii": ("https://example.com/é?ü#ö", "https://example.com/%C3%A9?%C3%BC#%C3%B6"),
    "quotes-and-brackets": ('https://example.com/<\\"x\\">', "https://example.com/%3C%22x%22%3E"),
    "what-is-encoded-stays": ("https://example.com/%41%zz", "https://example.com/%41%zz"),
    "the-space-around-goes": ("  https://example.com/x \\n", "https://example.com/x"),
    "a-colon-without-a-port-goes": ("https://example.com:/x", "https://example.com/x"),
    "a-port": ("https://example.com:8443/?q=1", "https://example.com:8443/?q=1"),
    "credentials-of-a-path-are-none": ("https://example.com/@me", "https://example.com/@me"),
    "2048-characters": ("https://example.com/" + "x" * 2028, "https://example.com/" + "x" * 2028),
}


@pytest.mark.parametrize("target, location", LOCATIONS.values(),
                         ids=[f"location-{name}" for name in LOCATIONS])
def test_where_a_redirect_leads(scene, target, location):
    scene.ask(f'POST /urls {{"user_id":$user,"original_url":"{target}","title":""}}', 201,
              '{<any>"short_code":"<code code>",<any>}')
    for path in ("/urls/$code/redirect", "/v1/urls/$code/redirect", "/$code"):
        for method in ("GET", "HEAD"):
            scene.ask(f"{method} {path}", 302, "", {"Location": location})


REDIRECTS = {
    "redirect-of-an-imported-link": [
        ("GET /urls/UeWfmJ/redirect", 302, "", {"Location": "https://opswise.net/young/uplink/1"}),
    ],
    "redirect-of-a-code-nobody-knows": [
        ("GET /urls/nosuch/redirect", 404, error("Not found")),
        ("GET /urls/%00/redirect", 404, error("Not found")),
        ("GET /urls/ueWFMj/redirect", 404, error("Not found")),
        ("GET /urls/a.b~c/redirect", 404, error("Not found")),
    ],
    "redirect-of-an-inactive-link": [
        (f"GET /urls/{OFF[0]['short_code']}/redirect", 410, error("URL is deactivated")),
        (f"GET /urls/{OFF[0]['short_code']}/redirect", 410, error("URL is deactivated")),
    ],
    "redirect-follows-every-change": [
        ("GET /urls/$code/redirect", 302, "", {"Location": "$target"}),
        ('PUT /urls/$link {"is_active":false}', 200, "{<any>}"),
        ("GET /urls/$code/redirect", 410, error("URL is deactivated")),
        ('PUT /urls/$link {"is_active":true}', 200, "{<any>}"),
        ("GET /urls/$code/redirect", 302, "", {"Location": "$target"}),
        ("DELETE /urls/$link", 204),
        ("GET /urls/$code/redirect", 404, error("Not found")),
    ],
}


@scripts(REDIRECTS)
def test_redirects(scene, steps):
    scene.play(steps)


@pytest.mark.parametrize("answer, fields", [
    (ONE.replace("UeWfmJ", "UeWfmj"), {}),
    (ONE.replace('"id":1,', '"id": 1,'), {}),
    (ONE + "\n", {}),
    (ONE.replace('"id":1,', '"id":<time>,'), {}),
    (ONE.replace('"user_id":1', '"user_id":<id x>').replace('"id":1,', '"id":<code x>,'), {}),
    (ONE, {"Content-Type": "text/html"}),
    (ONE, {"Location": "<any>/"}),
    (ONE, {"Content-Length": None}),
])
def test_another_answer_is_noticed(scene, answer, fields):
    with pytest.raises(AssertionError):
        scene.ask("GET /urls/1", 200, answer, fields)
    with pytest.raises(AssertionError):
        scene.ask("GET /urls/1", 404, ONE)
    scene.ask("GET /urls/1", 200, ONE)
