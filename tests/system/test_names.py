"""Names and addresses of users: what is trimmed, what is refused, which are the same, and that rows
of an older time come back as they were."""
import sqlite3
import urllib.parse

import pytest
from harness.contract import details_of
from harness.older_schema import take_back
from harness.service import run_cli

BAD_EMAIL = "Email must be a valid email address"
NOTHING = "Username must have a visible character"
CONTROL = "Username must not contain control characters"


def draft(api, **fields):
    name = api.unique()
    return {"username": name, "email": f"{name}@example.com", **fields}


@pytest.mark.parametrize("sign", ["\u00a0", "\u200b", "\u200d", "\u200e", "\u202a", "\u2060",
                                  "\u3000", "\u3164", "\ufe0f", "\ufeff", "\U000e0020"], ids=ascii)
def test_what_is_invisible_around_a_name_is_left_out(api, sign):
    name = api.unique()
    user = api.make_user(username=sign + name + sign, email=f"{sign}{name}@example.com{sign}")
    assert (user["username"], user["email"]) == (name, f"{name}@example.com")
    again = api.post("/users", draft(api, username=f"{sign}{name.upper()}"))
    assert again.status == 409
    answer = api.put(f"/users/{user['id']}", {"username": name + "b" + sign})
    assert answer.json()["username"] == name + "b"


@pytest.mark.parametrize("name", ["\U0001f468\u200d\U0001f469\u200d\U0001f467{}\u2764\ufe0f",
                                  "{}\U0001f3f4\U000e0067\U000e0062\U000e0065\U000e007f",
                                  "{}\u0d28\u0d4d\u200d", "\u0645\u06cc\u200c\u062e{}"], ids=ascii)
def test_what_emoji_and_scripts_live_on_stays(api, name):
    name = name.format(api.unique())
    assert api.make_user(username=name)["username"] == name


@pytest.mark.parametrize("name, message", [
    ("\u200b", NOTHING), ("\u2800", NOTHING), ("\u3164", NOTHING), ("\u115f\u1160", NOTHING),
    ("\uffa0\u2800 \u200d", NOTHING), ("\ufe0f", NOTHING), ("\u00ad\u034f", NOTHING),
    ("\u3000\u00a0", "Username must be a non-empty string"),
    ("a\u202eb", "Username must not contain U+202E, which turns the direction of writing"),
    ("a\u200fb", "Username must not contain U+200F, which turns the direction of writing"),
    ("a\u2066b\u2069c", "Username must not contain U+2066, which turns the direction of writing"),
    ("a\u007fb", CONTROL), ("a\u0080b", CONTROL), ("a\u0085b", CONTROL), ("a\u009b31mb", CONTROL),
    ("\u009f", CONTROL),
], ids=ascii)
def test_a_name_that_deceives_is_refused(api, name, message):
    wanted = {"username": message}
    assert details_of(api.post("/users", draft(api, username=name)), 422) == wanted
    user = api.make_user()
    assert details_of(api.put(f"/users/{user['id']}", {"username": name}), 400) == wanted


@pytest.mark.parametrize("email", ["a@b..cd", "a@..bcd", "a@.b.cd", "a@b.cd.", "mailto:a@b.cd",
                                   "MailTo:a@b.cd", "a\u202eb@b.cd", "a@b.\u200b.cd",
                                   "a@b.\u00ad.cd", "a@b\u3002.cd", "a@b.\uff0ecd",
                                   "a@\uff61b.cd", "a@b.\u2800.cd", "a@b.cd\u3002",
                                   "a\u009bb@b.cd"], ids=ascii)
def test_an_address_with_empty_labels_or_a_scheme_is_refused(api, email):
    assert details_of(api.post("/users", draft(api, email=email)), 422) == {"email": BAD_EMAIL}
    user = api.make_user()
    answer = api.put(f"/users/{user['id']}", {"email": email})
    assert details_of(answer, 400) == {"email": BAD_EMAIL}


