# SPDX-License-Identifier: MIT
"""CPU a redirect takes on one pinned core, beside nginx answering a fixed `return`."""

import json
import os
import re
import subprocess
from dataclasses import dataclass

from harness import (BenchError, Row, ask, cpu_seconds, free_port, median, running,
                     storing_seconds, wait_until_answers, wait_until_stored)

TARGET = "https://example.com/news/2024/05/an-article-about-something"
CONNECTIONS = 64
SERVER_CORE = "0"
CLIENT_CORE = "1"
WARM_UP_SECONDS = 1

# What a browser sends, with Host (wrk's own) nine fields of about 700 bytes.
BROWSER_FIELDS = [
    "User-Agent: Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) "
    "Chrome/124.0.0.0 Safari/537.36",
    "Accept: text/html,application/xhtml+xml,application/xml;q=0.9,image/avif,image/webp,"
    "image/apng,*/*;q=0.8,application/signed-exchange;v=b3;q=0.7",
    "Accept-Encoding: gzip, deflate, br, zstd",
    "Accept-Language: en-GB,en-US;q=0.9,en;q=0.8,de;q=0.7",
    "Referer: https://www.example.org/a/page/with/links?utm_source=newsletter&utm_medium=email",
    "Cookie: _ga=GA1.1.1234567890.1700000000; _ga_ABCDEFGHIJ=GS1.1.1700000000.1.1.1700000100.0.0.0;"
    " consent=eyJhbmFseXRpY3MiOnRydWV9",
    "Sec-Fetch-Mode: navigate",
    "Upgrade-Insecure-Requests: 1",
]

NGINX_CONFIG = """
{user}
worker_processes 1;
daemon off;
pid {folder}/nginx.pid;
error_log {folder}/nginx-error.log;
events {{ worker_connections 1024; }}
http {{
  access_log off;
  keepalive_requests 1000000000;
  client_body_temp_path {folder}/body;
  proxy_temp_path {folder}/proxy;
  fastcgi_temp_path {folder}/fastcgi;
  uwsgi_temp_path {folder}/uwsgi;
  scgi_temp_path {folder}/scgi;
  server {{
    listen 127.0.0.1:{port};
    location / {{ return 302 {target}; }}
    location /absent/ {{ return 404; }}
  }}
}}
"""


LINKS = 100_000  # of the rows that ask for many codes

# wrk scripts that choose the path of each request. Both read and write a number and format a text,
# and nothing else: what is compared is the CPU of the server.
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
  return wrk.format("GET", string.format("/u%06d", math.random(0, LINKS - 1)))
end
""",
    "zipf": """
request = function()  -- the integer part of N^x, x uniform, is Zipf's law with exponent 1
  return wrk.format("GET", string.format("/u%06d", math.floor(LINKS ^ math.random()) - 1))
end
""",
    "hot": """
request = function()
  return wrk.format("GET", string.format("/u%06d", 7))
end
""",
}


@dataclass
class Server:
    pid: int
    base: str
    path: str  # of the redirect

    @property
    def url(self):
        return self.base + self.path


@dataclass
class Load:
    """What is asked for: the header fields beside wrk's own, or a script, which replaces them."""

    fields: tuple = ()
    script: str = ""
    statuses: str = "23"  # the first digits an answer may have


@dataclass
class Measured:
    microseconds: float  # of CPU a request, to answer it
    per_second: float
    storing: float = 0.0  # of CPU a request, until its click is in the database


def pinned(core, command):
    return ["taskset", "-c", core] + command


def nginx(folder, stack):
    port = free_port()
    config = os.path.join(folder, "nginx.conf")
    user = "user root;" if os.geteuid() == 0 else ""
    with open(config, "w", encoding="utf-8") as file:
        file.write(NGINX_CONFIG.format(user=user, folder=folder, port=port, target=TARGET))
    log = os.path.join(folder, "nginx.log")
    command = pinned(SERVER_CORE, ["nginx", "-p", folder, "-c", config])
    process = stack.enter_context(running(command, log))
    url = f"http://127.0.0.1:{port}/abc1234"
    wait_until_answers(url, process, log)
    return Server(process.pid, f"http://127.0.0.1:{port}", "/abc1234")


