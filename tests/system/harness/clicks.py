"""What the database holds of clicks, counted by nothing of ginnel's: plain SQL and a set."""
import collections
import pathlib
import sqlite3
import time

STRETCH = 15 * 60 * 1_000_000  # microseconds a rollup covers
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
        """Everything in which ids and rollups contradict the clicks."""
        faults = []
        ids = self.ids()
        if len(ids) != len(set(ids)):
            faults.append(f"{len(ids) - len(set(ids))} ids are there twice")
        counted = collections.Counter()
        humans = collections.Counter()
        for link, at, bot in self.database.execute("SELECT link_id, at, bot FROM clicks"):
            counted[link, at // STRETCH] += 1
            humans[link, at // STRETCH] += bot == 0
        kept, kept_humans = self._rollups()
        for dimension in range(len(DIMENSIONS)):
            mine = {key[1:]: n for key, n in kept.items() if key[0] == dimension}
            if mine != dict(counted):
                faults.append(f"clicks by {DIMENSIONS[dimension]}: {sum(mine.values())} kept, "
                              f"{sum(counted.values())} counted")
            mine = {key[1:]: n for key, n in kept_humans.items() if key[0] == dimension and n}
            if mine != {key: n for key, n in humans.items() if n}:
                faults.append(f"people by {DIMENSIONS[dimension]} differ")
        kept = self._by_user("SELECT user_id, clicks, last_at FROM user_clicks")
        counted = self._by_user("SELECT user_id, count(*), max(at) FROM clicks GROUP BY user_id")
        if kept != counted:
            faults.append(f"clicks by user: {kept} kept, {counted} counted")
        return faults

    def _by_user(self, sql: str) -> dict[int, tuple[int, int]]:
        return {user: (clicks, last_at) for user, clicks, last_at in self.database.execute(sql)}

    def _rollups(self):
        kept = collections.Counter()
        humans = collections.Counter()
        rows = self.database.execute(
            "SELECT dimension, link_id, stretch, sum(clicks), sum(humans) FROM click_rollups "
            "GROUP BY dimension, link_id, stretch"
        )
        for dimension, link, stretch, clicks, people in rows:
            kept[dimension, link, stretch] += clicks
            humans[dimension, link, stretch] += people
        return kept, humans
