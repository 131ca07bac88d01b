"""`ginnel link ...` and `ginnel user ...`: a server's callers on the command line."""
import contextlib
import fcntl
import http.server
import json
import os
import pty
import re
import select
import socket
import struct
import subprocess
import termios
import threading
import time
import unicodedata

import pytest
from harness.clicks import shipped, wait_until
from harness.service import BINARY, clean_environment, free_port, run_cli

KEY = "a-key-of-more-than-16-characters"


@pytest.fixture
def cli(fresh_service, tmp_path):
    """cli("link", "list", ...) asks a server of this test's own and wants it done."""

    def run(*words, status=0, **kw):
        done = run_cli(*words, cwd=tmp_path, env={"GINNEL_SERVER": fresh_service.url, **kw})
        assert status in (None, done.returncode), done.stdout + done.stderr
        return done

    return run


def on_a_terminal(words, cwd, env, answer: bytes = b"", columns: int = 80) -> tuple[int, str]:
    """Status and what is shown on a terminal of `columns`, where `answer` is typed."""
    ours, theirs = pty.openpty()
    fcntl.ioctl(theirs, termios.TIOCSWINSZ, struct.pack("HHHH", 24, columns, 0, 0))
    process = subprocess.Popen(
        [str(BINARY), *map(str, words)], cwd=cwd, env=clean_environment(env),
        stdin=theirs, stdout=theirs, stderr=theirs,
    )
    os.close(theirs)
    os.write(ours, answer)
    shown = b""
    deadline = time.monotonic() + 20
    with contextlib.suppress(OSError):  # the other side of a terminal was closed
        while select.select([ours], [], [], max(0, deadline - time.monotonic()))[0]:
            data = os.read(ours, 65536)
            if not data:
                break
            shown += data
    os.close(ours)
    return process.wait(10), shown.decode().replace("\r\n", "\n")


def width(text: str) -> int:
    return sum(2 if unicodedata.east_asian_width(c) in "WF" else 1 for c in text)


def test_a_link_is_made_followed_switched_and_deleted(cli, fresh_service):
    api = fresh_service.api()
    cli("user", "create", "ada", "ada@example.com")
    target = "https://www.debian.org/doc/"
    made = cli("link", "create", target, "--title", "Debian", "--code", "deb")
    assert made.stdout == f"{fresh_service.public_url}/deb\n" and made.stderr == ""
    assert api.get("/deb").field("Location") == target
    random = cli("link", "create", "https://example.com/").stdout
    assert re.fullmatch(rf"{fresh_service.public_url}/[0-9A-Za-z]{{6}}\n", random)

    assert cli("link", "disable", "deb").stdout == "disabled link 1, deb\n"
    assert api.get("/deb").status == 410
    short_url = f"{fresh_service.public_url}/deb"
    assert cli("link", "enable", short_url).stdout == "enabled link 1, deb\n"
    assert api.get("/deb").status == 302

    created = api.get("/urls/1").json()
    assert cli("link", "show", "1").stdout.splitlines() == [
        "id\t1", "code\tdeb", "state\tactive", "user\t1", "title\tDebian",
        "target\thttps://www.debian.org/doc/",
        f"created\t{created['created_at']}", f"updated\t{created['updated_at']}",
    ]
    assert cli("link", "delete", "deb", "--yes").stdout == "deleted link 1, deb\n"
    assert api.get("/deb").status == 404
    gone = cli("link", "show", "deb", status=1)
    assert gone.stderr == "ginnel: there is no link with the code deb\n"
    assert cli("link", "show", "1", status=1).stderr == "ginnel: URL not found\n"


def test_digits_are_an_id_however_many_they_are(cli):
    for digits in ("9007199254740992", "9223372036854775808", "9" * 20, "1" * 40):
        for command in (("link", "show"), ("link", "delete", "--yes")):
            assert cli(*command, digits, status=1).stderr == "ginnel: URL not found\n"
        assert cli("user", "show", digits, status=1).stderr == "ginnel: User not found\n"
    missing = cli("link", "show", "/" + "9" * 20, status=1).stderr
    assert missing == f"ginnel: there is no link with the code {'9' * 20}\n"


