"""What the pages are on the wire; test_browser.py sees how they look and work."""
import re

import pytest

BROWSER = {"Accept": "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8"}
POLICY = {
    "default-src": "'none'", "script-src": "'self'", "style-src": "'self'", "img-src": "'self'",
    "connect-src": "'self'", "base-uri": "'none'", "form-action": "'none'",
    "frame-ancestors": "'none'",
}
TYPES = {
    "css": "text/css; charset=utf-8", "js": "text/javascript; charset=utf-8",
    "svg": "image/svg+xml",
}
REDIRECT_PATHS = ["/{}", "/urls/{}/redirect", "/v1/urls/{}/redirect"]


def assert_restricted(answer):
    policy = answer.field("Content-Security-Policy")
    assert dict(part.split(" ", 1) for part in policy.split("; ")) == POLICY
    assert answer.field("X-Content-Type-Options") == "nosniff"
    assert answer.field("Referrer-Policy") == "no-referrer"


def assert_page(answer, status):
    assert answer.status == status
    assert answer.field("Content-Type") == "text/html; charset=utf-8"
    assert_restricted(answer)
    html = answer.body.decode()
    assert html.startswith("<!doctype html>") and "{{" not in html
    assert not re.search(r"<style|<script(?![^>]*\bsrc=)|\sstyle=|\son\w+=", html), "nothing inline"
    return html


def assets_of(html):
    return re.findall(r'(?:src|href)="([^"]*assets/[^"]+)"', html)


def test_the_first_page_is_for_browsers(api):
    answer = api.get("/", headers=BROWSER)
    html = assert_page(answer, 200)
    assert answer.field("Cache-Control") == "no-cache"
    assert answer.field("Vary") == "Accept"
    assert f'data-public-url="http://localhost:{api.port}"' in html
    for path in ("docs", "metrics", "health/ready"):
        assert f'href="{path}"' in html
    assert not re.search(r'(?:src|href)="(?:/|[a-z]+:)', html), "it works below a path too"


def test_the_page_of_a_server_without_a_key_says_how_one_is_made(start_service, api):
    """Where nobody may call, no key would be the right one; test_browser.py sees that none is asked
    for."""
    shown = r'<body[^>]* data-access="(\w+)"'
    for options, access in (({}, "local"), ({"env": {"API_KEY": "a-key-of-16-characters"}}, "key"),
                            ({"listen": "0.0.0.0:0"}, "closed")):
        page = assert_page(start_service(**options).api().get("/", headers=BROWSER), 200)
        assert re.search(shown, page)[1] == access
        assert "openssl rand -hex 32" in page and "API_KEY_FILE=" in page and "open=" not in page
    script = next(name for name in assets_of(page) if name.endswith(".js"))
    style = next(name for name in assets_of(page) if name.endswith(".css"))
    assert b'dataset.access !== "closed"' in api.get(f"/{script}").body
    assert b'[data-access="closed"] .card:not(.closed)' in api.get(f"/{style}").body


@pytest.mark.parametrize("accept", [
    None, "", "*/*", "text/*", "application/*", "application/xml, application/*;q=0.9",
    "text/plain, */*;q=0.1", "application/json;q=0.1, text/html",
    "application/json;q=0, */*", "application/problem+json, */*", "image/webp,*/*;q=0.8"])
def test_everybody_gets_the_page_who_does_not_name_json(api, accept):
    """The reference's suite asks with */* and expects HTML; its errors stay JSON for it."""
    headers = {} if accept is None else {"Accept": accept}
    answer = api.get("/", headers=headers)
    assert_page(answer, 200)
    assert answer.field("Vary") == "Accept"
    head = api.head("/", headers=headers)
    assert (head.status, head.field("ETag")) == (200, answer.field("ETag"))
    if accept in (None, "*/*"):
        assert api.get("/nosuch", headers=headers).canonical() == {"error": "Not found"}
        assert api.get("/users/0", headers=headers).canonical() == {"error": "User not found"}


def test_programs_that_name_json_get_the_routes(api):
    for accept in ("application/json", "Application/JSON", "application/json, text/plain, */*",
                   "application/json, text/html;q=0.9", "text/html, application/json",
                   "application/json;charset=utf-8"):
        answer = api.get("/", headers={"Accept": accept})
        assert answer.status == 200
        assert answer.canonical()["users"] == "/users"
        assert answer.canonical()["hosts"] == ["localhost"]
        assert answer.field("Vary") == "Accept"


def test_the_first_page_is_sent_once(api):
    answer = api.get("/", headers=BROWSER)
    tag = answer.field("ETag")
    assert re.fullmatch('"[0-9a-f]{32}"', tag)
    for tags in (tag, f"W/{tag}", f'"x", {tag}', "*"):
        again = api.get("/", headers={**BROWSER, "If-None-Match": tags})
        assert (again.status, again.body) == (304, b""), tags
        assert again.field("ETag") == tag
        assert again.field("Cache-Control") == "no-cache"
    assert api.get("/", headers={**BROWSER, "If-None-Match": '"x"'}).status == 200


def test_what_the_page_is_made_of_is_kept_for_good(api, report):
    html = api.get("/", headers=BROWSER).body
    names = set(assets_of(html.decode()))
    assert {name.rsplit(".", 1)[1] for name in names} == set(TYPES)
    total = len(html)
    for name in names:
        answer = api.get(f"/{name}")
        assert answer.status == 200
        assert answer.field("Content-Type") == TYPES[name.rsplit(".", 1)[1]]
        assert answer.field("Cache-Control") == "public, max-age=31536000, immutable"
        assert_restricted(answer)
        again = api.get(f"/{name}", headers={"If-None-Match": answer.field("ETag")})
        assert (again.status, again.body) == (304, b"")
        total += len(answer.body)
        other = re.sub(r"\.[0-9a-f]{16}\.", ".0123456789abcdef.", name)
        assert api.get(f"/{other}").status == 404, "another version"
    assert total < 40_000
    report(f"the first page with its {len(names)} assets is {total} bytes")


