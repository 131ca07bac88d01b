"""A keep-alive HTTP client that shows answers as they came: status, fields, bytes."""
import dataclasses
import http.client
import json
import socket
import threading

TIMEOUT = 15  # seconds; far above any answer, far below the suite's patience


@dataclasses.dataclass(frozen=True)
class Answer:
    status: int
    fields: list[tuple[str, str]]
    body: bytes

    def field(self, name: str) -> str | None:
        """The value of the only field of this name, or None. Two of a kind are a fault."""
        values = [value for key, value in self.fields if key.lower() == name.lower()]
        assert len(values) <= 1, f"{len(values)} fields named {name}: {values}"
        return values[0] if values else None

    def json(self):
        assert self.field("Content-Type") == "application/json", self
        return json.loads(self.body)

    def canonical(self):
        """The body's value; the body must be compact, sorted by key, pure ASCII and end in one
        newline."""
        value = self.json()
        wanted = json.dumps(value, sort_keys=True, separators=(",", ":")) + "\n"
        assert self.body.decode("utf-8", "backslashreplace") == wanted
        return value

    @property
    def error(self) -> str:
        return self.canonical()["error"]


class Client:
    """One connection. Not for two threads at once."""

    def __init__(self, host: str, port: int, timeout: float = TIMEOUT):
        self.host, self.port = host, port
        self._connection = http.client.HTTPConnection(host, port, timeout=timeout)

    def request(self, method, path, json_body=..., *, body=None, headers=None) -> Answer:
        headers = dict(headers or {})
        if json_body is not ...:
            body = json.dumps(json_body, separators=(",", ":")).encode()
            headers.setdefault("Content-Type", "application/json")
        try:
            self._connection.request(method, path, body, headers)
            response = self._connection.getresponse()
            return Answer(response.status, response.getheaders(), response.read())
        except Exception:
            self._connection.close()
            raise

    def get(self, path, **kw) -> Answer:
        return self.request("GET", path, **kw)

    def head(self, path, **kw) -> Answer:
        return self.request("HEAD", path, **kw)

    def options(self, path, **kw) -> Answer:
        return self.request("OPTIONS", path, **kw)

    def post(self, path, json_body=..., **kw) -> Answer:
        return self.request("POST", path, json_body, **kw)

    def put(self, path, json_body=..., **kw) -> Answer:
        return self.request("PUT", path, json_body, **kw)

    def delete(self, path, **kw) -> Answer:
        return self.request("DELETE", path, **kw)

    def connect(self) -> "Client":
        """Opens the connection now, so that the server has given it to a loop."""
        if self._connection.sock is None:
            self._connection.connect()
            self._connection.sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        return self

    def close(self):
        self._connection.close()


class Api(Client):
    """A client that knows how to make what most tests need."""

    _lock = threading.Lock()
    _made = 0

    @classmethod
    def unique(cls, prefix: str = "name") -> str:
        with cls._lock:
            cls._made += 1
            return f"{prefix}{cls._made}"

    def make_user(self, **fields) -> dict:
        name = self.unique("user")
        answer = self.post("/users", {"username": name, "email": f"{name}@example.com", **fields})
        assert answer.status == 201, answer
        return answer.json()

    def make_link(self, user_id: int | None = None, **fields) -> dict:
        if user_id is None:
            user_id = self.make_user()["id"]
        target = f"https://example.com/{self.unique('page')}"
        draft = {"user_id": user_id, "original_url": target, "title": "a title", **fields}
        answer = self.post("/urls", draft)
        assert answer.status == 201, answer
        return answer.json()

    def events_of(self, link_id: int) -> list[dict]:
        return self.all_rows(f"/events?url_id={link_id}")

    def all_rows(self, path: str, per_page: int = 1000) -> list[dict]:
        """Every row of a list, by following `Link: rel="next"`."""
        rows, next_page = [], f"{path}{'&' if '?' in path else '?'}per_page={per_page}"
        while next_page:
            answer = self.get(next_page)
            assert answer.status == 200, answer
            rows += answer.json()
            next_page = next_link(answer)
        return rows


def next_link(answer: Answer) -> str | None:
    """The target of `Link: <...>; rel="next"`, or None when this is the last page."""
    link = answer.field("Link")
    if link is None:
        return None
    assert link.startswith("<") and link.endswith('>; rel="next"'), link
    return link[1 : link.index(">")]
