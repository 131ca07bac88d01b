"""Where the reference loses or mixes up what it was told, and this service does not."""
import collections
import json
import sqlite3
import time

from conftest import import_seed
from harness.clicks import metric, wait_until
from harness.raw_http import RawConnection
from harness.script import Scene, error, request
from harness.service import run_cli

PERSON = "Mozilla/5.0 (X11; Linux x86_64; rv:130.0) Gecko/20100101 Firefox/130.0"
CRAWLER = "Mozilla/5.0 (compatible; Googlebot/2.1; +http://www.google.com/bot.html)"


def get(path: str, agent: str = PERSON, method: str = "GET") -> bytes:
    return (f"{method} {path} HTTP/1.1\r\nHost: localhost\r\nUser-Agent: {agent}\r\n\r\n").encode()


class Crowd:
    """Connections that ask at the same moment, spread over the loops."""

    def __init__(self, scene: Scene, size: int):
        self.scene = scene
        self.connections = [RawConnection(scene.service) for _ in range(size)]
        self.all_ask(get("/health"))

    def __enter__(self):
        return self

    def __exit__(self, *_):
        for connection in self.connections:
            connection.socket.close()

    def ask(self, *requests: bytes) -> list:
        """Each of the first connections sends one before any answer is read."""
        self.scene.requests += len(requests)
        for connection, data in zip(self.connections, requests, strict=False):
            connection.send(data)
        return [connection.read_response(data.partition(b" ")[0].decode())
                for connection, data in zip(self.connections, requests, strict=False)]

    def all_ask(self, data: bytes) -> list:
        return self.ask(*[data] * len(self.connections))


def fresh_link(scene: Scene, target: str = "https://example.com/") -> None:
    """Gives the scene another user and another link."""
    for key in ("name", "user", "link", "code", "target", "event"):
        scene.pop(key, None)
    scene.ask(f'POST /urls {{"user_id":$user,"original_url":"{target}","title":"T"}}', 201,
              '{<any>"id":<id link>,<any>"short_code":"<code code>",<any>}')


def put(path: str, fields: str) -> bytes:
    return request(f"PUT {path}", fields.encode())


# --- consistency ----------------------------------------------------------------------------------


def test_links_of_a_deleted_user_end_at_once(scene):
    with Crowd(scene, 8) as crowd:
        for path in (f"/urls/{scene['code']}/redirect", f"/{scene['code']}"):
            assert [a.status for a in crowd.all_ask(get(path))] == [302] * 8, "in every memory"
        scene.ask("GET /urls/$link", 200, "{<any>}")
        scene.ask("DELETE /users/$user", 204)
        scene.ask("GET /urls/$link", 404, error("URL not found"))
        for path in (f"/urls/{scene['code']}/redirect", f"/{scene['code']}"):
            assert [a.status for a in crowd.all_ask(get(path))] == [404] * 8


def test_a_change_that_was_refused_changes_nothing_and_one_that_was_taken_lasts(start_service):
    service = start_service("--database.timeout_ms", "500")
    service.expected_errors.append("")
    scene = Scene(service)
    with Crowd(scene, 8) as crowd:
        redirect = get(f"/{scene['code']}")
        assert [a.status for a in crowd.all_ask(redirect)] == [302] * 8
        other = sqlite3.connect(service.database, isolation_level=None)
        other.execute("BEGIN IMMEDIATE")
        scene.ask('PUT /urls/$link {"is_active":false}', 503, '{"error":"<any>"}',
                  {"Retry-After": "1"})
        assert [a.status for a in crowd.all_ask(redirect)] == [302] * 8, "nothing was changed"
        other.execute("ROLLBACK")
        other.close()
        off = put(f"/urls/{scene['link']}", '{"is_active":false}')
        assert wait_until(lambda: scene.connection.exchange(off, "PUT").status == 200)
        for _ in range(3):
            assert [a.status for a in crowd.all_ask(redirect)] == [410] * 8
    scene.close()