def test_a_code_of_digits_and_an_id_are_told_apart(cli, fresh_service):
    api = fresh_service.api()
    owner = api.make_user()["id"]
    links = [api.make_link(owner, code="1234"), api.make_link(owner, code="001")]
    show = lambda word: json.loads(cli("link", "show", word, "--json").stdout)["id"]  # noqa: E731
    assert show("/1234") == links[0]["id"]
    assert show("2") == links[1]["id"]
    assert show("/001") == links[1]["id"]
    assert cli("link", "show", "1234", status=1).stderr == "ginnel: URL not found\n"


def test_json_is_escaped_as_the_server_has_it(cli, fresh_service):
    api = fresh_service.api()
    owner = api.make_user(metadata={"k\u202ey": "\u009c"})["id"]
    for title in ("a\u009b31mred", "\u202egpj.exe\u2066", "\x7f\u0085\u2028", "Ü é 😀 \\ \" /"):
        api.make_link(owner, title=title)
    api.make_link(owner, original_url="https://example.com/\u202e\u200b/x")
    for words, path in ((("link", "list"), "/urls"), (("user", "list"), "/users"),
                        *((("link", "show", str(i)), f"/urls/{i}") for i in range(1, 6))):
        told = cli(*words, "--json").stdout
        assert told.isascii() and "\x7f" not in told, told
        assert told.strip() == api.get(path).body.decode().strip()


def test_json_is_what_the_server_answered(cli, fresh_service):
    api = fresh_service.api()
    ada = json.loads(cli("user", "create", "ada", "ada@example.com", "--json").stdout)
    assert ada == api.get("/users/1").json()
    words = ("link", "create", "https://example.com/", "--title", "Ü\t", "--json")
    made = json.loads(cli(*words).stdout)
    assert made.pop("short_url") == f"{fresh_service.public_url}/{made['short_code']}"
    assert made == api.get("/urls/1").json()
    code = made["short_code"]
    assert json.loads(cli("link", "show", code, "--json").stdout) == made
    off = json.loads(cli("link", "disable", code, "--json").stdout)
    assert off == api.get("/urls/1").json() and off["is_active"] is False
    assert json.loads(cli("link", "list", "--json").stdout) == api.get("/urls").json()
    assert json.loads(cli("user", "list", "--json").stdout) == api.get("/users").json()
    stats = json.loads(cli("link", "stats", code, "--period", "month", "--json").stdout)
    assert stats == api.get("/urls/1/stats?period=month").json()
    assert json.loads(cli("link", "delete", "1", "--yes", "--json").stdout) == off
    assert cli("link", "list", "--json").stdout == "[]\n"


def test_lists_go_on_to_the_end(imported, tmp_path):
    def lines(*words, more=False):
        done = run_cli("link", "list", *words, "--server", imported.url, cwd=tmp_path)
        assert done.returncode == 0, done.stderr
        assert bool(done.stderr) == more, done.stderr
        return [line.split("\t") for line in done.stdout.splitlines()], done.stderr

    first, note = lines(more=True)
    assert [row[0] for row in first] == [str(number) for number in range(1, 101)]
    assert note == "there are more links: --after 100 goes on, --all shows all\n"
    second, _ = lines("--limit", 2, "--after", 100, more=True)
    assert [row[0] for row in second] == ["101", "102"]
    everything, _ = lines("--all")
    shown = imported.api().all_rows("/urls")
    assert [row[1] for row in everything] == [row["short_code"] for row in shown]
    assert len(everything) == 2000
    last, _ = lines("--after", 1990)
    assert len(last) == 10
    owner = next(row["user_id"] for row in shown)
    own, _ = lines("--user", owner, "--state", "active")
    assert [row[0] for row in own] == [
        str(row["id"]) for row in shown if row["user_id"] == owner and row["is_active"]
    ]


