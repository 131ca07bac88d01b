"""Deleting a user of many links: it holds nobody up, and what breaks it off loses nothing."""
import http.client
import threading
import time

from harness.service import run_cli

LINKS = 20_000
COLUMNS = "id,user_id,short_code,original_url,title,is_active,created_at,updated_at"
TIME = "2025-07-13 12:40:57"


def code_of(number: int) -> str:
    return f"many{number:05d}"


def rows_of(owner: int, links: int) -> str:
    rows = [
        f"{number},{owner},{code_of(number)},https://example.com/{number},,true,{TIME},{TIME}"
        for number in range(1, links + 1)
    ]
    return "\n".join([COLUMNS, *rows])


def user_of_many_links(api) -> int:
    owner = api.make_user()["id"]
    answer = api.post(
        "/urls/bulk",
        body=rows_of(owner, LINKS).encode(),
        headers={"Content-Type": "text/csv"},
    )
    assert answer.status == 200, answer
    assert api.get(f"/{code_of(1)}").status == 302
    return owner


class Deletion(threading.Thread):
    """Asks for it on a connection of its own; begun when the first link is gone."""

    def __init__(self, service, owner: int):
        super().__init__()
        self.status: int | None = None
        self._api = service.api()
        self._owner = owner
        self.start()
        while self.is_alive() and service.api().get(f"/{code_of(1)}").status == 302:
            pass

    def run(self):
        try:
            self.status = self._api.delete(f"/users/{self._owner}").status
        except (OSError, http.client.HTTPException):
            pass  # killed, where that is planned


def deletions(api) -> tuple[int, int]:
    """How many links were deleted, by the events and by the audit trail."""
    events = api.all_rows("/events?event_type=deleted")
    trail = [(row["entity"], row["action"]) for row in api.all_rows("/audit")]
    return len(events), trail.count(("link", "delete"))


def test_others_write_while_it_lasts(start_service, report):
    service = start_service()
    api = service.api()
    owner, other = user_of_many_links(api), api.make_user()["id"]

    deletion = Deletion(service, owner)
    made = 0
    while deletion.is_alive():
        made += api.make_link(other)["user_id"] == other
    deletion.join(30)

    assert deletion.status == 204
    assert made >= 10
    assert len(api.all_rows("/urls")) == made
    assert api.get(f"/users/{owner}").status == 404
    assert deletions(api) == (LINKS, LINKS)
    assert {api.get(f"/{code_of(number)}").status for number in range(1, LINKS, 500)} == {404}
    report(f"{LINKS} links deleted with their user, {made} others made meanwhile")


def test_one_that_a_kill_breaks_off_is_finished_by_the_next(start_service, tmp_path, report):
    folder = tmp_path / "killed"
    service = start_service(folder=folder)
    owner = user_of_many_links(service.api())
    deletion = Deletion(service, owner)
    service.kill()
    deletion.join(30)

    api = start_service(folder=folder).api()
    left = api.all_rows("/urls")
    assert {link["user_id"] for link in left} <= {owner}
    assert deletions(api) == (LINKS - len(left), LINKS - len(left))
    if deletion.status is None:
        assert api.delete(f"/users/{owner}").status in ((204,) if left else (204, 404))

    assert api.all_rows("/urls") == []
    assert api.get(f"/users/{owner}").status == 404
    assert deletions(api) == (LINKS, LINKS)
    report(f"killed with {len(left)} of {LINKS} links left; the next call deleted them")


def test_the_end_does_not_wait_for_it(start_service, tmp_path, report):
    """Seconds of it are left when the server is told to end, which may take half of one."""
    links, grace = 3 * LINKS, 500
    folder = tmp_path / "ended"
    folder.mkdir()
    owner = 1
    (folder / "users").write_text(f"id,username,email,created_at\n{owner},a,a@b.org,{TIME}\n")
    (folder / "urls").write_text(rows_of(owner, links))
    for what in ("users", "urls"):
        done = run_cli("import", what, folder / what, "--database.url",
                       f"sqlite:{folder / 'ginnel.db'}", cwd=folder)
        assert done.returncode == 0, done.stdout + done.stderr
    service = start_service("--shutdown.grace_ms", grace, folder=folder)
    deletion = Deletion(service, owner)
    began = time.monotonic()
    assert service.stop() == 0
    took = time.monotonic() - began
    deletion.join(30)
    assert deletion.status is None, "its connection is cut"

    api = start_service(folder=folder).api()
    page = api.get("/urls?per_page=1").json()
    assert page and page[0]["user_id"] == owner, "the end waited until all links were deleted"
    left = len(api.all_rows("/urls"))
    events, audited = deletions(api)
    assert events == audited == links - left
    assert api.delete(f"/users/{owner}").status == 204
    assert api.get(f"/users/{owner}").status == 404
    report(f"ended after {took:.2f} s with {left} of {links} links left, grace {grace} ms; "
           "the next call deleted them")
