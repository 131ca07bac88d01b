# SPDX-License-Identifier: MIT
"""The servers that are measured: Ginnel, and nginx answering a fixed `return`."""

import json
import os
from dataclasses import dataclass

from harness import BenchError, ask, free_port, running, wait_until_answers

TARGET = "https://example.com/news/2024/05/an-article-about-something"
SERVER_CORE = "0"
CLIENT_CORE = "1"

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


@dataclass
class Server:
    pid: int
    base: str
    path: str  # of a redirect
    stores: bool  # clicks, in a database
    client_cores: str = CLIENT_CORE  # where its load is made

    @property
    def url(self):
        return self.base + self.path


def needs(options):
    if (os.cpu_count() or 1) < 2:
        raise BenchError("needs two cores: one for the server, one for the load")
    if not os.access(options.server, os.X_OK):
        raise BenchError(f"{options.server} is missing: make build")


def pinned(cores, command):
    return ["taskset", "-c", cores] + command


def nginx(folder, stack):
    port = free_port()
    config = os.path.join(folder, "nginx.conf")
    user = "user root;" if os.geteuid() == 0 else ""
    with open(config, "w", encoding="utf-8") as file:
        file.write(NGINX_CONFIG.format(user=user, folder=folder, port=port, target=TARGET))
    log = os.path.join(folder, "nginx.log")
    command = pinned(SERVER_CORE, ["nginx", "-p", folder, "-c", config])
    process = stack.enter_context(running(command, log))
    base = f"http://127.0.0.1:{port}"
    wait_until_answers(base + "/abc1234", process, log)
    return Server(process.pid, base, "/abc1234", stores=False)


def ginnel_command(binary, folder, port, *more):
    return [binary, "serve", "--http.listen", f"127.0.0.1:{port}",
            "--database.url", f"sqlite:{folder}/ginnel.db", *more]


def environment(folder):
    """The caller's settings, and those of a service on this machine, must not change what is
    measured, nor what is measured that service."""
    return {"PATH": os.environ.get("PATH", "/usr/bin:/bin"), "HOME": folder,
            "GINNEL_CONFIG": os.devnull}


def ginnel(binary, folder, stack, *more, path=None, threads=1, cores=SERVER_CORE):
    """A Ginnel on the database of the folder; without a path of it a link is made."""
    port = free_port()
    log = os.path.join(folder, "ginnel.log")
    command = pinned(cores, ginnel_command(binary, folder, port, "--http.threads", str(threads),
                                           *more))
    process = stack.enter_context(running(command, log, environment(folder)))
    base = f"http://127.0.0.1:{port}"
    wait_until_answers(base + "/health/serving", process, log)
    return Server(process.pid, base, path or f"/{create_link(base)}", stores=True)


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