def test_cells_are_told_apart_whatever_is_in_them(cli, fresh_service):
    api = fresh_service.api()
    owner = api.make_user(username="back\\slash")["id"]
    title = "tab\there, line\nthere, \\ and \r"
    api.make_link(owner, title=title)
    cells = cli("link", "list").stdout.rstrip("\n").split("\t")
    assert cells[4] == "tab\\there, line\\nthere, \\\\ and \\r"
    assert cli("user", "show", "BACK\\slash").stdout.splitlines()[1] == "name\tback\\\\slash"


def test_a_table_fits_the_terminal_and_cannot_be_made_to_misbehave(fresh_service, tmp_path):
    api = fresh_service.api()
    env = {"GINNEL_SERVER": fresh_service.url}
    assert on_a_terminal(["link", "list"], tmp_path, env) == (0, "no links\n")
    owner = api.make_user()["id"]
    titles = ["日本語のとても長い題名、端末より長い", "\x1b[2J\x1b]0;owned\x07", "e\u0301" * 20, "\u202egpj.exe"]
    for number, title in enumerate(titles):
        target = f"https://example.com/{number}/" + "x" * 100
        api.make_link(owner, title=title, original_url=target)
    status, shown = on_a_terminal(["link", "list"], tmp_path, env, columns=70)
    assert status == 0
    lines = shown.splitlines()
    assert lines[0].split() == ["ID", "SHORT", "URL", "CLICKS", "STATE", "TITLE", "TARGET"]
    assert len(lines) == 1 + len(titles)
    for line in lines:
        visible = "".join(c for c in line if not unicodedata.combining(c))
        assert width(visible) <= 70, line
        assert "\x1b" not in line and "\x07" not in line and "\u202e" not in line
    assert "…" in shown and "\\u001b" in shown
    status, shown = on_a_terminal(["link", "show", "1"], tmp_path, env, columns=40)
    assert status == 0 and "x" * 100 in shown, "one link is shown whole"


def test_a_table_shows_what_can_be_pasted_and_who_clicked(fresh_service, tmp_path):
    api = fresh_service.api()
    env = {"GINNEL_SERVER": fresh_service.url}
    owner = api.make_user()["id"]
    links = [api.make_link(owner, title=f"link {number}") for number in range(3)]
    person = "Mozilla/5.0 (X11; Linux x86_64; rv:130.0) Gecko/20100101 Firefox/130.0"
    for agent in (person, person, "curl/8"):
        api.get(f"/{links[1]['short_code']}", headers={"User-Agent": agent})
    assert wait_until(lambda: shipped(api))
    status, shown = on_a_terminal(["link", "list", "--newest"], tmp_path, env, columns=120)
    assert status == 0
    rows = [line.split()[:5] for line in shown.splitlines()]
    assert rows[0] == ["ID", "SHORT", "URL", "CLICKS", "STATE"]
    short = [f"{fresh_service.public_url}/{link['short_code']}" for link in links]
    assert rows[1:] == [["3", short[2], "0", "active", "1"], ["2", short[1], "2", "active", "1"],
                        ["1", short[0], "0", "active", "1"]]


def test_programs_get_clicks_and_short_urls_when_they_ask(cli, fresh_service):
    api = fresh_service.api()
    link = api.make_link(code="here")
    api.get("/here")
    assert wait_until(lambda: shipped(api))
    plain = cli("link", "list").stdout
    assert cli("link", "list", "--short-urls", "--clicks").stdout == \
        plain.rstrip("\n") + f"\t{fresh_service.public_url}/here\t0\n"
    assert json.loads(cli("link", "list", "--json").stdout) == [link]
    asked = json.loads(cli("link", "list", "--json", "--short-urls", "--clicks").stdout)
    assert asked == [{**link, "short_url": f"{fresh_service.public_url}/here", "clicks": 1,
                      "humans": 0}]


def test_the_newest_come_first_when_they_are_asked_for(imported, tmp_path):
    def ids(*words):
        done = run_cli("link", "list", "--newest", *words, "--server", imported.url, cwd=tmp_path)
        assert done.returncode == 0, done.stderr
        return [int(line.split("\t")[0]) for line in done.stdout.splitlines()], done.stderr

    assert ids("--limit", 3) == (
        [2000, 1999, 1998], "there are more links: --after 1998 goes on, --all shows all\n")
    assert ids("--limit", 2, "--after", 1998)[0] == [1997, 1996]
    assert ids("--all") == (list(range(2000, 0, -1)), "")
    assert ids("--after", 3) == ([2, 1], "")


