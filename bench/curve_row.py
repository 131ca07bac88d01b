# SPDX-License-Identifier: MIT
"""What a redirect costs among more links, and on more cores."""

import contextlib
import os

import stock
from closed_loop import Load, alternate, row_of, script
from harness import median
from servers import ginnel, needs

SIZES = (1_000, 100_000, 1_000_000)
LONG_SIZES = SIZES + (10_000_000,)


def rows(options, folder, _stack):
    """A link in memory, and links that are never in memory, in databases of more and more links;
    beside the smallest."""
    needs(options)
    sizes = LONG_SIZES if options.long else SIZES
    for label, which, settings in (("one link in memory", "hot", []),
                                   ("none in memory", "uniform", ["--cache.local_bytes", "0"])):
        with contextlib.ExitStack() as stack:
            servers, loads = {}, {}
            for size in sizes:
                home = os.path.join(folder, f"{which}-{size}")
                stock.copy(size, options, home)
                servers[size] = ginnel(options.server, home, stack, *settings, path="/u0000007")
                loads[size] = Load(script=script(home, which, size))
            rounds = alternate(servers, loads, options, max(1, options.seconds // 2))
            yield row_of(f"CPU a redirect, {label}, of {sizes[-1]:,} links : of {sizes[0]:,}",
                         rounds, (sizes[-1], sizes[0]), None, points(rounds, sizes))


def points(rounds, sizes):
    return ", ".join(f"{size:,}: {median([each[size].microseconds for each in rounds]):.2f} us"
                     for size in sizes) + "; "


def cores_rows(options, folder, stack):
    """Two threads on two cores beside one on one: CPU a redirect, so what sharing costs."""
    needs(options)
    servers = {}
    for threads, cores in ((1, "0"), (2, "0,1")):
        home = os.path.join(folder, str(threads))
        os.makedirs(home)
        servers[threads] = ginnel(options.server, home, stack, threads=threads, cores=cores)
    # With two cores in all, the load of the second shares them with the server.
    apart = (os.cpu_count() or 1) >= 4
    servers[2].client_cores = "2,3" if apart else "0,1"
    rounds = alternate(servers, dict.fromkeys(servers, Load()), options)
    yield row_of("CPU a hot redirect, 2 threads on 2 cores : 1 on 1", rounds, (2, 1), None,
                 "" if apart else "wrk is on the two cores too; ")
