# SPDX-License-Identifier: MIT
"""CPU a request takes, under a closed loop of wrk on a core of its own."""

import os
import re
import subprocess
from dataclasses import dataclass

from harness import BenchError, Row, cpu_seconds, median, storing_seconds, wait_until_stored
from servers import pinned

CONNECTIONS = 64
WARM_UP_SECONDS = 1

# wrk scripts that choose the path of each request. They make a number and format a text, and
# nothing else; and what is compared is the CPU of the server, which wrk's own does not change.
SCRIPTS = {
    "absent": """
local n = 0
request = function()
  n = n + 1
  return wrk.format("GET", PREFIX .. string.format("%07x", (n * 2654435761) % 268435456))
end
""",
    "uniform": """
request = function()
  return wrk.format("GET", string.format("/u%07d", math.random(0, LINKS - 1)))
end
""",
    "zipf": """
request = function()  -- the integer part of N^x, x uniform, is Zipf's law with exponent 1
  return wrk.format("GET", string.format("/u%07d", math.floor(LINKS ^ math.random()) - 1))
end
""",
    "hot": """
request = function()
  return wrk.format("GET", string.format("/u%07d", 7))
end
""",
}


@dataclass
class Load:
    """What is asked for: the header fields beside wrk's own, or a script, which replaces them; a
    path, or the server's redirect."""

    fields: tuple = ()
    script: str = ""
    path: str = ""
    absent: bool = False  # every answer is a 404

    @property
    def closes(self):
        return "Connection: close" in self.fields


@dataclass
class Measured:
    microseconds: float  # of CPU a request, to answer it
    per_second: float
    storing: float = 0.0  # of CPU a request, until its click is in the database
    everything: float = 0.0  # of CPU a request, of all threads, from the first until nothing waits


def script(folder, name, links=0, prefix="/"):
    path = os.path.join(folder, f"{name}-{links}{prefix.replace('/', '_')}.lua")
    with open(path, "w", encoding="utf-8") as file:
        file.write(f'local PREFIX = "{prefix}"\nlocal LINKS = {links}\n' + SCRIPTS[name])
    return path


def load(server, seconds, wanted):
    """The number of requests wrk made, and its requests a second."""
    threads = server.client_cores.count(",") + 1
    command = pinned(server.client_cores,
                     ["wrk", f"-t{threads}", f"-c{CONNECTIONS}", f"-d{seconds}s"])
    if wanted.script:
        command += ["-s", wanted.script]
    for line in wanted.fields:
        command += ["-H", line]
    url = server.base + (wanted.path or server.path)
    done = subprocess.run(command + [url], capture_output=True, text=True, check=False,
                          timeout=seconds + 30)
    if done.returncode != 0:
        raise BenchError(f"wrk failed: {done.stdout} {done.stderr}")
    return told(url, done.stdout, wanted)


def told(url, output, wanted):
    """What wrk tells, if every answer was what it should be."""
    requests = re.search(r"(\d+) requests in", output)
    rate = re.search(r"Requests/sec:\s*([\d.]+)", output)
    if not requests or not rate or int(requests.group(1)) == 0:
        raise BenchError(f"nothing was answered by {url}:\n{output}")
    failed = re.search(r"Non-2xx or 3xx responses: (\d+)", output)
    refused = int(failed.group(1)) if failed else 0
    broken = re.search(r"Socket errors: connect (\d+), read (\d+), write (\d+), timeout (\d+)",
                       output)
    # wrk counts the end of a connection that was asked for as an error of reading.
    errors = [int(count) for count in broken.groups()] if broken else [0, 0, 0, 0]
    if wanted.closes:
        errors[1] = 0
    if refused != (int(requests.group(1)) if wanted.absent else 0) or any(errors):
        raise BenchError(f"not every request of {url} was answered as it should:\n{output}")
    return int(requests.group(1)), float(rate.group(1))


def measure(server, seconds, wanted):
    """A load, and what it cost; the clicks of it are stored when this returns."""
    stored = storing_seconds(server.pid) if server.stores else 0
    used = cpu_seconds(server.pid)
    requests, rate = load(server, seconds, wanted)
    answering = cpu_seconds(server.pid) - used
    storing = 0
    if server.stores:
        answering -= storing_seconds(server.pid) - stored
        wait_until_stored(server.base)
        storing = storing_seconds(server.pid) - stored
    everything = cpu_seconds(server.pid) - used
    return Measured(answering / requests * 1e6, rate, storing / requests * 1e6,
                    everything / requests * 1e6)


def alternate(servers, loads, options, seconds=None):
    """Rounds of all servers, the order changing so that a drift of the machine cancels out."""
    seconds = seconds or options.seconds
    rounds = []
    for name, server in servers.items():
        load(server, WARM_UP_SECONDS, loads[name])
        if server.stores:
            wait_until_stored(server.base)
    for index in range(options.rounds):
        names = list(servers) if index % 2 == 0 else list(reversed(servers))
        rounds.append({name: measure(servers[name], seconds, loads[name]) for name in names})
    return rounds


def row_of(name, rounds, names, budget, note="", of="microseconds"):
    """A row of two of the servers, ours and its peer, by one figure of what was measured."""
    ours, peer = [[each[who] for each in rounds] for who in names]
    costs, peer_costs = [[getattr(each, of) for each in side] for side in (ours, peer)]
    ratios = [a / b for a, b in zip(costs, peer_costs)]
    storing = median([each.storing for each in ours])
    if storing > 0.05:
        note += f"{storing:.2f} us more to store a click; "
    return Row(
        name=name, unit="us",
        ours=median(costs), peer=median(peer_costs),
        ratio=median(ratios), budget=budget,
        notes=[f"{note}{median([e.per_second for e in ours]):,.0f}/s against "
               f"{median([e.per_second for e in peer]):,.0f}/s; rounds "
               + ", ".join(f"{ratio:.2f}x" for ratio in ratios)],
        rounds=[{name: vars(one) for name, one in each.items()} for each in rounds])
