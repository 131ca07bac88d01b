#!/usr/bin/python3
# SPDX-License-Identifier: MIT
"""Writes the files that the journal's fuzzer begins with and that a unit test reads.

    tools/make_journal_corpus.py FOLDER            writes them
    tools/make_journal_corpus.py --check FOLDER    fails when one is not as it would be written

It knows the format from docs/journal.md alone: what it writes and ours reads is described rightly.
"""
import pathlib
import struct
import sys

POLYNOMIAL = 0x82F63B78  # CRC32C, reflected
HEADER_BYTES = 64
CREATED = 1_795_564_800_000_000  # 2026-11-25T00:00:00 in microseconds
DATABASE = bytes.fromhex("d0" * 16)
SEGMENT = bytes.fromhex("0123456789abcdef0123456789abcdef")


def crc32c(data: bytes) -> int:
    remainder = 0xFFFFFFFF
    for byte in data:
        remainder ^= byte
        for _ in range(8):
            remainder = (remainder >> 1) ^ (POLYNOMIAL if remainder & 1 else 0)
    return remainder ^ 0xFFFFFFFF


def header(version: int = 1) -> bytes:
    fields = struct.pack("<8sII16s16sqI", b"GINCLICK", version, HEADER_BYTES, SEGMENT, DATABASE,
                         CREATED, 0)
    return fields + struct.pack("<I", crc32c(fields))


def with_checksum(checked: bytes) -> bytes:
    return struct.pack("<I", crc32c(checked)) + checked


def record(at: int = CREATED + 123_456, link: int = 42, user: int = 7,
           visitor: int = 0x00112233_44556677, flags: int = 0, network: bytes = b"\xcb\x00\x71",
           code: bytes = b"Ab3xY9z", agent: bytes = b"curl/7.88.1",
           referrer: bytes = b"https://example.org/") -> bytes:
    texts = code + agent + referrer
    return with_checksum(
        struct.pack("<IqqqQBB6sHHB3x", 56 + len(texts), at, link, user, visitor, flags,
                    len(network), network, len(agent), len(referrer), len(code)) + texts)


def changed(data: bytes, at: int) -> bytes:
    return data[:at] + bytes([data[at] ^ 0xFF]) + data[at + 1:]


def files() -> dict[str, bytes]:
    one = record()
    three = record() + record(visitor=2) + record(visitor=3)
    largest = record(at=2**63 - 1, link=2**63 - 1, user=2**63 - 1, visitor=2**64 - 1, flags=1,
                     network=b"\xff" * 6, code=b"c" * 255, agent=bytes(range(256)),
                     referrer=bytes(range(255, -1, -1)))
    smallest = record(at=-2**63, link=-2**63, user=-2**63, visitor=0, network=b"", code=b"",
                      agent=b"", referrer=b"")
    lying = with_checksum(one[4:48] + struct.pack("<H", 500) + one[50:])
    endless = with_checksum(struct.pack("<I", 0xFFFFFFFF) + one[8:])
    return {
        "empty.clicks": b"",
        "header_only.clicks": header(),
        "header_cut.clicks": header()[:63],
        "header_damaged.clicks": changed(header(), 20) + one,
        "newer_form.clicks": header(version=2) + one,
        "not_ours.clicks": b"SQLite format 3\0" + bytes(64),
        "example.clicks": header() + one,
        "extremes.clicks": header() + smallest + largest,
        "three_and_room.clicks": header() + three + bytes(200),
        "torn_at_the_end.clicks": header() + three[:-9] + bytes(64),
        "damaged_in_the_middle.clicks": header() + changed(three, len(one) + 30),
        "hole.clicks": header() + one + bytes(128) + one,
        "lengths_lie.clicks": header() + lying + one,
        "length_endless.clicks": header() + endless + one,
    }


def main(arguments: list[str]) -> int:
    check = arguments[:1] == ["--check"]
    if len(arguments) != 1 + check:
        print(__doc__, file=sys.stderr)
        return 2
    folder = pathlib.Path(arguments[-1])
    faults = 0
    for name, data in files().items():
        path = folder / name
        if not check:
            path.write_bytes(data)
        elif not path.is_file() or path.read_bytes() != data:
            print(f"{path}: not as it would be written")
            faults += 1
    return 1 if faults else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
