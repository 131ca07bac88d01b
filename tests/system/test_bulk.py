"""POST /users/bulk, /urls/bulk and /events/bulk: files of rows, whole or not at all."""
import contextlib
import hashlib
import http.client
import json
import os
import pathlib
import socket
import threading
import time

import pytest

from conftest import DATA
from harness.clicks import metric, wait_until
from harness.http_client import Answer
from harness.raw_http import RawConnection

KINDS = ("users", "urls", "events")
ROWS = {"users": 400, "urls": 2000, "events": 3422}
HEADER = "id,username,email,created_at\n"
TIME = "2025-01-01 00:00:00"
NO_FILE = "No file provided"

# The size of the largest upload tried; 256 takes some minutes. The promise is for all sizes alike.
MIB = int(os.environ.get("GINNEL_BULK_MIB", "24"))


def form(content: bytes, name: str = "file", filename: str | None = "rows.csv") -> tuple:
    """A form with one part, as a browser sends it: body and header."""
    boundary = "----WebKitFormBoundary7MA4YWxkTrZu0gW"
    told = f'; filename="{filename}"' if filename is not None else ""
    head = (f"--{boundary}\r\nContent-Disposition: form-data; name=\"{name}\"{told}\r\n"
            "Content-Type: text/csv\r\n\r\n").encode()
    body = head + content + f"\r\n--{boundary}--\r\n".encode()
    return body, {"Content-Type": f"multipart/form-data; boundary={boundary}"}


def upload(api, kind: str, content: bytes | str, **kw) -> Answer:
    content = content.encode() if isinstance(content, str) else content
    body, headers = form(content, **kw)
    return api.post(f"/{kind}/bulk", body=body, headers=headers)


def upload_bare(api, kind: str, content: bytes | str, media_type="text/csv") -> Answer:
    content = content.encode() if isinstance(content, str) else content
    return api.post(f"/{kind}/bulk", body=content, headers={"Content-Type": media_type})


def users(*names: str, first: int = 1) -> str:
    """A file of users with these names and the numbers from `first` on."""
    rows = [f"{first + i},{name},{name}@b.cd,{TIME}\n" for i, name in enumerate(names)]
    return HEADER + "".join(rows)


def counts(answer: Answer) -> tuple[int, int, int, int]:
    """count, imported, unchanged and skipped of a good answer."""
    assert answer.status == 200, answer
    body = answer.canonical()
    assert set(body) == {"count", "imported", "skipped", "skipped_rows", "unchanged"}
    assert len(body["skipped_rows"]) == min(body["skipped"], 100)
    return body["count"], body["imported"], body["unchanged"], body["skipped"]


def faults(answer: Answer) -> list[tuple]:
    """Line and column of each fault that is told."""
    assert answer.status == 422, answer
    body = answer.canonical()
    assert set(body) == {"details", "error", "error_count", "errors"}
    assert body["error"] == "Validation failed" and set(body["details"]) == {"file"}
    assert all(fault["reason"] for fault in body["errors"])
    assert len(body["errors"]) == min(body["error_count"], 100)
    return [(fault["line"], fault["column"]) for fault in body["errors"]]


def nothing_is_there(api) -> bool:
    return api.get("/users").json() == [] and api.get("/audit").json() == []


# --- the real files -------------------------------------------------------------------------------


@pytest.mark.parametrize("send", [upload, upload_bare])
@pytest.mark.parametrize("at", ["", "v1/"])
def test_the_real_files_come_whole_and_a_repeat_changes_nothing(fresh_service, send, at, report):
    api = fresh_service.api()
    for kind in KINDS:
        content = (DATA / f"{kind}.csv").read_bytes()
        rows = ROWS[kind]
        assert counts(send(api, f"{at}{kind}", content)) == (rows, rows, 0, 0)
    before = [api.all_rows(f"/{kind}") for kind in KINDS]
    assert [len(rows) for rows in before] == [ROWS[kind] for kind in KINDS]
    for kind in KINDS:
        content = (DATA / f"{kind}.csv").read_bytes()
        assert counts(send(api, f"{at}{kind}", content)) == (ROWS[kind], 0, ROWS[kind], 0)
    assert [api.all_rows(f"/{kind}") for kind in KINDS] == before
    assert len(api.get("/audit").json()) == 3, "what changes nothing leaves no trace"
    assert metric(api, "ginnel_bulk_rows_inserted_total") == sum(ROWS.values())
    report(f"{ROWS} came by {send.__name__}, and came again")


