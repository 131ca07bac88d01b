"""A target is as long as its Location lets it be: what leaves fits into the buffer of a proxy."""
import urllib.parse

import pytest

from harness import nginx
from harness.service import run_cli

BEGIN = "https://example.com/"
MOST = 3500  # bytes of Location: links.max_location_bytes
needs_nginx = pytest.mark.skipif(nginx.PROGRAM is None, reason="nginx is not installed")

# A sign of a target that takes more room in Location, and its bytes there.
SIGNS = {"я": 6, "é": 6, "中": 9, "😀": 12, " ": 3, '"': 3, "<": 3, "ß": 6}


def location(target: str) -> str:
    return urllib.parse.quote(target, safe=":/?#[]@!$&'()*+,;=%-._~")


def of_bytes(sign: str, count: int) -> str:
    """A target whose Location has `count` bytes, most of them of that sign."""
    signs, letters = divmod(count - len(BEGIN) - 1, SIGNS[sign])
    target = BEGIN + sign * signs + "a" * (letters + 1)
    assert len(location(target)) == count
    return target


def message(count: int, most: int = MOST) -> str:
    return (f"URL must not exceed {most} bytes as it is sent to visitors, percent-encoded: "
            f"this one has {count}")


def draft(user: int, target: str, **more) -> dict:
    return {"user_id": user, "original_url": target, "title": "t", **more}


@pytest.mark.parametrize("sign", SIGNS)
def test_a_location_over_the_limit_is_refused_with_its_length(api, sign):
    user = api.make_user()["id"]
    made = api.post("/urls", draft(user, of_bytes(sign, MOST)))
    assert made.status == 201, made.body
    found = api.get(f"/{made.json()['short_code']}")
    assert found.status == 302 and len(found.field("Location")) == MOST
    for count in (MOST + 1, 3980, 5000):
        if len(target := of_bytes(sign, count)) > 2048:
            continue
        for status, answer in (
                (422, api.post("/urls", draft(user, target))),
                (400, api.put(f"/urls/{made.json()['id']}", {"original_url": target}))):
            assert answer.status == status, count
            assert answer.json()["details"] == {"original_url": message(count)}
    assert api.get(f"/urls/{made.json()['id']}").json() == made.json(), "nothing was changed"


def test_the_characters_are_limited_as_before(api):
    user = api.make_user()["id"]
    for target in (BEGIN + "a" * 2029, BEGIN + "я" * 2029):
        answer = api.post("/urls", draft(user, target))
        assert answer.json()["details"] == {"original_url": "URL must not exceed 2048 characters"}
    assert api.post("/urls", draft(user, BEGIN + "a" * 2028)).status == 201


@needs_nginx
def test_what_is_taken_passes_nginx_with_its_own_buffers(start_service, tmp_path, report):
    service = start_service(env={"API_KEY": "a-key-that-nobody-guesses-0123456789"})
    headers = {"X-API-Key": "a-key-that-nobody-guesses-0123456789"}
    api = service.api()
    user = api.post("/users", {"username": "ada", "email": "ada@example.com"}, headers=headers)
    statuses = {}
    with nginx.in_front_of(service, tmp_path / "nginx") as visitor:
        for number, sign in enumerate(SIGNS):
            for count in (MOST, 3980, 4500):
                target = of_bytes(sign, count)
                if len(target) > 2048:
                    continue
                made = api.post("/urls", draft(user.json()["id"], target), headers=headers)
                if made.status == 201:
                    found = visitor.get(f"/{made.json()['short_code']}")
                    statuses[sign, count] = (found.status, found.field("Location"))
    assert {sign for sign, _ in statuses} == set(SIGNS)
    for (sign, count), (status, sent) in statuses.items():
        assert status == 302 and sent == location(of_bytes(sign, count)), (sign, count, status)
    report(f"{len(statuses)} targets of {MOST} bytes through nginx's default buffers")


