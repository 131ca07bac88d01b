# SPDX-License-Identifier: MIT
"""What a redirect costs on one pinned core, beside nginx answering a fixed `return`."""

import stock
from closed_loop import Load, alternate, row_of, script
from servers import expect_redirect, ginnel, needs, nginx

LINKS = 100_000  # of the rows that ask for many codes

# What a browser sends, with Host (wrk's own) nine fields of about 700 bytes.
BROWSER_FIELDS = [
    "User-Agent: Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) "
    "Chrome/124.0.0.0 Safari/537.36",
    "Accept: text/html,application/xhtml+xml,application/xml;q=0.9,image/avif,image/webp,"
    "image/apng,*/*;q=0.8,application/signed-exchange;v=b3;q=0.7",
    "Accept-Encoding: gzip, deflate, br, zstd",
    "Accept-Language: en-GB,en-US;q=0.9,en;q=0.8,de;q=0.7",
    "Referer: https://www.example.org/a/page/with/links?utm_source=newsletter&utm_medium=email",
    "Cookie: _ga=GA1.1.1234567890.1700000000; _ga_ABCDEFGHIJ=GS1.1.1700000000.1.1.1700000100.0.0.0;"
    " consent=eyJhbmFseXRpY3MiOnRydWV9",
    "Sec-Fetch-Mode: navigate",
    "Upgrade-Insecure-Requests: 1",
]


def request_bytes(url, fields):
    host, _, path = url.removeprefix("http://").partition("/")
    return len("\r\n".join([f"GET /{path} HTTP/1.1", f"Host: {host}"] + fields) + "\r\n\r\n")


def rows(options, folder, stack):
    """The hot redirect: bare, with a browser's fields, with a connection a request; and codes that
    are not there."""
    needs(options)
    servers = {"ginnel": ginnel(options.server, folder, stack), "nginx": nginx(folder, stack)}
    for server in servers.values():
        expect_redirect(server)
    for label, fields, budget in (("bare", [], 1.0), ("browser fields", BROWSER_FIELDS, 1.0),
                                  ("a connection each", ["Connection: close"], 1.0)):
        loads = dict.fromkeys(servers, Load(fields=tuple(fields)))
        size = request_bytes(servers["ginnel"].url, fields)
        yield row_of(f"CPU a hot redirect, {label} : nginx return 302",
                     alternate(servers, loads, options), ("ginnel", "nginx"), budget,
                     f"requests of {size} bytes; ")
    loads = {"ginnel": Load(script=script(folder, "absent"), absent=True),
             "nginx": Load(script=script(folder, "absent", prefix="/absent/"), absent=True)}
    yield row_of("CPU a 404 of a random code : nginx return 404",
                 alternate(servers, loads, options), ("ginnel", "nginx"), None,
                 "each of ours asks the database; ")


def stored_rows(options, folder, stack):
    """All CPU of a redirect and of everything that follows from it, until nothing waits: one link,
    and 100,000 by Zipf's law and evenly."""
    needs(options)
    stock.copy(LINKS, options, folder)
    servers = {"ginnel": ginnel(options.server, folder, stack, path="/u0000007"),
               "nginx": nginx(folder, stack)}
    stock.touch(servers["ginnel"], 0, LINKS)
    for label, name, budget in (("one link", "hot", 1.3), (f"{LINKS:,} links, zipf", "zipf", 1.8),
                                (f"{LINKS:,} links, evenly", "uniform", 2.5)):
        loads = dict.fromkeys(servers, Load(script=script(folder, name, LINKS)))
        yield row_of(f"CPU a redirect and its click, {label} : nginx return 302",
                     alternate(servers, loads, options), ("ginnel", "nginx"), budget,
                     of="everything")


def spread_rows(options, folder, stack):
    """Codes asked for evenly and by Zipf's law among 100,000, beside one of them alone: one link
    that everybody follows, in a database of many."""
    needs(options)
    stock.copy(LINKS, options, folder)
    server = ginnel(options.server, folder, stack, path="/u0000007")
    stock.touch(server, 0, LINKS)
    for label in ("uniform", "zipf"):
        loads = {"many": Load(script=script(folder, label, LINKS)),
                 "one": Load(script=script(folder, "hot", LINKS))}
        # Half the time, since to store a click on a link of many takes five times as long as the
        # redirect did, and is waited for.
        rounds = alternate({"many": server, "one": server}, loads, options,
                           max(1, options.seconds // 2))
        yield row_of(f"CPU a redirect, {LINKS:,} codes, {label} : one of them alone", rounds,
                     ("many", "one"), 1.5)
