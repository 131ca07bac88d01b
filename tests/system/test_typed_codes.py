"""Short links as people type and paste them: with more than the code, or in another case."""
import json
import re
import sqlite3
import urllib.parse

import pytest

from harness.clicks import metric
from harness.contract import link_draft
from harness.older_schema import take_back
from harness.raw_http import RawConnection
from harness.script import Scene
from harness.service import run_cli

BROWSER = {"Accept": "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8"}

# What stands behind a code in what people paste, as it comes in a request.
BEHIND = [
    "/", "//", "/.", ".", "...", ",", ";", ":", "!", ")", "]", ").", "'", "*", "~", "-", "_", "--",
    "-/", "_.", "%20", "%20%20", "%09", "%0A", "%0D%0A", "%2F", "%2E", "%29", "%22", "%3E", "%60",
    "%7D", "%C2%A0", "%E2%80%8B", "%E2%80%8E", "%E2%80%AA", "%EF%BB%BF", "%E3%80%80", "%C2%AD",
    "%E2%81%A0", "%E2%80%99", "%E2%80%9D", "%C2%BB", "%E2%80%A6", "%E2%80%93", "%E3%80%82",
    "%EF%BC%89", "%D8%9F", "%E2%80%9D.", "/%E2%80%8B", "%3Ffbclid=1", "%3fu=http://a.example/b/c",
    "%26utm_source=x", "&utm_source=x", "%23top", "#top", "/%3Fx=1", "%3F100%", "%3F%FF",
    "/?x=1", ".?x=1",
]
BEFORE = ["/", "//", "%20", "%22", "(", "%3C", "%E2%80%9C", "%C2%AB", "%E2%80%8B", "%EF%BB%BF", "*",
          "%E3%80%8C", "./", "_"]
# No link may be found behind these, though there is one with the code `{}`.
ANOTHER = [
    "/{}/any", "/{}/any/thing", "/any/{}", "/{}.php", "/{}.html", "/{}x", "/x{}", "/{}%C3%A9",
    "/{}%CC%81", "/{}+", "/{}%2B", "/{}%00", "/{}%7F", "/{}%E2%80", "/{}%FF", "/{}%zz",
    "/{}/%D0%B0",
    "/{}/x?y", "/{}/{}", "/{}%20x", "//urls/{}/redirect", "/urls/{}/redirect/",
    "/urls/{}./redirect", "/urls/{}-/redirect", "/{}.svg/", "/{}-.svg",
]


def location(api, path, **kw):
    answer = api.get(path, **kw)
    return answer.field("Location") if answer.status == 302 else answer.status


@pytest.mark.parametrize("chosen", [True, False])
def test_what_was_taken_along_with_a_code_does_not_count(api, chosen, report):
    paths = 0
    for place, ending in enumerate(BEHIND):
        fields = {"code": f"Taken-along{place}"} if chosen else {}
        link = api.make_link(**fields)
        for path in (f"/{link['short_code']}{ending}", f"/{link['short_code']}"):
            for _ in range(2):  # from the store, then with the link in memory
                assert location(api, path) == link["original_url"], path
                paths += 1
    for before in BEFORE:
        link = api.make_link()
        for path in (f"/{before}{link['short_code']}", f"/{before}{link['short_code']}{before}"):
            assert location(api, path) == link["original_url"], path
            assert api.head(path).status == 302
            paths += 1
    report(f"{paths} paths with more than the code led where the code leads")


def test_anything_else_is_no_link(api):
    link = api.make_link(code="any-thing")
    other = api.make_link()
    for known in (link, other):
        for form in ANOTHER:
            path = form.replace("{}", known["short_code"])
            for _ in range(2):
                assert api.get(path).status == 404, path
    assert api.get("/wp-login.php").status == 404