def test_the_lengths_are_settings(start_service):
    narrow = start_service("--links.max_target_length", 100,
                           "--links.max_location_bytes", 300).api()
    user = narrow.make_user()["id"]
    assert narrow.post("/urls", draft(user, BEGIN + "a" * 80)).status == 201
    told = lambda target: narrow.post("/urls", draft(user, target)).json()["details"]  # noqa: E731
    assert told(BEGIN + "a" * 81) == {"original_url": "URL must not exceed 100 characters"}
    assert told(of_bytes("я", 301)) == {"original_url": message(301, 300)}
    wide = start_service("--links.max_target_length", 8192, "--links.max_location_bytes", 16384)
    user = wide.api().make_user()["id"]
    for target in (BEGIN + "a" * 8172, BEGIN + "я" * 2700):
        made = wide.api().post("/urls", draft(user, target))
        assert made.status == 201, made.body
        assert wide.api().get(f"/{made.json()['short_code']}").field("Location") == location(target)


def test_the_command_line_is_told_too(fresh_service, tmp_path):
    fresh_service.api().make_user()
    done = run_cli("link", "create", of_bytes("я", 3980), "--server", fresh_service.url,
                   cwd=tmp_path)
    assert done.returncode == 1 and message(3980) in done.stderr


def test_rows_that_come_with_an_id_are_taken_as_before(start_service, tmp_path):
    """And those that are there are answered, switched and exported as they are."""
    target = BEGIN + "я" * 660
    (tmp_path / "users.csv").write_text(
        "id,username,email,created_at\n1,ada,ada@example.com,2025-07-13 12:40:57\n")
    (tmp_path / "urls.csv").write_text(
        "id,user_id,short_code,original_url,title,is_active,created_at,updated_at\n"
        f"1,1,longone,{target},t,True,2025-07-13 12:40:57,2025-07-13 12:40:57\n")
    database = ("--database.url", f"sqlite:{tmp_path}/data/ginnel.db")
    for what in ("users", "urls"):
        done = run_cli("import", what, f"{what}.csv", *database, cwd=tmp_path)
        assert done.returncode == 0, done.stdout + done.stderr
    service = start_service(folder=tmp_path / "data")
    assert service.api().get("/longone").field("Location") == location(target)
    assert service.api().put("/urls/1", {"is_active": False}).status == 200
    assert service.api().put("/urls/1", {"title": "u"}).json()["original_url"] == target
    assert service.stop() == 0
    assert run_cli("export", "urls", "-", *database, cwd=tmp_path).stdout.count(target) == 1


def test_doctor_tells_of_links_whose_location_is_too_long(tmp_path):
    targets = {11: of_bytes("я", 3980), 12: of_bytes("<", MOST + 1), 13: of_bytes("<", MOST),
               14: of_bytes("я", MOST), 15: BEGIN + "a" * 2028}
    (tmp_path / "users.csv").write_text(
        "id,username,email,created_at\n1,ada,ada@example.com,2025-07-13 12:40:57\n")
    (tmp_path / "urls.csv").write_text(
        "id,user_id,short_code,original_url,title,is_active,created_at,updated_at\n" + "".join(
            f"{id},1,long{id},{target},t,True,2025-07-13 12:40:57,2025-07-13 12:40:57\n"
            for id, target in targets.items()))
    database = ("--database.url", f"sqlite:{tmp_path}/ginnel.db")
    for what in ("users", "urls"):
        done = run_cli("import", what, f"{what}.csv", *database, cwd=tmp_path)
        assert done.returncode == 0, done.stdout + done.stderr
    doctor = ("doctor", *database, "--http.listen", "127.0.0.1:0")
    told = run_cli(*doctor, cwd=tmp_path).stdout
    assert "2 links have targets from before today's rules, kept as they came: 11, 12\n" in told
    told = run_cli(*doctor, "--links.max_location_bytes", "4096", cwd=tmp_path).stdout
    assert "have targets from before" not in told
