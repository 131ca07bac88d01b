"""QR codes of links: what they say is read by zbarimg, which knows nothing of us."""
import concurrent.futures
import contextlib
import itertools
import shutil
import struct
import subprocess
import time

import pytest

FORMATS = ["svg", "png"]
SCAN_LIMIT = 20  # seconds


def pixels(picture: bytes, kind: str) -> bytes:
    """The picture as PNG; SVG is drawn by rsvg-convert."""
    if kind == "png":
        return picture
    if not shutil.which("rsvg-convert"):
        pytest.skip("rsvg-convert is not installed")
    return subprocess.run(["rsvg-convert"], input=picture, capture_output=True, check=True,
                          timeout=SCAN_LIMIT).stdout


def scanned(picture: bytes, kind: str) -> str:
    if not shutil.which("zbarimg"):
        pytest.skip("zbarimg is not installed")
    done = subprocess.run(["zbarimg", "--quiet", "--raw", "-Sdisable", "-Sqrcode.enable", "png:-"],
                          input=pixels(picture, kind), capture_output=True, timeout=SCAN_LIMIT)
    return done.stdout.decode().rstrip("\n")


def dimensions(png: bytes) -> tuple[int, int]:
    assert png[:8] == b"\x89PNG\r\n\x1a\n" and png[12:16] == b"IHDR"
    return struct.unpack(">II", png[16:24])


@pytest.fixture(scope="module")
def link(session_service):
    client = session_service.api()
    made = client.make_link(code=client.unique("poster"))
    yield made
    client.close()


def short_url(api, link):
    return f"http://localhost:{api.port}/{link['short_code']}"


@pytest.mark.parametrize("kind", FORMATS)
def test_it_reads_as_the_short_url(api, link, kind):
    for path in (f"/{link['short_code']}.{kind}", f"/urls/{link['id']}/qr?format={kind}",
                 f"/v1/urls/{link['id']}/qr?format={kind}"):
        answer = api.get(path)
        assert answer.status == 200, answer.body
        assert answer.field("Content-Type") == {"svg": "image/svg+xml", "png": "image/png"}[kind]
        assert scanned(answer.body, kind) == short_url(api, link), path


@pytest.mark.parametrize("kind", FORMATS)
def test_it_reads_in_every_size_level_and_color(api, link, kind, report):
    styles = ["size=111", "size=101&level=L", "size=600&margin=2", "size=1024&margin=32&level=H",
              "size=333&margin=1&level=q", "color=9c3a1d&background=fff8e0", "color=036",
              "color=%23000080&background=%23ff0&level=H"]
    read = 0
    for style, level in itertools.product(styles, "LMQH"):
        style = style if "level" in style else f"{style}&level={level}"
        answer = api.get(f"/{link['short_code']}.{kind}?{style}")
        assert answer.status == 200, (style, answer.body)
        assert scanned(answer.body, kind) == short_url(api, link), style
        read += 1
    report(f"{read} pictures read by zbarimg")


def test_it_has_the_size_that_was_asked_for(api, link):
    for size in (74, 300, 1024):
        png = api.get(f"/{link['short_code']}.png?size={size}").body
        assert dimensions(png) == (size, size)
        svg = api.get(f"/{link['short_code']}.svg?size={size}").body.decode()
        assert f'width="{size}" height="{size}"' in svg


@pytest.mark.parametrize("bad, message", [
    ("size=0", "size must be a whole number from 1 to 1024"),
    ("size=1025", "size must be a whole number from 1 to 1024"),
    ("size=", "size must be a whole number from 1 to 1024"),
    ("size=20", "size must be 37 or more for this link, level and margin"),
    ("margin=-1", "margin must be a whole number from 0 to 32"),
    ("margin=33", "margin must be a whole number from 0 to 32"),
    ("color=red", "color must be a color of 3 or 6 hex digits (9c3a1d)"),
    ("background=12345", "background must be a color of 3 or 6 hex digits (9c3a1d)"),
    ("background=333", "color must be much darker or lighter than background: nothing scans it"),
    ("level=X", "level must be L, M, Q or H"),
])
def test_a_parameter_that_cannot_be_is_named(api, link, bad, message):
    for kind in FORMATS:
        for path in (f"/{link['short_code']}.{kind}?{bad}",
                     f"/urls/{link['id']}/qr?format={kind}&{bad}"):
            answer = api.get(path)
            assert answer.status == 400
            field = message.split(" ")[0]
            assert answer.canonical()["details"] == {field: message}, path


