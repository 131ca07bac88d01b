"""X-Ignored: what a guarded route did not know of a request, on the wire and in the commands."""
import http.server
import json
import threading
import urllib.parse

import pytest

from harness.service import run_cli


@pytest.mark.parametrize("path, named", [
    ("/urls?search=x", "search"),
    ("/urls?search=x&per_page=1&cursor=0&is_active=true&order=newest&user_id=1", "search"),
    ("/v1/users?limit=3&offset=4&limit=5", "limit, offset"),
    ("/events?short_code=abc&event_type=x", "short_code"),
    ("/audit?entity=user", "entity"),
    ("/users/1?fields=id&include=metadata", "fields"),
    ("/urls/1?format=json", "format"),
    ("/urls/UeWfmJ?format=json", "format"),
    ("/urls/1/stats?since=yesterday", "since"),
    ("/urls/1/qr?width=9&size=100", "width"),
    ("/users/999999?a=1", "a"),
    ("/users?page=0&b=1", "b"),
    ("/urls?%73earch=x&a%2Cb=1&%C3%BC=1&x%0d%0ay=1&=1&&c", "search, a%2Cb, %C3%BC, x%0D%0Ay, c"),
    ("/users?page=1&per_page=2&username=x&cursor=0", None),
    ("/urls", None),
])
def test_parameters_that_are_ignored_are_named(imported, path, named):
    api = imported.api()
    for method in ("GET", "HEAD"):
        answer = api.request(method, path)
        assert answer.field("X-Ignored") == named, answer
    bare = path.partition("?")[0]
    if "include" not in path and "page" not in path and "stats" not in path:
        good = api.get(bare)
        assert good.field("X-Ignored") is None
        if named in ("search", "format", "entity") and "&" not in path:
            assert api.get(path).body == good.body, "and ignored they are"


def test_fields_that_are_ignored_are_named(fresh_service, report):
    api = fresh_service.api()
    ada = {"username": "ada", "email": "ada@example.com"}
    made = api.post("/users", {**ada, "id": 77, "name": "Ada"})
    assert (made.status, made.json()["id"], made.field("X-Ignored")) == (201, 1, "id, name")
    link = {"user_id": 1, "original_url": "https://example.com/", "title": "t"}
    random = api.post("/urls", {**link, "short_code": "mine"})
    assert random.status == 201 and random.json()["short_code"] != "mine", "pinned"
    assert random.field("X-Ignored") == "short_code"
    assert api.post("/urls", {**link, "code": "mine1"}).field("X-Ignored") is None
    wrong = api.post("/urls", {"url": "https://example.com/", "user_id": 1})
    assert (wrong.status, wrong.field("X-Ignored")) == (422, "url")
    row = api.get("/urls/1").json()
    back = api.put("/urls/1", row)
    assert back.status == 200
    assert back.field("X-Ignored") == "created_at, id, short_code, updated_at, user_id"
    event = {"url_id": 1, "user_id": 1, "event_type": "x", "timestamp": "now", "details": {"a": 1}}
    assert api.post("/events?now=1", event).field("X-Ignored") == "now, timestamp"
    assert api.put("/users/1", {"emial": "x"}).field("X-Ignored") == "emial"
    many = {f"name{i}" + "x" * 40: i for i in range(100)}
    named = api.put("/users/1", many).field("X-Ignored")
    assert len(named) <= 512 and named.isascii() and named.split(", ") == list(many)[:10]
    cut = "x" * 61 + "..."
    for length in (65, 512, 513, 5000):
        assert api.put("/users/1", {"x" * length: 1}).field("X-Ignored") == cut
        assert api.get(f"/urls?per_page=1&{'x' * length}=1&q=1").field("X-Ignored") == f"{cut}, q"
    assert api.put("/users/1", {"x" * 64: 1}).field("X-Ignored") == "x" * 64
    assert api.put("/users/1", {"я" * 300: 1}).field("X-Ignored") == "%D1%8F" * 10 + "..."
    short = api.put("/users/1", {f"n{i}": i for i in range(100)}).field("X-Ignored")
    assert short.split(", ") == [f"n{i}" for i in range(16)]
    evil = api.put("/users/1", {"a\r\nSet-Cookie: x": 1, "ü": 2, "\u202e": 3, "": 4})
    assert evil.field("X-Ignored") == "a%0D%0ASet-Cookie:%20x, %C3%BC, %E2%80%AE"
    file = "id,username,email,created_at\n9,bo,bo@b.cd,2025-01-01 00:00:00\n"
    bulk = api.post("/users/bulk?dry_run=1", body=file.encode(),
                    headers={"Content-Type": "text/csv"})
    assert (bulk.status, bulk.field("X-Ignored")) == (200, "dry_run")
    report(f"{len(many)} unknown fields, {len(named)} bytes of them told")


def test_who_may_not_ask_hears_nothing_and_public_routes_name_nothing(start_service):
    api = start_service(env={"API_KEY": "a-key-of-16-characters"}).api()
    for path in ("/urls?x=1", "/urls/abc?x=1"):
        refused = api.get(path)
        assert (refused.status, refused.field("X-Ignored")) == (401, None)
    for path in ("/health?x=1", "/nosuch?x=1", "/?x=1", "/openapi.json?x=1", "/metrics?x=1"):
        assert api.get(path).field("X-Ignored") is None


class OlderServer(http.server.BaseHTTPRequestHandler):
    """A server of a version that has not learnt yet what the commands ask for."""

    def do_GET(self):
        body = b"[]\n"
        if self.path.startswith("/urls/1"):
            body = json.dumps({"id": 1, "short_code": "abc", "is_active": True}).encode()
        names = list(urllib.parse.parse_qs(urllib.parse.urlsplit(self.path).query))
        self.send_response(200)
        self.send_header("Content-Type", "application/json")
        if names:
            self.send_header("X-Ignored", ", ".join(names) + "\x1b[31m")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_):
        pass


def test_the_commands_say_what_a_server_ignored(tmp_path):
    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), OlderServer) as older:
        threading.Thread(target=older.serve_forever, daemon=True).start()
        url = f"http://127.0.0.1:{older.server_port}"
        done = run_cli("user", "list", "--server", url, cwd=tmp_path)
        stats = run_cli("link", "stats", "1", "--period", "day", "--server", url, cwd=tmp_path)
        show = run_cli("link", "show", "1", "--server", url, cwd=tmp_path)
        older.shutdown()
    assert done.returncode == 0 and "\x1b" not in done.stderr
    assert done.stderr.startswith(f"ginnel: {url} ignored per_page, cursor")
    assert done.stderr.count("ignored") == 1
    assert stats.returncode == 0 and " ignored period" in stats.stderr
    assert show.returncode == 0 and show.stderr == ""


def test_the_commands_ask_for_nothing_that_is_ignored(imported, tmp_path):
    for words in (("link", "list", "--user", "1", "--state", "active"), ("link", "show", "1"),
                  ("link", "show", "UeWfmJ"), ("user", "list"), ("user", "show", "1"),
                  ("link", "stats", "1", "--period", "month", "--values", "3", "--time-zone",
                   "Europe/Berlin", "--from", "2026-01-01", "--to", "2026-02-28")):
        done = run_cli(*words, "--server", imported.url, cwd=tmp_path)
        assert done.returncode == 0, done.stderr
        assert "ignored" not in done.stderr, words