def test_a_code_is_longer_than_what_is_left_of_it(api):
    codes = ["ends", "ends-", "ends--", "_ends", "ends_"]
    links = {code: api.make_link(code=code)["original_url"] for code in codes}
    for typed, meant in {
        "ends": "ends", "ends-": "ends-", "ends--": "ends--", "ends---": "ends--", "ends_": "ends_",
        "ends__": "ends_", "ends-_": "ends-", "_ends": "_ends", "_ends-": "_ends",
        "ends-.": "ends-",
        "ends-/": "ends-", "ends./": "ends", "ends.-": "ends", "%22ends--%22": "ends--",
    }.items():
        for _ in range(2):
            assert location(api, f"/{typed}") == links[meant], typed


@pytest.mark.parametrize("code", ["____", "-_-_-", "---", "--lead", "lead2--", "_-lead3", "_lead4_",
                                  "lead5-", "-lead6", "__Lead-7__"])
def test_codes_with_signs_are_found_among_signs(api, code, report):
    link = api.make_link(code=code)["original_url"]
    forms = ["/{}", "//{}", "/%20{}", "/({})", "/%22{}%22", "/{}?x=1", "/{}/", "/{}.", "/{})",
             "/{}%20", "/{}%E2%80%8B", "/{}%3Fx=1", "/{}%3Fx-y=_", "/{}&a", "/{}%23top", "/-{}",
             "/{}-", "/-{}-", "/_{}", "/{}_", "/_{}_", "/__{}", "/{}--", "/__{}__",
             "/*{}*", "/_{}-/", "//-{}%3Fx"]
    for form in forms:
        for typed in (code, code.upper()):
            for _ in range(2):
                assert location(api, form.format(typed)) == link, (form, typed)
    for form in ("/{}/x", "/{}+", "/{}.php", "/{}%C3%A9", "/----{}----"):
        if form != "/----{}----" or not code.strip("-_"):
            assert api.get(form.format(code)).status == 404, form
    report(f"{len(forms)} ways to write {code} lead where it leads")


def test_codes_of_signs_show_their_changes_at_once(start_service):
    """What is not found is remembered for a moment: not beyond the making of what may be meant."""
    api = start_service().api()
    for code in ("_--_", "-----", "--new", "_-new-_"):
        typed = (f"/{code}", f"/-{code}", f"/{code}_", f"/{code}/", f"/{code}%3Fa-b")
        assert [location(api, path) for path in typed] == [404] * len(typed)
        link = api.make_link(code=code)
        assert [location(api, path) for path in typed] == [link["original_url"]] * len(typed)
        api.delete(f"/urls/{link['id']}")
        assert [location(api, path) for path in typed] == [404] * len(typed)


def test_the_interface_is_not_reached_by_more_slashes(api):
    api.make_link()
    for path in ("//urls", "///urls", "/urls/", "//urls/1", "/%2Furls", "//users", "/users/",
                 "//audit", "//events/", "//v1/urls", "/v1/", "/health/", "//health", "//metrics",
                 "/metrics.", "//docs", "/URLS/", "/urls%20", "/%E2%80%8Burls"):
        answer = api.get(path)
        assert (answer.status, answer.canonical()) == (404, {"error": "Not found"}), path
    for method in ("POST", "PUT", "DELETE"):
        assert api.request(method, "//urls").status == 404


def test_pictures_are_of_what_they_name(api):
    link = api.make_link(code="Pictured")
    picture = api.get("/Pictured.svg")
    assert picture.field("Content-Type") == "image/svg+xml"
    assert api.get("/pictured.svg").body == picture.body, "of the code that is there"
    assert api.get("/pictured.png").field("Content-Type") == "image/png"
    assert location(api, "/Pictured%3Fimage=a.png") == link["original_url"]
    assert location(api, "/Pictured/%3Fimage=a/b.svg") == link["original_url"]


def test_a_click_counts_once_and_for_the_link(start_service):
    scene = Scene(start_service())
    link = scene.api.make_link(code="Counted")
    typed = ["/Counted", "/Counted/", "//Counted", "/counted", "/COUNTED%E2%80%8B",
             "/Counted%3Fx=1", "/counted-", "/%22Counted%22"]
    for path in typed:
        assert scene.api.get(path).status == 302
        assert scene.api.head(path).status == 302
    assert scene.api.get("/Counted/x").status == 404
    scene.ship()
    events = [event for event in scene.api.events_of(link["id"])
              if event["event_type"] == "redirect"]
    assert [event["details"] for event in events] == [{"short_code": "Counted"}] * len(typed)
    scene.close()


