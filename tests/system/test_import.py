"""`ginnel import`: the seed files whole, twice, and what must not happen."""
import collections
import csv
import hashlib
import shutil

import pytest

from conftest import import_seed
from harness import seed
from harness.raw_http import RawConnection
from harness.service import run_cli

ALL_IMPORTED, NOTHING_IMPORTED, WRONG_USAGE, SOME_LEFT_OUT = range(4)


def run_import(folder, what, file, *options):
    url = f"sqlite:{folder / 'ginnel.db'}"
    return run_cli("import", what, file, "--database.url", url, *options, cwd=folder)


# --- the seed ----------------------------------------------------------------------------------


def test_every_user_is_as_in_the_file(imported, report):
    wanted = seed.users()
    assert len(wanted) == 400
    assert imported.api().all_rows("/users") == wanted
    report("400 users equal to the file, field by field")


def test_every_link_is_as_in_the_file(imported, report):
    wanted = seed.links()
    assert len(wanted) == 2000
    assert imported.api().all_rows("/urls") == wanted
    report("2000 links equal to the file, field by field")


def test_every_event_is_as_in_the_file(imported, report):
    wanted = seed.events()
    assert len(wanted) == 3422
    events = imported.api().all_rows("/events")
    assert events == wanted
    report("3422 events equal to the file, field by field")


def test_details_are_the_very_text_of_the_file(imported):
    body = b"".join(
        imported.api().get(f"/events?per_page=1000&cursor={cursor}").body
        for cursor in (0, 1000, 2000, 3000)
    )
    for row in seed.rows_of("events"):
        assert f'"details":{row["details"]},"event_type"'.encode() in body


def test_what_is_odd_in_the_files_is_kept(imported):
    """The seed contradicts itself in places; an import is no judge."""
    api = imported.api()
    users = {user["id"]: user for user in api.all_rows("/users")}
    links = {link["id"]: link for link in api.all_rows("/urls")}
    events = api.all_rows("/events")
    before_owner = [
        link for link in links.values() if link["created_at"] < users[link["user_id"]]["created_at"]
    ]
    assert len(before_owner) == 444
    assert set(users) - {link["user_id"] for link in links.values()} == {118, 164}
    kinds = collections.Counter(event["event_type"] for event in events)
    assert kinds == {"created": 2000, "updated": 1206, "deleted": 216}
    verbs = [
        event
        for event in events
        if event["event_type"] == "updated" and event["details"]["field"] == "is_active"
    ]
    assert len(verbs) == 377 and all(type(e["details"]["new_value"]) is str for e in verbs)
    deleted = {event["url_id"] for event in events if event["event_type"] == "deleted"}
    assert sum(links[number]["is_active"] for number in deleted) == 181


def test_every_imported_code_redirects_or_is_off(imported, report):
    """All 2000 over one connection, each way, twice: from the store, then from memory."""
    links = seed.rows_of("urls")
    counts = collections.Counter()
    with RawConnection(imported) as raw:
        for path in ("/{}", "/urls/{}/redirect"):
            for link in links * 2:
                target = path.format(link["short_code"])
                answer = raw.exchange(f"GET {target} HTTP/1.1\r\nHost: localhost\r\n\r\n".encode())
                if link["is_active"] == "True":
                    assert answer.status == 302
                    assert answer.field("Location") == link["original_url"]
                else:
                    assert answer.status == 410
                counts[answer.status] += 1
    assert counts == {302: 4 * 1656, 410: 4 * 344}
    report(f"redirects of imported links, four times each: {dict(counts)}")


def test_an_import_is_one_audit_row_each(imported):
    entries = imported.api().all_rows("/audit")
    assert [(e["action"], e["entity"], e["entity_id"], e["who"]) for e in entries] == [
        ("import", "user", 0, "import"),
        ("import", "link", 0, "import"),
        ("import", "event", 0, "import"),
    ]
    for entry, name, rows in zip(entries, ("users", "urls", "events"), (400, 2000, 3422)):
        assert entry["after"] == {
            "counts": {"inserted": rows, "rows": rows, "skipped": 0, "unchanged": 0},
            "file": f"{name}.csv",
            "first_id": 1,
            "last_id": rows,
            "sha256": hashlib.sha256((seed.DATA / f"{name}.csv").read_bytes()).hexdigest(),
        }


