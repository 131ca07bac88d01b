# SPDX-License-Identifier: MIT
"""Rows measured by programs of ours that use the modules directly."""

import json
import os
import subprocess

from harness import BenchError, Row, median


def run_program(name, arguments, options, limit):
    path = os.path.join(options.programs, name)
    if not os.access(path, os.X_OK):
        raise BenchError(f"{path} is missing: run without --no-build")
    done = subprocess.run([path] + arguments, capture_output=True, text=True, check=False,
                          timeout=limit)
    if done.returncode != 0:
        raise BenchError(f"{name} failed: {done.stderr.strip()}")
    return json.loads(done.stdout)


def file_system(folder):
    listing = subprocess.run(["df", "--output=fstype", folder], capture_output=True, text=True,
                             check=True)
    return listing.stdout.split()[-1]


def create_rows(options, folder, _stack):
    """Links created on SQLite by 64 clients at once, by one client, and plain rows."""
    kind = file_system(folder)
    if kind == "tmpfs":
        raise BenchError(f"{folder} is in memory: there is no disk to commit to")
    arguments = ["--folder", folder, "--seconds", str(options.seconds / 2), "--rounds",
                 str(options.rounds)]
    limit = 60 + 4 * options.rounds * options.seconds
    measured = run_program("create_bench", arguments, options, limit)
    rounds = measured["rounds"]
    many = median([each["many_per_s"] for each in rounds])
    plain = median([each["plain_per_s"] for each in rounds])
    ratios = [each["many_per_s"] / each["one_per_s"] for each in rounds]
    links_per_commit = median([each["many_links_per_commit"] for each in rounds])
    alone = median([each["one_links_per_commit"] for each in rounds])
    if alone > 1.01:
        raise BenchError(f"one client had {alone} links a commit: not the peer that is meant")
    return [Row(
        name=f"links created, SQLite, {measured['clients']} clients : one by one", unit="/s",
        ours=many, peer=median([each["one_per_s"] for each in rounds]),
        ratio=median(ratios), budget=4.0, more_is_better=True,
        notes=[f"on {kind}, synchronous=FULL, {links_per_commit:.0f} links a commit; one plain row "
               f"a commit: {plain:,.0f}/s ({many / plain:.1f}x); rounds "
               + ", ".join(f"{ratio:.1f}x" for ratio in ratios)],
        rounds=rounds)]


MEMORY_BUDGET_BYTES = 250
LINKS = 100_000


def memory_rows(options, _folder, _stack):
    """Bytes of a link in a core's memory, beside the bytes of its code and target alone."""
    arguments = [f"--benchmark_filter=find_hit/{LINKS}$", "--benchmark_format=json"]
    measured = run_program("local_link_cache_bench", arguments, options, 120)["benchmarks"][0]
    texts = measured["target_bytes"] + 7  # the codes of local_link_cache_bench.cc have 7 letters
    taken = measured["bytes_per_link"]
    return [Row(
        name="memory a link kept by a core : its code and target", unit="B",
        ours=taken, peer=texts, ratio=taken / texts, budget=MEMORY_BUDGET_BYTES / texts,
        notes=[f"of {LINKS:,} links; a look-up among them takes {measured['cpu_time']:.0f} ns"])]
