# SPDX-License-Identifier: MIT
"""CPU a hot redirect takes on one pinned core, beside nginx answering a fixed `return 302`."""

import json
import os
import re
import subprocess
from dataclasses import dataclass

from harness import (BenchError, Row, ask, cpu_seconds, free_port, median, running,
                     wait_until_answers)

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
  }}
}}
"""


@dataclass
class Server:
    pid: int
    url: str


@dataclass
class Measured:
    microseconds: float  # of CPU a request
    per_second: float


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
    return Server(process.pid, url)


def ginnel(binary, folder, stack):
    port = free_port()
    log = os.path.join(folder, "ginnel.log")
    command = pinned(SERVER_CORE, [
        binary, "serve", "--http.listen", f"127.0.0.1:{port}", "--http.threads", "1",
        "--database.url", f"sqlite:{folder}/ginnel.db"])
    # The caller's settings must not change what is measured.
    environment = {"PATH": os.environ.get("PATH", "/usr/bin:/bin"), "HOME": folder}
    process = stack.enter_context(running(command, log, environment))
    base = f"http://127.0.0.1:{port}"
    wait_until_answers(base + "/health/serving", process, log)
    return Server(process.pid, f"{base}/{create_link(base)}")


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


def load(url, seconds, fields):
    """The number of requests wrk made, and its requests a second."""
    command = pinned(CLIENT_CORE, ["wrk", "-t1", f"-c{CONNECTIONS}", f"-d{seconds}s"])
    for line in fields:
        command += ["-H", line]
    done = subprocess.run(command + [url], capture_output=True, text=True, check=False,
                          timeout=seconds + 30)
    requests = re.search(r"(\d+) requests in", done.stdout)
    rate = re.search(r"Requests/sec:\s*([\d.]+)", done.stdout)
    if done.returncode != 0 or not requests or not rate:
        raise BenchError(f"wrk failed: {done.stdout} {done.stderr}")
    if "Non-2xx or 3xx" in done.stdout or "Socket errors" in done.stdout:
        raise BenchError(f"not every request of {url} was answered:\n{done.stdout}")
    return int(requests.group(1)), float(rate.group(1))


def measure(server, seconds, fields):
    before = cpu_seconds(server.pid)
    requests, rate = load(server.url, seconds, fields)
    used = cpu_seconds(server.pid) - before
    return Measured(used / requests * 1e6, rate)


def request_bytes(url, fields):
    host, _, path = url.removeprefix("http://").partition("/")
    return len("\r\n".join([f"GET /{path} HTTP/1.1", f"Host: {host}"] + fields) + "\r\n\r\n")


def alternate(servers, options, fields):
    """Rounds of both servers, the order changing so that a drift of the machine cancels out."""
    rounds = []
    for server in servers.values():
        load(server.url, WARM_UP_SECONDS, fields)
    for index in range(options.rounds):
        names = list(servers) if index % 2 == 0 else list(reversed(servers))
        rounds.append({name: measure(servers[name], options.seconds, fields) for name in names})
    return rounds


def row_of(label, rounds, size):
    ours = [each["ginnel"] for each in rounds]
    peer = [each["nginx"] for each in rounds]
    ratios = [a.microseconds / b.microseconds for a, b in zip(ours, peer)]
    return Row(
        name=f"CPU a hot redirect, {label} : nginx return 302", unit="us",
        ours=median([each.microseconds for each in ours]),
        peer=median([each.microseconds for each in peer]),
        ratio=median(ratios), budget=1.0,
        notes=[f"requests of {size} bytes; {median([e.per_second for e in ours]):,.0f}/s against "
               f"{median([e.per_second for e in peer]):,.0f}/s; rounds "
               + ", ".join(f"{ratio:.2f}x" for ratio in ratios)],
        rounds=[{name: vars(one) for name, one in each.items()} for each in rounds])


def rows(options, folder, stack):
    if (os.cpu_count() or 1) < 2:
        raise BenchError("needs two cores: one for the server, one for wrk")
    if not os.access(options.server, os.X_OK):
        raise BenchError(f"{options.server} is missing: make build")
    servers = {"nginx": nginx(folder, stack),
               "ginnel": ginnel(options.server, folder, stack)}
    result = []
    for label, fields in (("bare", []), ("browser fields", BROWSER_FIELDS)):
        for server in servers.values():
            expect_redirect(server)
        rounds = alternate(servers, options, fields)
        result.append(row_of(label, rounds, request_bytes(servers["ginnel"].url, fields)))
    return result