def test_a_format_that_cannot_be_is_named(api, link):
    answer = api.get(f"/urls/{link['id']}/qr?format=gif")
    assert (answer.status, answer.canonical()["details"]) == (
        400, {"format": "format must be svg or png"})


def test_it_may_be_kept_and_is_sent_once(api, link):
    for kind in FORMATS:
        path = f"/{link['short_code']}.{kind}"
        answer = api.get(path)
        assert answer.field("Cache-Control") == "public, max-age=86400"
        assert answer.field("X-Content-Type-Options") == "nosniff"
        assert answer.field("Content-Security-Policy").startswith("default-src 'none'")
        again = api.get(path, headers={"If-None-Match": answer.field("ETag")})
        assert (again.status, again.body) == (304, b"")
        head = api.head(path)
        assert (head.status, head.body) == (200, b"")
        assert head.field("ETag") == answer.field("ETag")


def test_an_unknown_link_has_none(api):
    for kind in FORMATS:
        for _ in range(2):  # from the store, then from memory
            answer = api.get(f"/nosuch.{kind}")
            assert (answer.status, answer.error) == (404, "Not found")
            assert answer.field("Cache-Control") == "private, no-store"
        page = api.get(f"/nosuch.{kind}", headers={"Accept": "text/html"})
        assert page.status == 404 and b"<h1>There is no such link</h1>" in page.body
    assert api.get("/nosuch.gif").status == 404
    answer = api.get("/urls/9007199254740991/qr")
    assert (answer.status, answer.error) == (404, "URL not found")


def test_a_link_that_is_off_has_its_code_and_a_deleted_one_has_not(api):
    link = api.make_link()
    path = f"/{link['short_code']}.svg"
    api.put(f"/urls/{link['id']}", {"is_active": False})
    assert api.get(path).status == 200
    api.delete(f"/urls/{link['id']}")
    assert api.get(path).status == 404


def test_asking_is_no_click(api):
    link = api.make_link()
    for path in (f"/{link['short_code']}.svg", f"/{link['short_code']}.png",
                 f"/urls/{link['id']}/qr"):
        assert api.get(path).status == 200
    assert api.get(f"/{link['short_code']}").status == 302
    stats = f"/urls/{link['id']}/stats"
    for _ in range(100):
        if api.get(stats).json()["clicks"]:
            break
        time.sleep(0.1)
    assert api.get(stats).json()["clicks"] == 1


def test_pictures_are_drawn_fast(service, link, report):
    """They are drawn by the threads that answer redirects, so the largest may not take long."""
    with contextlib.closing(service.api()) as api:
        for style in ("", "?size=1024", "?size=1024&level=H"):
            for kind in FORMATS:
                path = f"/{link['short_code']}.{kind}{style}"
                took = []
                for _ in range(15):
                    begin = time.perf_counter()
                    answer = api.get(path)
                    took.append(time.perf_counter() - begin)
                    assert answer.status == 200
                median = sorted(took)[len(took) // 2] * 1_000
                report(f"{kind}{style}: {len(answer.body)} bytes in {median:.1f} ms")
                assert median < 50


def test_many_may_ask_at_once(service, link):
    def ask(number):
        with contextlib.closing(service.api()) as api:
            return api.get(f"/{link['short_code']}.png?size={300 + number}").status

    with concurrent.futures.ThreadPoolExecutor(8) as pool:
        assert set(pool.map(ask, range(40))) == {200}