def test_an_uploaded_file_is_what_an_imported_one_is(fresh_service, imported):
    api = fresh_service.api()
    for kind in KINDS:
        assert upload(api, kind, (DATA / f"{kind}.csv").read_bytes()).status == 200
    for kind in KINDS:
        assert api.all_rows(f"/{kind}") == imported.api().all_rows(f"/{kind}")


def test_the_audit_trail_says_who_brought_what(fresh_service):
    api = fresh_service.api()
    content = (DATA / "users.csv").read_bytes()
    body, headers = form(content, filename="C:\\\\my files\\\\users.csv")
    headers["X-Request-ID"] = "my-upload"
    assert api.post("/users/bulk", body=body, headers=headers).status == 200
    (entry,) = api.get("/audit").json()
    assert (entry["action"], entry["entity"], entry["entity_id"]) == ("import", "user", 0)
    assert (entry["who"], entry["request_id"]) == ("anonymous", "my-upload")
    assert entry["after"] == {
        "counts": {"inserted": 400, "rows": 400, "skipped": 0, "unchanged": 0},
        "file": "users.csv",
        "first_id": 1,
        "last_id": 400,
        "sha256": hashlib.sha256(content).hexdigest(),
    }


def test_links_can_be_followed_at_once_and_new_rows_come_after(fresh_service):
    api = fresh_service.api()
    assert api.get("/UeWfmJ").status == 404, "and that is remembered"
    for kind in KINDS:
        assert upload(api, kind, (DATA / f"{kind}.csv").read_bytes()).status == 200
    assert api.get("/UeWfmJ").status == 302
    user = api.make_user()
    link = api.make_link(user["id"])
    (event,) = api.events_of(link["id"])
    assert (user["id"], link["id"], event["id"]) == (401, 2001, 3423)


# --- rows -----------------------------------------------------------------------------------------


def test_every_bad_row_is_told_and_nothing_is_imported(fresh_service):
    api = fresh_service.api()
    answer = upload(api, "users", HEADER + "\n".join([
        f"1,good,good@b.cd,{TIME}",
        f"x,bad1,bad1@b.cd,{TIME}",
        f"2,,bad2,{TIME}",
        "3,bad3,bad3@b.cd,2025-02-30 00:00:00",
        f"1,GOOD,other@b.cd,{TIME}",
        "4,short",
        f"9007199254740991,big,big@b.cd,{TIME}",
        f'5,"quoted\nname",q@b.cd,{TIME}',
        f'6,"ok, quoted",ok@b.cd,{TIME}',
    ]))
    assert faults(answer) == [
        (3, "id"), (4, "username"), (4, "email"), (5, "created_at"), (6, "id"), (6, "username"),
        (7, None), (8, "id"), (9, "username"),
    ]
    body = answer.json()
    assert body["details"]["file"] == "9 faults in 9 rows; nothing was imported"
    assert body["errors"][4]["reason"] == "is in line 2 already"
    assert nothing_is_there(api)