def test_reading_while_writing_leaves_nothing_old_behind(scene, report):
    rounds = 150
    with Crowd(scene, 4) as crowd:
        for number in range(rounds):
            target = f"https://example.com/{number}"
            what = f"/urls/{scene['link']}"
            fields = f'{{"title":"{number}","original_url":"{target}"}}'
            answers = crowd.ask(get(what), put(what, fields), get(what),
                                get(f"/{scene['code']}"))
            assert [a.status for a in answers] == [200, 200, 200, 302]
            for answer in crowd.all_ask(get(what)):
                shown = json.loads(answer.body)
                assert (shown["title"], shown["original_url"]) == (str(number), target)
            for answer in crowd.all_ask(get(f"/{scene['code']}")):
                assert answer.field("Location") == target
    report(f"{rounds} changes beside 3 reads each, nothing old afterwards on 4 connections")


def test_another_database_in_the_same_place_is_what_is_served(start_service, tmp_path):
    import_seed(tmp_path)
    url = f"sqlite:{tmp_path / 'ginnel.db'}"

    def ginnel(*words):
        done = run_cli(*words, "--database.url", url, cwd=tmp_path)
        assert done.returncode == 0, done.stderr

    service = start_service(folder=tmp_path)
    ginnel("backup", "before.db")
    scene = Scene(service)
    scene.ask('PUT /urls/1 {"original_url":"https://example.org/","title":"Other"}', 200, "{<any>}")
    scene.ask("GET /UeWfmJ", 302, "", {"Location": "https://example.org/"})
    scene.ask("GET /urls/1", 200, '{<any>"title":"Other",<any>}')
    scene.close()
    assert service.stop() == 0
    ginnel("restore", "before.db")
    scene = Scene(start_service(folder=tmp_path))
    scene.ask("GET /UeWfmJ", 302, "", {"Location": "https://opswise.net/young/uplink/1"})
    scene.ask("GET /urls/1", 200, '{<any>"title":"Quarterly brief pioneer",<any>}')
    scene.close()


def test_deleting_beside_new_events_and_clicks_is_never_500(scene, report):
    rounds = 40
    with Crowd(scene, 6) as crowd:
        for number in range(rounds):
            fresh_link(scene)
            event = (f'{{"url_id":{scene["link"]},"user_id":{scene["user"]},'
                     '"event_type":"x"}').encode()
            victim = f"/urls/{scene['link']}" if number % 2 else f"/users/{scene['user']}"
            answers = crowd.ask(get(f"/{scene['code']}"), request("POST /events", event),
                                get(victim, method="DELETE"), request("POST /events", event),
                                get(f"/urls/{scene['code']}/redirect"), get(victim))
            statuses = [answer.status for answer in answers]
            assert statuses[2] == 204, answers
            for status, good in zip(statuses, ({302, 404}, {201, 404}, {204}, {201, 404},
                                               {302, 404}, {200, 404}), strict=True):
                assert status in good, answers
    report(f"{rounds} deletions beside 5 other requests each, every status as it should be")


def test_a_link_for_a_user_who_is_being_deleted_is_made_or_400(scene, report):
    seen = collections.Counter()
    with Crowd(scene, 4) as crowd:
        for number in range(40):
            scene.pop("user", None)
            scene.pop("name", None)
            draft = (f'{{"user_id":{scene["user"]},"original_url":"https://example.com/",'
                     '"title":""}').encode()
            requests = [request("POST /urls", draft)] * 2
            requests.insert(number % 3, get(f"/users/{scene['user']}", method="DELETE"))
            answers = crowd.ask(*requests)
            assert answers.pop(number % 3).status == 204
            for answer in answers:
                seen[answer.status] += 1
                if answer.status != 201:
                    wanted = (400, {"error": f"User {scene['user']} not found"})
                    assert (answer.status, json.loads(answer.body)) == wanted
            scene.ask("GET /urls?user_id=$user", 200, "[]")
            scene.ask("GET /users/$user", 404, error("User not found"))
    report(f"40 users deleted beside 2 creations each, statuses {dict(sorted(seen.items()))}")


