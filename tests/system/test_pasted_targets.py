"""Targets as people paste and type them: what comes along, what is missing, what browsers take."""
import pytest
from harness.contract import details_of, link_draft
from harness.service import run_cli

URL = "https://example.com/a"

INVISIBLE = ["\u00a0", "\u00ad", "\u061c", "\u180e", "\u200b", "\u200d", "\u200e", "\u202a",
             "\u202c", "\u2028", "\u2060", "\u2069", "\u3000", "\u3164", "\ufeff", "\U000e0001",
             " \u200b\t\ufeff "]


@pytest.mark.parametrize("sign", INVISIBLE, ids=ascii)
def test_what_is_invisible_around_a_target_is_left_out(api, sign):
    link = api.make_link(original_url=sign + URL + sign)
    assert link["original_url"] == URL
    answer = api.put(f"/urls/{link['id']}", {"original_url": f"{URL}/b{sign}"})
    assert answer.json()["original_url"] == f"{URL}/b"
    assert api.get(f"/{link['short_code']}").field("Location") == f"{URL}/b"
    refused = api.post("/urls", link_draft(api, 1, original_url=sign))
    wanted = {"original_url": "original_url must be a non-empty string"}
    assert details_of(refused, 422) == wanted


@pytest.mark.parametrize("end", ["\u2764\ufe0f", "\U0001f3f4\U000e0067\U000e0062\U000e007f",
                                 "\u0d28\u0d4d\u200d"], ids=ascii)
def test_the_end_of_an_emoji_is_no_stray_sign(api, end):
    target = f"https://example.com/{end}"
    assert api.make_link(original_url=target + "\u200b")["original_url"] == target


LOCATIONS = {
    "https://example.com/a^b|c{d}`e": "https://example.com/a%5Eb%7Cc%7Bd%7D%60e",
    "https://example.com/?q=^|{}`\\": "https://example.com/?q=%5E%7C%7B%7D%60%5C",
    'https://example.com/?f={"a":[1]}': "https://example.com/?f=%7B%22a%22:[1]%7D",
    "https://example.com/%7B{": "https://example.com/%7B%7B",
    "https://example.com/#/{x}|^`": "https://example.com/#/{x}|^`",
    "http://example.com:/x": "http://example.com/x",
    "http://example.com:": "http://example.com",
    "https://example.com:?q=:": "https://example.com?q=:",
    "http://[2606:4700::1111]:/": "http://[2606:4700::1111]/",
    "https://a-.surge.sh/": "https://a-.surge.sh/",
    "https://-a.-.example.com/": "https://-a.-.example.com/",
    "https://\U0001f972.ws/": "https://xn--ls9h.ws/",
    "https://\U0001fa77.ws/": "https://xn--1z9h.ws/",
    "https://i\u2764.ws": "https://xn--i-7iq.ws",
    "https://stra\u00dfe.de/": "https://xn--strae-oqa.de/",
    "https://XN--strae-oqa.de/": "https://xn--strae-oqa.de/",
    "https://xn--ls9h.ws/": "https://xn--ls9h.ws/",
    "https://example.xn--p1ai/": "https://example.xn--p1ai/",
}


@pytest.mark.parametrize("target", LOCATIONS, ids=ascii)
def test_what_browsers_take_is_taken_and_kept_as_sent(api, target):
    link = api.make_link(original_url=target)
    assert link["original_url"] == target
    assert api.get(f"/{link['short_code']}").field("Location") == LOCATIONS[target]


@pytest.mark.parametrize("target", ["https://a-.sh/", "https://www.-a.sh/", "https://a.sh-/",
                                    "https://a\\b.example.com/", "https://example.com/a\\b",
                                    # labels that Node's URL (WHATWG) reads as no name at all
                                    "https://xn--a.com/", "https://xn--0.pt/x",
                                    "https://www.XN--a-yoc.com/", "https://xn--a-ecp.ru/",
                                    "https://xn--1ug4933g.la/", "https://example.xn--a/"])