def test_links_and_events_are_checked_by_the_rules_of_new_ones(fresh_service):
    api = fresh_service.api()
    api.make_user()
    head = "id,user_id,short_code,original_url,title,is_active,created_at,updated_at\n"
    tail = f"t,True,{TIME},{TIME}\n"
    answer = upload(api, "urls", head + "".join([
        f"1,1,aaaaaa,https://b.cd/,{tail}",
        f"2,1,health,https://b.cd/,{tail}",
        f"3,1,cccccc,http://localhost/,{tail}",
        f"4,1,aaaaaa,https://b.cd/,{tail}",
        f"5,1,a b,javascript:alert(1),{tail}",
    ]))
    assert faults(answer) == [(3, "short_code"), (4, "original_url"), (5, "short_code"),
                              (6, "short_code"), (6, "original_url")]
    answer = upload(api, "events", "id,url_id,user_id,event_type,timestamp,details\n"
                    f"1,,1,,{TIME},{{}}\n2,,1,created,{TIME},[1\n")
    assert faults(answer) == [(2, "event_type"), (3, "details")]
    assert api.get("/urls").json() == [] and api.get("/events").json() == []


def test_a_hundred_faults_are_told_and_all_are_counted(fresh_service):
    api = fresh_service.api()
    rows = "".join(f"x,name{i},n{i}@b.cd,{TIME}\n" for i in range(5000))
    answer = upload(api, "users", HEADER + rows)
    assert faults(answer) == [(line, "id") for line in range(2, 102)]
    assert answer.json()["error_count"] == 5000


def test_what_the_store_knows_better_is_skipped_with_its_reason(fresh_service):
    api = fresh_service.api()
    assert counts(upload(api, "users", users("ada", "bob", "eve"))) == (3, 3, 0, 0)
    assert api.delete("/users/2").status == 204
    answer = upload(api, "users", HEADER + "".join([
        f"1,ada,ada@b.cd,{TIME}\n",
        f"2,bob,bob@b.cd,{TIME}\n",
        f"3,other,other@b.cd,{TIME}\n",
        f"4,EVE,new@b.cd,{TIME}\n",
        f"5,new,brandnew@b.cd,{TIME}\n",
    ]))
    assert counts(answer) == (5, 1, 1, 3)
    assert [(row["line"], row["reason"]) for row in answer.json()["skipped_rows"]] == [
        (3, "user 2 was deleted"),
        (4, "user 3 is there already, with other content"),
        (5, "username is taken by user 3"),
    ]
    assert [user["id"] for user in api.get("/users").json()] == [1, 3, 5]
    head = "id,user_id,short_code,original_url,title,is_active,created_at,updated_at\n"
    answer = upload(api, "urls", head + f"1,99,aaaaaa,https://b.cd/,t,True,{TIME},{TIME}\n")
    assert counts(answer) == (1, 0, 0, 1)
    assert answer.json()["skipped_rows"][0]["reason"] == "user 99 does not exist"


def test_forms_of_good_files(fresh_service):
    api = fresh_service.api()
    for number, content in enumerate([
        b"\xef\xbb\xbf" + users("marked", first=1).encode(),
        users("crlf", first=2).replace("\n", "\r\n").encode(),
        users("unended", first=3).rstrip("\n").encode(),
        users("blank", first=4).replace("\n", "\n\n").encode(),
        f"note,created_at,email,username,id\nx,{TIME},a@b.cd,turned,5\n".encode(),
        users("пример", first=6).encode(),
    ], start=1):
        assert counts(upload(api, "users", content)) == (1, 1, 0, 0), content
        assert api.get(f"/users/{number}").status == 200
    assert counts(upload(api, "users", HEADER)) == (0, 0, 0, 0), "a header alone: no rows, no error"
    assert counts(upload_bare(api, "users", HEADER, "Text/CSV; charset=UTF-8")) == (0, 0, 0, 0)