def ginnel(binary, folder, stack, *more):
    port = free_port()
    log = os.path.join(folder, "ginnel.log")
    command = pinned(SERVER_CORE, [
        binary, "serve", "--http.listen", f"127.0.0.1:{port}", "--http.threads", "1",
        "--database.url", f"sqlite:{folder}/ginnel.db", *more])
    # The caller's settings must not change what is measured.
    environment = {"PATH": os.environ.get("PATH", "/usr/bin:/bin"), "HOME": folder}
    process = stack.enter_context(running(command, log, environment))
    base = f"http://127.0.0.1:{port}"
    wait_until_answers(base + "/health/serving", process, log)
    return Server(process.pid, base, f"/{create_link(base)}")


def create(url, fields):
    status, _, body = ask(url, json.dumps(fields).encode())
    if status != 201:
        raise BenchError(f"POST {url} answered {status}: {body[:300]!r}")
    return json.loads(body)


def create_link(base):
    user = create(base + "/users", {"username": "bench", "email": "bench@example.org"})
    link = create(base + "/urls", {"user_id": user["id"], "original_url": TARGET,
                                   "title": "An article"})
    return link["short_code"]


def expect_redirect(server):
    status, headers, _ = ask(server.url)
    if status != 302 or headers["Location"] != TARGET:
        raise BenchError(f"{server.url} answered {status}, Location {headers['Location']}")


def load(url, seconds, wanted):
    """The number of requests wrk made, and its requests a second."""
    command = pinned(CLIENT_CORE, ["wrk", "-t1", f"-c{CONNECTIONS}", f"-d{seconds}s"])
    if wanted.script:
        command += ["-s", wanted.script]
    for line in wanted.fields:
        command += ["-H", line]
    done = subprocess.run(command + [url], capture_output=True, text=True, check=False,
                          timeout=seconds + 30)
    requests = re.search(r"(\d+) requests in", done.stdout)
    rate = re.search(r"Requests/sec:\s*([\d.]+)", done.stdout)
    if done.returncode != 0 or not requests or not rate:
        raise BenchError(f"wrk failed: {done.stdout} {done.stderr}")
    failed = re.search(r"Non-2xx or 3xx responses: (\d+)", done.stdout)
    refused = int(failed.group(1)) if failed else 0
    expected = refused == int(requests.group(1)) if wanted.statuses == "4" else refused == 0
    broken = re.search(r"Socket errors: connect (\d+), read (\d+), write (\d+)", done.stdout)
    if not expected or (broken and broken.groups() != ("0", "0", "0") and "close" not in
                        "".join(wanted.fields)):
        raise BenchError(f"not every request of {url} was answered as it should:\n{done.stdout}")
    return int(requests.group(1)), float(rate.group(1))


def measure(server, seconds, wanted, stores):
    """A load, and what it cost; the clicks of it are stored when this returns."""
    stored = storing_seconds(server.pid) if stores else 0
    used = cpu_seconds(server.pid) - stored
    requests, rate = load(server.url, seconds, wanted)
    answering = cpu_seconds(server.pid) - (storing_seconds(server.pid) if stores else 0) - used
    storing = 0
    if stores:
        wait_until_stored(server.base)
        storing = storing_seconds(server.pid) - stored
    return Measured(answering / requests * 1e6, rate, storing / requests * 1e6)


def request_bytes(url, fields):
    host, _, path = url.removeprefix("http://").partition("/")
    return len("\r\n".join([f"GET /{path} HTTP/1.1", f"Host: {host}"] + fields) + "\r\n\r\n")


def alternate(servers, options, loads):
    """Rounds of all servers, the order changing so that a drift of the machine cancels out."""
    rounds = []
    for name, server in servers.items():
        load(server.url, WARM_UP_SECONDS, loads[name])
        if name != "nginx":
            wait_until_stored(server.base)
    for index in range(options.rounds):
        names = list(servers) if index % 2 == 0 else list(reversed(servers))
        rounds.append({name: measure(servers[name], options.seconds, loads[name], name != "nginx")
                       for name in names})
    return rounds