# --- case ----------------------------------------------------------------------------------------


@pytest.mark.parametrize("path", ["/{}", "/urls/{}/redirect", "/v1/urls/{}/redirect"])
def test_a_chosen_code_is_found_in_any_case(api, path):
    name = api.unique("MixedCase")
    link = api.make_link(code=name)
    for typed in (name.lower(), name.upper(), name.swapcase(), name):
        for _ in range(3):
            assert location(api, path.format(typed)) == link["original_url"], typed


def test_a_random_code_is_found_in_its_own_case_only(api):
    link = api.make_link()
    while link["short_code"].swapcase() == link["short_code"]:
        link = api.make_link()
    for _ in range(2):
        assert location(api, f"/{link['short_code']}") == link["original_url"]
        assert api.get(f"/{link['short_code'].swapcase()}").status == 404


def test_of_two_codes_that_differ_by_case_neither_is_guessed(api):
    random = api.make_link()
    while not re.search("[a-z].*[a-z]", random["short_code"]):
        random = api.make_link()
    code = random["short_code"]
    chosen = api.make_link(code=code.upper())
    third = re.sub("[a-z]", lambda letter: letter[0].upper(), code, count=1)
    assert location(api, f"/{code}") == random["original_url"]
    assert location(api, f"/{code.upper()}") == chosen["original_url"]
    assert api.get(f"/{third}").status == 404
    api.delete(f"/urls/{random['id']}")
    assert location(api, f"/{third}") == chosen["original_url"], "now it is the only one"
    assert location(api, f"/{code}") == chosen["original_url"]
    api.delete(f"/urls/{chosen['id']}")
    assert api.get(f"/{third}").status == 404


def test_a_code_that_differs_from_a_chosen_one_by_case_alone_is_refused(api):
    name = api.unique("Refused-Case")
    link = api.make_link(code=name)
    for code in (name.lower(), name.upper(), name.swapcase()):
        answer = api.post("/urls", link_draft(api, code=code))
        wanted = {"error": f"This short code is taken: {name} differs from it by case alone"}
        assert (answer.status, answer.canonical()) == (409, wanted)
        problem = json.loads(api.post("/urls", link_draft(api, code=code),
                                      headers={"Accept": "application/problem+json"}).body)
        assert problem["type"] == "urn:ginnel:problem:conflict"
        assert [fault["field"] for fault in problem["errors"]] == ["code"]
    api.delete(f"/urls/{link['id']}")
    assert api.make_link(code=name.lower())["short_code"] == name.lower()


def test_changes_show_at_once_however_the_code_was_typed(start_service, report):
    """On every core, from the store, from memory and where nothing was found a moment ago."""
    service = start_service("--http.threads", "2")
    api = service.api()
    owner = api.make_user()["id"]
    visitors = [RawConnection(service) for _ in range(4)]
    forms = ["/{}", "/{}/", "//{}", "/{}.", "/{}-", "/{}%E2%80%8B"]

    def ask(code):
        seen = set()
        for visitor in visitors:
            for form in forms:
                for typed in (code, code.lower(), code.upper()):
                    visitor.send(f"GET {form.format(typed)} HTTP/1.1\r\nHost: h\r\n\r\n".encode())
                    answer = visitor.read_response()
                    seen.add(answer.field("Location") or answer.status)
        return seen

    rounds = 40
    for number in range(rounds):
        code = f"Fresh{number}Code"
        assert ask(code) == {404}
        link = api.make_link(owner, code=code)
        assert ask(code) == {link["original_url"]}
        target = f"https://example.com/changed/{number}"
        assert api.put(f"/urls/{link['id']}", {"original_url": target}).status == 200
        assert ask(code) == {target}
        api.put(f"/urls/{link['id']}", {"is_active": False})
        assert ask(code) == {410}
        api.delete(f"/urls/{link['id']}")
        assert ask(code) == {404}
    for visitor in visitors:
        visitor.socket.close()
    report(f"{rounds * 4} changes, each looked at in {len(forms) * 3 * len(visitors)} ways at once")


