"""The pages in Debian's Chromium, driven by tests/browser/first_page.cjs: each scenario there is a
test here. The pictures it takes stay in build/browser/pictures, for people to look at."""
import functools
import http.server
import json
import re
import shutil
import subprocess
import threading

import pytest

from harness.service import ROOT, clean_environment, free_port

SOURCES = ROOT / "tests/browser"
SCRIPT = SOURCES / "first_page.cjs"
PLACE = ROOT / "build/browser"
SCENARIOS = re.findall(r"^  async (\w+)\(", SCRIPT.read_text(), re.MULTILINE)
FETCH_LIMIT = 300  # seconds
SCENARIO_LIMIT = 240


class Arrivals(http.server.BaseHTTPRequestHandler):
    """Where the links lead: www.example.org, as far as this Chromium knows."""

    def do_GET(self):
        body = b"<!doctype html><title>There</title><link rel=icon href=data:,><h1>Arrived</h1>"
        self.send_response(200)
        self.send_header("Content-Type", "text/html")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_):
        pass


@pytest.fixture(scope="module")
def arrivals():
    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), Arrivals) as server:
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        yield server.server_port
        server.shutdown()
        thread.join()


@functools.cache
def missing() -> str | None:
    """What keeps a browser from being driven here, or None. Fetches what the lockfile names."""
    for program in ("chromium", "node"):
        if not shutil.which(program):
            return f"{program} is not installed"
    done = subprocess.run(
        [ROOT / "tools/fetch_web_packages.py", PLACE, SOURCES], stdin=subprocess.DEVNULL,
        env=clean_environment(), capture_output=True, text=True, timeout=FETCH_LIMIT,
    )
    return done.stderr.strip() if done.returncode else None


def package(name: str) -> str:
    """Where the locked version of a package is."""
    version = json.loads((SOURCES / "package.json").read_text())["dependencies"][name]
    return str(PLACE / f"{name}-{version}")


@pytest.fixture
def start_at(start_service):
    """Starts a service that gives out addresses under which it is reached."""
    def start(**kw):
        address = f"127.0.0.1:{free_port()}"
        return start_service("--links.public_url", f"http://{address}", listen=address, **kw)

    return start


@pytest.fixture
def keyed(start_at):
    """A service that asks for a key."""
    key = "a-key-that-nobody-guesses-0123456789"
    return {"url": start_at(env={"API_KEY": key}).url, "key": key}


@pytest.fixture
def closed(start_service):
    """A service that has no key and would need one: others reach it by a name."""
    return start_service("--links.public_url", "https://go.example.org").url


@pytest.fixture
def named(start_service):
    """A service that others have names for, and where everybody may make links."""
    return start_service("--links.public_url", "https://go.example.org", "--links.own_hosts",
                         "s.example.org, 203.0.113.9", "--api.open", "true").url


@pytest.fixture
def served(start_at):
    """A service with a few links."""
    service = start_at()
    api = service.api()
    owner = api.make_user()
    make = functools.partial(api.make_link, owner["id"])
    make(title="Debian's documentation", original_url="https://www.debian.org/doc/")
    make(title="", code="long-target",
         original_url="https://www.example.org/" + "a-very-long-way/" * 30)
    make(title="Quarterly figures, third quarter", code="figures")
    make(title="<script>alert(1)</script>", code="markup")
    off = make(title="Summer party", code="party")
    api.put(f"/urls/{off['id']}", {"is_active": False})
    api.close()
    return service, owner["username"], off["short_code"]


def test_there_are_scenarios():
    assert len(SCENARIOS) >= 8, SCENARIOS


@pytest.mark.parametrize("scenario", SCENARIOS)
def test_the_page_in_chromium(scenario, request, report):
    if why := missing():
        pytest.skip(why)
    service, owner, off = request.getfixturevalue("served")
    pictures = PLACE / "pictures"
    pictures.mkdir(exist_ok=True)
    given = {
        "url": service.url, "keyed": request.getfixturevalue("keyed"), "owner": owner, "off": off,
        "closed": request.getfixturevalue("closed"), "named": request.getfixturevalue("named"),
        "pictures": str(pictures),
        "arrivals": request.getfixturevalue("arrivals"), "chromium": shutil.which("chromium"),
        "zbarimg": shutil.which("zbarimg"),
        "playwright": package("playwright-core"), "axe": package("axe-core") + "/axe.min.js",
    }
    done = subprocess.run(
        ["node", SCRIPT, scenario, json.dumps(given)],
        stdin=subprocess.DEVNULL, capture_output=True, text=True, timeout=SCENARIO_LIMIT,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    for what, figure in json.loads(done.stdout).items():
        report(f"{what}: {figure}")
