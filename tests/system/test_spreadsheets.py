"""Files as spreadsheets save them, and what `import --dry-run` foresees of any file."""
import csv
import hashlib
import re

import pytest

from harness import seed
from harness.service import run_cli

ALL_IMPORTED, _, _, SOME_LEFT_OUT = range(4)
TIME = "2025-07-13T12:40:57"
USERS = ["id", "username", "email", "created_at"]
LINKS = ["id", "user_id", "short_code", "original_url", "title", "is_active", "created_at",
         "updated_at"]
PLAIN = [["1", "ada", "ada@b.cd", "2025-07-13 12:40:57"],
         ["2", "bo, b;b", "bob@b.cd", "2025-07-13 12:40:57"]]


def table(rows, divider=",", end="\r\n") -> str:
    """The rows as CSV; what has the divider in it is quoted."""
    def cell(text):
        return f'"{text}"' if divider in text or "\n" in text else text
    return "".join(divider.join(map(cell, row)) + end for row in rows)


FILES = {
    "semicolons": table([USERS, *PLAIN], ";"),
    "tabs": table([USERS, *PLAIN], "\t", "\n"),
    "a-line-that-names-the-divider": "sep=;\r\n" + table([USERS, *PLAIN], ";"),
    "a-line-that-names-a-bar": "sep=|\r\n" + table([USERS, *PLAIN], "|"),
    "a-mark-and-that-line": "\ufeff\"sep=;\"\r\n" + table([USERS, *PLAIN], ";"),
    "names-in-capitals": table([[name.upper() for name in USERS], *PLAIN]),
    "names-with-spaces": table([["Id ", " Username", " Email ", "Created At"], *PLAIN]),
    "a-mark-in-a-name": table([["\ufeff\ufeffid", *USERS[1:]], *PLAIN]),
    "other-columns": table([["A;B", *USERS, ""], *(["x", *row, ""] for row in PLAIN)]),
    "rows-of-commas": ",,,\n" + table([USERS, [""] * 4, PLAIN[0], [" "] * 4, PLAIN[1], [""] * 4]),
    "rows-of-semicolons": table([USERS, PLAIN[0], [""] * 7, PLAIN[1]], ";"),
    "cells-beyond-the-header": table([USERS, *([*row, "", ""] for row in PLAIN)]),
    "an-end-mark": table([USERS, *PLAIN]) + "\x1a",
    "an-end-mark-behind-the-last-cell": table([USERS, *PLAIN]).rstrip() + "\x1a\r\n",
    "times-with-zones": table([USERS, [*PLAIN[0][:3], "2025-07-13T14:40:57+02:00"],
                               [*PLAIN[1][:3], "2025-07-13T12:40:57Z"]]),
    "times-with-fractions": table([USERS, [*PLAIN[0][:3], "2025-07-13 07:10:57.000-0530"],
                                   [*PLAIN[1][:3], "2025-07-13 12:40:57.000000000 UTC"]]),
    "all-at-once": "\ufeffsep=;\r\n;;;\r\n" + table(
        [["ID", "UserName", "E-Mail", "EMAIL", "created at"],
         ["1", "ada", "", "ada@b.cd", " 2025-07-13T12:40:57Z ", ""], [""] * 5,
         ["2", "bo, b;b", "", "bob@b.cd", "2025-07-13 14:40:57+02"]], ";") + "\x1a",
}


@pytest.mark.parametrize("name", FILES)
def test_users_that_a_spreadsheet_saved(start_service, name):
    """By the command and by an upload."""
    service = start_service()
    api = service.api()
    answer = api.post("/users/bulk", body=FILES[name].encode(),
                      headers={"Content-Type": "text/csv"})
    assert answer.status == 200, answer
    assert (answer.json()["count"], answer.json()["imported"]) == (2, 2)
    assert api.get("/users").json() == [
        {"id": int(row[0]), "username": row[1], "email": row[2], "created_at": TIME}
        for row in PLAIN]
    assert service.stop() == 0
    file = service.folder / "users.csv"
    file.write_text(FILES[name], encoding="utf-8", newline="")
    done = run_cli("import", "users", file, "--database.url", f"sqlite:{service.database}",
                   cwd=service.folder)
    assert done.returncode == ALL_IMPORTED, done.stdout + done.stderr
    assert done.stdout.startswith("users: 2 read, 0 inserted, 2 unchanged, 0 skipped, 0 rejected")