def test_behind_two_hyphens_a_word_is_no_flag(cli, fresh_service):
    owner = fresh_service.api().make_user(username="-ada")["id"]
    code = "-abc"
    link = fresh_service.api().make_link(owner, code=code)
    for words in (("show", "--", code), ("show", "--json", "--", code), ("stats", "--", code),
                  ("disable", "--", code), ("enable", "--json", "--", code), ("list", "--")):
        cli("link", *words)
    assert json.loads(cli("link", "show", "--json", "--", code).stdout)["id"] == link["id"]
    assert "\t-ada\n" in cli("user", "show", "--", "-ada").stdout
    assert "-eve" in cli("user", "create", "--", "-eve", "-eve@example.com", status=None).stdout
    told = cli("link", "show", code, status=2).stderr
    assert told == ("ginnel: flag: -abc: no such flag; a word that begins with - stands behind -- "
                    "(see ginnel --help)\n")
    for words, fault in ((("list", "--", "--all"), "unexpected word: --all"),
                         (("show", "--", code, "-x"), "unexpected word: -x"),
                         (("show", "--"), "LINK is required")):
        assert fault in cli("link", *words, status=2).stderr
    cli("link", "show", "--", "--", status=1)
    cli("link", "delete", "--yes", "--", code)


def test_deleting_asks_first(cli, fresh_service, tmp_path):
    api = fresh_service.api()
    env = {"GINNEL_SERVER": fresh_service.url}
    owner = api.make_user(username="ada")["id"]
    link = api.make_link(owner, code="keep-me")
    asked = cli("link", "delete", "keep-me", status=2)
    assert "Delete link 1, keep-me to " in asked.stderr and "--yes" in asked.stderr
    for answer in (b"\n", b"n\n", b"yellow\n"):
        status, shown = on_a_terminal(["link", "delete", "keep-me"], tmp_path, env, answer)
        assert status == 1 and "nothing was deleted" in shown, shown
    assert api.get(f"/urls/{link['id']}").status == 200
    status, shown = on_a_terminal(["user", "delete", "ada"], tmp_path, env, b"y\n")
    assert status == 0, shown
    assert "Delete user 1, ada, and every link of this user? [y/N]" in shown
    assert api.get(f"/urls/{link['id']}").status == 404
    assert api.get(f"/users/{owner}").status == 404


def test_whose_link_it_is_must_be_said_when_several_could_be_meant(cli, fresh_service):
    nobody = cli("link", "create", "https://example.com/", status=1)
    assert "ginnel user create NAME EMAIL" in nobody.stderr
    cli("user", "create", "ada", "ada@example.com")
    cli("link", "create", "https://example.com/")
    cli("user", "create", "bob", "bob@example.com")
    several = cli("link", "create", "https://example.com/", status=1)
    assert "--user" in several.stderr
    for user in ("BOB", "2"):
        cli("link", "create", "https://example.com/", "--user", user)
    assert [row["user_id"] for row in fresh_service.api().get("/urls").json()] == [1, 2, 2]
    assert len(cli("link", "list", "--user", "bob").stdout.splitlines()) == 2
    missing = cli("link", "create", "https://example.com/", "--user", "eve", status=1)
    assert missing.stderr == "ginnel: there is no user with the name eve\n"


def test_refusals_are_the_servers_own_words(cli):
    cli("user", "create", "ada", "ada@example.com")
    bad = cli("link", "create", "http://localhost/", "--code", "a", status=1)
    assert sorted(bad.stderr.splitlines()) == [
        "ginnel: URL references a reserved or private host",
        "ginnel: code must be 3 to 32 characters of 0-9, A-Z, a-z, - and _",
    ]
    assert bad.stdout == ""
    taken = cli("user", "create", "Ada", "x@example.com", status=1)
    assert taken.stderr == "ginnel: Username is taken\n"
    zone = cli("link", "stats", "1", status=1)
    assert zone.stderr == "ginnel: URL not found\n"


