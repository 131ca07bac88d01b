"""A real nginx in front of a service, as operators write it."""
import contextlib
import os
import pathlib
import shutil
import subprocess
import time

from harness.http_client import Client
from harness.service import clean_environment, free_port

PROGRAM = shutil.which("nginx", path=f"{os.environ.get('PATH', '')}:/usr/sbin")
START_LIMIT = 10  # seconds

CONFIG = """
{user}
worker_processes 1;
daemon off;
pid {folder}/nginx.pid;
error_log {folder}/error.log;
events {{ worker_connections 256; }}
http {{
  access_log off;
  upstream localhost {{ server 127.0.0.1:{behind}; keepalive 4; }}
  client_body_temp_path {folder}/body;
  proxy_temp_path {folder}/proxy;
  fastcgi_temp_path {folder}/fastcgi;
  uwsgi_temp_path {folder}/uwsgi;
  scgi_temp_path {folder}/scgi;
  server {{
    listen 127.0.0.1:{port};
    location / {{
      proxy_pass http://{to};
      {more}
    }}
  }}
}}
"""


@contextlib.contextmanager
def in_front_of(service, folder: pathlib.Path, more: str = "", worker="root", keeps=False):
    """Gives a client of an nginx whose location has `proxy_pass` and `more`. As root, `worker` is
    the user that passes requests on. `keeps`: by connections that it keeps, to `localhost`."""
    folder.mkdir(parents=True, exist_ok=True)
    port = free_port()
    user = f"user {worker};" if os.geteuid() == 0 else ""
    to = "localhost" if keeps else f"127.0.0.1:{service.port}"
    (folder / "nginx.conf").write_text(CONFIG.format(
        user=user, folder=folder, port=port, behind=service.port, to=to, more=more))
    process = subprocess.Popen([PROGRAM, "-p", folder, "-c", folder / "nginx.conf"],
                               stdin=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
                               env=clean_environment())
    try:
        wait_until_it_listens(process, port)
        yield Client("127.0.0.1", port)
    finally:
        process.terminate()
        process.wait(START_LIMIT)


def wait_until_it_listens(process, port: int):
    end = time.monotonic() + START_LIMIT
    while True:
        try:
            Client("127.0.0.1", port).connect().close()
            return
        except OSError:
            assert process.poll() is None and time.monotonic() < end, "nginx does not listen"
            time.sleep(0.02)