def test_odd_spellings_fill_no_cache(start_service):
    service = start_service("--http.threads", "1")
    api = service.api()
    api.make_link(code="Spelling")
    for number in range(300):
        assert api.get("/" + urllib.parse.quote("Spelling" + "\u200b" * (number % 60) + "." * 3)
                       ).status == 302
        assert api.get(f"/{'sPELLING' if number % 2 else 'SPELLING'}{'/' * (number % 50 + 1)}"
                       ).status == 302
        assert api.get(f"/nosuch{'.' * (number + 1)}").status == 404
    entries = metric(api, "ginnel_cache_entries")
    assert entries <= 2, "the link, and that there is no `nosuch`"


@pytest.fixture
def before(start_service, tmp_path):
    """A database as an earlier version left it: links, and no column that tells who chose codes."""
    folder = tmp_path / "before"
    service = start_service(folder=folder)
    api = service.api()
    owner = api.make_user()["id"]
    for code in ("Old-Name", "abC", "SpringSale", "aBcDeF", "x-y", "X-Y"):
        if code != "X-Y":
            api.make_link(owner, code=code)
    api.close()
    assert service.stop() == 0
    with sqlite3.connect(folder / "ginnel.db") as database:
        take_back(database, "0005_chosen_codes")
        database.execute("INSERT INTO links (user_id, code, target, title, enabled, created_at, "
                         "updated_at, version) SELECT user_id, 'X-Y', target || '/other', title, "
                         "enabled, created_at, updated_at, version FROM links WHERE code = 'x-y'")
    database.close()
    return folder


def assert_chosen_where_none_can_have_made_it(api):
    links = {link["short_code"]: link["original_url"] for link in api.all_rows("/urls")}
    for typed, meant in {"old-name": "Old-Name", "OLD-NAME": "Old-Name", "ABC": "abC",
                         "springsale": "SpringSale", "x-y": "x-y", "X-Y": "X-Y",
                         "aBcDeF": "aBcDeF"}.items():
        assert location(api, f"/{typed}") == links[meant], typed
    for typed in ("abcdef", "ABCDEF", "X-y"):
        assert api.get(f"/{typed}").status == 404, typed


def test_links_of_an_earlier_version_are_chosen_where_nothing_else_can_be(start_service, before):
    api = start_service(folder=before).api()
    assert_chosen_where_none_can_have_made_it(api)
    assert api.post("/urls", link_draft(api, code="old-NAME")).status == 409
    assert api.post("/urls", link_draft(api, code="ABCDEF")).status == 201


def test_exports_do_not_change_and_imports_choose_alike(start_service, before, tmp_path):
    def ginnel(*words, folder):
        url = f"sqlite:{folder / 'ginnel.db'}"
        done = run_cli(*words, "--database.url", url, cwd=folder)
        assert done.returncode == 0, done.stdout + done.stderr
        return done.stdout

    files = {}
    ginnel("migrate", folder=before)
    for what in ("users", "urls", "events"):
        ginnel("export", what, f"{what}.csv", folder=before)
        files[what] = (before / f"{what}.csv").read_bytes()
    after = tmp_path / "after"
    after.mkdir()
    for what in files:
        assert " 0 skipped, 0 rejected" in ginnel("import", what, before / f"{what}.csv",
                                                  folder=after)
        ginnel("export", what, f"{what}.csv", folder=after)
        assert (after / f"{what}.csv").read_bytes() == files[what], what
    assert_chosen_where_none_can_have_made_it(start_service(folder=after).api())


# --- pages ---------------------------------------------------------------------------------------