@pytest.mark.parametrize("one, other", [
    ("{}\u00c9mile", "{}e\u0301MILE"), ("{}stra\u00dfe", "{}STRASSE"),
    ("{}\u0410\u043d\u043d\u0430", "{}\u0430\u041d\u041d\u0410"), ("{}\u03a3", "{}\u03c2"),
    ("{}\uac00", "{}\u1100\u1161"), ("{}k", "{}\u212a"),
], ids=ascii)
def test_names_are_the_same_whatever_their_case_and_composition(api, one, other):
    begin = api.unique()
    one, other = one.format(begin), other.format(begin)
    first = api.make_user(username=one)
    second = api.make_user()
    assert api.post("/users", draft(api, username=other)).error == "Username is taken"
    assert api.put(f"/users/{second['id']}", {"username": other}).error == "Username is taken"
    assert api.get(f"/users?username={urllib.parse.quote(other)}").json() == [first]
    renamed = api.put(f"/users/{first['id']}", {"username": other})
    assert renamed.json()["username"] == other, "his own"


def test_a_title_is_never_refused(api):
    for title in ("\u202egpj.exe", "\u200b", "\u2800", "\u2066a"):
        assert api.make_link(title=title)["title"] == title


# Rows of an older time: names and addresses that no new user may have.
OLD_USERS = [
    (9001, "J\u00dcRGEN", "one@example.com"), (9002, "J\u00fcrgen", "two@example.com"),
    (9003, "Ju\u0308rgen", "three@example.com"), (9004, "\u200b", "four@example.com"),
    (9005, "\u2800", "five@example.com"), (9006, "a\u202eb", "six@example.com"),
    (9007, "ada\u200b", "seven@example.com\u200b"), (9008, "ada", "a@b..c"),
    (9009, "mail", "mailto:nine@example.com"), (9010, "\u00a0nbsp\u00a0", "ten@example.com"),
]
OLD_LINKS = [
    (9101, "old001", "https://example.com/x\u200b", "\u202et"),
    (9102, "old002", "https://example.com/x\u00a0", ""),
    (9103, "old003", "https://\u2764\u05d0a.com/{x}|^`", "\u200b"),
]
TIME = "2025-01-01 00:00:00"
CSV = {"Content-Type": "text/csv"}


def old_export(folder):
    users = "".join(f"{id},{name},{email},{TIME}\n" for id, name, email in OLD_USERS)
    links = "".join(f"{id},9001,{code},{target},{title},True,{TIME},{TIME}\n"
                    for id, code, target, title in OLD_LINKS)
    (folder / "users.csv").write_text("id,username,email,created_at\n" + users)
    (folder / "urls.csv").write_text(
        "id,user_id,short_code,original_url,title,is_active,created_at,updated_at\n" + links)


def wanted_users():
    return [{"id": id, "username": name, "email": email, "created_at": "2025-01-01T00:00:00"}
            for id, name, email in OLD_USERS]


def check_rows(api):
    assert api.all_rows("/users") == wanted_users()
    links = [(link["id"], link["short_code"], link["original_url"], link["title"])
             for link in api.all_rows("/urls")]
    assert links == OLD_LINKS


def test_an_older_export_comes_back_byte_by_byte_and_doctor_tells(start_service, tmp_path, report):
    old_export(tmp_path)
    folder = tmp_path / "service"
    folder.mkdir()
    url = f"sqlite:{folder / 'ginnel.db'}"
    for what in ("users", "urls"):
        file = tmp_path / f"{what}.csv"
        done = run_cli("import", what, file, "--database.url", url, cwd=tmp_path)
        assert done.returncode == 0, done.stdout
    done = run_cli("doctor", "--database.url", url, "--http.listen", "127.0.0.1:0", cwd=tmp_path)
    assert "9 users have names or addresses from before" in done.stdout, done.stdout
    assert "3 links have targets from before" in done.stdout
    for what in ("users", "urls"):
        out = tmp_path / f"again-{what}.csv"
        done = run_cli("export", what, out, "--database.url", url, cwd=tmp_path)
        assert done.returncode == 0, done.stdout + done.stderr
        assert out.read_bytes() == (tmp_path / f"{what}.csv").read_bytes()
    check_rows(start_service(folder=folder).api())
    report(f"{len(OLD_USERS)} users and {len(OLD_LINKS)} links of an older export, byte by byte")


def test_an_older_export_is_uploaded_in_any_order(fresh_service, tmp_path):
    api = fresh_service.api()
    old_export(tmp_path)
    lines = (tmp_path / "users.csv").read_bytes().splitlines(keepends=True)
    body = lines[0] + b"".join(reversed(lines[1:]))
    assert api.post("/users/bulk", body=body, headers=CSV).status == 200
    assert api.post("/urls/bulk", body=(tmp_path / "urls.csv").read_bytes(),
                    headers=CSV).status == 200
    check_rows(api)
    refused = api.post("/users", draft(api, username="j\u00fcRGEN"))
    assert refused.error == "Username is taken"
    answer = api.put("/users/9003", {"email": "other@example.com"})
    assert answer.json()["username"] == "Ju\u0308rgen", "a name that stays is not asked about"