def row_of(name, rounds, budget, note):
    """A row of the first server beside the second."""
    ours, peer = list(zip(*(sorted_by_role(each) for each in rounds)))
    ratios = [a.microseconds / b.microseconds for a, b in zip(ours, peer)]
    storing = median([each.storing for each in ours])
    return Row(
        name=name, unit="us",
        ours=median([each.microseconds for each in ours]),
        peer=median([each.microseconds for each in peer]),
        ratio=median(ratios), budget=budget,
        notes=[f"{note}{median([e.per_second for e in ours]):,.0f}/s against "
               f"{median([e.per_second for e in peer]):,.0f}/s; {storing:.2f} us more to store a "
               "click; rounds " + ", ".join(f"{ratio:.2f}x" for ratio in ratios)],
        rounds=[{name: vars(one) for name, one in each.items()} for each in rounds])


def sorted_by_role(measured):
    return measured["ginnel"], measured.get("nginx") or measured["hot"]


def needs(options):
    if (os.cpu_count() or 1) < 2:
        raise BenchError("needs two cores: one for the server, one for wrk")
    if not os.access(options.server, os.X_OK):
        raise BenchError(f"{options.server} is missing: make build")


def rows(options, folder, stack):
    """The hot redirect: bare, with a browser's fields, with a connection a request; and codes that
    are not there."""
    needs(options)
    servers = {"nginx": nginx(folder, stack),
               "ginnel": ginnel(options.server, folder, stack)}
    result = []
    for label, fields in (("bare", []), ("browser fields", BROWSER_FIELDS),
                          ("a connection each", ["Connection: close"])):
        for server in servers.values():
            expect_redirect(server)
        wanted = Load(fields=tuple(fields))
        rounds = alternate(servers, options, {"nginx": wanted, "ginnel": wanted})
        size = request_bytes(servers["ginnel"].url, fields)
        result.append(row_of(f"CPU a hot redirect, {label} : nginx return 302", rounds, 1.0,
                             f"requests of {size} bytes; "))
    loads = {"nginx": Load(script=script(folder, "absent", "/absent/"), statuses="4"),
             "ginnel": Load(script=script(folder, "absent", "/"), statuses="4")}
    rounds = alternate(servers, options, loads)
    result.append(row_of("CPU a 404 of a random code : nginx return 404", rounds, 3.0,
                         "each asks the database; "))
    return result


def script(folder, name, prefix="/"):
    path = os.path.join(folder, name + prefix.replace("/", "_") + ".lua")
    with open(path, "w", encoding="utf-8") as file:
        file.write(f'local PREFIX = "{prefix}"\nlocal LINKS = {LINKS}\n' + SCRIPTS[name])
    return path


def import_links(binary, folder, count):
    """A database with links u000000 to u<count - 1>."""
    users, urls = os.path.join(folder, "users.csv"), os.path.join(folder, "urls.csv")
    with open(users, "w", encoding="utf-8") as file:
        file.write("id,username,email,created_at\n1,many,many@example.org,2026-01-01 00:00:00\n")
    with open(urls, "w", encoding="utf-8") as file:
        file.write("id,user_id,short_code,original_url,title,is_active,created_at,updated_at\n")
        for number in range(count):
            file.write(f"{number + 1},1,u{number:06d},{TARGET}/{number},t,True,"
                       "2026-01-01 00:00:00,2026-01-01 00:00:00\n")
    for kind, path in (("users", users), ("urls", urls)):
        done = subprocess.run([binary, "import", kind, path, "--database.url",
                               f"sqlite:{folder}/ginnel.db"], capture_output=True, text=True,
                              check=False)
        if done.returncode != 0:
            raise BenchError(f"import failed: {done.stderr}")


def spread_rows(options, folder, stack):
    """Codes asked for evenly and by Zipf's law among 100,000, beside one of them alone."""
    needs(options)
    import_links(options.server, folder, LINKS)
    server = ginnel(options.server, folder, stack)
    hot = Load(script=script(folder, "hot"))
    result = []
    for label, budget in (("uniform", 1.5), ("zipf", 1.5)):
        many = Load(script=script(folder, label))
        load(server.url, 3 * options.seconds, Load(script=script(folder, "uniform")))
        rounds = alternate({"hot": server, "ginnel": server}, options,
                           {"hot": hot, "ginnel": many})
        name = f"CPU a redirect, {LINKS:,} codes, {label} : one of them alone"
        result.append(row_of(name, rounds, budget, ""))
    return result
