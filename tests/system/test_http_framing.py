"""HTTP/1.1 by the byte: requests two servers could read differently are refused, everything else
is answered, in order, however it is cut."""
import re
import threading

import pytest

from harness.raw_http import ClosedByPeer, RawConnection

HOST = b"Host: x\r\n"
HEALTH = b"GET /health HTTP/1.1\r\n" + HOST + b"\r\n"
HEALTH_BODY = b'{"status":"ok"}\n'


@pytest.fixture
def raw(service):
    with RawConnection(service) as connection:
        yield connection


def user_body(api) -> bytes:
    name = api.unique("framed")
    return f'{{"username":"{name}","email":"{name}@b.cd"}}'.encode()


def post(body: bytes, *fields: bytes) -> bytes:
    """POST /users with a length."""
    head = [b"POST /users HTTP/1.1", b"Host: localhost", b"Content-Type: application/json", *fields]
    return b"\r\n".join([*head, b"Content-Length: %d" % len(body), b"", body])


def chunked(*chunks: bytes, trailer: bytes = b"", fields=(b"Transfer-Encoding: chunked",)) -> bytes:
    """POST /users in chunks; a chunk is `size line \\r\\n data`."""
    head = [b"POST /users HTTP/1.1", b"Host: localhost", b"Content-Type: application/json", *fields]
    body = b"".join(chunk + b"\r\n" for chunk in chunks) + b"0\r\n" + trailer + b"\r\n"
    return b"\r\n".join(head) + b"\r\n\r\n" + body


def chunk(data: bytes, extension: bytes = b"") -> bytes:
    return b"%x" % len(data) + extension + b"\r\n" + data


# --- refused -----------------------------------------------------------------------------------

GET = b"GET / HTTP/1.1\r\nHost: x\r\n"
POST = b"POST /users HTTP/1.1\r\nHost: localhost\r\n"
SMUGGLED = b"0\r\n\r\n" + HEALTH  # a body to one reader, a request to another


def length(value: bytes, more: bytes = b"") -> bytes:
    return POST + b"Content-Length: " + value + b"\r\n" + more + b"\r\n{}"


def coding(value: bytes, more: bytes = b"", body: bytes = SMUGGLED) -> bytes:
    return POST + b"Transfer-Encoding: " + value + b"\r\n" + more + b"\r\n" + body


