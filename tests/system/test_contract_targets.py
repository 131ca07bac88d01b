"""Targets of links: which are refused, and what a redirect makes of those that are taken."""
import pytest

from harness.contract import details_of, link_draft

LONG = "https://example.com/" + "x" * 2028

REFUSED = {
    "": "original_url must be a non-empty string",
    "   ": "original_url must be a non-empty string",
    LONG + "x": "URL must not exceed 2048 characters",
    "https://example.com/\u0001": "URL contains invalid characters",
    "https://exa\tmple.com/": "URL contains invalid characters",
    "ftp://example.com/": "URL must start with http:// or https://",
    "javascript:alert(1)": "URL must start with http:// or https://",
    "example.com": "URL must start with http:// or https://",
    "http:///x": "URL has an invalid or missing host",
    "https://": "URL has an invalid or missing host",
    "https://user:secret@example.com/": "URL must not contain credentials",
    "https://@example.com/": "URL must not contain credentials",
    "https://example.com:http/": "URL has an invalid port",
    "https://example.com:65536/": "URL has an invalid port",
    "https://example.com:0/": "URL port is out of range",
    "http://localhost/": "URL references a reserved or private host",
    "http://LOCALHOST:80/": "URL references a reserved or private host",
    "http://a.localhost/": "URL references a reserved or private host",
    "http://printer.local/": "URL references a reserved or private host",
    "http://printer.local./": "URL references a reserved or private host",
    "http://metadata.google.internal/": "URL references a reserved or private host",
    "http://x.home.arpa/": "URL references a reserved or private host",
    "http://127.0.0.1/": "URL references a private or loopback IP address",
    "http://127.1/": "URL references a private or loopback IP address",
    "http://0x7f000001/": "URL references a private or loopback IP address",
    "http://2130706433/": "URL references a private or loopback IP address",
    "http://10.1.2.3/": "URL references a private or loopback IP address",
    "http://172.16.0.1/": "URL references a private or loopback IP address",
    "http://192.168.1.1/": "URL references a private or loopback IP address",
    "http://169.254.169.254/latest": "URL references a private or loopback IP address",
    "http://100.64.0.1/": "URL references a private or loopback IP address",
    "http://[::1]/": "URL references a private or loopback IP address",
    "http://[fd00::1]/": "URL references a private or loopback IP address",
    "http://[fe80::1]/": "URL references a private or loopback IP address",
    "http://[2001:470::5efe:7f00:1]/": "URL references a private or loopback IP address",
    "http://[2606:4700::200:5efe:10.0.0.1]/": "URL references a private or loopback IP address",
    "http://[::ffff:127.0.0.1]/": "URL references a private or loopback IP address",
    "http://１２７.０.０.１/": "URL references a private or loopback IP address",
    "https://" + ".".join(["a" * 60] * 5) + ".com/": "URL hostname is too long",
    "https://example/": "URL hostname must include a domain and TLD",
    "https://a..example.com/": "URL hostname contains an empty label",
    "https://" + "a" * 64 + ".com/": "URL hostname label exceeds 63 characters",
    "https://-a.com/": "URL hostname contains invalid characters",
    "https://exa mple.com/": "URL hostname contains invalid characters",
    "https://example.c/": "URL has an invalid top-level domain",
    "https://example.123x/": "URL has an invalid top-level domain",
    "http://localhost:8080/abc": "URL references a reserved or private host",
}


@pytest.mark.parametrize("target", REFUSED, ids=lambda target: ascii(target)[:40])
def test_a_target_that_leads_nowhere_good_is_refused(api, target):
    wanted = {"original_url": REFUSED[target]}
    assert details_of(api.post("/urls", link_draft(api, 1, original_url=target)), 422) == wanted
    link = api.make_link()
    answer = api.put(f"/urls/{link['id']}", {"original_url": target})
    assert details_of(answer, 400) == wanted


@pytest.mark.parametrize("target", [
    "http://[::1", "http://]/", "http://ex\u2100ample.com/", "https://a\\@b.com/",
    "http://[::1%25lo]/",
])
def test_a_target_that_broke_the_reference_is_a_clients_fault(api, target):
    answer = api.post("/urls", link_draft(api, 1, original_url=target))
    assert list(details_of(answer, 422)) == ["original_url"]


@pytest.mark.parametrize("value", [5, None, True, [], {}])
def test_a_target_that_is_no_string_is_refused(api, value):
    wanted = {"original_url": "original_url must be a non-empty string"}
    assert details_of(api.post("/urls", link_draft(api, 1, original_url=value)), 422) == wanted


def test_the_services_own_hosts_are_no_targets(start_service):
    service = start_service(
        "--links.public_url", "https://go.example.org", "--links.own_hosts", "other.example.org",
        "--api.open", "true",
    )
    api = service.api()
    for host in ("go.example.org", "GO.example.org.", "other.example.org"):
        answer = api.post("/urls", link_draft(api, 1, original_url=f"https://{host}/abc"))
        assert list(details_of(answer, 422)) == ["original_url"]
    answer = api.post("/urls", link_draft(api))
    code = answer.json()["short_code"]
    assert answer.field("X-Short-URL") == f"https://go.example.org/{code}"


LOCATIONS = {
    "https://example.com": "https://example.com",
    "https://example.com/a/b?c=d&e=f#g": "https://example.com/a/b?c=d&e=f#g",
    "HTTPS://EXAMPLE.com/Path": "https://example.com/Path",
    "https://example.com/a b": "https://example.com/a%20b",
    "https://example.com/é?ü=ö": "https://example.com/%C3%A9?%C3%BC=%C3%B6",
    'https://example.com/<"x">': "https://example.com/%3C%22x%22%3E",
    "https://example.com/%zz%41": "https://example.com/%zz%41",
    "https://example.com/{x}|y[]=1": "https://example.com/%7Bx%7D%7Cy[]=1",
    "https://example.com:/": "https://example.com/",
    "https://bücher.example.com/": "https://xn--bcher-kva.example.com/",
    "https://example.com:8443/": "https://example.com:8443/",
    LONG: LONG,
}


@pytest.mark.parametrize("target", LOCATIONS, ids=lambda target: ascii(target)[:40])
def test_the_location_is_the_target_as_http_can_carry_it(api, target):
    link = api.make_link(original_url=target)
    assert link["original_url"] == target
    for path in (f"/{link['short_code']}", f"/urls/{link['short_code']}/redirect"):
        answer = api.get(path)
        assert (answer.status, answer.field("Location")) == (302, LOCATIONS[target])