def test_flags_in_any_case(fresh_service):
    api = fresh_service.api()
    owner = api.make_user()["id"]
    flags = ["TRUE", "FALSE", "True", "false", "1", "0", " tRuE ", "FaLSE"]
    rows = [[str(i + 1), str(owner), f"code{i}", "https://b.cd/", "", flag, TIME, TIME]
            for i, flag in enumerate(flags)]
    body = table([LINKS, *rows]).encode()
    answer = api.post("/urls/bulk", body=body, headers={"Content-Type": "text/csv"})
    assert answer.status == 200, answer
    assert [link["is_active"] for link in api.get("/urls").json()] == [True, False] * 4
    rows[0][5] = "WAHR"
    answer = api.post("/urls/bulk", body=table([LINKS, rows[0]]).encode(),
                      headers={"Content-Type": "text/csv"})
    assert answer.json()["errors"][0]["reason"] == "must be True or False"


# --- what an import will do -----------------------------------------------------------------------


def figures(done) -> dict[str, int]:
    return {word: int(number) for number, word in
            re.findall(r"(\d+) (read|unchanged|skipped|rejected)", done.stdout)}


def rejects_of(path) -> list[dict]:
    if not path.exists():
        return []
    with open(path, newline="", encoding="utf-8") as lines:
        return list(csv.DictReader(lines))


def bytes_of(folder) -> dict[str, str]:
    """What is in the database and its log. Whoever reads them makes an empty log and its index,
    which hold nothing."""
    files = [path for path in folder.glob("ginnel.db*") if path.is_file() and path.stat().st_size]
    return {path.name: hashlib.sha256(path.read_bytes()).hexdigest()
            for path in files if not path.name.endswith("-shm")}


def foreseen(folder, kind: str, text: str):
    """What a dry run and then an import print and leave, of the same file."""
    file = folder / f"{kind}.csv"
    file.write_text(text, encoding="utf-8", newline="")
    told = []
    for options in (("--dry-run",), ("--dry-run",), ()):
        rejects = folder / f"{kind}.rejects"
        rejects.unlink(missing_ok=True)
        before = bytes_of(folder)
        done = run_cli("import", kind, file, "--rejects", rejects, "--database.url",
                       f"sqlite:{folder / 'ginnel.db'}", *options, cwd=folder)
        if options:
            assert bytes_of(folder) == before, "a dry run changed the database"
            assert "nothing was imported" in done.stdout
        told.append((done.returncode, figures(done), rejects_of(rejects)))
    assert told[0] == told[1] == told[2]
    return told[0]


