# SPDX-License-Identifier: MIT
"""tools/fetch_web_packages.py takes what the lockfile says, and nothing else."""
import base64
import functools
import hashlib
import http.server
import io
import json
import shutil
import subprocess
import tarfile
import threading

import pytest
from test_tools import ROOT, plant

FILES = {"package/a.js": b"let a", "package/b/c.css": b"c {}", "package/../../evil": b"!"}


def archive_of(files: dict[str, bytes]) -> bytes:
    packed = io.BytesIO()
    with tarfile.open(fileobj=packed, mode="w:gz") as tar:
        for name, text in files.items():
            entry = tarfile.TarInfo(name)
            entry.size = len(text)
            tar.addfile(entry, io.BytesIO(text))
    return packed.getvalue()


@pytest.fixture
def registry(tmp_path):
    """A registry with one package, and the address it listens on."""
    folder = tmp_path / "registry"
    plant(folder, {"@scope/ui/-/nothing": ""})
    (folder / "@scope/ui/-/ui-1.2.3.tgz").write_bytes(archive_of(FILES))
    handler = functools.partial(http.server.SimpleHTTPRequestHandler, directory=folder)
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    server.server_close()


def fetch(tmp_path, registry, archive=None):
    digest = hashlib.sha512(archive_of(FILES) if archive is None else archive).digest()
    integrity = "sha512-" + base64.b64encode(digest).decode()
    locked = {"node_modules/@scope/ui": {"version": "1.2.3", "integrity": integrity}}
    plant(tmp_path, {"web/package.json": json.dumps({"dependencies": {"@scope/ui": "1.2.3"}}),
                     "web/package-lock.json": json.dumps({"packages": locked}), "tools/x": ""})
    shutil.copy(ROOT / "tools/fetch_web_packages.py", tmp_path / "tools")
    return subprocess.run([tmp_path / "tools/fetch_web_packages.py", tmp_path / "out"],
                          env={"NPM_CONFIG_REGISTRY": registry, "PATH": "/usr/bin:/bin"},
                          capture_output=True, text=True, timeout=60)


def test_files_of_the_locked_version_are_unpacked(tmp_path, registry):
    done = fetch(tmp_path, registry)
    assert done.returncode == 0, done.stderr
    folder = tmp_path / "out/@scope-ui-1.2.3"
    found = {str(path.relative_to(folder)) for path in folder.rglob("*") if path.is_file()}
    assert found == {"a.js", "b/c.css"}
    assert not (tmp_path / "evil").exists()


def test_it_is_not_fetched_again(tmp_path, registry):
    assert fetch(tmp_path, registry).returncode == 0
    assert fetch(tmp_path, "http://127.0.0.1:9").returncode == 0


def test_another_archive_is_refused(tmp_path, registry):
    done = fetch(tmp_path, registry, archive=b"what the lockfile means")
    assert done.returncode == 1
    assert "SHA-512" in done.stderr
    assert not (tmp_path / "out").exists()


def test_a_registry_that_is_away_is_told(tmp_path):
    done = fetch(tmp_path, "http://127.0.0.1:9")
    assert done.returncode == 1
    assert done.stderr.startswith("fetch_web_packages: ")