@pytest.mark.parametrize("content, reason", [
    (b"", "the file is empty: its first line must name the columns"),
    (b"hello\nworld\n", "line 1: the header lacks id, username, email, created_at"),
    (b"No,Username,Email,Created_At\n", "line 1: the header lacks id"),
    (b"id,id,username,email,created_at\n", "line 1: the header names id twice"),
    (HEADER.encode("utf-16"), "line 1: the file is UTF-16; save it as UTF-8"),
    ((HEADER + '1,"ada').encode(), "line 2: a quote that opens here is never closed"),
    ((HEADER + '1,"ada"x,y,z\n').encode(),
     "line 2: text follows a closing quote; quotes inside a cell are doubled"),
])
def test_what_is_no_table_is_told(fresh_service, content, reason):
    api = fresh_service.api()
    answer = upload(api, "users", content)
    assert answer.status == 422, answer
    assert answer.canonical() == {"details": {"file": reason}, "error": "Validation failed"}
    assert nothing_is_there(api)


def test_another_encoding_is_refused(fresh_service):
    api = fresh_service.api()
    latin = (HEADER + f"1,jos\xe9,jose@b.cd,{TIME}\n").encode("latin-1")
    assert faults(upload(api, "users", latin)) == [(2, "username")]
    assert nothing_is_there(api)


# --- bodies ---------------------------------------------------------------------------------------


def test_a_request_without_a_file_is_told_so(api):
    content = users("ada").encode()
    empty_form = b"--b--\r\n"
    for body, headers in [
        (None, {}),
        (b"", {"Content-Type": "text/csv"}),
        (b"{}", {"Content-Type": "application/json"}),
        (b"file=x", {"Content-Type": "application/x-www-form-urlencoded"}),
        (empty_form, {"Content-Type": "multipart/form-data; boundary=b"}),
        form(content, name="data"),
        form(content, name="File"),
        form(content, filename=None),
    ]:
        answer = api.post("/users/bulk", body=body, headers=headers)
        assert (answer.status, answer.error) == (400, NO_FILE), (body, headers)


def test_a_file_needs_no_name(fresh_service):
    assert counts(upload(fresh_service.api(), "users", users("ada"), filename="")) == (1, 1, 0, 0)


@pytest.mark.parametrize("headers, status", [
    ({"Content-Type": "application/zip"}, 415),
    ({"Content-Type": "text/plain"}, 415),
    ({"Content-Type": "text/csv; charset=iso-8859-1"}, 415),
    ({"Content-Type": "text/csv", "Content-Encoding": "gzip"}, 415),
    ({"Content-Type": "multipart/form-data"}, 400),
    ({"Content-Type": "multipart/form-data; boundary="}, 400),
    ({"Content-Type": f"multipart/form-data; boundary={'b' * 71}"}, 400),
])
def test_another_kind_of_body_is_refused(service, headers, status):
    answer = service.api().post("/users/bulk", body=users("ada").encode(), headers=headers)
    assert answer.status == status and answer.error


def test_a_form_that_is_cut_short_imports_nothing(fresh_service):
    body, headers = form(users("ada").encode())
    for cut in (len(body) - 5, len(body) - 60, 150, 10):
        answer = fresh_service.api().post("/users/bulk", body=body[:cut], headers=headers)
        assert answer.status == 400
        assert answer.error == "The multipart body ends before its last boundary"
    assert nothing_is_there(fresh_service.api())


def test_two_files_are_one_too_many(fresh_service):
    body, headers = form(users("ada").encode())
    twice = body.removesuffix(b"--\r\n") + body[body.index(b"\r\n"):]
    answer = fresh_service.api().post("/users/bulk", body=twice, headers=headers)
    assert (answer.status, answer.error) == (400, "There are two files named file")


def test_a_body_may_come_in_chunks(fresh_service):
    content = users(*(f"name{i}" for i in range(2000))).encode()
    pieces = (content[i:i + 997] for i in range(0, len(content), 997))
    connection = http.client.HTTPConnection(fresh_service.host, fresh_service.port, timeout=15)
    connection.request("POST", "/users/bulk", pieces, {"Content-Type": "text/csv"},
                       encode_chunked=True)
    answer = connection.getresponse()
    assert json.loads(answer.read())["imported"] == 2000
    connection.close()


