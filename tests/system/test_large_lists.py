"""Lists of large rows: pages that end by their bytes, and what they cost the server."""
import concurrent.futures
import json
import pathlib
import re
import time

import pytest

from harness.http_client import next_link
from harness.raw_http import RawConnection
from harness.service import Service, run_cli

MIB = 1 << 20
PAGE = 4 * MIB
EVENTS = 1_000
DETAILS = {"text": "x" * 65_500}  # 64 KiB, as a client sends it


def memory(service, name: str = "VmRSS") -> float:
    """MiB of the process: `VmRSS` now, `VmHWM` at most so far."""
    status = pathlib.Path(f"/proc/{service.pid}/status").read_text()
    return int(re.search(rf"{name}:\s+(\d+) kB", status)[1]) / 1024


def post_all(service, drafts, clients: int = 8):
    """POSTs every (path, body), each client on a connection of its own."""

    def post(some):
        api = service.api()
        for path, body in some:
            answer = api.post(path, body)
            assert answer.status == 201, answer
        api.close()

    drafts = list(drafts)
    with concurrent.futures.ThreadPoolExecutor(clients) as pool:
        for done in [pool.submit(post, drafts[i::clients]) for i in range(clients)]:
            done.result()


def pages_of(api, target: str):
    """(bytes of the body, rows) of each page, from `target` on by `Link`."""
    while target:
        answer = api.get(target)
        assert answer.status == 200, answer
        assert answer.field("Content-Length") == str(len(answer.body))
        yield len(answer.body), answer.json()
        target = next_link(answer)


def assert_whole(pages, ids, largest_row: int):
    """Every row once and in order, on pages as large as they may be and no larger."""
    assert [row["id"] for _, rows in pages for row in rows] == list(ids)
    sizes = [size for size, _ in pages]
    assert max(sizes) <= PAGE + 3  # brackets and a newline
    assert all(size > PAGE - largest_row for size in sizes[:-1]), sizes


@pytest.fixture(scope="module")
def large(tmp_path_factory):
    """A service with 1,000 events of 64 KiB, the last 100 of which were changed."""
    service = Service(tmp_path_factory.mktemp("large"))
    api = service.api()
    user = api.make_user()["id"]
    link = api.make_link(user)
    draft = {"url_id": link["id"], "user_id": user, "event_type": "large", "details": DETAILS}
    post_all(service, (("/events", draft) for _ in range(EVENTS)))
    for event in range(EVENTS - 98, EVENTS + 2):
        assert api.put(f"/events/{event}", {"event_type": "seen"}).status == 200
    service.link = link
    yield service
    api.close()
    assert service.stop() == 0


def test_pages_of_large_events_end_at_4_mib_and_leave_nothing_out(large, report):
    api = large.api()
    began = time.monotonic()
    pages = list(pages_of(api, "/events?per_page=1000"))
    took = time.monotonic() - began
    assert_whole(pages, range(1, EVENTS + 2), 66_000)
    of_link = f"per_page=500&url_id={large.link['id']}&event_type=large"
    only = list(pages_of(api, f"/v1/events?{of_link}"))
    assert_whole(only, range(2, EVENTS - 98), 66_000)
    report(f"{EVENTS} events of 64 KiB are {len(pages)} pages, the largest of"
           f" {max(size for size, _ in pages) / MIB:.2f} MiB ({took:.1f} s);"
           f" the server took {memory(large, 'VmHWM'):.0f} MiB at most")


def test_pages_of_the_trail_end_at_4_mib_and_leave_nothing_out(large, report):
    """A changed row is there twice: as it was and as it is."""
    api = large.api()
    pages = list(pages_of(api, "/audit?per_page=1000"))
    assert_whole(pages, range(1, EVENTS + 2 + 100 + 1), 2 * 66_000)
    report(f"{sum(len(rows) for _, rows in pages)} rows of the trail are {len(pages)} pages, the"
           f" largest of {max(size for size, _ in pages) / MIB:.2f} MiB")


def test_slow_readers_of_large_lists_hold_a_page_each(large, report):
    """40 ask for everything at once and read none of it; the others go on."""
    before = memory(large)
    code = large.link["short_code"]
    api = large.api()
    api.get(f"/{code}")
    readers = [RawConnection(large) for _ in range(40)]
    for i, reader in enumerate(readers):
        path = "/audit" if i % 2 else "/events"
        reader.send(f"GET {path}?per_page=1000 HTTP/1.1\r\nHost: localhost\r\n\r\n".encode())
    times, most = [], 0.0
    end = time.monotonic() + 3
    while time.monotonic() < end:
        sent = time.monotonic()
        assert api.get(f"/{code}").status == 302
        times.append(time.monotonic() - sent)
        most = max(most, memory(large))
        time.sleep(0.002)
    for reader in readers:
        answer = reader.read_response()
        assert answer.status == 200 and len(answer.body) <= PAGE + 3
        reader.socket.close()
    times.sort()
    assert most - before < len(readers) * 8
    report(f"{len(readers)} slow readers: {before:.0f} MiB before, {most:.0f} MiB with them;"
           f" {len(times)} redirects meanwhile, p99 {times[len(times) * 99 // 100] * 1000:.1f} ms,"
           f" slowest {times[-1] * 1000:.0f} ms")


def test_links_of_many_bytes_are_listed_whole_by_the_command_line(start_service, tmp_path, report):
    """They are three times as long in JSON as in the database."""
    service = start_service("--links.max_location_bytes", "16384")
    user = service.api().make_user()["id"]
    draft = {"user_id": user, "title": "\U0001F600" * 500,
             "original_url": "https://example.com/" + "\u00e9" * 1_000}
    post_all(service, (("/urls", draft) for _ in range(700)))
    api = service.api()

    pages = list(pages_of(api, "/urls?per_page=1000"))
    assert_whole(pages, range(1, 701), 13_000)
    newest = list(pages_of(api, f"/urls?per_page=1000&order=newest&user_id={user}"))
    assert_whole(newest, range(700, 0, -1), 13_000)

    env = {"GINNEL_SERVER": service.url}
    for words, last in [(("--all",), 700), (("--limit", 450), 450)]:
        done = run_cli("link", "list", *words, "--json", cwd=tmp_path, env=env)
        assert done.returncode == 0, done.stderr
        assert [row["id"] for row in json.loads(done.stdout)] == list(range(1, last + 1))
    report(f"700 links are {len(pages)} pages, the largest of"
           f" {max(size for size, _ in pages) / MIB:.2f} MiB")


def test_users_of_much_metadata(start_service, report):
    """Their list leaves the metadata out, the trail has it twice after a change."""
    service = start_service()
    metadata = {"text": "x" * 16_000}
    post_all(service, (("/users", {"username": f"u{i}", "email": f"u{i}@example.com",
                                   "metadata": metadata}) for i in range(600)))
    api = service.api()
    for user in range(1, 101):
        assert api.put(f"/users/{user}", {"metadata": {"text": "y" * 16_000}}).status == 200

    users = list(pages_of(api, "/users?per_page=1000"))
    assert [row["id"] for _, rows in users for row in rows] == list(range(1, 601))
    trail = list(pages_of(api, "/audit?per_page=1000"))
    assert_whole(trail, range(1, 701), 33_000)
    report(f"700 rows of the trail are {len(trail)} pages; the server took"
           f" {memory(service, 'VmHWM'):.0f} MiB at most")