def test_errors_outside_the_interface_are_pages_for_browsers(api, service, report):
    link = api.make_link(code=api.unique("shown"))
    seen = 0
    for method, path, status in (
        ("GET", "/nosuch/", 404), ("GET", "/a/b/c", 404), ("GET", "/a/b/c/d/e/f/g/h", 404),
        ("GET", "//nosuch", 404), ("GET", "//urls", 404), ("GET", "/wp-login.php", 404),
        ("GET", "/.env", 404), ("GET", "/assets/none", 404), ("GET", "/docs/none", 404),
        ("GET", "/health/none", 404), ("GET", "/%zz", 404), ("GET", "/" * 5000, 404),
        ("POST", "/", 405), ("POST", "/nosuch", 405), ("DELETE", "/nosuch", 405),
        ("PUT", "/robots.txt", 405), ("POST", "/health", 405),
        ("GET", f"/{link['short_code']}.svg?size=0", 400),
    ):
        answer = api.request(method, path, headers=BROWSER)
        assert answer.status == status, (method, path, answer)
        assert answer.field("Content-Type") == "text/html; charset=utf-8", (method, path)
        assert "no-store" in answer.field("Cache-Control")
        assert len(answer.body) < 2000 and b"<h1>" in answer.body
        for headers in ({}, {"Accept": "*/*"}, {"Accept": "application/json"}):
            told = api.request(method, path, headers=headers)
            assert told.status == status and told.field("Content-Type") == "application/json"
            assert "no-store" in told.field("Cache-Control")
        problem = api.request(method, path, headers={"Accept": "application/problem+json"})
        assert problem.field("Content-Type") == "application/problem+json"
        seen += 1
    accept = f"Accept: {BROWSER['Accept']}\r\n"
    for head in (f"/nosuch HTTP/1.1\r\nHost: h\r\n{accept}Content-Length: x\r\n",
                 f"/nosuch HTTP/1.1\r\nHost: h\r\n{accept}Host: again\r\n",
                 f"/nosuch HTTP/1.1\r\n{accept}", f"/nosuch HTTP/1.1\r\nHost: a/b\r\n{accept}",
                 f"/nosuch HTTP/1.1\r\nHost: a b\r\nX-A: b\r\n{accept}",
                 f"/nosuch HTTP/1.1\r\nHost: h:99999\r\n{accept}",
                 f"/nosuch HTTP/1.1\r\nHost:\r\nHost: ü\r\n{accept}",
                 f"/é HTTP/1.1\r\nHost: h\r\n{accept}",
                 f"http://user@h/nosuch HTTP/1.1\r\nHost: h\r\n{accept}"):
        with RawConnection(service) as raw:
            raw.send(f"GET {head}\r\n".encode())
            answer = raw.read_response()
        assert answer.status == 400 and b"<h1>" in answer.body, answer
        assert "no-store" in answer.field("Cache-Control")
        seen += 1
    report(f"{seen} kinds of errors are pages for browsers and JSON for programs")


def test_several_accept_fields_are_one_list(service, report):
    shown = 0
    for fields, is_page in ((("application/json;q=0.5", "text/html"), True),
                            (("*/*;q=0.1", "text/html;q=0.2"), True), (("", "text/html"), True),
                            (("text/html;q=0.5", "application/json"), False),
                            (("text/html", "application/json"), False)):
        head = "".join(f"Accept: {value}\r\n" for value in fields)
        for path in ("/nosuch", "/a/b/c", "/docs/none"):
            with RawConnection(service) as raw:
                raw.send(f"GET {path} HTTP/1.1\r\nHost: h\r\n{head}\r\n".encode())
                answer = raw.read_response()
            kind = answer.field("Content-Type")
            assert kind.startswith("text/html" if is_page else "application/json"), (path, fields)
            shown += 1
    report(f"{shown} errors told in the form that two fields ask for together")


def test_errors_of_the_interface_stay_json_for_browsers(api):
    for method, path in (("GET", "/urls/999999999"), ("GET", "/users/x"), ("GET", "/urls/"),
                         ("GET", "/users/1/2/3"), ("GET", "/v1/none"), ("PATCH", "/urls"),
                         ("GET", "/v1"), ("GET", "/v1?a=b"), ("GET", "/v1/"), ("POST", "/v1"),
                         ("GET", "/urls?per_page=0"), ("GET", "/audit/none"), ("POST", "/events"),
                         ("DELETE", "/users")):
        answer = api.request(method, path, headers=BROWSER)
        assert answer.status >= 400, (method, path)
        assert answer.field("Content-Type") == "application/json", (method, path)
        assert set(json.loads(answer.body)) & {"error"}
