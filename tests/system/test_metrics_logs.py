"""What the process says about itself: /metrics and the log."""
import datetime
import re
import shutil
import socket
import subprocess

import pytest

from harness.clicks import wait_until
from harness.http_client import Api
from harness.metrics import Page
from harness.raw_http import RawConnection
from harness.service import BINARY, clean_environment, free_port


def requests_total(page, method, route, status):
    return page.value("ginnel_http_requests_total", method=method, route=route, status=str(status))


def test_requests_are_counted_by_route_and_status(fresh_service):
    api = fresh_service.api()
    link = api.make_link()
    before = Page(api)
    for _ in range(7):
        api.get(f"/{link['short_code']}")
    for _ in range(3):
        api.head(f"/urls/{link['short_code']}/redirect")
    for _ in range(5):
        api.get("/users/999999")
    for i in range(4):
        api.get(f"/no/such/path/{i}")
    api.post("/users", {})
    api.delete("/health")
    after = Page(api)

    def grown(*key):
        return requests_total(after, *key) - requests_total(before, *key)

    assert grown("GET", "/{code}", 302) == 7
    assert grown("HEAD", "/urls/{code}/redirect", 302) == 3
    assert grown("GET", "/users/{id}", 404) == 5
    assert grown("GET", "unmatched", 404) == 4
    assert grown("POST", "/users", 422) == 1
    assert grown("DELETE", "unmatched", 405) == 1
    assert grown("GET", "/metrics", 200) == 1
    everything = "ginnel_http_requests_total"
    assert after.sum(everything) - before.sum(everything) == 7 + 3 + 5 + 4 + 1 + 1 + 1


def test_durations_add_up_with_the_counts(fresh_service):
    api = fresh_service.api()
    link = api.make_link()
    for _ in range(20):
        api.get(f"/{link['short_code']}")
    page = Page(api)
    labels = {"method": "GET", "route": "/{code}"}
    count = page.value("ginnel_http_request_seconds_count", **labels)
    assert count == 20 == requests_total(page, "GET", "/{code}", 302)
    assert page.value("ginnel_http_request_seconds_bucket", le="+Inf", **labels) == count
    buckets = sorted(
        (float(dict(ls)["le"]), value)
        for (name, ls), value in page.samples.items()
        if name == "ginnel_http_request_seconds_bucket" and set(labels.items()) <= ls
    )
    assert len(buckets) > 10
    values = [value for _, value in buckets]
    assert values == sorted(values)
    assert 0 < page.value("ginnel_http_request_seconds_sum", **labels) < 20


def test_no_path_that_a_client_sent_is_a_label(fresh_service):
    api = fresh_service.api()
    Page(api)
    marks = [f"mark{i}" for i in range(200)]
    for mark in marks:
        api.get(f"/{mark}")
        api.get(f"/urls/{mark}/redirect")
        api.get(f"/x/{mark}")
        api.request(mark.upper(), "/users")
    first = Page(api)
    assert not any(mark in first.text or mark.upper() in first.text for mark in marks)
    for mark in marks:
        api.get(f"/{mark}again")
        api.get(f"/y/{mark}")
    assert len(Page(api).samples) == len(first.samples)


def test_the_page_tells_of_cache_store_and_process(fresh_service):
    api = fresh_service.api()
    before = Page(api)
    link = api.make_link()
    for _ in range(10):
        api.get(f"/{link['short_code']}")
    page = Page(api)
    assert page.sum("ginnel_cache_hits_total") >= 8
    assert page.sum("ginnel_cache_misses_total") >= 1
    assert page.sum("ginnel_cache_entries") >= 1
    changes = page.sum("ginnel_store_writes_total") - before.sum("ginnel_store_writes_total")
    assert changes >= 2, "a user and a link"
    assert page.sum("ginnel_store_commits_total") >= 1
    assert page.sum("ginnel_http_connections") >= 1
    assert page.sum("ginnel_build_info") == 1
    assert page.sum("process_resident_memory_bytes") > 1 << 20
    assert page.sum("process_open_fds") > 3