@pytest.mark.parametrize("path", REDIRECT_PATHS)
def test_browsers_get_errors_as_pages(api, path):
    link = api.make_link()
    api.put(f"/urls/{link['id']}", {"is_active": False})
    for code, status, title in ((link["short_code"], 410, "This link is switched off"),
                                ("nosuch", 404, "There is no such link"),
                                ("a.b", 404, "There is no such link"),
                                ("%3Cscript%3E", 404, "There is no such link")):
        for _ in range(3):  # from the store, then from memory
            answer = api.get(path.format(code), headers=BROWSER)
            html = assert_page(answer, status)
            assert f"<h1>{title}</h1>" in html
            assert answer.field("Cache-Control") == "private, no-store"
            assert answer.field("X-Request-ID") in html
            root = "../" * (path.count("/") - 1)
            for name in assets_of(html):
                assert name.startswith(f"{root}assets/")
                assert api.get("/" + name.removeprefix(root)).status == 200


@pytest.mark.parametrize("path", REDIRECT_PATHS)
def test_programs_get_errors_as_json(api, path):
    for headers in ({}, {"Accept": "*/*"}, {"Accept": "application/json"}):
        answer = api.get(path.format("nosuch"), headers=headers)
        assert (answer.status, answer.canonical()) == (404, {"error": "Not found"})


def test_browsers_are_redirected_like_everybody(api):
    link = api.make_link()
    answer = api.get(f"/{link['short_code']}", headers=BROWSER)
    assert (answer.status, answer.body) == (302, b"")
    assert answer.field("Location") == link["original_url"]


def test_what_a_client_sent_is_no_markup(api):
    sent = "<img/src=x>&\"'"
    answer = api.get("/nosuch", headers={**BROWSER, "X-Request-ID": sent})
    assert answer.field("X-Request-ID") == sent
    html = assert_page(answer, 404)
    assert "<img" not in html
    assert "&lt;img/src=x&gt;&amp;&quot;&#39;" in html


def may_visit(rules: str, path: str) -> bool:
    """RFC 9309 2.2.2: the longest rule that matches decides; `*` is any text, `$` the end."""
    longest, allowed = -1, True
    for line in rules.splitlines():
        kind, _, pattern = line.partition(": ")
        if kind not in ("Allow", "Disallow"):
            continue
        expression = re.escape(pattern).replace(r"\*", ".*").replace(r"\$", "$")
        if re.match(expression, path) and len(pattern) > longest:
            longest, allowed = len(pattern), kind == "Allow"
    return allowed


def test_robots_may_follow_links_and_nothing_else(api):
    answer = api.get("/robots.txt")
    assert answer.status == 200
    assert answer.field("Content-Type") == "text/plain; charset=utf-8"
    rules = answer.body.decode()
    for path in ("/UeWfmJ", "/users-guide", "/urls2026", "/audited", "/health1", "/v1x", "/",
                 "/urls/UeWfmJ/redirect", "/assets/page.0123456789abcdef.css"):
        assert may_visit(rules, path), path
    for path in ("/users", "/users?page=2", "/users/1", "/urls", "/urls?order=newest", "/urls/1",
                 "/urls/1/stats", "/events", "/events?x", "/events/1", "/audit", "/audit?cursor=1",
                 "/metrics", "/health", "/health/ready", "/v1/users", "/v1/urls/abc/redirect"):
        assert not may_visit(rules, path), path


def test_the_icon_is_one(api):
    answer = api.get("/favicon.ico")
    assert answer.status == 200
    assert answer.field("Content-Type") == "image/vnd.microsoft.icon"
    assert answer.field("Cache-Control") == "public, max-age=86400"
    assert answer.body[:4] == b"\0\0\1\0", "an icon file"
    assert len(answer.body) < 5_000
    again = api.get("/favicon.ico", headers={"If-None-Match": answer.field("ETag")})
    assert (again.status, again.body) == (304, b"")


@pytest.mark.parametrize("path", ["/", "/favicon.ico", "/robots.txt"])
def test_pages_are_only_read(api, path):
    assert api.head(path).body == b""
    for method in ("POST", "PUT", "DELETE"):
        answer = api.request(method, path)
        assert answer.status == 405
        assert set(answer.field("Allow").split(", ")) == {"GET", "HEAD", "OPTIONS"}


def test_addresses_of_pages_are_no_codes(api):
    owner = api.make_user()["id"]
    for code in ("assets", "docs", "Assets"):
        draft = {"user_id": owner, "original_url": "https://example.com/", "title": "t"}
        answer = api.post("/urls", {**draft, "code": code})
        assert (answer.status, answer.error) == (409, "This short code is reserved"), code


def test_links_are_listed_from_the_newest(api):
    owner = api.make_user()["id"]
    made = [api.make_link(owner)["id"] for _ in range(5)]
    listed = [row["id"] for row in api.all_rows(f"/urls?order=newest&user_id={owner}", per_page=2)]
    assert listed == made[::-1]
    answer = api.get("/urls?order=sideways")
    assert answer.status == 400
    assert answer.canonical()["details"] == {"order": "order must be oldest or newest"}


def test_users_are_found_by_name(api):
    user = api.make_user()
    for name in (user["username"], user["username"].upper(), f"%20{user['username']}+"):
        assert api.get(f"/users?username={name}").json() == [user]
    assert api.get(f"/users?username={user['username']}x").json() == []
