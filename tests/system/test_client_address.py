"""Whom a trusted proxy serves, in the forms that proxies write it: `client` of the log has the
address that is counted. Through a real nginx, and as raw fields for what other proxies write."""
import pytest

from harness import nginx
from harness.raw_http import RawConnection

KEY = "a-key-that-nobody-guesses-0123456789"
PROXY = "127.0.0.1"  # all requests come from there
TRUSTED = ("--http.trusted_proxies", f"{PROXY}, 10.0.0.0/8", "--log.redirects_one_in", "1")
NOTICE = "visitors are not told apart"

XFF = "X-Forwarded-For"
V4, V6, STRANGER = "203.0.113.7", "2001:db8::7", "198.51.100.66"

needs_nginx = pytest.mark.skipif(nginx.PROGRAM is None, reason="nginx is not installed")


@pytest.fixture
def trusting(start_service):
    """trusting(field) starts a service whose proxies write that field, the usual one by default."""
    def start(field=None):
        named = ("--http.client_address_field", field) if field else ()
        service = start_service(*TRUSTED, *named, env={"API_KEY": KEY})
        headers = {"X-API-Key": KEY}
        user = {"username": "ada", "email": "ada@example.com"}
        assert service.api().post("/users", user, headers=headers).status == 201
        draft = {"user_id": 1, "original_url": "https://example.com/", "title": "t", "code": "kept"}
        assert service.api().post("/urls", draft, headers=headers).status == 201
        return service

    return start


def client_of(service, *fields, through=None) -> str:
    """The address that the log has of a redirect asked with these fields."""
    client_of.asked += 1
    name = f"asked-{client_of.asked}"
    lines = ["GET /kept HTTP/1.1", "Host: h", f"X-Request-ID: {name}", *fields, "", ""]
    with RawConnection(through or service) as raw:
        assert raw.exchange("\r\n".join(lines).encode()).status == 302
    line = service.log.wait_for(lambda line: line.get("request_id") == name, 5)
    return line["client"]


client_of.asked = 0

# An item of X-Forwarded-For, and whom it names.
ITEMS = {
    V4: V4, f"{V4}:50123": V4, f'"{V4}"': V4, f'"{V4}:80"': V4, f"[{V4}]:80": V4, f"[{V4}:80]": V4,
    f" {V4}\t": V4, f"::ffff:{V4}": V4, f"[::ffff:{V4}]:80": V4, f"{V4}:_port": V4,
    V6: V6, f"[{V6}]": V6, f"[{V6}]:443": V6, f'"[{V6}]:443"': V6, f"[{V6}%25eth0]:1": V6,
    "2001:db8:0:0:0:0:0:7:50123": V6,
    f",{V4}": V4, f"{V4},": V4, f", ,{V4}, ,": V4, f"{STRANGER}, {V4}:1, 10.0.0.1:2": V4,
    f"unknown, {V4}": V4, f'"{STRANGER}, {V4}': V4,
}

# What holds no address ends the way back, whatever stands before it.
NOBODY = ["unknown", "_hidden", "unix:", "localhost", f"{V4}:http", f"{V4}:", f"{V4} {V4}",
          f"{V4}.", f"[{V6}", f'"{V4}', "-", f"for={V4}"]


def test_an_item_is_read_as_proxies_write_it(trusting, report):
    service = trusting()
    for item, visitor in ITEMS.items():
        assert client_of(service, f"{XFF}: {item}") == visitor, item
    for item in NOBODY:
        assert client_of(service, f"{XFF}: {item}") == PROXY, item
        assert client_of(service, f"{XFF}: {STRANGER}, {item}, 10.0.0.1") == "10.0.0.1", item
    report(f"{len(ITEMS)} forms of an address read, {len(NOBODY)} of none")


def test_fields_of_one_name_are_one_list(trusting):
    """HAProxy adds a field of its own behind the visitor's."""
    service = trusting()
    lists = [(STRANGER, V4), (V4, "10.0.0.1"), (V4, "10.0.0.2", "10.0.0.1, 10.0.0.3"),
             (f'"{STRANGER}', V4), ("", V4, ""), (f"{V4},", ", 10.0.0.1"), ("unknown", f"{V4}:1")]
    for values in lists:
        assert client_of(service, *(f"{XFF}: {value}" for value in values)) == V4, values
    assert client_of(service, f"{XFF}: {V4}", "Accept: */*", f"{XFF}: unknown") == PROXY


