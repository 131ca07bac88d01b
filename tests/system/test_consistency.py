"""Nothing stale, nothing torn: what was acknowledged is what every connection sees."""
import collections
import itertools
import threading
import time

import pytest

from harness.raw_http import RawConnection

SECONDS = 4


class Crowd:
    """Threads that ask in a circle until told to stop; any exception of theirs is the test's."""

    def __init__(self):
        self.stop = threading.Event()
        self.faults: list[BaseException] = []
        self._threads: list[threading.Thread] = []

    def add(self, work):
        """`work()` is called again and again."""

        def run():
            try:
                while not self.stop.is_set():
                    work()
            except BaseException as fault:
                self.faults.append(fault)
                self.stop.set()

        self._threads.append(threading.Thread(target=run))
        self._threads[-1].start()

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.stop.set()
        for thread in self._threads:
            thread.join(30)
        assert not self.faults, self.faults[:3]


def connections(service, count: int) -> list[RawConnection]:
    """Open connections, spread over the loops by the order they were accepted in."""
    made = [RawConnection(service) for _ in range(count)]
    for connection in made:
        assert ask(connection, "/health").status == 200
    return made


def ask(connection, path: str):
    return connection.exchange(f"GET {path} HTTP/1.1\r\nHost: localhost\r\n\r\n".encode())


def close_all(connections):
    for connection in connections:
        connection.socket.close()


def test_links_of_a_deleted_user_are_gone_at_once_everywhere(service, report):
    api = service.api()
    watchers = connections(service, 8)
    rounds, asked = 20, 0
    for _ in range(rounds):
        user = api.make_user()["id"]
        links = [api.make_link(user) for _ in range(3)]
        paths = [f"/{link['short_code']}" for link in links]
        for watcher, path in itertools.product(watchers, paths):
            assert ask(watcher, path).status == 302
        assert api.delete(f"/users/{user}").status == 204
        for watcher, path in itertools.product(watchers, paths):
            assert ask(watcher, path).status == 404
            asked += 1
        for link in links:
            assert api.get(f"/urls/{link['id']}").status == 404
    close_all(watchers)
    report(f"{rounds} users deleted, {asked} redirects asked after it, 0 stale")


def test_a_code_that_was_asked_for_in_vain_works_once_it_is_made(service, report):
    api = service.api()
    user = api.make_user()["id"]
    watchers = connections(service, 6)
    rounds = 50
    for i in range(rounds):
        code = api.unique("soon")
        for watcher in watchers:
            assert ask(watcher, f"/{code}").status == 404
        api.make_link(user, code=code)
        for watcher in watchers:
            assert ask(watcher, f"/{code}").status == 302, f"round {i}"
    close_all(watchers)
    report(f"{rounds} codes made after 404, asked on {len(watchers)} connections each, 0 stale")


def stale_count(service, toggles, readers: int, seconds: float, path: str):
    """A writer toggles; after each acknowledgement it asks on several connections, while others
    read all the time. Gives rounds, comparisons and stale answers."""
    watchers = connections(service, 6)
    rounds = compared = stale = 0
    background = collections.Counter()
    lock = threading.Lock()

    with Crowd() as crowd:
        for _ in range(readers):
            connection = RawConnection(service)

            def read(connection=connection):
                status = ask(connection, path).status
                with lock:
                    background[status] += 1

            crowd.add(read)
        ends = time.monotonic() + seconds
        while time.monotonic() < ends and not crowd.stop.is_set():
            wanted = toggles(rounds)
            rounds += 1
            for watcher in watchers:
                answer = ask(watcher, path)
                compared += 1
                stale += not wanted(answer)
    close_all(watchers)
    return rounds, compared, stale, background


def test_no_answer_is_older_than_the_acknowledged_state(service, report):
    api = service.api()
    link = api.make_link()

    def toggle(number):
        on = number % 2 == 1
        assert api.put(f"/urls/{link['id']}", {"is_active": on}).status == 200
        return lambda answer: answer.status == (302 if on else 410)

    rounds, compared, stale, background = stale_count(
        service, toggle, 4, SECONDS, f"/{link['short_code']}"
    )
    assert stale == 0 and rounds > 20
    assert set(background) <= {302, 410}
    report(f"{rounds} toggles, {compared} answers compared, {stale} stale; {dict(background)} more")


def test_no_target_is_older_than_the_acknowledged_one(service, report):
    api = service.api()
    link = api.make_link()

    def retarget(number):
        target = f"https://example.com/version/{number}"
        assert api.put(f"/urls/{link['id']}", {"original_url": target}).status == 200
        return lambda answer: answer.field("Location") == target

    rounds, compared, stale, background = stale_count(
        service, retarget, 4, SECONDS, f"/{link['short_code']}"
    )
    assert stale == 0 and rounds > 20 and set(background) == {302}
    report(f"{rounds} new targets, {compared} answers compared, {stale} stale")


def test_the_comparison_would_see_a_stale_answer(service):
    """The writer claims a state that it did not write."""
    api = service.api()
    link = api.make_link()

    def claim(number):
        return lambda answer: answer.status == (302 if number % 2 else 410)

    rounds, compared, stale, _ = stale_count(service, claim, 1, 0.5, f"/{link['short_code']}")
    assert 0 < stale < compared and rounds > 1


