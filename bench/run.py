#!/usr/bin/python3
# SPDX-License-Identifier: MIT
"""Measures Ginnel against its peers and prints one table of ratios. See bench/README.md."""

import argparse
import contextlib
import dataclasses
import json
import os
import subprocess
import sys
import tempfile

import latency_row
import program_rows
import redirect_row
from harness import BenchError, machine, print_table

ROOT = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
BUILD = os.path.join(ROOT, "build", "release")

ROWS = {
    "redirect": redirect_row.rows,
    "spread": redirect_row.spread_rows,
    "latency": latency_row.rows,
    "beside": latency_row.beside_rows,
    "create": program_rows.create_rows,
    "memory": program_rows.memory_rows,
}
PROGRAMS = {"latency": "open_loop", "beside": "open_loop",
            "create": "create_bench", "memory": "local_link_cache_bench"}


def parse_arguments():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("row", nargs="*", metavar="ROW",
                        help="which to measure: " + ", ".join(ROWS) + " (default: all)")
    parser.add_argument("--rounds", type=int, default=3, help="rounds of ours and the peer's")
    parser.add_argument("--seconds", type=int, default=6, help="length of a measurement")
    parser.add_argument("--json", metavar="FILE", help="also write everything measured here")
    parser.add_argument("--server", default=os.path.join(BUILD, "bin", "ginnel"),
                        help="the server binary")
    parser.add_argument("--programs", default=os.path.join(BUILD, "bin"),
                        help="folder of the measuring programs")
    parser.add_argument("--folder", default=os.path.join(ROOT, "build"),
                        help="where the temporary folder is made: a real disk")
    parser.add_argument("--no-build", action="store_true", help="use the programs as they are")
    options = parser.parse_args()
    unknown = [row for row in options.row if row not in ROWS]
    if unknown or options.rounds < 1 or options.seconds < 1:
        parser.error(f"unknown rows: {unknown}" if unknown else "too short to measure")
    return options


def build(names):
    targets = [PROGRAMS[name] for name in names if name in PROGRAMS]
    if not targets:
        return
    commands = [["cmake", "--build", BUILD, "--target"] + targets]
    if not os.path.exists(os.path.join(BUILD, "CMakeCache.txt")):
        commands.insert(0, ["cmake", "--preset", "release", "-DBUILD_TESTING=OFF"])
    for command in commands:
        done = subprocess.run(command, cwd=ROOT, stdout=sys.stderr, check=False)
        if done.returncode != 0:
            raise BenchError("the build failed: " + " ".join(command))


def measure(name, options):
    """The rows of one measurement, in a temporary folder that is gone afterwards."""
    print(f"measuring {name} ...", file=sys.stderr, flush=True)
    os.makedirs(options.folder, exist_ok=True)
    with tempfile.TemporaryDirectory(prefix="bench-", dir=options.folder) as folder:
        with contextlib.ExitStack() as stack:
            return ROWS[name](options, folder, stack)


def main():
    options = parse_arguments()
    names = options.row or list(ROWS)
    rows, failed = [], False
    try:
        if not options.no_build:
            build(names)
    except BenchError as error:
        sys.exit(f"bench: {error}")
    for name in names:
        try:
            rows += measure(name, options)
        except (BenchError, OSError, subprocess.TimeoutExpired) as error:
            print(f"bench: {name}: {error}", file=sys.stderr)
            failed = True
    about = machine()
    print_table(about, rows)
    if options.json:
        with open(options.json, "w", encoding="utf-8") as file:
            json.dump({"machine": about, "rows": [dataclasses.asdict(row) for row in rows]}, file,
                      indent=1)
            file.write("\n")
    sys.exit(1 if failed else 0)


if __name__ == "__main__":
    main()