def test_new_rows_get_numbers_above_the_imported_ones(start_service, tmp_path):
    folder = tmp_path / "seeded"
    folder.mkdir()
    import_seed(folder)
    api = start_service(folder=folder).api()
    user = api.make_user()
    link = api.make_link(user["id"])
    (event,) = api.events_of(link["id"])
    assert (user["id"], link["id"], event["id"]) == (401, 2001, 3423)


def test_importing_again_changes_nothing(start_service, tmp_path):
    folder = tmp_path / "twice"
    folder.mkdir()
    import_seed(folder)
    service = start_service(folder=folder)
    before = [service.api().all_rows(path) for path in ("/users", "/urls", "/events")]
    assert service.stop() == 0
    import_seed(folder)
    service = start_service(folder=folder)
    after = [service.api().all_rows(path) for path in ("/users", "/urls", "/events")]
    assert after == before
    for entry in service.api().all_rows("/audit")[3:]:
        counts = entry["after"]["counts"]
        assert counts["inserted"] == 0 and counts["unchanged"] == counts["rows"]
    assert not list(seed.DATA.glob("*.rejected.csv"))


# --- what must not happen ----------------------------------------------------------------------


@pytest.fixture
def seeded(tmp_path):
    """A folder with a small imported database."""
    folder = tmp_path / "small"
    folder.mkdir()
    write_csv(folder / "users.csv", "id,username,email,created_at", [
        "1,ada,ada@b.cd,2025-01-01 00:00:00",
        "2,bob,bob@b.cd,2025-01-02 00:00:00",
    ])
    write_csv(
        folder / "urls.csv",
        "id,user_id,short_code,original_url,title,is_active,created_at,updated_at",
        [
            "1,1,aaaaaa,https://b.cd/1,one,True,2025-01-01 00:00:00,2025-01-01 00:00:00",
            "2,2,bbbbbb,https://b.cd/2,two,False,2025-01-01 00:00:00,2025-01-01 00:00:00",
        ],
    )
    for what in ("users", "urls"):
        done = run_import(folder, what, folder / f"{what}.csv")
        assert done.returncode == ALL_IMPORTED, done.stderr
    return folder


def write_csv(path, header, rows):
    path.write_text("\n".join([header, *rows]) + "\n", encoding="utf-8")
    return path


def test_what_was_deleted_meanwhile_does_not_come_back(start_service, seeded):
    service = start_service(folder=seeded)
    api = service.api()
    assert api.delete("/urls/1").status == 204
    assert api.delete("/users/2").status == 204
    assert service.stop() == 0
    for what in ("users", "urls"):
        done = run_import(seeded, what, seeded / f"{what}.csv")
        assert done.returncode == SOME_LEFT_OUT, done.stderr
        assert "deleted" in (seeded / f"{what}.csv.rejected.csv").read_text()
    api = start_service(folder=seeded).api()
    assert [user["id"] for user in api.get("/users").json()] == [1]
    assert api.get("/urls").json() == []
    assert api.get("/aaaaaa").status == 404


def test_what_was_changed_meanwhile_stays_changed(start_service, seeded):
    service = start_service(folder=seeded)
    changed = service.api().put("/urls/1", {"title": "mine"}).json()
    assert service.stop() == 0
    assert run_import(seeded, "urls", seeded / "urls.csv").returncode == SOME_LEFT_OUT
    assert start_service(folder=seeded).api().get("/urls/1").json() == changed