def test_deleting_and_creating_in_turn_never_shows_the_other(service, report):
    api = service.api()
    user = api.make_user()["id"]
    code = api.unique("again")
    state = {}

    def turn(number):
        if number % 2 == 0:
            state["link"] = api.make_link(user, code=code)
            return lambda answer: answer.status == 302
        assert api.delete(f"/urls/{state['link']['id']}").status == 204
        return lambda answer: answer.status == 404

    rounds, compared, stale, background = stale_count(service, turn, 3, SECONDS / 2, f"/{code}")
    assert stale == 0 and set(background) <= {302, 404}
    report(f"{rounds} creations and deletions, {compared} answers compared, {stale} stale")


def test_concurrent_creations_of_one_name_give_one_winner(service, report):
    """Eight clients send the same name, address or code at the same moment."""
    clients = [service.api() for _ in range(8)]
    owner = clients[0].make_user()["id"]
    rounds = 30
    for i in range(rounds):
        name = clients[0].unique("race")
        kind = i % 3
        target = {"original_url": "https://example.com/", "title": ""}
        bodies = [
            ("/users", [{"username": name, "email": f"{name}{j}@b.cd"} for j in range(8)]),
            ("/users", [{"username": f"{name}x{j}", "email": f"{name}@b.cd"} for j in range(8)]),
            ("/urls", [{"user_id": owner, "code": name, **target} for _ in range(8)]),
        ][kind]
        statuses = at_once(
            [lambda c=c, b=b: c.post(bodies[0], b).status for c, b in zip(clients, bodies[1])]
        )
        assert sorted(statuses) == [201] + [409] * 7, (kind, statuses)
    report(f"{rounds} races of 8, one 201 each")


def at_once(calls):
    """Runs the calls in threads that start together; gives what they gave, in order."""
    gate = threading.Barrier(len(calls))
    results = [None] * len(calls)

    def run(i):
        gate.wait(10)
        results[i] = calls[i]()

    threads = [threading.Thread(target=run, args=(i,)) for i in range(len(calls))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    return results


def test_deletes_racing_with_everything_never_are_500(service, report):
    """Links and owners vanish under those who write events, change and follow them."""
    api = service.api()
    rounds, statuses = 60, collections.Counter()
    workers = [service.api() for _ in range(6)]
    for i in range(rounds):
        user = api.make_user()["id"]
        link = api.make_link(user)
        event = {"url_id": link["id"], "user_id": user, "event_type": "race"}
        victim = f"/users/{user}" if i % 2 else f"/urls/{link['id']}"
        draft = {"user_id": user, "original_url": "https://example.com/", "title": ""}
        calls = [
            lambda: workers[0].delete(victim),
            lambda: workers[1].post("/events", event),
            lambda: workers[2].put(f"/urls/{link['id']}", {"title": "late"}),
            lambda: workers[3].get(f"/{link['short_code']}"),
            lambda: workers[4].post("/urls", draft),
            lambda: workers[5].delete(victim),
        ]
        answers = at_once(calls)
        assert all(answer.status < 500 for answer in answers), answers
        deletes = sorted([answers[0].status, answers[5].status])
        assert deletes == [204, 404]
        assert answers[1].status in (201, 404) and answers[2].status in (200, 404)
        assert answers[3].status in (302, 404) and answers[4].status in (201, 400)
        statuses.update(answer.status for answer in answers)
        assert api.get(f"/{link['short_code']}").status == 404
        if i % 2:
            assert api.get(f"/urls?user_id={user}").json() == []
    report(f"{rounds} races of 6, statuses {dict(sorted(statuses.items()))}, none above 499")


def test_concurrent_changes_are_each_whole(service):
    """Two fields that always change together are never seen apart, and no change is lost."""
    api = service.api()
    link = api.make_link(title="0", original_url="https://example.com/0")
    torn = []

    def look(connection):
        shown = connection.get(f"/urls/{link['id']}").json()
        if shown["original_url"] != f"https://example.com/{shown['title']}":
            torn.append(shown)

    writers = [service.api() for _ in range(4)]
    with Crowd() as crowd:
        for _ in range(3):
            reader = service.api()
            crowd.add(lambda reader=reader: look(reader))
        for i in range(25):
            statuses = at_once([
                lambda w=w, n=f"{i}-{j}": w.put(
                    f"/urls/{link['id']}", {"title": n, "original_url": f"https://example.com/{n}"}
                ).status
                for j, w in enumerate(writers)
            ])
            assert statuses == [200] * 4
    assert not torn, torn[:3]
    events = api.events_of(link["id"])
    assert len(events) == 1 + 25 * 4
    shown = api.get(f"/urls/{link['id']}").json()
    assert shown["updated_at"] == events[-1]["timestamp"], "the last event made the last state"
    assert shown["title"] == events[-1]["details"]["title"]


@pytest.mark.parametrize("threads", [1, 4])
def test_the_promises_hold_whatever_the_number_of_loops(start_service, threads):
    service = start_service("--http.threads", threads)
    api = service.api()
    link = api.make_link()
    watchers = connections(service, 8)
    for on in (False, True) * 25:
        api.put(f"/urls/{link['id']}", {"is_active": on})
        for watcher in watchers:
            assert ask(watcher, f"/{link['short_code']}").status == (302 if on else 410)
    close_all(watchers)


def test_without_a_cache_the_answers_are_the_same(start_service):
    service = start_service("--cache.local_bytes", "0")
    api = service.api()
    link = api.make_link()
    for on in (False, True) * 5:
        api.put(f"/urls/{link['id']}", {"is_active": on})
        assert api.get(f"/{link['short_code']}").status == (302 if on else 410)
    api.delete(f"/urls/{link['id']}")
    assert api.get(f"/{link['short_code']}").status == 404