@pytest.mark.parametrize("words", [
    ["link"], ["link", "frobnicate"], ["link", "create"], ["link", "list", "--limit", "0"],
    ["link", "list", "--state", "blue"], ["link", "list", "--nosuch"], ["user", "create", "ada"],
    ["link", "list", "--server", "ftp://example.com"], ["link", "list", "--api-key", "short"],
])
def test_wrong_usage_asks_nobody(words, tmp_path):
    done = run_cli(*words, cwd=tmp_path)
    assert done.returncode == 2, done.stderr
    assert done.stderr.startswith("ginnel: ") and done.stdout == ""


def test_stats_are_rows(cli, fresh_service):
    api = fresh_service.api()
    link = api.make_link(api.make_user()["id"])
    api.get(f"/{link['short_code']}")
    assert wait_until(lambda: shipped(api))
    rows = [line.split("\t") for line in cli("link", "stats", "1").stdout.splitlines()]
    assert rows[0][0] == "total" and rows[0][2:4] == ["1", "0"]
    day = time.strftime("%Y-%m-%d", time.gmtime())
    assert rows[1][:3] == ["day", day, "1"]
    assert ["visitor", "bot", "1", "0", ""] in rows
    wrong = cli("link", "stats", "1", "--time-zone", "Mars", status=1)
    assert "time_zone must be a name" in wrong.stderr


# --- the server --------------------------------------------------------------------------------


def test_the_key_comes_from_environment_file_or_flag(start_service, tmp_path):
    service = start_service(env={"API_KEY": KEY})
    (tmp_path / "key").write_text(KEY + "\n")

    def ask(*words, **env):
        given = {"GINNEL_SERVER": service.url, **env}
        return run_cli("user", "list", *words, cwd=tmp_path, env=given)

    for words, env in (
        ((), {"GINNEL_API_KEY": KEY}), ((), {"API_KEY": KEY}),
        ((), {"GINNEL_API_KEY_FILE": str(tmp_path / "key")}), (("--api-key", KEY), {}),
    ):
        done = ask(*words, **env)
        assert done.returncode == 0, done.stderr
    other = KEY.replace("a", "b")
    for env in ({}, {"GINNEL_API_KEY": other}):
        done = ask(**env)
        assert done.returncode == 1
        assert "invalid or missing API key" in done.stderr and "GINNEL_API_KEY" in done.stderr
        assert other not in done.stderr + done.stdout


def test_nobody_there_is_said_with_what_to_do(tmp_path):
    port = free_port()
    done = run_cli("link", "list", "--server", f"http://127.0.0.1:{port}", cwd=tmp_path)
    assert done.returncode == 3 and done.stdout == ""
    for words in (f"http://127.0.0.1:{port} cannot be reached", "ginnel serve", "--server"):
        assert words in done.stderr, done.stderr


def test_silence_is_waited_for_as_long_as_set(tmp_path):
    with socket.socket() as silent:
        silent.bind(("127.0.0.1", 0))
        silent.listen(8)
        env = {"GINNEL_SERVER": f"http://127.0.0.1:{silent.getsockname()[1]}",
               "GINNEL_CLIENT_TIMEOUT_MS": "300"}
        began = time.monotonic()
        done = run_cli("link", "list", cwd=tmp_path, env=env)
        assert done.returncode == 3 and "try again" in done.stderr, done.stderr
        assert time.monotonic() - began < 5
        made = run_cli("user", "create", "a", "a@b.cd", cwd=tmp_path, env=env)
        assert made.returncode == 3 and "whether it was done is unknown" in made.stderr