def test_counters_never_fall(fresh_service):
    """Scraped by different cores' connections while others work."""
    api = fresh_service.api()
    link = api.make_link()
    last = 0.0
    for _ in range(30):
        fresh_service.api().get(f"/{link['short_code']}")
        now = Page(fresh_service.api()).sum("ginnel_http_requests_total")
        assert now > last
        last = now


@pytest.mark.skipif(not shutil.which("promtool"), reason="promtool is not installed")
def test_prometheus_own_linter_is_content(fresh_service):
    page = Page(fresh_service.api())
    done = subprocess.run(
        ["promtool", "check", "metrics"],
        input=page.text,
        capture_output=True,
        text=True,
        timeout=30,
    )
    assert done.returncode == 0, done.stdout + done.stderr


def test_connections_that_make_room_or_find_none_are_counted(start_service):
    service = start_service("--http.max_connections", "5")
    held = [RawConnection(service) for _ in range(8)]
    assert held[-1].exchange(b"GET /health HTTP/1.1\r\nHost: x\r\n\r\n").status == 200
    page = Page(service.api())
    assert page.sum("ginnel_http_connections_evicted_total") >= 3
    assert page.sum("ginnel_http_connections_refused_total") == 0
    for connection in held:
        connection.socket.close()
    health = b"GET /health HTTP/1.1\r\nHost: localhost\r\n\r\n"
    body = b"POST /users HTTP/1.1\r\nHost: localhost\r\nContent-Length: 9\r\n\r\n{"
    held = []
    for _ in range(8):
        held.append(RawConnection(service))
        held[-1].send(health + body)
        assert held[-1].read_response().status == 200
    assert Page(service.api()).sum("ginnel_http_connections_refused_total") >= 1
    for connection in held:
        connection.socket.close()


# --- the log -----------------------------------------------------------------------------------


def line_of(service, request_id: str):
    line = service.log.wait_for(lambda line: line.get("request_id") == request_id, 5)
    assert line, f"no line with {request_id}"
    return line


def test_a_request_leaves_one_line_with_its_id(service, api):
    name = api.unique("logged")
    draft = {"username": name, "email": f"{name}@b.cd"}
    answer = api.post("/users?secret=1", draft, headers={"X-Request-ID": f"id-{name}"})
    assert answer.status == 201
    line = line_of(service, f"id-{name}")
    assert (line["level"], line["message"]) == ("info", "request")
    assert (line["method"], line["path"], line["route"]) == ("POST", "/users", "/users")
    assert line["status"] == 201 and 0 <= line["duration_ms"] < 5000
    assert line["client"] == "127.0.0.1"
    assert "secret" not in str(line) and name + "@" not in str(line)
    written = datetime.datetime.fromisoformat(line["time"].replace("Z", "+00:00"))
    assert abs((datetime.datetime.now(datetime.timezone.utc) - written).total_seconds()) < 60
    lines = [line for line in service.log.lines if line.get("request_id") == f"id-{name}"]
    assert len(lines) == 1


def test_the_made_id_is_the_one_in_the_log(service, api):
    answer = api.get("/users/0")
    assert line_of(service, answer.field("X-Request-ID"))["status"] == 404


def test_the_id_is_in_the_audit_row(api):
    user = api.post(
        "/users",
        {"username": api.unique(), "email": f"{api.unique()}@b.cd"},
        headers={"X-Request-ID": "trail-1"},
    ).json()
    entries = [row for row in api.all_rows("/audit") if row["entity_id"] == user["id"]]
    assert [row["request_id"] for row in entries if row["entity"] == "user"] == ["trail-1"]


def test_nothing_a_client_sends_breaks_a_line(service, api):
    """Quotes, escapes and line ends in paths and ids stay inside their JSON strings."""
    mark = service.mark()
    for i, path in enumerate(("/users/%0a%22%7b", '/users/"quoted"/x', "/users/\\u000a", "/a/{}x")):
        request_id = f'"quo\\te{i}"'
        answer = api.get(path, headers={"X-Request-ID": request_id})
        assert answer.status == 404
        line_of(service, request_id)
    assert not service.log.unparsed
    assert all({"time", "level", "message"} <= set(line) for line in service.log.lines[mark:])


