"""kill -9 while clients write: what was acknowledged is there, whole."""
import dataclasses
import http.client
import sqlite3
import threading

import pytest

from harness.http_client import Api

ROUNDS = 5
CLIENTS = 6


@dataclasses.dataclass
class Ledger:
    """What clients were told."""

    users: dict[int, dict] = dataclasses.field(default_factory=dict)
    links: dict[int, dict] = dataclasses.field(default_factory=dict)
    deleted: set[int] = dataclasses.field(default_factory=set)
    doubtful: set[int] = dataclasses.field(default_factory=set)  # asked, not answered
    requests: int = 0
    lock: threading.Lock = dataclasses.field(default_factory=threading.Lock)


class Writer(threading.Thread):
    """Creates users and links, changes and deletes some, until the connection dies."""

    def __init__(self, service, ledger: Ledger, enough: threading.Semaphore):
        super().__init__()
        self.api: Api = service.api()
        self.ledger = ledger
        self.enough = enough
        self.fault: BaseException | None = None

    def run(self):
        try:
            while True:
                self.write_some()
                self.enough.release()
        except (OSError, http.client.HTTPException):
            pass  # killed, as planned
        except BaseException as fault:
            self.fault = fault

    def ask(self, method, path, body=..., about: int | None = None):
        with self.ledger.lock:
            self.ledger.requests += 1
            if about is not None:
                self.ledger.doubtful.add(about)
        answer = self.api.request(method, path, body)
        assert answer.status in (200, 201, 204), answer
        with self.ledger.lock:
            self.ledger.doubtful.discard(about)
        return answer

    def write_some(self):
        name = Api.unique("durable")
        user = self.ask("POST", "/users", {"username": name, "email": f"{name}@b.cd"}).json()
        with self.ledger.lock:
            self.ledger.users[user["id"]] = user
        made = []
        for i in range(4):
            draft = {"user_id": user["id"], "original_url": f"https://b.cd/{i}", "title": name}
            link = self.ask("POST", "/urls", draft).json()
            with self.ledger.lock:
                self.ledger.links[link["id"]] = link
            made.append(link["id"])
        changed = self.ask("PUT", f"/urls/{made[0]}", {"is_active": False}, about=made[0]).json()
        with self.ledger.lock:
            self.ledger.links[changed["id"]] = changed
        self.ask("DELETE", f"/urls/{made[1]}", about=made[1])
        with self.ledger.lock:
            self.ledger.deleted.add(made[1])


def faults_of(api: Api, ledger: Ledger) -> list[str]:
    """Every way in which the service contradicts what it told the clients."""
    faults = []
    users = {user["id"]: user for user in api.all_rows("/users")}
    links = {link["id"]: link for link in api.all_rows("/urls")}
    events = api.all_rows("/events")
    audit = api.all_rows("/audit")

    for number, user in ledger.users.items():
        if users.get(number) != user:
            faults.append(f"user {number}: told {user}, is {users.get(number)}")
    for number, link in ledger.links.items():
        if number in ledger.deleted:
            if number in links:
                faults.append(f"link {number} was deleted and is back")
        elif number not in ledger.doubtful and links.get(number) != link:
            faults.append(f"link {number}: told {link}, is {links.get(number)}")

    trail: dict[tuple[str, int], list[str]] = {}
    for entry in audit:
        trail.setdefault((entry["entity"], entry["entity_id"]), []).append(entry["action"])
    kinds: dict[int, list[str]] = {}
    for event in events:
        if event["url_id"] is not None:
            kinds.setdefault(event["url_id"], []).append(event["event_type"])
    for number in users:
        if trail.get(("user", number)) != ["create"]:
            faults.append(f"user {number}: audit {trail.get(('user', number))}")
    for number in links:
        actions = trail.get(("link", number), [])
        wanted = [{"create": "created", "update": "updated"}[action] for action in actions]
        if wanted[:1] != ["created"] or kinds.get(number) != wanted:
            faults.append(f"link {number}: audit {actions}, events {kinds.get(number)}")
    gone = {number for (entity, number), did in trail.items() if entity == "link"} - set(links)
    for number in gone:
        if trail[("link", number)][-1] != "delete":
            faults.append(f"link {number} is gone and nobody deleted it")
    told = sum(event["event_type"] == "deleted" for event in events)
    if told != len(gone):
        faults.append(f"{told} deleted events for {len(gone)} deleted links")

    for rows in (users, links):
        if sorted(rows) != list(rows):
            faults.append("ids out of order or twice")
    ids = [event["id"] for event in events]
    if ids != sorted(set(ids)):
        faults.append("event ids out of order or twice")
    codes = [link["short_code"] for link in links.values()]
    if len(codes) != len(set(codes)):
        faults.append("a code twice")
    return faults


