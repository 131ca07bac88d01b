#!/usr/bin/python3
# SPDX-License-Identifier: MIT
"""Fetches what web/package.json depends on, as web/package-lock.json says, into a folder.

    fetch_web_packages.py FOLDER [WEB]

WEB is another folder with those two files. Each package stands in FOLDER/NAME-VERSION afterwards;
prints these, one a line. Several may be asked for one FOLDER at once: one fetches, the others wait.

Does what `npm ci` would do for packages that are files and nothing else: one archive each from the
registry, whose SHA-512 has to be the lockfile's. npm itself is 359 packages of Debian's
(docs/decisions/0021-documentation-by-hand.md). What is there already is not fetched again. The
registry is NPM_CONFIG_REGISTRY, or npm's own.
"""
import base64
import fcntl
import hashlib
import io
import json
import os
import pathlib
import shutil
import sys
import tarfile
import urllib.request

WEB = pathlib.Path(__file__).resolve().parent.parent / "web"
REGISTRY = "https://registry.npmjs.org"
DEADLINE = 20  # seconds without a byte
MOST_BYTES = 64 << 20


def download(name, version):
    registry = os.environ.get("NPM_CONFIG_REGISTRY", REGISTRY).rstrip("/")
    address = f"{registry}/{name}/-/{name.rpartition('/')[2]}-{version}.tgz"
    with urllib.request.urlopen(address, timeout=DEADLINE) as answer:
        archive = answer.read(MOST_BYTES + 1)
    if len(archive) > MOST_BYTES:
        raise ValueError(f"{address} is larger than {MOST_BYTES} bytes")
    return archive


def check(name, archive, integrity):
    kind, _, expected = integrity.partition("-")
    found = base64.b64encode(hashlib.sha512(archive).digest()).decode()
    if kind != "sha512" or found != expected:
        raise ValueError(f"{name}: its SHA-512 is not what package-lock.json says")


def unpack(archive, folder):
    """Regular files below `package/`, whole or not at all."""
    fresh = folder.with_name(f"{folder.name}.new")
    shutil.rmtree(fresh, ignore_errors=True)
    with tarfile.open(fileobj=io.BytesIO(archive), mode="r:gz") as tar:
        for member in tar.getmembers():
            path = pathlib.PurePosixPath(member.name)
            if member.isfile() and path.parts[0] == "package" and ".." not in path.parts:
                target = fresh.joinpath(*path.parts[1:])
                target.parent.mkdir(parents=True, exist_ok=True)
                target.write_bytes(tar.extractfile(member).read())
    fresh.rename(folder)


def provide(name, entry, folder):
    """Where the package stands that the lockfile's entry means."""
    target = folder / f"{name.replace('/', '-')}-{entry['version']}"
    if not target.is_dir():
        archive = download(name, entry["version"])
        check(name, archive, entry["integrity"])
        unpack(archive, target)
    return target


def main(folder, web=WEB):
    wanted = json.loads((web / "package.json").read_text())["dependencies"]
    locked = json.loads((web / "package-lock.json").read_text())["packages"]
    folder.mkdir(parents=True, exist_ok=True)
    with (folder / "lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        for name in wanted:
            print(provide(name, locked[f"node_modules/{name}"], folder))


if __name__ == "__main__":
    if len(sys.argv) not in (2, 3):
        sys.exit(__doc__)
    try:
        main(*map(pathlib.Path, sys.argv[1:]))
    except (OSError, ValueError, KeyError) as error:
        sys.exit(f"fetch_web_packages: {error}")