# Of RFC 7239, with whom it names.
FORWARDED = {
    f"for={V4}": V4, f'for="{V4}:47011"': V4, f"FOR={V4}; proto=http; by=203.0.113.43": V4,
    f'for="[{V6}]:4711"': V6, f'by="[::1]";for="[{V6}]"': V6,
    f"for={STRANGER}, for={V4}, proto=https;for=10.0.0.1": V4,
    f'host="a;for=1.1.1.1,\\",for=2.2.2.2";for={V4}': V4, f'for="{STRANGER}, for={V4}': V4,
    f"for={V4},": V4, "for=unknown": PROXY, "for=_SEVKISEK": PROXY, "proto=https": PROXY,
    f"for={STRANGER}, proto=https": PROXY, f"for={V4};for={V4}": PROXY, V4: PROXY,
    f"for={STRANGER}, for=unknown, for=10.0.0.1": "10.0.0.1",
}


def test_forwarded_is_read_where_it_is_named(trusting, report):
    service = trusting("Forwarded")
    for value, visitor in FORWARDED.items():
        assert client_of(service, f"Forwarded: {value}") == visitor, value
    assert client_of(service, f"Forwarded: for={STRANGER}", f"forwarded: for={V4}") == V4
    report(f"{len(FORWARDED) + 1} of RFC 7239 read")


# What a visitor may send beside what the proxy writes, and who is counted then, for each setting.
BESIDE = {
    None: {(f"{XFF}: {V4}", f"Forwarded: for={STRANGER}"): V4,
           (f"{XFF}: unknown", f"Forwarded: for={STRANGER}"): PROXY,
           (f"Forwarded: for={STRANGER}",): PROXY},
    "forwarded": {(f"{XFF}: {STRANGER}", f"Forwarded: for={V4}"): V4,
                  (f"{XFF}: {STRANGER}", "Forwarded: for=unknown"): PROXY,
                  (f"{XFF}: {STRANGER}",): PROXY},
    "either": {(f"{XFF}: {V4}", f"Forwarded: for={STRANGER}"): V4,
               (f"{XFF}: unknown", f"Forwarded: for={STRANGER}"): PROXY,
               (f"Forwarded: for={V4}",): V4},
}


@pytest.mark.parametrize("named", BESIDE, ids=str)
def test_the_other_field_is_not_believed(trusting, named):
    service = trusting(named)
    for fields, visitor in BESIDE[named].items():
        assert client_of(service, *fields) == visitor, fields


@needs_nginx
@pytest.mark.parametrize("named, written, sent, visitor", [
    (None, f'{XFF} "$http_x_visitor:$remote_port"', (f"{XFF}: {STRANGER}",), V4),
    (None, f'{XFF} "[$http_x_visitor]:$remote_port, , 10.0.0.1"', (), V4),
    (None, f'{XFF} "$http_x_visitor"', (f"Forwarded: for={STRANGER}",), V4),
    (None, "X-Real-IP $remote_addr", (f"{XFF}: {STRANGER}", f"{XFF}: {V4}"), V4),
    ("forwarded", 'Forwarded "for=\\"$http_x_visitor:$remote_port\\";proto=$scheme"',
     (f"{XFF}: {STRANGER}", f'Forwarded: for="{STRANGER}'), V4),
    ("forwarded", 'Forwarded "$http_forwarded, for=$http_x_visitor"',
     (f'Forwarded: for="{STRANGER}',), V4),
], ids=str)
def test_what_nginx_writes_is_read(trusting, tmp_path, named, written, sent, visitor):
    """`X-Visitor` stands in for the address from which nginx would have been asked."""
    service = trusting(named)
    passed_on = ('proxy_http_version 1.1; proxy_set_header Connection ""; '
                 f"proxy_set_header {written};")
    with nginx.in_front_of(service, tmp_path / "nginx", passed_on) as front:
        assert client_of(service, f"X-Visitor: {V4}", *sent, through=front) == visitor


@pytest.mark.parametrize("named, field, cure", [
    (None, f"Forwarded: for={V4}", "http.client_address_field=forwarded"),
    ("forwarded", f"{XFF}: {V4}", "http.client_address_field=x-forwarded-for"),
])
def test_a_named_proxy_that_writes_the_other_field_is_told_once(trusting, named, field, cure):
    service = trusting(named)
    for _ in range(3):
        client_of(service, field)
    told = service.log.wait_for(lambda line: line["message"] == NOTICE, 5)
    assert (told["level"], told["proxy"], told["sign"]) == ("warn", PROXY, field.split(":")[0])
    assert cure in told["cure"]
    assert service.stop() == 0
    assert len([line for line in service.log.lines if line["message"] == NOTICE]) == 1