def kill_during_writes(service, ledger: Ledger) -> None:
    enough = threading.Semaphore(0)
    writers = [Writer(service, ledger, enough) for _ in range(CLIENTS)]
    for writer in writers:
        writer.start()
    for _ in range(CLIENTS * 6):
        assert enough.acquire(timeout=30)
    service.kill()
    for writer in writers:
        writer.join(30)
        assert writer.fault is None, writer.fault


def test_every_acknowledged_write_survives_sigkill(start_service, tmp_path, report):
    ledger = Ledger()
    folder = tmp_path / "killed"
    for number in range(ROUNDS):
        service = start_service(folder=folder)
        kill_during_writes(service, ledger)
        service = start_service(folder=folder)
        assert faults_of(service.api(), ledger) == [], f"after kill {number + 1}"
        assert service.stop() == 0
    report(
        f"{ROUNDS} kills, {ledger.requests} requests, {len(ledger.users)} users,"
        f" {len(ledger.links)} links, {len(ledger.deleted)} deletions acknowledged:"
        f" none lost, {len(ledger.doubtful)} unanswered"
    )
    check = sqlite3.connect(folder / "ginnel.db").execute("PRAGMA integrity_check").fetchone()
    assert check == ("ok",)


PLANTED = {
    "a user": "DELETE FROM users WHERE id = (SELECT max(id) FROM users)",
    "a link": "DELETE FROM links WHERE id = (SELECT max(id) FROM links)",
    "an event": "DELETE FROM events WHERE type = 'created' AND link_id IS NOT NULL"
                " AND id = (SELECT max(id) FROM events WHERE type = 'created')",
    "a change": "UPDATE links SET title = 'other' WHERE id = (SELECT max(id) FROM links)",
}


@pytest.mark.parametrize("what", [*PLANTED, "an audit row"])
def test_the_check_sees_a_planted_loss(start_service, tmp_path, what):
    """The same check on a database from which one row was taken away by hand."""
    ledger = Ledger()
    folder = tmp_path / "planted"
    service = start_service(folder=folder)
    writer = Writer(service, ledger, threading.Semaphore(0))
    writer.write_some()
    assert faults_of(service.api(), ledger) == []
    assert service.stop() == 0

    database = sqlite3.connect(folder / "ginnel.db")
    if what == "an audit row":  # its triggers refuse that, which is the point of them
        query = "SELECT name FROM sqlite_schema WHERE type = 'trigger' AND tbl_name = 'audit'"
        with pytest.raises(sqlite3.DatabaseError):
            database.execute("DELETE FROM audit")
        for (name,) in database.execute(query).fetchall():
            database.execute(f"DROP TRIGGER {name}")
        taken = database.execute("DELETE FROM audit WHERE id = (SELECT max(id) FROM audit)")
    else:
        taken = database.execute(PLANTED[what])
    assert taken.rowcount == 1
    database.commit()
    database.close()

    assert faults_of(start_service(folder=folder).api(), ledger) != []


def test_a_kill_right_after_the_answer_loses_nothing(start_service, tmp_path):
    folder = tmp_path / "at_once"
    for number in range(5):
        service = start_service(folder=folder)
        api = service.api()
        name = f"once{number}"
        answer = api.post("/users", {"username": name, "email": f"{name}@b.cd"})
        service.kill()
        assert answer.status == 201
    users = start_service(folder=folder).api().get("/users").json()
    assert [user["username"] for user in users] == [f"once{i}" for i in range(5)]
    assert [user["id"] for user in users] == [1, 2, 3, 4, 5]