def test_bad_rows_are_set_aside_with_their_line_and_reason(start_service, seeded):
    header = "id,username,email,created_at"
    file = write_csv(seeded / "mixed.csv", header, [
        "10,good,good@b.cd,2025-01-01 00:00:00",
        "x,bad,bad1@b.cd,2025-01-01 00:00:00",
        "11,,bad2@b.cd,2025-01-01 00:00:00",
        "12,bad3,notanemail,2025-01-01 00:00:00",
        "13,bad4,bad4@b.cd,2025-02-30 00:00:00",
        "14,ADA,other@b.cd,2025-01-01 00:00:00",
        "15,short",
        '16,"quoted, name",quoted@b.cd,2025-01-01 00:00:00',
        "9999999999999999999,big,big@b.cd,2025-01-01 00:00:00",
    ])
    done = run_import(seeded, "users", file)
    assert done.returncode == SOME_LEFT_OUT, done.stderr
    rejects = seeded / "mixed.csv.rejected.csv"
    assert str(rejects) in done.stdout
    assert "9 read, 2 inserted, 0 unchanged" in done.stdout
    with open(rejects, newline="", encoding="utf-8") as lines:
        refused = list(csv.DictReader(lines))
    assert [row["line"] for row in refused] == ["3", "4", "5", "6", "7", "8", "10"]
    assert all(row["reason"] for row in refused)
    assert [row["username"] for row in refused][:3] == ["bad", "", "bad3"]
    users = start_service(folder=seeded).api().get("/users").json()
    assert [user["username"] for user in users] == ["ada", "bob", "good", "quoted, name"]


def test_a_link_that_leads_nowhere_good_is_set_aside(start_service, seeded):
    header = "id,user_id,short_code,original_url,title,is_active,created_at,updated_at"
    tail = "t,True,2025-01-01 00:00:00,2025-01-01 00:00:00"
    file = write_csv(seeded / "more.csv", header, [
        f"10,1,cccccc,https://b.cd/,{tail}",
        f"11,1,health,https://b.cd/,{tail}",
        f"12,1,dddddd,http://localhost/,{tail}",
        f"13,99,eeeeee,https://b.cd/,{tail}",
        f"14,1,aaaaaa,https://b.cd/,{tail}",
        f"15,1,a b,https://b.cd/,{tail}",
    ])
    assert run_import(seeded, "urls", file).returncode == SOME_LEFT_OUT
    links = start_service(folder=seeded).api().get("/urls").json()
    assert [link["id"] for link in links] == [1, 2, 10]


@pytest.mark.parametrize("text", [
    "",
    "id,username\n1,ada\n",
    "id,username,email,created_at\n1,\"ada,ada@b.cd,2025-01-01 00:00:00\n",
])
def test_a_file_that_is_no_such_table_imports_nothing(seeded, text):
    file = seeded / "broken.csv"
    file.write_text(text)
    done = run_import(seeded, "users", file)
    assert done.returncode == NOTHING_IMPORTED
    assert "nothing was imported" in done.stderr


def test_a_file_that_is_not_there_is_said_so(seeded):
    done = run_import(seeded, "users", seeded / "nosuch.csv")
    assert done.returncode == NOTHING_IMPORTED and "nosuch.csv" in done.stderr


def test_a_served_file_is_not_imported_into(start_service, seeded):
    """Two writers would be one too many: the message says what to do."""
    service = start_service(folder=seeded)
    shutil.copy(seed.DATA / "users.csv", seeded / "seed.csv")
    done = run_import(seeded, "users", seeded / "seed.csv")
    assert done.returncode == NOTHING_IMPORTED
    assert f"pid {service.pid}" in done.stderr and "stop it first" in done.stderr
    command = f"ginnel import users {seeded / 'seed.csv'} --database.url sqlite:{service.database}"
    assert command in done.stderr
    assert len(service.api().get("/users").json()) == 2, "and the service goes on"
    assert service.stop() == 0
    assert run_import(seeded, "users", seeded / "seed.csv").returncode == SOME_LEFT_OUT


def test_a_second_service_on_the_same_file_is_refused(start_service, seeded):
    service = start_service(folder=seeded)
    listen = ("--http.listen", "127.0.0.1:0")
    url = f"sqlite:{service.database}"
    done = run_cli("serve", *listen, "--database.url", url, cwd=seeded)
    assert done.returncode != 0
    assert f"pid {service.pid}" in done.stderr
