"""Scripts of raw requests: each step is what goes over the wire and what has to come back."""
import itertools
import json
import re
import string

import pytest

from harness.clicks import shipped, wait_until
from harness.raw_http import RawAnswer, RawConnection

PLACES = {
    "any": ".*",
    "code": "[0-9A-Za-z]{6}",
    "id": r"[1-9]\d*",
    "time": r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d{6})?",
}
PLACE = re.compile(r"<(any|code|id|time)(?: (\w+))?>")
NOBODY = 9_007_199_254_740_991  # no row has this id

_numbers = itertools.count(1)


def text_of(value) -> str:
    """A value as answers write it: compact, sorted by key, pure ASCII."""
    return json.dumps(value, sort_keys=True, separators=(",", ":")).replace("$", "$$")


def error(message: str) -> str:
    return text_of({"error": message})


def unreadable(message: str, why: str = "<any>") -> str:
    """The body that says a request's body cannot be read; `why` is what `details.body` says."""
    return '{"details":{"body":"' + why + '"},"error":"' + message + '"}'


def faults(**messages: str) -> str:
    """The body that names every field at fault."""
    return text_of({"details": messages, "error": "Validation failed"})


def request(line: str, body: bytes, media_type: str | None = "application/json") -> bytes:
    """A request with a body that is no text, or of another media type."""
    kind = f"Content-Type: {media_type}\r\n" if media_type else ""
    head = f"{line} HTTP/1.1\r\nHost: localhost\r\n{kind}Content-Length: {len(body)}\r\n\r\n"
    return head.encode() + body


def scripts(table: dict):
    """A case for each script of the table, named by its key."""
    return pytest.mark.parametrize("steps", table.values(), ids=table.keys())


class Scene(dict):
    """What a script may name in its texts. The rows are made by requests on first use:

    `$name` a word nobody else has, `$user` the id of a user of that name, `$link`, `$code` and
    `$target` a link of that user, `$event` a client's event on that link, `$nobody` an id that no
    row has, `$port` that of the service. Requests and answers add what they call `<id other>`.
    """

    def __init__(self, service):
        super().__init__(nobody=str(NOBODY), port=str(service.port))
        self.service = service
        self.requests = 0
        self.connection = RawConnection(service)
        self.api = service.api()

    def close(self):
        self.connection.socket.close()
        self.api.close()

    def __missing__(self, key: str) -> str:
        if key == "name":
            self["name"] = f"script{next(_numbers)}"
        elif key == "user":
            self.ask('POST /users {"username":"$name","email":"$name@example.com"}', 201,
                     '{<any>"id":<id user>,<any>}')
        elif key in ("link", "code", "target"):
            self["target"] = f"https://example.com/{self['name']}"
            self.ask('POST /urls {"user_id":$user,"original_url":"$target","title":"A title"}', 201,
                     '{<any>"id":<id link>,<any>"short_code":"<code code>",<any>}')
        elif key == "event":
            self.ask('POST /events {"url_id":$link,"user_id":$user,"event_type":"seen"}', 201,
                     '{<any>"id":<id event>,<any>}')
        else:
            raise KeyError(key)
        return self[key]

    def ask(self, sent: str | bytes, status: int, answer: str = "", fields=()) -> RawAnswer:
        """One exchange. `sent` is `METHOD TARGET` with a JSON text after it or none, or the very
        bytes; `answer` the whole body, in which `<id>`, `<time>`, `<code>` and `<any>` stand for
        what they say: `<id x>` is `$x` from then on, and the same again within this answer. JSON
        ends in a newline. `fields` are header fields and their values; None is absence."""
        data = sent if isinstance(sent, bytes) else self._bytes(sent)
        self.requests += 1
        got = self.connection.exchange(data, data.partition(b" ")[0].decode())
        assert got.status == status, (sent, got)
        wanted_fields = {"Content-Type": "application/json" if answer else None, **dict(fields)}
        is_json = wanted_fields["Content-Type"] == "application/json"
        pattern = self._pattern(answer) + (r"\n" if is_json else "")
        match = re.fullmatch(pattern, got.body.decode(), re.DOTALL)
        assert match, f"{sent!r}\nwanted {string.Template(answer).substitute(self)}\ngot    " + (
            got.body.decode())
        self.update(match.groupdict())
        for name, value in wanted_fields.items():
            if value is None:
                assert got.field(name) is None, (sent, got)
            else:
                pattern = self._pattern(value)
                assert re.fullmatch(pattern, got.field(name) or ""), (sent, name, value, got)
        return got

    def play(self, steps):
        for step in steps:
            self.ask(*step)

    def ship(self):
        """Waits until every click is in the database."""
        assert wait_until(lambda: shipped(self.api)), "clicks wait that nobody ships"

    def _bytes(self, sent: str) -> bytes:
        method, target, *body = string.Template(sent).substitute(self).split(" ", 2)
        if body:
            return request(f"{method} {target}", body[0].encode())
        return f"{method} {target} HTTP/1.1\r\nHost: localhost\r\n\r\n".encode()

    def _pattern(self, text: str) -> str:
        text = string.Template(text).substitute(self)
        pattern, at, named = "", 0, set()
        for place in PLACE.finditer(text):
            pattern += re.escape(text[at:place.start()])
            kind, name = place.groups()
            if name is None:
                pattern += f"(?:{PLACES[kind]})"
            elif name in named:
                pattern += f"(?P={name})"
            else:
                named.add(name)
                pattern += f"(?P<{name}>{PLACES[kind]})"
            at = place.end()
        return pattern + re.escape(text[at:])
