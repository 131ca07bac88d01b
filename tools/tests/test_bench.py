# SPDX-License-Identifier: MIT
"""What judges a measurement finds what it is there for: each is shown a fault."""
import http.server
import json
import pathlib
import subprocess
import sys
import threading
import time

import pytest

ROOT = pathlib.Path(__file__).resolve().parent.parent.parent
sys.path.insert(0, str(ROOT / "bench"))
sys.dont_write_bytecode = True

import closed_loop  # noqa: E402
import harness  # noqa: E402
import soak  # noqa: E402

GOOD_LOOK = {"process_resident_memory_bytes": 50e6, "ginnel_journal_disk_bytes": 32e6,
             "ginnel_journal_records_total": 1, "ginnel_journal_dropped_total": 0,
             "ginnel_shipper_lag_records": 900, "ginnel_shipper_lag_seconds": 0.1}
GOOD_END = {"answers": 1_000, "errors": 0, "lost": 0}


def soak_faults(last=None, end=None, stored=1_000):
    looks = [dict(GOOD_LOOK) for _ in range(9)]
    looks[-1].update(last or {})
    return soak.verdict(looks, {**GOOD_END, **(end or {})}, stored)


def test_a_soak_without_faults_has_none():
    assert soak_faults() == []


@pytest.mark.parametrize("planted", [
    {"stored": 999},
    {"stored": 1_001},
    {"end": {"errors": 1}},
    {"end": {"lost": 1}},
    {"last": {"process_resident_memory_bytes": 70e6}},
    {"last": {"ginnel_journal_disk_bytes": 1e9}},
    {"last": {"ginnel_journal_dropped_total": 1}},
    {"last": {"ginnel_shipper_lag_seconds": 16}},
], ids=str)
def test_a_soak_finds(planted):
    assert len(soak_faults(**planted)) == 1


@pytest.mark.parametrize("ours, ratio, budget, more_is_better, kept", [
    (5, 0.99, 1.0, False, True),
    (5, 1.01, 1.0, False, False),
    (5, 4.1, 4.0, True, True),
    (5, 3.9, 4.0, True, False),
    (5, None, 5, False, True),
    (5, None, 4, False, False),
    (5, 9.0, None, False, True),
])
def test_a_row_is_kept_or_missed(ours, ratio, budget, more_is_better, kept):
    row = harness.Row(name="r", unit="us", ours=ours, peer=1, ratio=ratio, budget=budget,
                      more_is_better=more_is_better)
    assert row.kept == kept
    assert row.cells()[-1] == ("" if budget is None else "kept" if kept else "MISSED")


WRK = "  1000 requests in 1.00s, 1.00MB read\n{more}Requests/sec:    1000.00\n"
REFUSED = "  Non-2xx or 3xx responses: {count}\n"
BROKEN = "  Socket errors: connect 0, read 7, write 0, timeout 0\n"
CLOSING = closed_loop.Load(fields=("Connection: close",))
ABSENT = closed_loop.Load(absent=True)


@pytest.mark.parametrize("more, wanted", [
    ("", closed_loop.Load()), (BROKEN, CLOSING), (REFUSED.format(count=1_000), ABSENT)])
def test_good_output_of_wrk_is_taken(more, wanted):
    assert closed_loop.told("url", WRK.format(more=more), wanted) == (1_000, 1_000.0)


@pytest.mark.parametrize("more, wanted", [
    (REFUSED.format(count=1), closed_loop.Load()), (BROKEN, closed_loop.Load()),
    (REFUSED.format(count=999), ABSENT), ("", ABSENT)])
def test_a_wrong_answer_voids_a_load(more, wanted):
    with pytest.raises(harness.BenchError):
        closed_loop.told("url", WRK.format(more=more), wanted)


class StallsOnce(http.server.BaseHTTPRequestHandler):
    """Answers nobody for a while, once."""

    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True
    lock = threading.Lock()
    asked = 0

    def do_GET(self):
        with StallsOnce.lock:
            StallsOnce.asked += 1
            if StallsOnce.asked == 100:
                time.sleep(0.3)
        self.send_response(302)
        self.send_header("Content-Length", "0")
        self.end_headers()

    def log_message(self, *_):
        pass


@pytest.fixture(name="open_loop", scope="module")
def fixture_open_loop(tmp_path_factory):
    program = tmp_path_factory.mktemp("bench") / "open_loop"
    subprocess.run(["g++", "-std=c++20", str(ROOT / "bench/open_loop.cc"), "-o", str(program)],
                   check=True, timeout=120)
    return program


def test_who_waits_for_a_stalled_server_is_counted(open_loop):
    # A closed loop of two connections would tell of two slow answers in 500: its p99 is fast.
    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), StallsOnce) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        told = subprocess.run(
            [str(open_loop), "--port", str(server.server_port), "--path", "/x", "--rate", "250",
             "--seconds", "2", "--connections", "2"],
            check=True, capture_output=True, text=True, timeout=60).stdout
        server.shutdown()
    figures = json.loads(told)
    print(figures)
    assert figures["answers"] == 500 and figures["errors"] == 0
    assert figures["p99_us"] > 200_000