def edited(api, path, **fields):
    """Reads a row and puts the whole of it back with these fields: what comes of it."""
    row = api.get(path).json()
    answer = api.put(path, {**row, **fields})
    assert answer.status == 200, (row, answer.body)
    return row, answer.json()


def test_rows_of_an_older_time_are_read_edited_and_put_back(fresh_service, tmp_path, report):
    """A value that is the row's own already is neither refused nor trimmed."""
    api = fresh_service.api()
    users = [*OLD_USERS, (9011, "a\u009b31m", "a@b.\u00ad.cd"), (9012, "x\u0085y", "a@b\uff61.cd")]
    links = [*OLD_LINKS, (9104, "old004", "https://example.com/" + "\u044f" * 660, "t"),
             (9105, "old005", "https://xn--a.com/", "t")]
    lines = ["id,username,email,created_at", *(f"{id},{name},{email},{TIME}"
                                               for id, name, email in users)]
    assert api.post("/users/bulk", body="\n".join(lines).encode(), headers=CSV).status == 200
    lines = ["id,user_id,short_code,original_url,title,is_active,created_at,updated_at",
             *(f"{id},9001,{code},{target},{title},True,{TIME},{TIME}"
               for id, code, target, title in links)]
    assert api.post("/urls/bulk", body="\n".join(lines).encode(), headers=CSV).status == 200
    puts = 0
    for id, name, email in users:
        path = f"/users/{id}"
        assert edited(api, path) == (api.get(path).json(),) * 2, "all of it, as it was"
        row, now = edited(api, path, email=f"u{id}@example.com\u200b")
        assert now == {**row, "email": f"u{id}@example.com"} and now["username"] == name
        assert api.put(path, {"email": "a@b..cd"}).status == 400, "another is asked about"
        puts += 2
    for id, name, email in users:
        body = f"id,username,email,created_at\n{id + 100},{name}x,{email}x,{TIME}\n"
        assert api.post("/users/bulk", body=body.encode(), headers=CSV).status == 200
        row, now = edited(api, f"/users/{id + 100}", username=f"twin{id}\u00a0")
        assert now == {**row, "username": f"twin{id}"} and now["email"] == email + "x"
        puts += 1
    for id, code, target, title in links:
        row, now = edited(api, f"/urls/{id}", title="new")
        assert (now["original_url"], now["title"]) == (target, "new")
        row, now = edited(api, f"/urls/{id}", is_active=False)
        assert (now["original_url"], now["is_active"]) == (target, False)
        refused = api.put(f"/urls/{id}", {"original_url": "https://\u2764\u05d0b.com/"})
        assert refused.status == 400, "another is asked about"
        puts += 2
    report(f"{puts} rows of an older time edited and put back whole")


def test_a_database_of_an_older_time_is_brought_up_to_date(start_service, tmp_path):
    folder = tmp_path / "service"
    service = start_service(folder=folder)
    api = service.api()
    for name in ("one", "two", "three"):
        api.make_user(username=name)
    assert service.stop() == 0
    file = next(folder.glob("**/*.db"))
    with sqlite3.connect(file) as database:
        take_back(database, "0006_username_keys")
        old = [("J\u00dcRGEN", "j\u00dcrgen"), ("J\u00fcrgen", "j\u00fcrgen"),
               ("STRA\u00dfE", "stra\u00dfe")]
        for id, (name, key) in enumerate(old, 1):
            database.execute("UPDATE users SET username = ?, username_key = ? WHERE id = ?",
                             (name, key, id))
    database.close()
    api = start_service(folder=folder).api()
    assert [user["username"] for user in api.all_rows("/users")] == [name for name, _ in old]
    for name in ("Strasse", "ju\u0308rgen", "j\u00dcRGEN"):
        assert api.post("/users", draft(api, username=name)).status == 409, name
    assert api.put("/users/1", {"username": "j\u00dcrgEN"}).error == "Username is taken"
    assert api.put("/users/1", {"username": "Jo"}).json()["username"] == "Jo"