REFUSED = {
    "no Host": (b"GET /health HTTP/1.1\r\n\r\n", 400),
    "a Host with a path": (b"GET /health HTTP/1.1\r\nHost: a b/c@d\r\n\r\n", 400),
    "a list of Hosts": (b"GET /health HTTP/1.1\r\nHost: localhost, evil\r\n\r\n", 400),
    "a Host with a port that is none": (b"GET /health HTTP/1.1\r\nHost: a:99999\r\n\r\n", 400),
    "a Host with a user, in HTTP/1.0": (b"GET /health HTTP/1.0\r\nHost: a@b\r\n\r\n", 400),
    "a target without a host": (b"GET http:///health HTTP/1.1\r\nHost: a\r\n\r\n", 400),
    "a target with a user": (b"GET http://a@b/health HTTP/1.1\r\nHost: b\r\n\r\n", 400),
    "LF in a chunk extension": (coding(b"chunked", body=b'1;a="\n"\r\nx\r\n0\r\n\r\n'), 400),
    "NUL in a chunk extension": (coding(b"chunked", body=b'1;a="\0"\r\nx\r\n0\r\n\r\n'), 400),
    "DEL in the last chunk's extension": (coding(b"chunked", body=b'0;a="\x7f"\r\n\r\n'), 400),
    "two Hosts": (b"GET /health HTTP/1.1\r\nHost: a\r\nHost: a\r\n\r\n", 400),
    "no request line": (b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03\r\n\r\n", 400),
    "a word": (b"hello\r\n\r\n", 400),
    "a bad version": (b"GET / HTTP/9.9\r\nHost: x\r\n\r\n", {400, 505}),
    "HTTP/2's preface": (b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n", {400, 505}),
    "a space in the target": (b"GET /a b HTTP/1.1\r\nHost: x\r\n\r\n", 400),
    "raw UTF-8 in the target": ("GET /é HTTP/1.1\r\nHost: x\r\n\r\n".encode(), 400),
    "a control byte in the target": (b"GET /a\x01 HTTP/1.1\r\nHost: x\r\n\r\n", 400),
    "NUL in a field": (GET + b"A: b\x00c\r\n\r\n", 400),
    "a bare LF after the request line": (b"GET /health HTTP/1.1\nHost: x\n\n", 400),
    "a bare CR in a field": (GET + b"A: b\rc\r\n\r\n", 400),
    "a folded field": (GET + b"A: b\r\n c\r\n\r\n", 400),
    "a folded first field": (b"GET / HTTP/1.1\r\n Host: x\r\n\r\n", 400),
    "space before the colon": (GET + b"A : b\r\n\r\n", 400),
    "a field without colon": (GET + b"field\r\n\r\n", 400),
    "an empty field name": (GET + b": b\r\n\r\n", 400),
    "101 fields": (GET + b"A: b\r\n" * 100 + b"\r\n", 400),
    "two lengths": (length(b"2", b"Content-Length: 3\r\n"), 400),
    "one length twice": (length(b"2", b"Content-Length: 2\r\n"), 400),
    "a list of lengths": (length(b"2, 2"), 400),
    "a length with a sign": (length(b"+2"), 400),
    "a negative length": (length(b"-1"), 400),
    "a hexadecimal length": (length(b"0x2"), 400),
    "an endless length": (length(b"9" * 30), {400, 413}),
    "length and chunks": (length(b"5", b"Transfer-Encoding: chunked\r\n"), 400),
    "chunks and length": (coding(b"chunked", b"Content-Length: 5\r\n"), 400),
    "chunks on HTTP/1.0": (coding(b"chunked").replace(b"HTTP/1.1", b"HTTP/1.0", 1), 400),
    "gzip, chunked": (coding(b"gzip, chunked"), 501),
    "chunked twice": (coding(b"chunked", b"Transfer-Encoding: chunked\r\n"), 501),
    "chunked, chunked": (coding(b"chunked, chunked"), 501),
    "identity": (coding(b"identity"), 501),
    "xchunked": (coding(b"xchunked"), 501),
    "an empty coding": (coding(b""), 501),
    "a bad chunk size": (coding(b"chunked", body=b"zz\r\n"), 400),
    "an endless chunk size": (coding(b"chunked", body=b"f" * 19 + b"\r\n"), {400, 413}),
    "a chunk without its end": (coding(b"chunked", body=b"2\r\n{}x\r\n0\r\n\r\n"), 400),
    "a long target": (b"GET /" + b"a" * 17_000 + b" HTTP/1.1\r\nHost: x\r\n\r\n", 414),
    "long fields": (GET + b"A: " + b"b" * 17_000 + b"\r\n\r\n", 431),
    "long fields in sum": (GET + (b"A: " + b"b" * 3000 + b"\r\n") * 6 + b"\r\n", 431),
    "a body over 1 MiB": (length(b"1048577"), 413),
    "chunks over 1 MiB": (coding(b"chunked", body=b"100001\r\n"), 413),
}


@pytest.mark.parametrize("name", REFUSED)
def test_what_could_be_read_two_ways_is_refused_and_the_connection_closed(raw, name):
    request, wanted = REFUSED[name]
    raw.send(request + HEALTH)  # what follows must never be answered
    answer = raw.read_response()
    assert answer.status in (wanted if isinstance(wanted, set) else {wanted}), answer
    assert set(answer.canonical()) == {"error"}
    assert answer.field("Connection") == "close"
    assert re.fullmatch("[0-9a-f]{32}", answer.field("X-Request-ID"))
    assert raw.closed(), "a second answer, or no close"


@pytest.mark.parametrize("byte", range(0x20))
def test_control_bytes_never_come_back(service, byte):
    """An id, a path or a field that holds one is never repeated as it was."""
    if byte in b"\r\n":
        return  # these end a line; see the other tests
    evil = b"evil" + bytes([byte]) + b"mark"
    for request in (
        b"GET /" + evil + b" HTTP/1.1\r\nHost: x\r\n\r\n",
        b"GET /x HTTP/1.1\r\nHost: x\r\nX-Request-ID: " + evil + b"\r\n\r\n",
        b"GET /%65vil%" + b"%02x" % byte + b"mark HTTP/1.1\r\nHost: x\r\n\r\n",
    ):
        with RawConnection(service) as raw:
            answer = raw.exchange(request)
            assert answer.status in (400, 404)
            assert evil not in answer.head + answer.body


# --- taken -------------------------------------------------------------------------------------


def test_leading_empty_lines_are_passed_over(raw):
    for prefix in (b"\r\n", b"\r\n\r\n", b""):
        assert raw.exchange(prefix + HEALTH).body == HEALTH_BODY


@pytest.mark.parametrize("target", [b"/health", b"/health?", b"/health?a=b&c"])
def test_the_query_is_no_part_of_the_path(raw, target):
    assert raw.exchange(b"GET " + target + b" HTTP/1.1\r\nHost: x\r\n\r\n").body == HEALTH_BODY


def test_100_fields_and_16_kib_fit(raw):
    fields = b"A: b\r\n" * 99
    assert raw.exchange(b"GET /health HTTP/1.1\r\nHost: x\r\n" + fields + b"\r\n").status == 200
    padding = b"A: " + b"b" * (16_384 - len(HEALTH) - 5) + b"\r\n"
    request = HEALTH[:-2] + padding + b"\r\n"
    assert len(request) == 16_384
    assert raw.exchange(request).status == 200


def test_field_names_have_no_case_and_values_lose_the_space_around(raw, api):
    body = user_body(api)
    request = (
        b"POST /users HTTP/1.1\r\nhOsT:localhost\r\nCONTENT-TYPE:\t application/json \t\r\n"
        b"content-LENGTH:  %d  \r\nx-request-id:   abc\t\r\n\r\n" % len(body)
    )
    answer = raw.exchange(request + body)
    assert (answer.status, answer.field("X-Request-ID")) == (201, "abc")


def test_a_body_in_chunks_with_extensions_and_trailers(raw, api):
    body = user_body(api)
    request = chunked(
        chunk(body[:1]),
        chunk(body[1:10], b";name=value"),
        chunk(body[10:], b';a;b="c;d"'),
        trailer=b"X-Checksum: abc\r\nAnother: one\r\n",
    )
    answer = raw.exchange(request)
    assert answer.status == 201, answer
    assert answer.json()["username"].encode() in body
    assert raw.exchange(HEALTH).body == HEALTH_BODY, "the connection goes on after the trailers"


def test_chunked_is_read_without_regard_to_case(raw, api):
    body = user_body(api)
    request = chunked(chunk(body), fields=(b"transfer-encoding: Chunked",))
    assert raw.exchange(request).status == 201


def test_trailers_are_no_fields(raw, api):
    answer = raw.exchange(chunked(chunk(user_body(api)), trailer=b"X-Request-ID: trailed\r\n"))
    assert answer.status == 201 and answer.field("X-Request-ID") != "trailed"


def test_endless_trailers_are_refused(raw, api):
    head = chunked(chunk(user_body(api)), trailer=b"")[:-2]
    try:
        raw.send(head + b"A: b\r\n" * 20_000 + b"\r\n")
    except (BrokenPipeError, ConnectionResetError):
        pass  # refused before all was sent
    answer = raw.read_response()
    assert answer.status in (400, 413, 431)
    assert raw.closed()


def test_a_body_of_1_mib_fits(raw):
    body = b'{"username":"' + b"x" * (1_048_576 - 26) + b'","email":1}'
    body += b" " * (1_048_576 - len(body))
    answer = raw.exchange(post(body))
    assert answer.status == 422 and set(answer.json()["details"]) == {"username", "email"}
    assert raw.exchange(HEALTH).status == 200


def test_a_get_may_have_a_body_which_is_passed_over(raw):
    request = b"GET /health HTTP/1.1\r\nHost: x\r\nContent-Length: 5\r\n\r\nhello"
    assert raw.exchange(request).body == HEALTH_BODY
    assert raw.exchange(HEALTH).body == HEALTH_BODY


def test_a_body_nobody_asked_for_does_not_become_a_request(raw):
    request = b"POST /no/such HTTP/1.1\r\nHost: x\r\nContent-Length: %d\r\n\r\n" % len(HEALTH)
    assert raw.exchange(request + HEALTH).status == 404
    raw.end_sending()
    with pytest.raises(ClosedByPeer):
        raw.read_response()


# --- continue, versions, head ------------------------------------------------------------------


def test_a_client_that_waits_is_told_to_continue(raw, api):
    body = user_body(api)
    head, _, _ = post(body, b"Expect: 100-continue").partition(b"\r\n\r\n")
    raw.send(head + b"\r\n\r\n")
    assert raw.read_response().status == 100
    raw.send(body)
    assert raw.read_response().status == 201


def test_a_client_that_does_not_wait_is_answered(raw, api):
    raw.send(post(user_body(api), b"Expect: 100-continue") + HEALTH)
    answer = raw.read_response()
    if answer.status == 100:
        answer = raw.read_response()
    assert answer.status == 201
    assert raw.read_response().body == HEALTH_BODY


def test_a_body_too_large_is_refused_before_it_is_sent(raw):
    raw.send(
        POST + b"Expect: 100-continue\r\n"
        b"Content-Length: 99999999\r\n\r\n"
    )
    assert raw.read_response().status == 413
    assert raw.closed()


def test_other_expectations_are_417_or_passed_over(raw):
    answer = raw.exchange(b"GET /health HTTP/1.1\r\nHost: x\r\nExpect: tea\r\n\r\n")
    assert answer.status in (200, 417)


def test_http_10_closes_unless_it_asks_otherwise(service):
    with RawConnection(service) as raw:
        answer = raw.exchange(b"GET /health HTTP/1.0\r\n\r\n")
        assert answer.body == HEALTH_BODY and raw.closed()
    with RawConnection(service) as raw:
        for _ in range(2):
            answer = raw.exchange(b"GET /health HTTP/1.0\r\nConnection: keep-alive\r\n\r\n")
            assert answer.body == HEALTH_BODY
            assert answer.field("Connection").lower() == "keep-alive"


@pytest.mark.parametrize("value", [b"close", b"Close", b"foo, close", b"close, foo"])
def test_a_client_may_ask_to_close(raw, value):
    answer = raw.exchange(b"GET /health HTTP/1.1\r\nHost: x\r\nConnection: " + value + b"\r\n\r\n")
    assert answer.body == HEALTH_BODY and answer.field("Connection") == "close"
    assert raw.closed()


def test_head_has_no_body_and_the_connection_goes_on(raw):
    for _ in range(2):
        answer = raw.exchange(HEALTH.replace(b"GET", b"HEAD"), "HEAD")
        assert answer.field("Content-Length") == "16"
    assert raw.exchange(HEALTH).body == HEALTH_BODY


def test_an_answer_to_half_a_connection(raw):
    """A client that has closed its sending side still hears the answer."""
    raw.send(HEALTH)
    raw.end_sending()
    assert raw.read_response().body == HEALTH_BODY
    assert raw.closed()


def test_a_request_that_never_ends_gets_no_answer(raw):
    raw.send(HEALTH[:-2])
    raw.end_sending()
    try:
        assert raw.read_response().status in (400, 408)
    except ClosedByPeer:
        pass


# --- pipelines ---------------------------------------------------------------------------------


def test_pipelined_answers_come_in_order(raw, api, report):
    """Answers from memory, from the store and refusals, mixed: none may pass another."""
    link = api.make_link()
    code = link["short_code"]
    api.get(f"/{code}")  # in memory now
    requests, wanted = [], []
    for i in range(200):
        path, status = [
            (f"/{code}", 302),
            (f"/urls/{link['id']}", 200),
            (f"/fresh{i}", 404),
            ("/health", 200),
            ("/nosuch/path", 404),
        ][i % 5]
        method = "HEAD" if i % 7 == 0 else "GET"
        fields = f"Host: localhost\r\nX-Request-ID: n{i}"
        requests.append(f"{method} {path} HTTP/1.1\r\n{fields}\r\n\r\n".encode())
        wanted.append((method, status, f"n{i}"))
    sender = threading.Thread(target=raw.send, args=(b"".join(requests),))
    sender.start()
    for method, status, request_id in wanted:
        answer = raw.read_response(method)
        assert (answer.status, answer.field("X-Request-ID")) == (status, request_id)
    sender.join()
    report(f"{len(requests)} pipelined requests answered in order")


def test_pipelined_writes_happen_in_order(raw, api):
    user = api.make_user()
    requests = []
    for i in range(20):
        body = b'{"username":"%s-%d"}' % (user["username"].encode(), i)
        requests.append(
            b"PUT /users/%d HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n"
            b"Content-Length: %d\r\n\r\n" % (user["id"], len(body)) + body
        )
        requests.append(b"GET /users/%d HTTP/1.1\r\nHost: localhost\r\n\r\n" % user["id"])
    raw.send(b"".join(requests))
    for i in range(20):
        assert raw.read_response().json()["username"] == f"{user['username']}-{i}"
        assert raw.read_response().json()["username"] == f"{user['username']}-{i}"


def test_nothing_is_answered_after_a_refused_request(raw):
    raw.send(HEALTH * 3 + b"GET /health HTTP/1.1\r\n\r\n" + HEALTH * 3)
    assert [raw.read_response().status for _ in range(4)] == [200, 200, 200, 400]
    assert raw.closed()


# --- cuts --------------------------------------------------------------------------------------


def cut_examples(api) -> list[bytes]:
    body = user_body(api)
    other = user_body(api)
    return [
        b"\r\n" + HEALTH,
        post(body, b"Expect: nothing"),
        chunked(chunk(other[:7], b";x=y"), chunk(other[7:]), trailer=b"T: u\r\n"),
    ]


def test_a_request_may_come_byte_by_byte(raw, api):
    for request in cut_examples(api):
        for i in range(len(request)):
            raw.send(request[i : i + 1])
        assert raw.read_response().status in (200, 201, 417)


def test_a_request_may_be_cut_anywhere(service, api, report):
    """Each example in two pieces, for every place to cut; the pieces come in two segments."""
    cuts = 0
    with RawConnection(service) as raw:
        for pattern in range(3):
            length = len(cut_examples(api)[pattern])
            for cut in range(1, length):
                request = cut_examples(api)[pattern]
                raw.send(request[:cut])
                raw.send(request[cut:])
                assert raw.read_response().status in (200, 201, 417), (pattern, cut)
                cuts += 1
    report(f"{cuts} requests cut in two, each answered")


def test_two_requests_may_be_cut_anywhere(service):
    """The end of one request and the begin of the next in one segment."""
    with RawConnection(service) as raw:
        pair = HEALTH + HEALTH.replace(b"/health", b"/nosuch/path")
        for cut in range(1, len(pair)):
            raw.send(pair[:cut])
            raw.send(pair[cut:])
            assert [raw.read_response().status for _ in range(2)] == [200, 404]