@contextlib.contextmanager
def other_server(status: int, fields: dict[str, str], body: bytes):
    """Another HTTP server on loopback; gives its URL and the requests it is sent."""
    asked = []

    class Handler(http.server.BaseHTTPRequestHandler):
        def do_GET(self):
            asked.append((self.path, dict(self.headers)))
            self.send_response(status)
            for name, value in fields.items():
                self.send_header(name, value)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_):
            pass

    with http.server.HTTPServer(("127.0.0.1", 0), Handler) as server:
        thread = threading.Thread(target=server.serve_forever, daemon=True)
        thread.start()
        try:
            yield f"http://127.0.0.1:{server.server_port}", asked
        finally:
            server.shutdown()
            thread.join()


def test_an_old_server_that_knows_one_user_deletes_another_never(tmp_path):
    body = json.dumps([{"id": 7, "username": "eve", "email": "e@a.bc"}]).encode()
    with other_server(200, {}, body) as (url, asked):
        done = run_cli("user", "delete", "ada", "--yes", "--server", url, cwd=tmp_path)
    assert done.returncode == 3, done.stdout + done.stderr
    assert [path for path, _ in asked] == ["/users?username=ada"]


@pytest.mark.parametrize("status, body", [
    (200, b"<html>Welcome to nginx!</html>"), (502, b"<html>Bad gateway</html>"), (200, b""),
    (200, b"{}"), (200, b'[{"id":0}]'), (200, b"[1]"), (404, b"[]"),
])
def test_another_server_is_not_taken_for_ginnel(status, body, tmp_path):
    with other_server(status, {}, body) as (url, _):
        done = run_cli("link", "list", "--server", url, cwd=tmp_path)
    assert done.returncode == 3, done.stdout + done.stderr
    assert url in done.stderr and "Ginnel does" in done.stderr


def test_an_old_server_that_ignores_the_filter_deletes_nothing(tmp_path):
    """One that lists every link must not have the first one deleted."""
    body = json.dumps([{"id": 7, "short_code": "other", "original_url": "https://a.bc/"}]).encode()
    with other_server(200, {}, body) as (url, asked):
        done = run_cli("link", "delete", "mine", "--yes", "--server", url, cwd=tmp_path)
    assert done.returncode == 3, done.stdout + done.stderr
    assert [path for path, _ in asked] == ["/urls?short_code=mine"]


def test_a_short_page_is_not_taken_for_the_whole_list(tmp_path):
    """However few rows a server gives at once, `Link` alone says whether there are more."""
    body = json.dumps([{"id": 7, "username": "eve", "email": "e@a.bc"}]).encode()
    with other_server(200, {"Link": '</users?cursor=7>; rel="next"'}, body) as (url, asked):
        made = run_cli("link", "create", "https://a.bc/", "--server", url, cwd=tmp_path)
        listed = run_cli("user", "list", "--limit", 1, "--server", url, cwd=tmp_path)
    assert made.returncode != 0 and "there are several users" in made.stderr, made
    assert listed.returncode == 0 and "--after 7 goes on" in listed.stderr, listed
    assert [path.partition("?")[0] for path, _ in asked] == ["/users"] * 2


def test_the_key_is_not_carried_to_where_a_server_redirects(tmp_path):
    with other_server(200, {}, b"[]") as (elsewhere, stolen):
        fields = {"Location": elsewhere + "/urls"}
        with other_server(301, fields, b"") as (url, asked):
            env = {"GINNEL_API_KEY": KEY}
            done = run_cli("link", "list", "--server", url, cwd=tmp_path, env=env)
    assert done.returncode == 3 and elsewhere in done.stderr
    assert len(asked) == 1 and asked[0][1]["X-API-Key"] == KEY
    assert stolen == []


def test_a_server_on_this_machine_is_not_asked_through_a_proxy(cli):
    env = {"http_proxy": "http://127.0.0.1:1", "all_proxy": "http://127.0.0.1:1"}
    assert cli("user", "list", **env).stdout == ""


def test_help_names_the_statuses_and_the_key(tmp_path):
    for command in ("create", "list", "show", "enable", "disable", "delete", "stats"):
        done = run_cli("link", command, "--help", cwd=tmp_path)
        assert done.returncode == 0
        for word in ("Exit status", "GINNEL_API_KEY_FILE", "--server", "--json"):
            assert word in done.stdout, (command, word)