def test_other_methods_are_told_what_there_is(api):
    for method in ("GET", "PUT", "DELETE"):
        answer = api.request(method, "/urls/bulk")
        assert answer.status == 405 and answer.field("Allow") == "POST, OPTIONS"


def test_a_file_over_the_limit_is_413_and_other_bodies_have_theirs(start_service):
    service = start_service("--bulk.max_bytes", "2 MiB")
    content = users(*(f"name{i}" for i in range(30_000)))  # 1.3 MiB: over http.max_body_bytes
    assert 1 << 20 < len(content) < 2 << 20
    assert counts(upload_bare(service.api(), "users", content))[1] == 30_000
    with RawConnection(service) as raw:
        raw.send(b"POST /users/bulk HTTP/1.1\r\nHost: localhost\r\nContent-Type: text/csv\r\n"
                 b"Content-Length: 2097153\r\n\r\n")
        assert raw.read_response().status == 413
    with RawConnection(service) as raw:
        raw.send(b"POST /users HTTP/1.1\r\nHost: localhost\r\nContent-Length: 1048577\r\n\r\n")
        assert raw.read_response().status == 413


# --- one at a time, and clients that behave badly -------------------------------------------------


@contextlib.contextmanager
def half_sent(service, length: int = 1_000_000, fields: str = ""):
    """An upload of `length` bytes under way, of which the first ones have come."""
    with RawConnection(service) as raw:
        raw.send("POST /users/bulk HTTP/1.1\r\nHost: localhost\r\nContent-Type: text/csv\r\n"
                 f"{fields}Content-Length: {length}\r\n\r\n{HEADER}".encode())
        assert wait_until(lambda: metric(service.api(), "ginnel_bulk_uploads") == 1)
        yield raw


def open_files(service) -> list[str]:
    """What the process has open in its folder, apart from the database and its journal."""
    links = []
    for number in os.listdir(f"/proc/{service.pid}/fd"):
        with contextlib.suppress(FileNotFoundError):  # closed while we look
            links.append(os.readlink(f"/proc/{service.pid}/fd/{number}"))
    return [path for path in links
            if path.startswith(str(service.folder)) and "ginnel.db" not in path]


def test_one_upload_at_a_time(fresh_service):
    with half_sent(fresh_service) as raw:
        answer = upload(fresh_service.api(), "urls", users("ada"))
        assert (answer.status, answer.error) == (503, "Another upload is under way; try again")
        assert int(answer.field("Retry-After")) >= 1
        rest = users(*(f"u{i}" for i in range(20_000)))[len(HEADER):].encode()
        assert len(rest) < 1_000_000 - len(HEADER)
        raw.send(rest + b"\n" * (1_000_000 - len(HEADER) - len(rest)))
        assert raw.read_response().json()["imported"] == 20_000
        assert counts(upload(fresh_service.api(), "users", HEADER)) == (0, 0, 0, 0)


def test_a_refused_upload_is_read_to_its_end_so_that_its_client_sees_why(fresh_service):
    with half_sent(fresh_service):
        answer = upload_bare(fresh_service.api(), "users", b"x" * (64 << 20))
        assert answer.status == 503 and answer.field("Retry-After")


def test_a_client_that_waits_to_be_asked_is_not_asked_in_vain(fresh_service):
    expect = "Expect: 100-continue\r\n"
    head = ("POST /users/bulk HTTP/1.1\r\nHost: localhost\r\n"
            f"Content-Length: {len(HEADER)}\r\n{expect}"
            "Content-Type: {}\r\n\r\n")
    with RawConnection(fresh_service) as raw:
        raw.send(head.format("image/png").encode())
        assert raw.read_response().status == 415
    with RawConnection(fresh_service) as raw:
        raw.send(head.format("text/csv").encode())
        assert raw.read_response().status == 100
        raw.send(HEADER.encode())
        assert raw.read_response().status == 200


