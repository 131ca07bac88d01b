"""What clients of the reference rely on, a case a line: events."""
from harness import seed
from harness.script import error, faults, request, scripts, unreadable

NEEDS_JSON = unreadable("Request body must be JSON")
NEEDS_OBJECT = unreadable("Request body must be a JSON object")
NO_URL_ID = error("url_id must be an integer")
NO_USER_ID = error("user_id must be an integer")
NO_TYPE = error("event_type must be a non-empty string")
NO_DETAILS = error("details must be a JSON object")
AS_MADE = ('{"details":{},"event_type":"seen","id":$event,"timestamp":"<time made>","url_id":$link,'
           '"user_id":$user}')


def shown(row: dict) -> str:
    """A row of the file as the interface shows it; the details are the very text."""
    details = row["details"].replace("$", "$$")
    return (f'{{"details":{details},"event_type":"{row["event_type"]}","id":{row["id"]},'
            f'"timestamp":"{seed.as_timestamp(row["timestamp"])}","url_id":{row["url_id"]},'
            f'"user_id":{row["user_id"]}}}')


ROWS = seed.rows_of("events")


def listed(rows: list[dict]) -> str:
    return f"[{','.join(map(shown, rows))}]"


def of(**fields: str) -> list[dict]:
    return [row for row in ROWS if fields.items() <= row.items()]


LISTS = {
    "events-the-page-is-the-100-oldest": [("GET /events", 200, listed(ROWS[:100]))],
    "events-cursor-is-strictly-greater": [
        ("GET /events?cursor=5&per_page=2", 200, listed(ROWS[5:7])),
        ("GET /events?cursor=3419&per_page=3", 200, listed(ROWS[3419:])),
    ],
    "events-page-is-ignored": [("GET /events?page=3&per_page=2", 200, listed(ROWS[:2]))],
    "events-of-a-link": [
        ("GET /events?url_id=10", 200, listed(of(url_id="10"))),
        ("GET /events?url_id=$nobody", 200, "[]"),
    ],
    "events-of-a-user": [
        ("GET /events?user_id=10", 200, listed(of(user_id="10"))),
        ("GET /events?user_id=$nobody", 200, "[]"),
    ],
    "events-of-a-type": [
        ("GET /events?event_type=deleted&per_page=5", 200, listed(of(event_type="deleted")[:5])),
        ("GET /events?event_type=no-such-type", 200, "[]"),
        ("GET /events?event_type=DELETED", 200, "[]"),
        ("GET /events?event_type=", 200, "[]"),
    ],
    "events-all-filters-at-once": [
        (f"GET /events?url_id={ROWS[2500]['url_id']}&user_id={ROWS[2500]['user_id']}"
         f"&event_type={ROWS[2500]['event_type']}&cursor=2500&per_page=1", 200,
         listed([ROWS[2500]])),
    ],
    "events-a-filter-that-is-no-number-is-told": [
        (f"GET /events?{name}=abc", 400,
         faults(**{name: f"{name} must be a whole number from 0 to 9007199254740991"}))
        for name in ("url_id", "user_id", "cursor")
    ],
    "events-page-size-zero-negative-or-huge-is-told": [
        (f"GET /events?per_page={value}", 400,
         faults(per_page="per_page must be a whole number from 1 to 9007199254740991"))
        for value in ("0", "-1", "9223372036854775808")
    ],
}

NOTHING = ("{}", "[]", "0", '""', "null", "false", "nonsense")

NEW = {
    "events-a-new-one-has-six-keys": [
        ('POST /events {"url_id":$link,"user_id":$user,"event_type":"seen","details":{"a":[1]}}',
         201,
         '{"details":{"a":[1]},"event_type":"seen","id":<id event>,"timestamp":"<time made>",'
         '"url_id":$link,"user_id":$user}', {"Location": "/events/$event"}),
        ("GET /events/$event", 200,
         '{"details":{"a":[1]},"event_type":"seen","id":$event,"timestamp":"$made",'
         '"url_id":$link,"user_id":$user}'),
    ],
    "events-a-body-that-says-nothing": [
        *((f"POST /events {body}", 400, NEEDS_JSON) for body in NOTHING),
        ("POST /events", 400, NEEDS_JSON),
        (request("POST /events", b'{"url_id":1}', "text/plain"), 400, NEEDS_JSON),
    ],
    "events-a-body-that-is-no-object": [
        (f"POST /events {body}", 400, NEEDS_OBJECT) for body in ("[1]", "5", '"x"', "true")
    ],
    "events-url-id-is-told-first": [
        ('POST /events {"x":1}', 400, NO_URL_ID),
        *((f'POST /events {{"url_id":{value}}}', 400, NO_URL_ID)
          for value in ("null", '"1"', "1.5", "[]", "true", "false")),
    ],
    "events-user-id-is-told-second": [
        ('POST /events {"url_id":1}', 400, NO_USER_ID),
        *((f'POST /events {{"url_id":1,"user_id":{value}}}', 400, NO_USER_ID)
          for value in ("null", '"1"', "1.5", "[]", "true", "false")),
    ],
    "events-the-type-is-told-third": [
        ('POST /events {"url_id":1,"user_id":1,"details":5}', 400, NO_TYPE),
        *((f'POST /events {{"url_id":1,"user_id":1,"event_type":{value}}}', 400, NO_TYPE)
          for value in ("null", "5", '""', '"  "', "[]", "true")),
    ],
    "events-details-are-told-fourth": [
        (f'POST /events {{"url_id":$nobody,"user_id":1,"event_type":"x","details":{value}}}', 400,
         NO_DETAILS)
        for value in ("null", "5", '"x"', "[]", "true")
    ],
    "events-an-unknown-link-is-404-and-told-before-the-user": [
        ('POST /events {"url_id":$nobody,"user_id":1,"event_type":"x"}', 404,
         error("URL not found")),
        ('POST /events {"url_id":$nobody,"user_id":$nobody,"event_type":"x"}', 404,
         error("URL not found")),
    ],
    "events-an-unknown-user-is-404": [
        ('POST /events {"url_id":1,"user_id":$nobody,"event_type":"x"}', 404,
         error("User not found")),
    ],
    "events-details-that-are-absent-are-empty": [
        ('POST /events {"url_id":$link,"user_id":$user,"event_type":"x"}', 201,
         '{"details":{},"event_type":"x",<any>}'),
    ],
    "events-the-type-is-trimmed": [
        ('POST /events {"url_id":$link,"user_id":$user,"event_type":" seen \\n"}', 201,
         '{"details":{},"event_type":"seen",<any>}'),
    ],
    "events-50-characters-of-type-fit-and-51-are-told": [
        (f'POST /events {{"url_id":$link,"user_id":$user,"event_type":"{"k" * 50}"}}', 201,
         "{<any>}"),
        (f'POST /events {{"url_id":1,"user_id":1,"event_type":"{"k" * 51}"}}', 400,
         error("event_type must not exceed 50 characters")),
    ],
    "events-any-user-may-have-one-on-any-link": [
        ('POST /events {"url_id":$link,"user_id":1,"event_type":"x"}', 201,
         '{<any>"url_id":$link,"user_id":1}'),
    ],
    "events-id-and-time-of-a-client-are-ignored": [
        ('POST /events {"url_id":$link,"user_id":$user,"event_type":"x","id":1,"timestamp":"x"}',
         201, '{"details":{},"event_type":"x","id":<id event>,"timestamp":"<time>",<any>}'),
        ("GET /events/1", 200, shown(ROWS[0])),
    ],
}

