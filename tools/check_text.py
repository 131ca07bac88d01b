#!/usr/bin/python3
"""Fails on what no formatter sees: stray spaces, long lines, long files, missing SPDX lines, doors
that are used from the wrong side.

    tools/check_text.py [ROOT]

Checks every file that git tracks or would track (all files where there is no git).
"""
import fnmatch
import pathlib
import re
import subprocess
import sys

MAX_LINE = 100  # characters, as in .clang-format
MAX_CPP_LINES = 600

CPP = (".h", ".cc")
LINED = (*CPP, ".py", ".sh", ".sql")  # Markdown and tables may be wider
KEPT_AS_THEY_ARE = ("tests/data/*", "tests/corpus/*", "LICENSE")

# (what, the only places where it may stand, why)
DOORS = [
    (re.compile(r"\bco_spawn\s*\("), ["src/base/task.h"], "only base/task.h calls co_spawn"),
    (re.compile(r"\basio::detached\b"), [], "a task whose end nobody hears of hides its fault"),
    (re.compile(r"return \*?\w+(\.|->)error\(\);"), [], "an error is moved on, see base/result.h"),
    (re.compile(r"\bTODO\b(?!\([a-z]+\): )"), [], "TODO(area): what is missing to do it"),
]


def listed_files(root: pathlib.Path) -> list[str]:
    git = ["git", "-C", str(root), "ls-files", "-z", "--cached", "--others", "--exclude-standard"]
    if (root / ".git").exists():
        out = subprocess.run(git, check=True, capture_output=True).stdout
        names = set(out.decode().split("\0")) - {""}
        return sorted(name for name in names if (root / name).is_file())
    return sorted(p.relative_to(root).as_posix() for p in root.rglob("*") if p.is_file())


def line_faults(name: str, number: int, line: str):
    where = f"{name}:{number}"
    if line.rstrip(" \t") != line:
        yield f"{where}: space at the end of the line"
    if "\r" in line:
        yield f"{where}: carriage return"
    if name.endswith(LINED) and len(line) > MAX_LINE:
        yield f"{where}: {len(line)} characters, {MAX_LINE} is the limit"
    if name.endswith(CPP):
        if "\t" in line:
            yield f"{where}: tab"
        for pattern, places, reason in DOORS:
            if pattern.search(line) and not any(fnmatch.fnmatch(name, place) for place in places):
                yield f"{where}: {reason}"


def file_faults(name: str, data: bytes):
    if b"\0" in data:
        return  # not a text
    try:
        text = data.decode("utf-8")
    except UnicodeDecodeError:
        yield f"{name}: not UTF-8"
        return
    if text and not text.endswith("\n"):
        yield f"{name}: no newline at the end"
    if text.endswith("\n\n"):
        yield f"{name}: empty line at the end"
    lines = text.split("\n")
    if name.endswith(CPP):
        if lines[0] != "// SPDX-License-Identifier: MIT":
            yield f"{name}:1: the first line is not the SPDX line"
        if len(lines) - 1 > MAX_CPP_LINES:
            yield f"{name}: {len(lines) - 1} lines, {MAX_CPP_LINES} is the limit"
    for number, line in enumerate(lines, 1):
        yield from line_faults(name, number, line)


def main() -> int:
    own = pathlib.Path(__file__).resolve().parent.parent
    root = pathlib.Path(sys.argv[1]).resolve() if len(sys.argv) > 1 else own
    names = [
        name
        for name in listed_files(root)
        if not any(fnmatch.fnmatch(name, pattern) for pattern in KEPT_AS_THEY_ARE)
    ]
    found = [fault for name in names for fault in file_faults(name, (root / name).read_bytes())]
    print("\n".join(found) or f"text: {len(names)} files in order")
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