def test_of_a_long_path_the_beginning_is_logged(service, api):
    path = "/users/" + "x" * 12_000
    answer = api.get(path)
    assert answer.status in (400, 404)
    line = line_of(service, answer.field("X-Request-ID"))
    assert path.startswith(line["path"].removesuffix("...")) and line["path"].endswith("...")
    assert all(len(str(value)) <= 1_027 for value in line.values())


def test_a_log_that_nobody_reads_takes_no_memory(tmp_path, report):
    """12,000 lines, each about a path of 14 KiB: together 170 MB."""
    port = free_port()
    process = subprocess.Popen(
        [str(BINARY), "serve", "--http.listen", f"127.0.0.1:{port}", "--database.url",
         "sqlite::memory:", "--shutdown.notice_ms", "0"],
        cwd=tmp_path, env=clean_environment(), stderr=subprocess.PIPE)
    try:
        assert wait_until(lambda: is_open(port))
        api = Api("127.0.0.1", port)
        with socket.create_connection(("127.0.0.1", port), timeout=30) as raw:
            for warm in (True, False):
                before = Page(api).value("process_resident_memory_bytes")
                for _ in range(2 if warm else 600):
                    request = b"GET /nothing/" + b"x" * 14_000 + b" HTTP/1.1\r\nHost: x\r\n\r\n"
                    raw.sendall(request * 20)
                    answers = b""
                    while answers.count(b"HTTP/1.1 404 ") < 20 or not answers.endswith(b"\n"):
                        answers += raw.recv(1 << 20)
        page = Page(api)
        grown = page.value("process_resident_memory_bytes") - before
        dropped = page.value("ginnel_log_lines_dropped_total")
        assert grown < 32 << 20
        assert dropped > 5_000
    finally:
        process.terminate()
        process.communicate(timeout=30)
    assert process.returncode == 0
    report(f"{grown / 2**20:.1f} MiB more, {dropped:.0f} of 12,000 lines dropped and counted")


def is_open(port: int) -> bool:
    with socket.socket() as probe:
        return probe.connect_ex(("127.0.0.1", port)) == 0


def test_a_refused_request_is_logged_or_counted(service):
    with RawConnection(service) as raw:
        answer = raw.exchange(b"GET /health HTTP/1.1\r\n\r\n")
        assert answer.status == 400
        assert line_of(service, answer.field("X-Request-ID"))["status"] == 400


def test_redirects_are_logged_one_in_many(start_service):
    service = start_service("--log.redirects_one_in", "10", "--http.threads", "1")
    api = service.api()
    link = api.make_link()
    mark = service.mark()
    for _ in range(100):
        api.get(f"/{link['short_code']}")
    api.get("/users", headers={"X-Request-ID": "the-last"})
    line_of(service, "the-last")
    logged = [line for line in service.log.lines[mark:] if line.get("route") == "/{code}"]
    assert len(logged) == 10


def test_health_and_scrapes_leave_no_lines(service, api):
    mark = service.mark()
    for path in ("/health", "/health/ready", "/health/serving", "/metrics"):
        assert api.get(path).status == 200
    api.get("/users", headers={"X-Request-ID": "after-health"})
    line_of(service, "after-health")
    paths = {line.get("path") for line in service.log.lines[mark:]}
    assert paths <= {"/users"}


def test_the_log_for_people_is_no_json(tmp_path):
    process = subprocess.Popen(
        [str(BINARY), "serve", "--http.listen", "127.0.0.1:0", "--database.url", "sqlite::memory:",
         "--log.format", "text"],
        cwd=tmp_path, env=clean_environment(), stderr=subprocess.PIPE, text=True,
    )
    for line in process.stderr:
        assert not line.startswith("{")
        if "listening" in line:
            break
    assert re.search(r"\binfo\b.*\blistening\b.*address=127\.0\.0\.1:\d+", line)
    assert "\x1b" not in line, "no colours where nobody sees them"
    process.terminate()
    process.communicate(timeout=20)
    assert process.returncode == 0
