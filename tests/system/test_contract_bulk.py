"""What clients of the reference rely on, a case a line: files of users. And what it does wrong."""
import string

import pytest
from harness import seed
from harness.script import Scene, error, faults, request, text_of

HEADER = "id,username,email,created_at\n"
TIME = "2025-01-01 00:00:00"
NO_FILE = error("No file provided")
BOUNDARY = "------------------------8f0c1c1a"


def form(content: bytes, name: str = "file", filename: str | None = "users.csv",
         media_type: str = "text/csv", path: str = "/users/bulk") -> bytes:
    """The bytes of an upload as curl -F sends it."""
    told = "" if filename is None else f'; filename="{filename}"'
    head = (f'--{BOUNDARY}\r\nContent-Disposition: form-data; name="{name}"{told}\r\n'
            f"Content-Type: {media_type}\r\n\r\n")
    body = head.encode() + content + f"\r\n--{BOUNDARY}--\r\n".encode()
    return request(f"POST {path}", body, f"multipart/form-data; boundary={BOUNDARY}")


def counts(count: int, imported: int, unchanged: int = 0) -> str:
    return text_of({"count": count, "imported": imported, "skipped": 0, "skipped_rows": [],
                    "unchanged": unchanged})


def refused(rows: int, *found: tuple) -> str:
    """The answer to a file with faults, each a line, a column and a reason."""
    number = f"{len(found)} fault{'s' if len(found) > 1 else ''}"
    many = f"{rows} row{'s' if rows > 1 else ''}"
    return text_of({
        "details": {"file": f"{number} in {many}; nothing was imported"},
        "error": "Validation failed",
        "error_count": len(found),
        "errors": [{"column": column, "line": line, "reason": reason}
                   for line, column, reason in found],
    })


def upload(scene: Scene, content: str | bytes, status: int, answer: str, **kw):
    """Sends a file; in a text, `$name` and the like are the scene's, and `$id` is a free number."""
    scene.setdefault("id", str(1_000_000 + int(scene["name"].removeprefix("script")) * 100))
    if isinstance(content, str):
        content = string.Template(content).substitute(scene).encode()
    scene.ask(form(content, **kw), status, answer)


ROW = f"$id,$name,$name@b.cd,{TIME}\n"
SHOWN = ('{"created_at":"2025-01-01T00:00:00","email":"$name@b.cd","id":$id,"username":"$name"}')


# --- the form -------------------------------------------------------------------------------------


@pytest.mark.parametrize("path", ["/users/bulk", "/v1/users/bulk"])
def test_a_file_in_a_form_is_imported_and_can_be_read(scene, path):
    upload(scene, HEADER + ROW, 200, counts(1, 1), path=path)
    scene.ask("GET /users/$id", 200, SHOWN)


NO_FILES = {
    "another-field": form(HEADER.encode(), name="data"),
    "a-value-without-a-file-name": form(HEADER.encode(), filename=None),
    "an-empty-form": request("POST /users/bulk", f"--{BOUNDARY}--\r\n".encode(),
                             f"multipart/form-data; boundary={BOUNDARY}"),
    "json": request("POST /users/bulk", b'{"file":"x"}'),
    "no-body": b"POST /users/bulk HTTP/1.1\r\nHost: localhost\r\nContent-Length: 0\r\n\r\n",
}


@pytest.mark.parametrize("sent", NO_FILES.values(), ids=NO_FILES.keys())
def test_a_request_without_a_file(scene, sent):
    scene.ask(sent, 400, NO_FILE)


FORMS = {
    "an-empty-file-name-is-one": {"filename": ""},
    "the-type-of-the-part-is-not-looked-at": {"media_type": "application/octet-stream"},
}


@pytest.mark.parametrize("kw", FORMS.values(), ids=FORMS.keys())
def test_what_a_form_may_say(scene, kw):
    upload(scene, HEADER + ROW, 200, counts(1, 1), **kw)


# --- the file -------------------------------------------------------------------------------------

FILES = {
    "two-rows": (HEADER + ROW + f"${{id}}1,x$name,x$name@b.cd,{TIME}\n", 2),
    "a-header-alone": (HEADER, 0),
    "a-byte-order-mark": ("\ufeff" + HEADER + ROW, 1),
    "lines-that-end-in-crlf": ((HEADER + ROW).replace("\n", "\r\n"), 1),
    "a-last-line-without-end": ((HEADER + ROW).rstrip("\n"), 1),
    "blank-lines": ((HEADER + ROW).replace("\n", "\n\n"), 1),
    "columns-in-another-order-and-more-of-them": (
        f"note,email,created_at,username,id\nx,$name@b.cd,{TIME},$name,$id\n", 1),
    "quoted-cells": (HEADER + f'"$id","$name, ""x""",$name@b.cd,"{TIME}"\n', 1),
    "names-of-columns-in-upper-case": (HEADER.upper() + ROW, 1),
    "a-time-as-answers-show-it": (HEADER + "$id,$name,$name@b.cd,2025-01-01T00:00:00\n", 1),
}


@pytest.mark.parametrize("content, rows", FILES.values(), ids=FILES.keys())
def test_forms_of_a_good_file(scene, content, rows):
    upload(scene, content, 200, counts(rows, rows))