def test_a_client_that_leaves_makes_room_and_leaves_nothing_behind(fresh_service):
    api = fresh_service.api()
    for leave in (RawConnection.end_sending, RawConnection.reset_on_close):
        with half_sent(fresh_service) as raw:
            assert wait_until(lambda: open_files(fresh_service)), "the upload is on the disk"
            leave(raw)
        assert wait_until(lambda: metric(api, "ginnel_bulk_uploads") == 0)
        assert wait_until(lambda: open_files(fresh_service) == [])
    assert nothing_is_there(api)
    assert counts(upload(api, "users", users("ada"))) == (1, 1, 0, 0)


def test_a_client_that_stalls_meets_a_deadline(start_service):
    service = start_service("--http.body_timeout_ms", "500")
    with half_sent(service) as raw:
        answer = raw.read_response()
        assert (answer.status, answer.field("Connection")) == (408, "close")
    assert metric(service.api(), "ginnel_bulk_uploads") == 0


def test_a_client_that_drips_meets_another(start_service):
    service = start_service("--bulk.upload_timeout_ms", "700")
    with half_sent(service) as raw, contextlib.suppress(OSError):
        for _ in range(100):
            raw.send(b"\n")
            time.sleep(0.05)
        pytest.fail("an endless upload was read for five seconds")
    service2 = service.api()
    assert wait_until(lambda: metric(service2, "ginnel_bulk_uploads") == 0)


def test_a_folder_that_is_not_there_is_told_in_the_log_alone(start_service, tmp_path):
    service = start_service("--bulk.folder", tmp_path / "missing")
    mark = service.mark()
    answer = upload(service.api(), "users", users("ada"))
    assert (answer.status, answer.error) == (503, "The upload could not be kept; try again")
    assert service.log.wait_for(lambda line: "No such file" in json.dumps(line), 5, mark)
    assert "missing" not in answer.body.decode()
    (tmp_path / "missing").mkdir()
    assert counts(upload(service.api(), "users", users("ada"))) == (1, 1, 0, 0)


def test_no_file_is_left_by_a_killed_process(start_service):
    service = start_service()
    before = sorted(os.listdir(service.folder))
    with half_sent(service):
        assert sorted(os.listdir(service.folder)) == before, "it has no name even while it comes"
        service.kill()
    left = [name for name in os.listdir(service.folder) if "ginnel.db" not in name]
    assert left == ["service.log"]
    assert nothing_is_there(start_service(folder=service.folder).api())


# --- beside everything else -----------------------------------------------------------------------


def many_users(mib: int) -> tuple[bytes, int]:
    """A good file of this size, and how many rows it has."""
    rows, size, number = [HEADER], len(HEADER), 0
    while size < mib << 20:
        number += 1
        rows.append(f"{number},user{number},user{number}@example.org,2026-01-01 00:00:00\n")
        size += len(rows[-1])
    return "".join(rows[:-1]).encode(), number - 1


def peak_memory(pid: int) -> float:
    """VmHWM in MiB."""
    status = pathlib.Path(f"/proc/{pid}/status").read_text()
    return int(status.split("VmHWM:")[1].split()[0]) / 1024


class Visitor(threading.Thread):
    """Follows one link again and again, and keeps how long each redirect took. Every tenth time it
    asks for a code that is not there, which only the database can tell."""

    def __init__(self, service, code: str):
        super().__init__()
        self.connection = http.client.HTTPConnection(service.host, service.port, timeout=10)
        self.code = code
        self.seconds: list[float] = []
        self.faults: list = []
        self.done = threading.Event()

    def run(self):
        self.connection.connect()
        self.connection.sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        asked = 0
        while not self.done.is_set():
            asked += 1
            unknown = asked % 10 == 0
            began = time.monotonic()
            try:
                self.connection.request("GET", f"/nosuch{asked}" if unknown else f"/{self.code}")
                answer = self.connection.getresponse()
                answer.read()
                if answer.status != (404 if unknown else 302):
                    self.faults.append(answer.status)
            except OSError as error:
                self.faults.append(error)
                return
            self.seconds.append(time.monotonic() - began)
            time.sleep(0.001)

    def end(self) -> list[float]:
        self.done.set()
        self.join()
        self.connection.close()
        assert not self.faults, self.faults[:5]
        return sorted(self.seconds)


