"""Redirects: what a visitor gets."""
import pytest

from harness.contract import link_draft
from harness.raw_http import RawConnection

REDIRECT_PATHS = ["/{}", "/urls/{}/redirect", "/v1/urls/{}/redirect"]


@pytest.mark.parametrize("path", REDIRECT_PATHS)
def test_a_redirect_is_302_and_not_to_be_kept_by_anybody(api, path):
    link = api.make_link()
    for _ in range(3):  # from the store, then from memory
        answer = api.get(path.format(link["short_code"]))
        assert answer.status == 302
        assert answer.field("Location") == link["original_url"]
        assert answer.field("Cache-Control") == "private, no-store"


@pytest.mark.parametrize("path", REDIRECT_PATHS)
def test_an_unknown_code_is_404(api, path):
    for code in ("nosuch", "x" * 33, "a%00b", "%zz", "%C3%A9", "a.b"):
        for _ in range(2):
            answer = api.get(path.format(code))
            assert (answer.status, answer.canonical()) == (404, {"error": "Not found"})


@pytest.mark.parametrize("path", REDIRECT_PATHS)
def test_a_link_that_is_off_is_410(api, path):
    link = api.make_link()
    api.put(f"/urls/{link['id']}", {"is_active": False})
    for _ in range(3):
        answer = api.get(path.format(link["short_code"]))
        assert (answer.status, answer.canonical()) == (410, {"error": "URL is deactivated"})


def test_a_code_may_be_written_percent_encoded(api):
    link = api.make_link(code="PercentCode")
    assert api.get("/%50ercent%43ode").field("Location") == link["original_url"]


def test_a_query_does_not_change_where_a_code_leads(api):
    link = api.make_link()
    answer = api.get(f"/{link['short_code']}?utm_source=x")
    assert answer.field("Location") == link["original_url"]


def test_the_host_field_is_not_believed(service, api):
    link = api.make_link()
    with RawConnection(service) as raw:
        raw.send(f"GET /{link['short_code']} HTTP/1.1\r\nHost: evil.example\r\n\r\n".encode())
        answer = raw.read_response()
    assert answer.field("Location") == link["original_url"]
    body = link_draft(api, link["user_id"])
    answer = api.post("/urls", body, headers={"Host": "other.localhost:9"})
    assert answer.field("X-Short-URL").startswith(f"http://localhost:{api.port}/")