BAD_EMAIL = "Email must be a valid email address"
GOOD_ROW = f"${{id}}9,good$name,good$name@b.cd,{TIME}\n"
BAD_ROWS = {
    "an-id-that-is-no-number": ("x,$name,$name@b.cd," + TIME, "id"),
    "an-id-below-one": ("-1,$name,$name@b.cd," + TIME, "id"),
    "an-id-that-is-too-large": ("99999999999999999999,$name,$name@b.cd," + TIME, "id"),
    "a-time-of-another-form": ("$id,$name,$name@b.cd,01.01.2025 00:00", "created_at"),
    "a-day-there-is-not": ("$id,$name,$name@b.cd,2025-02-30 00:00:00", "created_at"),
    "a-username-that-is-empty": ("$id,,$name@b.cd," + TIME, "username"),
    "a-username-that-is-too-long": (f"$id,{'x' * 151},$name@b.cd,{TIME}", "username"),
    "an-email-that-is-none": ("$id,$name,notanemail," + TIME, "email"),
    "a-row-that-is-short": ("$id,$name", None),
}


@pytest.mark.parametrize("row, column", BAD_ROWS.values(), ids=BAD_ROWS.keys())
def test_a_bad_row_is_told_and_no_row_is_imported(scene, row, column):
    """The line and the column; the row before it is good and stays out."""
    shown = "null" if column is None else f'"{column}"'
    upload(scene, HEADER + GOOD_ROW + row + "\n", 422,
           '{"details":{"file":"1 fault in 2 rows; nothing was imported"},'
           '"error":"Validation failed","error_count":1,'
           f'"errors":[{{"column":{shown},"line":3,"reason":"<any>"}}]}}')
    scene.ask("GET /users/${id}9", 404, error("User not found"))


def test_the_reason_of_a_bad_row_is_that_of_a_creation(scene):
    upload(scene, f"{HEADER}$id, ,a@b,{TIME}\n", 422,
           refused(1, (2, "username", "Username must be a non-empty string"),
                   (2, "email", BAD_EMAIL)))


NO_TABLES = {
    "an-empty-file": b"",
    "text-that-is-no-table": b"hello\nworld\n",
    "a-column-that-is-missing": b"id,username,created_at\n",
}


@pytest.mark.parametrize("content", NO_TABLES.values(), ids=NO_TABLES.keys())
def test_what_is_no_table_is_told(scene, content):
    upload(scene, content, 422, faults(file="<any>"))


def test_another_encoding_is_told(scene):
    row = f"7777777,jos\xe9,jose@b.cd,{TIME}\n"
    upload(scene, (HEADER + row).encode("latin-1"), 422,
           '{"details":{"file":"1 fault in 1 row; nothing was imported"},<any>'
           '"column":"username","line":2,<any>}')
    upload(scene, (HEADER + row).encode("utf-16"), 422, faults(file="<any>UTF-16<any>"))
    scene.ask("GET /users/7777777", 404, error("User not found"))


# --- what becomes of it ---------------------------------------------------------------------------


def test_a_repeat_counts_what_was_read_and_imports_nothing(scene):
    upload(scene, HEADER + ROW, 200, counts(1, 1))
    upload(scene, HEADER + ROW, 200, counts(1, 0, unchanged=1))
    upload(scene, (seed.DATA / "users.csv").read_bytes(), 200, counts(400, 0, unchanged=400))


def test_what_is_taken_is_left_out_and_told(scene):
    upload(scene, HEADER + ROW + f"1,other$name,o$name@b.cd,{TIME}\n"
           f"${{id}}1,foresttrail05,p$name@b.cd,{TIME}\n", 200,
           '{"count":3,"imported":1,"skipped":2,"skipped_rows":[{"column":null,"line":3,'
           '"reason":"<any>"},{"column":null,"line":4,"reason":"<any>"}],"unchanged":0}')
    scene.ask("GET /users/1", 200, text_of(seed.users()[0]))


def test_a_fault_in_row_150_leaves_none_of_those_before(scene):
    rows = "".join(f"${{id}}{i:03},r{i}$name,r{i}$name@b.cd,{TIME}\n" for i in range(149))
    upload(scene, HEADER + rows + "bad,row,is@b.cd,here\n", 422,
           '{"details":{"file":"<any> in 150 rows; nothing was imported"},<any>"line":151,<any>}')
    for i in (0, 99, 148):
        scene.ask(f"GET /users/${{id}}{i:03}", 404, error("User not found"))


def test_new_users_get_numbers_above_the_imported_ones(start_service):
    """Also above the largest that a 32-bit sequence has: nothing runs out."""
    scene = Scene(start_service())
    upload(scene, f"{HEADER}10,ten,ten@b.cd,{TIME}\n", 200, counts(1, 1))
    scene.ask("GET /users/10", 200, '{<any>"id":10,"username":"ten"}')
    scene.ask('POST /users {"username":"next","email":"next@b.cd"}', 201, '{<any>"id":11,<any>}')
    upload(scene, f"{HEADER}2147483647,max,max@b.cd,{TIME}\n", 200, counts(1, 1))
    scene.ask('POST /users {"username":"after","email":"after@b.cd"}', 201,
              '{<any>"id":2147483648,<any>}')
    upload(scene, f"{HEADER}9007199254740991,end,end@b.cd,{TIME}\n", 422,
           refused(1, (2, "id", "<any>")))
    scene.ask('POST /users {"username":"still","email":"still@b.cd"}', 201,
              '{<any>"id":2147483649,<any>}')
    scene.close()