def test_what_they_do_not_take_is_refused(api, target):
    answer = api.post("/urls", link_draft(api, 1, original_url=target))
    assert list(details_of(answer, 422)) == ["original_url"]


@pytest.mark.parametrize("target", ["https://https://example.com", "http://https://example.com/x",
                                    "https://HTTP//example.com", "https://https:/example.com"])
def test_a_url_that_begins_twice_is_told_so(api, target):
    wanted = {"original_url": "URL begins with http:// or https:// twice; remove one"}
    assert details_of(api.post("/urls", link_draft(api, 1, original_url=target)), 422) == wanted


@pytest.mark.parametrize("target", ["example.com", "example.com:8080/x", "//example.com/x"])
def test_the_interface_guesses_no_scheme(api, target):
    wanted = {"original_url": "URL must start with http:// or https://"}
    assert details_of(api.post("/urls", link_draft(api, 1, original_url=target)), 422) == wanted


TYPED = {
    "example.com": "https://example.com",
    "example.com:8080/x": "https://example.com:8080/x",
    "//example.com": "https://example.com",
    "\u200bexample.com:443\ufeff": "https://example.com:443",
    "b\u00fccher.de:8080": "https://b\u00fccher.de:8080",
    "http://example.com:8080/": "http://example.com:8080/",
}


def test_the_command_line_adds_the_scheme_that_was_not_typed(fresh_service, tmp_path):
    api = fresh_service.api()
    api.make_user()
    for typed, target in TYPED.items():
        done = run_cli("link", "create", typed, cwd=tmp_path,
                       env={"GINNEL_SERVER": fresh_service.url})
        assert done.returncode == 0, (typed, done.stderr)
        assert api.all_rows("/urls")[-1]["original_url"] == target
    done = run_cli("link", "create", "mailto:a@b.cd", cwd=tmp_path,
                   env={"GINNEL_SERVER": fresh_service.url})
    assert (done.returncode, "must start with http" in done.stderr) == (1, True)


INSIDE = ["http://10.0.0.1/", "http://192.168.1.1:8080/x", "http://[fd12:3456::1]/",
          "http://intranet/", "http://wiki:8080/", "http://printer.local/",
          "http://wiki.corp.internal/", "http://nas.home.arpa/", "http://100.64.0.1/"]
NEVER = ["http://localhost/", "http://127.0.0.1/", "http://[::1]/", "http://169.254.169.254/",
         "http://metadata.google.internal/", "http://100.100.100.200/", "http://10.0.0.1.nip.io/",
         "http://[fe80::1]/", "http://4294967296/", "http://go.corp.internal/",
         "http://[::ffff:10.0.0.1]/", "http://localhost4/", "http://LOCALHOST6:8080/x",
         "http://ip6-loopback/", "http://ipv6-localhost/", "http://loopback/"]


def test_links_lead_into_a_network_of_ones_own_where_they_may(start_service, tmp_path, report):
    plain = start_service().api()
    service = start_service("--links.allow_private", "true", "--links.own_hosts",
                            "go.corp.internal", "--api.open", "true")
    inside = service.api()
    for target in INSIDE:
        assert plain.post("/urls", link_draft(plain, original_url=target)).status == 422
        link = inside.make_link(original_url=target)
        assert inside.get(f"/{link['short_code']}").field("Location") == target
    for target in NEVER:
        assert inside.post("/urls", link_draft(inside, original_url=target)).status == 422, target
    file = tmp_path / "urls.csv"
    file.write_text("id,user_id,short_code,original_url,title,is_active,created_at,updated_at\n"
                    "5000,1,inside,http://intranet/,t,True,2025-01-01 00:00:00,"
                    "2025-01-01 00:00:00\n")
    for options, told in ((), "1 rejected"), (("--links.allow_private", "true"), "0 rejected"):
        done = run_cli("import", "urls", file, "--dry-run", *options, cwd=tmp_path)
        assert told in done.stdout, done.stdout + done.stderr
    report(f"{len(INSIDE)} targets inside taken, {len(NEVER)} refused whatever is set")
