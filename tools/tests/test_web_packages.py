# SPDX-License-Identifier: MIT
"""Packages of npm's: what the lockfile says and nothing else, by a step of the build."""
import base64
import functools
import hashlib
import http.server
import io
import json
import re
import shutil
import subprocess
import tarfile
import threading

import pytest
from test_tools import ROOT, plant

FILES = {"package/a.js": b"let a", "package/b/c.css": b"c {}", "package/../../evil": b"!"}
AWAY = "http://127.0.0.1:9"  # where no registry is


class Registry(http.server.SimpleHTTPRequestHandler):
    """Gives out the files of a folder, and remembers in `server.asked` which."""

    def log_request(self, *_):
        self.server.asked.append(self.path)


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
    """A registry with one package."""
    folder = tmp_path / "registry"
    plant(folder, {"@scope/ui/-/nothing": ""})
    (folder / "@scope/ui/-/ui-1.2.3.tgz").write_bytes(archive_of(FILES))
    handler = functools.partial(Registry, directory=folder)
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    server.asked, server.address = [], f"http://127.0.0.1:{server.server_port}"
    yield server
    server.shutdown()
    server.server_close()


def lock(root, name, version, archive):
    """Plants a web/ that depends on one package, and the script that fetches it."""
    integrity = "sha512-" + base64.b64encode(hashlib.sha512(archive).digest()).decode()
    locked = {f"node_modules/{name}": {"version": version, "integrity": integrity}}
    plant(root, {"web/package.json": json.dumps({"dependencies": {name: version}}),
                 "web/package-lock.json": json.dumps({"packages": locked}), "tools/x": ""})
    shutil.copy(ROOT / "tools/fetch_web_packages.py", root / "tools")


def start(address, *command):
    return subprocess.Popen([str(word) for word in command],
                            env={"NPM_CONFIG_REGISTRY": address, "PATH": "/usr/bin:/bin"},
                            stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)


def ended(process):
    out, err = process.communicate(timeout=60)
    return subprocess.CompletedProcess(process.args, process.returncode, out, err)


def fetch(tmp_path, address, archive=None):
    lock(tmp_path, "@scope/ui", "1.2.3", archive_of(FILES) if archive is None else archive)
    return ended(start(address, tmp_path / "tools/fetch_web_packages.py", tmp_path / "out"))


def test_files_of_the_locked_version_are_unpacked(tmp_path, registry):
    done = fetch(tmp_path, registry.address)
    assert done.returncode == 0, done.stderr
    folder = tmp_path / "out/@scope-ui-1.2.3"
    assert done.stdout == f"{folder}\n"
    found = {str(path.relative_to(folder)) for path in folder.rglob("*") if path.is_file()}
    assert found == {"a.js", "b/c.css"}
    assert not (tmp_path / "evil").exists()


def test_it_is_not_fetched_again(tmp_path, registry):
    assert fetch(tmp_path, registry.address).returncode == 0
    assert fetch(tmp_path, AWAY).returncode == 0


def test_another_archive_is_refused(tmp_path, registry):
    done = fetch(tmp_path, registry.address, archive=b"what the lockfile means")
    assert done.returncode == 1
    assert "SHA-512" in done.stderr
    assert not list((tmp_path / "out").glob("@scope*"))


def test_a_registry_that_is_away_is_told(tmp_path):
    done = fetch(tmp_path, AWAY)
    assert done.returncode == 1
    assert done.stderr.startswith("fetch_web_packages: ")


# --- the step of the build ---------------------------------------------------------------------

PROJECT = """\
cmake_minimum_required(VERSION 3.25)
project(page LANGUAGES CXX)
list(APPEND CMAKE_MODULE_PATH "${PROJECT_SOURCE_DIR}/cmake")
include(EmbedFiles)
include(WebPackages)
add_library(page STATIC page.cc)
ginnel_embed(page kPages page.cc IF_THERE ${GINNEL_SWAGGER_UI})
"""
UI = {"package/swagger-ui.css": b"ui {}", "package/swagger-ui-bundle.js": b"let ui"}
PLAIN = "/docs will be a plain page"