def test_a_dry_run_foresees_what_is_skipped_and_why(start_service, tmp_path, report):
    folder = tmp_path / "foreseen"
    folder.mkdir()
    again = table([USERS, *PLAIN, ["1", *PLAIN[1][1:]]])
    status, counts, rejects = foreseen(folder, "users", again)
    assert (status, counts["skipped"]) == (SOME_LEFT_OUT, 1), "there is no database yet"
    service = start_service(folder=folder)
    api = service.api()
    mine = api.make_link(1, code="taken1")
    gone = api.make_link(1, code="gone12")
    api.get("/taken1")
    assert api.delete(f"/urls/{gone['id']}").status == 204
    assert api.delete("/users/2").status == 204
    assert service.stop() == 0
    rows = len(rejects)
    for kind, text, skipped in (
            ("users", table([USERS, PLAIN[0], ["1", "other", "x@b.cd", TIME], PLAIN[1],
                             ["5", "ADA", "y@b.cd", TIME], ["6", "new", "ADA@b.cd", TIME],
                             ["7", "new", "new@b.cd", TIME], ["8", "NEW", "z@b.cd", TIME],
                             ["9", "", "w@b.cd", TIME], ["x", "bad", "v@b.cd", TIME]]), 5),
            ("urls", table([LINKS] + [
                [str(n), owner, code, "https://b.cd/", "t", "TRUE", TIME, TIME]
                for n, owner, code in ((mine["id"], "1", "taken1"), (gone["id"], "1", "gone12"),
                                       (50, "1", "taken1"), (51, "99", "codea1"),
                                       (52, "7", "codea2"), (53, "7", "codea2"),
                                       (54, "7", "health"), (55, "7", "a b"))]), 5),
            ("events", table([["id", "url_id", "user_id", "event_type", "timestamp", "details"]] + [
                [str(n), link, user, "seen", TIME, "{}"]
                for n, link, user in [(i, str(mine["id"]), "1") for i in range(1, 8)] +
                [(100, "", ""), (101, "99", "1"), (102, str(gone["id"]), ""), (103, "52", "77"),
                 (104, "52", "7"), (104, "52", "1")]]), None)):
        status, counts, rejects = foreseen(folder, kind, text)
        assert status == SOME_LEFT_OUT
        assert skipped in (None, counts["skipped"]), (kind, counts, rejects)
        assert counts["skipped"] + counts["rejected"] == len(rejects)
        assert all(row["reason"] for row in rejects)
        rows += len(rejects)
    report(f"{rows} rows that are left out foreseen, with their reasons")


def test_a_dry_run_asks_a_database_that_is_served(start_service):
    service = start_service()
    api = service.api()
    ada = api.make_user()
    file = service.folder / "users.csv"
    file.write_text(table([USERS, [str(ada["id"]), "other", "o@b.cd", TIME],
                           ["77", ada["username"].upper(), "p@b.cd", TIME],
                           ["78", "fine", "q@b.cd", TIME]]))
    done = run_cli("import", "users", file, "--dry-run", "--database.url",
                   f"sqlite:{service.database}", cwd=service.folder)
    assert done.returncode == SOME_LEFT_OUT, done.stderr
    assert figures(done) == {"read": 3, "unchanged": 0, "skipped": 2, "rejected": 0}
    assert [row["reason"] for row in rejects_of(service.folder / "users.csv.rejected.csv")] == [
        f"user {ada['id']} is there already, with other content",
        f"username is taken by user {ada['id']}"]
    assert api.get("/users").json() == [ada]
    assert [entry["action"] for entry in api.get("/audit").json()] == ["create"]


def test_the_real_files_are_foreseen_and_come_back_byte_for_byte(tmp_path, report):
    url = ("--database.url", f"sqlite:{tmp_path / 'ginnel.db'}")
    for kind, rows in (("users", 400), ("urls", 2000), ("events", 3422)):
        real = seed.DATA / f"{kind}.csv"
        dry = run_cli("import", kind, real, "--dry-run", *url, cwd=tmp_path)
        assert dry.returncode == ALL_IMPORTED, dry.stdout + dry.stderr
        assert f"{rows} read, {rows} to insert, 0 unchanged, 0 skipped, 0 rejected" in dry.stdout
        assert run_cli("import", kind, real, *url, cwd=tmp_path).returncode == ALL_IMPORTED
        again = run_cli("import", kind, real, "--dry-run", *url, cwd=tmp_path)
        assert f"{rows} read, 0 to insert, {rows} unchanged" in again.stdout
    for kind in ("users", "urls", "events"):
        out = tmp_path / f"{kind}.csv"
        assert run_cli("export", kind, out, *url, cwd=tmp_path).returncode == 0
        assert out.read_bytes() == (seed.DATA / f"{kind}.csv").read_bytes()
    report("5822 rows foreseen twice, imported, and exported as they were")
