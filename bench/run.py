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
import textwrap
import time

import curve_row
import footprint_row
import latency_row
import program_rows
import redirect_row
import store_rows
from harness import BenchError, machine, print_table

ROOT = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
BUILD = os.path.join(ROOT, "build", "release")

# Each gives its rows one after the other, so that one that fails leaves those before it.
ROWS = {
    "redirect": redirect_row.rows,
    "stored": redirect_row.stored_rows,
    "spread": redirect_row.spread_rows,
    "cores": curve_row.cores_rows,
    "curve": curve_row.rows,
    "latency": latency_row.rows,
    "beside": latency_row.beside_rows,
    "create": program_rows.create_rows,
    "list": store_rows.list_rows,
    "import": store_rows.import_rows,
    "upload": store_rows.upload_rows,
    "memory": program_rows.memory_rows,
    "resident": footprint_row.memory_rows,
    "start": footprint_row.start_rows,
}
PROGRAMS = {"latency": "open_loop", "beside": "open_loop",
            "create": "create_bench", "memory": "local_link_cache_bench"}
LONG_ROWS = ["curve", "list"]  # that have more to measure with --long


def summaries():
    """What each row is, as the function that measures it says."""
    return "\n".join(textwrap.fill(f"{name:9} {' '.join(rows.__doc__.split())}", 98,
                                   initial_indent="  ", subsequent_indent=" " * 12)
                     for name, rows in ROWS.items())


def parse_arguments():
    parser = argparse.ArgumentParser(
        description=__doc__, epilog="rows:\n" + summaries(),
        formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("row", nargs="*", metavar="ROW", help="which to measure (default: all)")
    parser.add_argument("--long", action="store_true", help="databases of ten million links too; "
                        "without rows: only those that have any (" + ", ".join(LONG_ROWS) + ")")
    parser.add_argument("--rounds", type=int, default=3,
                        help="rounds of ours and the peer's (%(default)s)")
    parser.add_argument("--seconds", type=int, default=5,
                        help="length of a measurement (%(default)s; some rows take half of it)")
    parser.add_argument("--json", metavar="FILE", help="also write everything measured here")
    parser.add_argument("--server", default=os.path.join(BUILD, "bin", "ginnel"),
                        help="the server binary")
    parser.add_argument("--programs", default=os.path.join(BUILD, "bin"),
                        help="folder of the measuring programs")
    parser.add_argument("--folder", default=os.path.join(ROOT, "build"),
                        help="where the temporary folder is made: a real disk")
    parser.add_argument("--stock", default=os.path.join(ROOT, "build", "bench-data"),
                        help="folder of the databases that are kept for the next run")
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
    os.makedirs(options.folder, exist_ok=True)
    with tempfile.TemporaryDirectory(prefix="bench-", dir=options.folder) as folder:
        with contextlib.ExitStack() as stack:
            yield from ROWS[name](options, folder, stack)


def measure_all(names, options):
    """Every row that could be measured, and the names of those that could not."""
    rows, failed = [], []
    for name in names:
        began = time.monotonic()
        print(f"measuring {name} ...", end=" ", file=sys.stderr, flush=True)
        try:
            for row in measure(name, options):
                rows.append(row)
        except (BenchError, OSError, subprocess.SubprocessError) as error:
            print(f"FAILED: {error}", end=" ", file=sys.stderr)
            failed.append(name)
        print(f"{time.monotonic() - began:.0f} s", file=sys.stderr)
    return rows, failed


def main():
    options = parse_arguments()
    names = options.row or (LONG_ROWS if options.long else list(ROWS))
    try:
        if not options.no_build:
            build(names)
    except BenchError as error:
        sys.exit(f"bench: {error}")
    rows, failed = measure_all(names, options)
    about = machine()
    print_table(about, rows)
    for name in failed:
        print(f"NOT MEASURED: {name} (the reason stands above)")
    if options.json:
        with open(options.json, "w", encoding="utf-8") as file:
            json.dump({"machine": about, "rows": [dataclasses.asdict(row) for row in rows]}, file,
                      indent=1)
            file.write("\n")
    sys.exit(1 if failed else 0)


if __name__ == "__main__":
    main()