def test_changes_at_the_same_moment_all_count_and_show_what_was(scene):
    with Crowd(scene, 2) as crowd:
        for number in range(25):
            what = f"/urls/{scene['link']}"
            off = number % 2 == 1
            one, other = crowd.ask(put(what, f'{{"title":"T{number}"}}'),
                                   put(what, f'{{"is_active":{str(off).lower()}}}'))
            assert (one.status, other.status) == (200, 200)
            now = json.loads(crowd.ask(get(what))[0].body)
            assert (now["title"], now["is_active"]) == (f"T{number}", off)
            assert now in (json.loads(one.body), json.loads(other.body)), "the later one shows both"


def test_a_change_of_what_is_being_deleted_happens_or_is_404(scene):
    with Crowd(scene, 2) as crowd:
        for number in range(25):
            fresh_link(scene)
            what = f"/urls/{scene['link']}"
            requests = [put(what, '{"title":"late"}'), get(what, method="DELETE")]
            answers = crowd.ask(*(requests if number % 2 else requests[::-1]))
            changed, deleted = answers if number % 2 else answers[::-1]
            assert deleted.status == 204 and changed.status in (200, 404)
            events = json.loads(crowd.ask(get(f"/events?user_id={scene['user']}"))[0].body)
            kinds = [event["event_type"] for event in events]
            assert kinds == ["created", *["updated"] * (changed.status == 200), "deleted"]
            scene.ask(f"PUT {what} {{}}", 404, error("URL not found"))


def test_codes_nobody_has_are_remembered(scene, report):
    """Neither a scan nor a stampede reaches the database again and again."""
    def looked_up() -> float:
        return metric(scene.api, "ginnel_cache_misses_total")

    with Crowd(scene, 8) as crowd:
        before, began = looked_up(), time.monotonic()
        for _ in range(50):
            for answer in crowd.all_ask(get("/nobody-has-this")):
                assert (answer.status, answer.body) == (404, b'{"error":"Not found"}\n')
        asked, took = looked_up() - before, time.monotonic() - began
    lives = 1 + took / 0.080  # how long it is remembered
    assert 1 <= asked <= 8 * lives, "one for a connection: those of a loop share what it knows"
    report(f"400 questions for an unknown code in {took * 1000:.0f} ms, {asked:.0f} not answered "
           "from memory")


# --- events ---------------------------------------------------------------------------------------


def test_every_answered_redirect_survives_a_kill(start_service, tmp_path, report):
    service = start_service(folder=tmp_path)
    scene = Scene(service)
    for _ in range(25):
        scene.ask("GET /urls/$code/redirect", 302, "", {"Location": "$target"})
    service.kill()
    scene.close()
    after = Scene(start_service(folder=tmp_path))
    after.ship()
    events = after.api.all_rows("/events?event_type=redirect")
    after.close()
    assert [event["details"] for event in events] == [{"short_code": scene["code"]}] * 25
    report("25 redirects answered, then SIGKILL: 25 recorded")


def test_clicks_beside_a_deletion_are_all_recorded(scene, report):
    """Three visitors follow a link, twenty requests in one go, until it has vanished under them."""
    answered, vain, codes = 0, 0, set()
    with Crowd(scene, 4) as crowd:
        *visitors, deleter = crowd.connections
        for number in range(20):
            fresh_link(scene)
            codes.add(scene["code"])
            victim = f"/users/{scene['user']}" if number % 2 else f"/urls/{scene['link']}"
            deleter.send(get(victim, method="DELETE"))
            statuses, began = set(), time.monotonic()
            while 404 not in statuses:
                assert time.monotonic() < began + 10, "it does not vanish"
                for visitor in visitors:
                    visitor.send(get(f"/{scene['code']}") * 20)
                turn = [visitor.read_response().status for visitor in visitors for _ in range(20)]
                statuses = set(turn)
                answered += turn.count(302)
                vain += turn.count(404)
                assert statuses <= {302, 404}
            assert deleter.read_response("DELETE").status == 204
    scene.requests += answered + vain + 20
    scene.ship()
    events = scene.api.all_rows("/events?event_type=redirect")
    recorded = [event for event in events if event["details"]["short_code"] in codes]
    assert len(recorded) == answered > 0
    assert all(event["url_id"] is None for event in recorded)
    report(f"{answered} redirects answered and {vain} refused beside 20 deletions, "
           f"{len(recorded)} recorded")


