"""What the database holds of clicks, counted by nothing of ginnel's: plain SQL and a set."""
import collections
import pathlib
import sqlite3
import time

STRETCH = 15 * 60 * 1_000_000  # microseconds a row of sums covers
# What src/storage/sqlite/clicks/sums_cursor.h says of clicks that are in a sum of their link, and
# of their user.
OF_LINKS = ("FROM clicks AS k, sums_cursor AS s WHERE k.id < s.first_click OR k.id < s.end_click "
            "AND (s.owner_kind = 1 OR k.link_id < s.owner_id)")
OF_USERS = ("FROM clicks AS k, sums_cursor AS s WHERE k.id < s.first_click OR k.id < s.end_click "
            "AND s.owner_kind = 1 AND k.user_id < s.owner_id")
DIMENSIONS = ("all", "referrer", "country", "device", "browser", "system", "bot")


def wait_until(asked, limit: float = 20, every: float = 0.05):
    """The first true value of `asked()`, or the last one when time is up."""
    end = time.monotonic() + limit
    while True:
        value = asked()
        if value or time.monotonic() > end:
            return value
        time.sleep(every)


def metric(api, name: str) -> float:
    """A figure of /metrics without labels."""
    for line in api.get("/metrics").body.decode().splitlines():
        if line.startswith(name + " "):
            return float(line.split()[1])
    raise AssertionError(f"no metric {name}")


def shipped(api) -> bool:
    """Whether no click waits."""
    return metric(api, "ginnel_shipper_lag_records") == 0


class ClickTables:
    """A database file nobody writes to."""

    def __init__(self, path: pathlib.Path):
        self.database = sqlite3.connect(f"file:{path}?mode=ro", uri=True)

    def close(self):
        self.database.close()

    def clicks_by_code(self) -> collections.Counter:
        rows = self.database.execute("SELECT code, count(*) FROM clicks GROUP BY code")
        return collections.Counter(dict(rows.fetchall()))

    def ids(self) -> list[int]:
        rows = self.database.execute("SELECT id FROM clicks UNION ALL SELECT id FROM events")
        return [row[0] for row in rows]

    def faults(self) -> list[str]:
        """Everything in which ids and sums contradict the clicks that are summed up."""
        faults = []
        ids = self.ids()
        if len(ids) != len(set(ids)):
            faults.append(f"{len(ids) - len(set(ids))} ids are there twice")
        counted = collections.Counter()
        humans = collections.Counter()
        for link, at, bot in self.database.execute(f"SELECT k.link_id, at, bot {OF_LINKS}"):
            counted[link, at // STRETCH] += 1
            humans[link, at // STRETCH] += bot == 0
        kept, kept_humans = self._sums()
        for dimension in range(len(DIMENSIONS)):
            mine = {key[1:]: n for key, n in kept.items() if key[0] == dimension}
            if mine != dict(counted):
                faults.append(f"clicks by {DIMENSIONS[dimension]}: {sum(mine.values())} kept, "
                              f"{sum(counted.values())} counted")
            mine = {key[1:]: n for key, n in kept_humans.items() if key[0] == dimension and n}
            if mine != {key: n for key, n in humans.items() if n}:
                faults.append(f"people by {DIMENSIONS[dimension]} differ")
        kept = self._by_user("SELECT user_id, clicks, last_at FROM user_clicks")
        counted = self._by_user(f"SELECT user_id, count(*), max(at) {OF_USERS} GROUP BY user_id")
        if kept != counted:
            faults.append(f"clicks by user: {kept} kept, {counted} counted")
        faults += self._faults_of_lists("link_id", 0, OF_LINKS)
        faults += self._faults_of_lists("user_id", 1, OF_USERS)
        kept, counted = self.database.execute(
            "SELECT unsummed, (SELECT count(*) FROM clicks WHERE id >= first_click) "
            "FROM sums_cursor").fetchone()
        if kept != counted:
            faults.append(f"clicks in no sum: {kept} kept, {counted} counted")
        return faults

    def _faults_of_lists(self, owner: str, kind: int, summed: str) -> list[str]:
        """What the lists of clicks say other than the clicks."""
        counted = set(self.database.execute(f"SELECT {owner}, k.id {summed}"))
        kept = collections.Counter()
        for of, first, steps in self.database.execute(
                "SELECT owner_id, first_id, steps FROM click_lists WHERE owner_kind = ?", (kind,)):
            numbers = NumberReading(steps)
            kept[of, first] += 1
            while numbers.left():
                first += numbers.next()
                kept[of, first] += 1
        if set(kept) == counted and all(times == 1 for times in kept.values()):
            return []
        return [f"clicks listed by {owner}: {kept.total()} kept, {len(counted)} counted"]

    def _by_user(self, sql: str) -> dict[int, tuple[int, int]]:
        return {user: (clicks, last_at) for user, clicks, last_at in self.database.execute(sql)}

    def _sums(self):
        kept = collections.Counter()
        humans = collections.Counter()
        for link, stretch, data in self.database.execute("SELECT * FROM link_sums"):
            for dimension, (clicks, people) in enumerate(counts_of(data)):
                kept[dimension, link, stretch] += clicks
                humans[dimension, link, stretch] += people
        return kept, humans


class NumberReading:
    """The numbers in bytes (src/storage/leb128.h)."""

    def __init__(self, data: bytes):
        self.data = data
        self.place = 0

    def left(self) -> bool:
        return self.place < len(self.data)

    def next(self) -> int:
        value, shift = 0, 0
        while True:
            byte = self.data[self.place]
            self.place += 1
            value |= (byte & 0x7f) << shift
            shift += 7
            if byte < 0x80:
                return value


def counts_of(data: bytes) -> list[tuple[int, int]]:
    """The clicks and people of a row of link_sums (src/storage/click_sums.h): all of them, and the
    sums of each dimension's values."""
    numbers = NumberReading(data)
    assert numbers.next() == 1, data
    counts = [(numbers.next(), numbers.next())]
    sketch = numbers.next()  # of people
    numbers.place += sketch
    for _ in DIMENSIONS[1:]:
        values = [(numbers.next(), numbers.next(), numbers.next()) for _ in range(numbers.next())]
        counts.append((sum(value[1] for value in values), sum(value[2] for value in values)))
    assert not numbers.left(), data
    return counts