def test_a_large_file_takes_little_memory_and_visitors_do_not_notice(start_service, report):
    service = start_service("--database.timeout_ms", "1000")
    api = service.api()
    owner = api.make_user(username="owner", email="owner@b.cd")["id"]
    assert owner == 1
    link = api.make_link(owner)
    content, rows = many_users(MIB)
    content = content.replace(b"\n1,user1,user1@", f"\n{rows + 1},last,last@".encode(), 1)
    visitor = Visitor(service, link["short_code"])
    visitor.start()
    time.sleep(0.5)
    idle = peak_memory(service.pid)
    refused: list[Answer] = []
    written = [time.monotonic()]
    over = threading.Event()

    def write_on():
        client = service.api()
        last = False
        while not last:
            last = over.is_set()
            answer = client.post("/urls", {"user_id": owner, "original_url": "https://b.cd/",
                                           "title": "t"})
            if answer.status == 201:
                written.append(time.monotonic())
            else:
                last = False
                refused.append(answer)
            time.sleep(0.2)

    writer = threading.Thread(target=write_on, daemon=True)
    writer.start()
    began = time.monotonic()
    client = http.client.HTTPConnection(service.host, service.port, timeout=900)
    client.request("POST", "/users/bulk", content, {"Content-Type": "text/csv"})
    answer = client.getresponse()
    body = json.loads(answer.read())
    seconds = time.monotonic() - began
    over.set()
    writer.join(120)
    assert not writer.is_alive(), "changes are taken again, once the log has been copied"
    times = visitor.end()
    assert (answer.status, body["count"], body["imported"]) == (200, rows, rows), body
    grown = peak_memory(service.pid) - idle
    assert grown < 64, f"{grown:.1f} MiB above idle"
    for other in refused:
        assert other.status == 503 and other.field("Retry-After"), other
        assert other.error == "The database is busy; try again"
    assert times[len(times) // 2] < 0.05
    assert api.get(f"/{link['short_code']}").status == 302
    after = api.post("/users", {"username": "after", "email": "after@b.cd"})
    assert after.json()["id"] == rows + 2
    stood_still = max(end - begin for begin, end in zip(written, written[1:]))
    report(f"{len(content) >> 20} MiB, {rows:,} users in {seconds:.1f} s "
           f"({rows / seconds:,.0f}/s), {grown:.1f} MiB above idle; "
           f"{len(times):,} redirects meanwhile, "
           f"p50 {times[len(times) // 2] * 1000:.1f} ms, "
           f"p99 {times[len(times) * 99 // 100] * 1000:.1f} ms, worst {times[-1] * 1000:.0f} ms; "
           f"no other change for {stood_still:.1f} s, {len(refused)} got 503")


def test_an_import_is_given_up_when_the_server_is_told_to_end(start_service, report):
    service = start_service("--shutdown.grace_ms", "200")
    content, rows = many_users(16)
    client = http.client.HTTPConnection(service.host, service.port, timeout=60)
    headers = {"Content-Type": "text/csv", "Content-Length": str(len(content))}
    client.request("POST", "/users/bulk", content, headers)
    time.sleep(0.3)  # the file has come; it is being checked or imported
    began = time.monotonic()
    assert service.stop() == 0
    seconds = time.monotonic() - began
    assert seconds < 5, seconds
    client.close()
    left = start_service(folder=service.folder).api().get("/users?per_page=1").json()
    assert left == [], "all, or nothing"
    report(f"SIGTERM during an upload of {rows:,} rows: ended after {seconds:.1f} s, "
           "nothing imported")