@pytest.fixture
def page(tmp_path, registry):
    """A project that embeds Swagger UI, which the registry has."""
    root = tmp_path / "page"
    plant(root, {"CMakeLists.txt": PROJECT, "page.cc": ""})
    lock(root, "swagger-ui-dist", "1.0.0", archive_of(UI))
    for name in ("tools/embed_files.py", "tools/take_swagger_ui.sh", "cmake/EmbedFiles.cmake",
                 "cmake/WebPackages.cmake"):
        (root / name).parent.mkdir(exist_ok=True)
        shutil.copy(ROOT / name, root / name)
    plant(tmp_path / "registry", {"swagger-ui-dist/-/nothing": ""})
    archive = tmp_path / "registry/swagger-ui-dist/-/swagger-ui-dist-1.0.0.tgz"
    archive.write_bytes(archive_of(UI))
    return root


def configure(root, preset, address):
    done = ended(start(address, "cmake", "-G", "Ninja", "-S", root, "-B", root / "build" / preset))
    assert done.returncode == 0 and done.stderr == "", done.stderr
    return done.stdout


def start_build(root, preset, address):
    return start(address, "ninja", "-C", root / "build" / preset, "page_kPages")


def build(root, preset, address):
    """What a build says, and the names of the files that are embedded then."""
    done = ended(start_build(root, preset, address))
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout, embedded(root, preset)


def embedded(root, preset):
    return re.findall(r'^    \{"([^"]+)"', (root / "build" / preset / "kPages.h").read_text(), re.M)


def test_who_configures_asks_no_registry(page, registry):
    configure(page, "dev", registry.address)
    assert registry.asked == [] and not (page / "build/web").exists()
    assert "Swagger" not in configure(page, "dev", AWAY)


def test_a_build_without_the_registry_says_so_and_does_without(page, registry):
    configure(page, "dev", AWAY)
    header = page / "build/dev/kPages.h"
    said, names = build(page, "dev", AWAY)
    assert PLAIN in said and "fetch_web_packages: " in said and names == ["page.cc"]
    before = header.stat().st_mtime_ns
    said, _ = build(page, "dev", AWAY)
    assert PLAIN in said, "as often as it is built"
    assert header.stat().st_mtime_ns == before, "though nothing is made anew"

    said, names = build(page, "dev", registry.address)
    assert PLAIN not in said and names == ["page.cc", "swagger-ui.css", "swagger-ui-bundle.js"]
    said, _ = build(page, "dev", AWAY)
    assert "no work to do" in said and len(registry.asked) == 1


def test_another_version_is_taken_or_none(page, registry):
    configure(page, "dev", AWAY)
    assert len(build(page, "dev", registry.address)[1]) == 3
    lock(page, "swagger-ui-dist", "1.0.1", archive_of(UI))
    said, names = build(page, "dev", AWAY)
    assert PLAIN in said and names == ["page.cc"]


def test_presets_that_are_built_at_once_fetch_once(page, registry):
    presets = ["dev", "asan", "release"]
    for preset in presets:
        configure(page, preset, AWAY)
    for done in map(ended, [start_build(page, preset, registry.address) for preset in presets]):
        assert done.returncode == 0 and PLAIN not in done.stdout, done.stdout + done.stderr
    assert len(registry.asked) == 1
    assert {len(embedded(page, preset)) for preset in presets} == {3}


def test_what_was_cleaned_is_not_fetched_again(page, registry):
    configure(page, "dev", AWAY)
    build(page, "dev", registry.address)
    assert ended(start(AWAY, "ninja", "-C", page / "build/dev", "clean")).returncode == 0
    said, names = build(page, "dev", AWAY)
    assert PLAIN not in said and len(names) == 3