def test_a_look_is_no_click_and_a_robot_is_no_person(scene):
    fresh_link(scene, "https://example.com/x\\n")
    target = {"Location": "https://example.com/x"}
    scene.ask("HEAD /$code", 302, "", target)
    scene.ask("HEAD /urls/$code/redirect", 302, "", target)
    scene.ask(get(f"/{scene['code']}"), 302, "", target)
    scene.ask(get(f"/{scene['code']}", CRAWLER), 302, "", target)
    scene.ship()
    scene.ask("GET /urls/$link/stats", 200,
              '{"bot_classes":[{"clicks":1,"humans":0,"value":"bot"},{"clicks":1,"humans":1,'
              '"value":"human"}],<any>"clicks":2,<any>,"humans":1,<any>}')
    scene.ask("GET /events?url_id=$link&event_type=redirect", 200,
              '[{"details":{"short_code":"$code"},"event_type":"redirect",<any>},'
              '{"details":{"short_code":"$code"},"event_type":"redirect",<any>}]')


def test_what_happened_stays_what_it_was(scene):
    scene.ask(get(f"/{scene['code']}"), 302, "", {"Location": "$target"})
    scene.ship()
    scene.ask("GET /events?url_id=$link&event_type=redirect", 200,
              '[{"details":{"short_code":"$code"},"event_type":"redirect","id":<id click>,'
              '"timestamp":"<time clicked>","url_id":$link,"user_id":$user}]')
    refused = error("Redirect events cannot be changed")
    scene.ask('PUT /events/$click {"event_type":"x","details":{}}', 409, refused)
    scene.ask("DELETE /events/$click", 405, error("Method not allowed"))
    scene.ask("GET /events/$event", 200, '{<any>"timestamp":"<time made>",<any>}')
    scene.ask('PUT /events/$event {"details":5}', 400, error("details must be a JSON object"))
    scene.ask('PUT /events/$event {"event_type":"forged"}', 200,
              '{<any>"event_type":"forged",<any>"timestamp":"$made",<any>}')
    trail = scene.api.all_rows("/audit")
    entry = [row for row in trail if (row["entity"], row["entity_id"]) ==
             ("event", int(scene["event"]))][-1]
    assert entry["action"] == "update"
    assert entry["before"]["event_type"] == "seen" and entry["after"]["event_type"] == "forged"


def test_deletions_and_changes_of_users_are_recorded(scene):
    scene.ask("GET /urls/$link", 200, "{<any>}")
    scene.ask('PUT /users/$user {"username":"Other $name"}', 200, "{<any>}")
    scene.ask("DELETE /urls/$link", 204)
    scene.ask("GET /events?user_id=$user&event_type=deleted", 200,
              '[{"details":{"original_url":"$target","short_code":"$code"},"event_type":"deleted",'
              '"id":<id>,"timestamp":"<time>","url_id":null,"user_id":$user}]')
    scene.ask("DELETE /users/$user", 204)
    entries = [(row["action"], row["before"] and row["before"]["username"])
               for row in scene.api.all_rows("/audit")
               if (row["entity"], row["entity_id"]) == ("user", int(scene["user"]))]
    name = scene["name"]
    assert entries == [("create", None), ("update", name), ("delete", f"Other {name}")]
