"""`ginnel link ...` takes a short URL for a link only when it is one of the server it asks."""
import json
import re

import pytest
from harness.service import run_cli

KEY = "a-key-of-more-than-16-characters"


def commands_with_a_link(folder) -> list[str]:
    """All of them, those too that this test was not written for."""
    names = re.findall(r"^  (\w+) ", run_cli("link", "--help", cwd=folder).stdout, re.MULTILINE)
    helps = {name: run_cli("link", name, "--help", cwd=folder).stdout for name in names}
    found = [name for name, text in helps.items() if re.search(r"^ +LINK ", text, re.MULTILINE)]
    assert {"show", "enable", "disable", "delete", "stats"} <= set(found), helps
    return found


def state_of(api) -> list:
    """Every link and every change that was ever made."""
    return [api.all_rows("/urls"), len(api.get("/audit?per_page=1000").json())]


FOREIGN = ["https://bit.ly/zzz1", "http://bit.ly:8080/zzz1?from=mail#top", "bit.ly/zzz1",
           "//bit.ly/zzz1", "HTTPS://BIT.LY./zzz1", "https://bücher.example/zzz1",
           "http://localhost:8081/zzz1", "http://localhost/zzz1", "http://192.0.2.7:8080/zzz1",
           "http://[2001:db8::1]/zzz1", "https://localhost.bit.ly:8080/zzz1"]
NONE = ["https://localhost:8080@bit.ly/zzz1", "https://bit.ly\\@localhost:8080/zzz1",
        "ftp://localhost:8080/zzz1", "http://localhost:8080/urls/zzz1",
        "http://localhost:8080/x/zzz1", "http://localhost:8080", "http://localhost:0/zzz1"]


def test_a_url_of_another_server_changes_nothing(fresh_service, tmp_path, report):
    api = fresh_service.api()
    api.make_link(code="zzz1")
    before = state_of(api)
    commands = commands_with_a_link(tmp_path)
    for command in commands:
        more = ["--yes"] if command == "delete" else []
        for word in FOREIGN + NONE:
            done = run_cli("link", command, word, *more, cwd=tmp_path,
                           env={"GINNEL_SERVER": fresh_service.url, "LC_ALL": "C.UTF-8"})
            assert (done.returncode, done.stdout) == (2, ""), (command, word, done)
            assert done.stderr.startswith("ginnel: ") and done.stderr.count("\n") == 1
            if word in FOREIGN:
                assert "is another server than" in done.stderr, done.stderr
                assert fresh_service.public_url[len("http://"):] in done.stderr
                assert fresh_service.url in done.stderr
    assert state_of(api) == before
    report(f"{len(commands)} commands, {len(FOREIGN + NONE)} URLs of other servers: no change")


def test_a_url_by_any_name_of_the_server_is_its(start_service, tmp_path, report):
    service = start_service("--links.public_url", "https://go.example.org/s", "--links.own_hosts",
                            "www.example.org, xn--grnt-1ra.example", env={"API_KEY": KEY})
    env = {"GINNEL_SERVER": service.url, "API_KEY": KEY}
    for words in (("user", "create", "ada", "ada@example.com"),
                  ("link", "create", "https://example.com/", "--code", "abc")):
        made = run_cli(*words, cwd=tmp_path, env=env)
        assert made.returncode == 0, made.stderr
    words = [made.stdout.strip(), "go.example.org/s/abc", "HTTP://GO.example.org./s/abc/?x#y",
             "https://www.example.org/abc", "https://grünt.example/s/abc", f"{service.url}/abc",
             f"http://localhost:{service.port}/abc"]
    assert words[0] == "https://go.example.org/s/abc"
    for word in words:
        done = run_cli("link", "show", word, "--json", cwd=tmp_path, env=env)
        assert done.returncode == 0, (word, done.stderr)
        assert json.loads(done.stdout)["short_code"] == "abc", word
    for word in ("https://go.example.org/abc", "https://go.example.org:8443/s/abc",
                 "http://localhost:8080/abc", "https://example.org/abc"):
        assert run_cli("link", "show", word, cwd=tmp_path, env=env).returncode == 2, word
    report(f"{len(words)} names of one link")


@pytest.mark.parametrize("word", ["https://go.example.org/abc", "go.example.org/abc"])
def test_a_server_that_cannot_be_asked_for_its_names_is_not_guessed_at(word, tmp_path):
    done = run_cli("link", "delete", word, "--yes", "--server", "http://127.0.0.1:9", cwd=tmp_path)
    assert done.returncode == 3 and "cannot be reached" in done.stderr


def test_root_tells_the_names(start_service):
    service = start_service("--links.public_url", "https://GO.example.org:8443/s",
                            "--links.own_hosts", "www.example.org, 2606:4700::9999",
                            env={"API_KEY": KEY})
    told = service.api().get("/", headers={"Accept": "application/json"}).canonical()
    assert told["public_url"] == "https://GO.example.org:8443/s"
    assert sorted(told["hosts"]) == ["2606:4700::9999", "go.example.org", "www.example.org"]