CHANGED = {
    "events-one-is-read": [
        ("GET /events/1", 200, shown(ROWS[0])),
        ("GET /events/3422", 200, shown(ROWS[3421])),
    ],
    "events-one-that-is-not-there": [("GET /events/$nobody", 404, error("Event not found"))],
    "events-a-change-looks-for-the-event-first": [
        ("PUT /events/$nobody {}", 404, error("Event not found")),
        ("PUT /events/$nobody nonsense", 404, error("Event not found")),
    ],
    "events-a-change-that-says-nothing": [
        *((f"PUT /events/$event {body}", 400, NEEDS_JSON) for body in NOTHING),
        ("PUT /events/$event", 400, NEEDS_JSON),
    ],
    "events-a-change-that-is-no-object": [
        (f"PUT /events/$event {body}", 400, NEEDS_OBJECT) for body in ("[1]", "5", '"x"')
    ],
    "events-a-change-tells-type-details-link-user-in-this-order": [
        ('PUT /events/$event {"event_type":5,"details":5,"url_id":"x","user_id":"x"}', 400,
         NO_TYPE),
        ('PUT /events/$event {"details":5,"url_id":"x","user_id":"x"}', 400, NO_DETAILS),
        ('PUT /events/$event {"url_id":"x","user_id":"x"}', 400, NO_URL_ID),
        ('PUT /events/$event {"url_id":1,"user_id":"x"}', 400, NO_USER_ID),
        ('PUT /events/$event {"url_id":$nobody,"user_id":$nobody}', 404, error("URL not found")),
        ('PUT /events/$event {"user_id":$nobody}', 404, error("User not found")),
        ("GET /events/$event", 200, AS_MADE),
    ],
    "events-a-link-cannot-be-cleared": [
        ('PUT /events/$event {"url_id":null}', 400, NO_URL_ID),
        ('PUT /events/$event {"user_id":null}', 400, NO_USER_ID),
    ],
    "events-every-field-can-be-changed": [
        ("GET /events/$event", 200, AS_MADE),
        ('PUT /events/$event {"event_type":" Other ","details":{"b":null},"url_id":1,"user_id":2}',
         200, '{"details":{"b":null},"event_type":"Other","id":$event,"timestamp":"$made",'
         '"url_id":1,"user_id":2}'),
        ("GET /events/$event", 200,
         '{"details":{"b":null},"event_type":"Other","id":$event,"timestamp":"$made",'
         '"url_id":1,"user_id":2}'),
    ],
    "events-what-is-not-sent-stays": [
        ('PUT /events/$event {"details":{"b":1}}', 200,
         '{"details":{"b":1},"event_type":"seen","id":$event,"timestamp":"<time>",'
         '"url_id":$link,"user_id":$user}'),
        ('PUT /events/$event {"event_type":"other"}', 200,
         '{"details":{"b":1},"event_type":"other","id":$event,"timestamp":"<time>",'
         '"url_id":$link,"user_id":$user}'),
    ],
    "events-unknown-keys-change-nothing": [
        ("GET /events/$event", 200, AS_MADE),
        ('PUT /events/$event {"timestamp":"x","id":1,"more":[]}', 200,
         AS_MADE.replace("<time made>", "$made")),
    ],
    "events-are-not-deleted": [("DELETE /events/$event", 405, error("Method not allowed"))],
}


@scripts(LISTS)
def test_lists_of_events(scene, steps):
    scene.play(steps)


@scripts(NEW)
def test_new_events(scene, steps):
    scene.play(steps)


@scripts(CHANGED)
def test_reading_and_changing_events(scene, steps):
    scene.play(steps)
