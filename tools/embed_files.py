#!/usr/bin/python3
# SPDX-License-Identifier: MIT
"""Writes files into a C++ header; what becomes of them is said in cmake/EmbedFiles.cmake.

    tools/embed_files.py OUT NAME FILE... [--if-there FILE...]
"""
import hashlib
import pathlib
import sys

HEAD = """\
// Generated from the files named in it by tools/embed_files.py.
#pragma once

#include "base/embedded_file.h"

#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Woverlength-strings"

namespace ginnel::embedded {{

using std::string_view_literals::operator""sv;

inline constexpr base::EmbeddedFile {name}[] = {{
"""
FOOT = """\
};

}  // namespace ginnel::embedded

#pragma GCC diagnostic pop
"""

# Octal escapes end after three digits, whatever follows; a question mark could begin a trigraph.
PLAIN = set(range(0x20, 0x7F)) - set(b'"\\?')
BYTES = [chr(byte) if byte in PLAIN else f"\\{byte:03o}" for byte in range(256)]


def entry(path: pathlib.Path) -> str:
    contents = path.read_bytes()
    text = "".join([BYTES[byte] for byte in contents])
    return f'    {{"{path.name}", "{text}"sv, "{hashlib.sha256(contents).hexdigest()}"}},\n'


def main() -> int:
    if len(sys.argv) < 4:
        sys.exit(f"usage: {sys.argv[0]} OUT NAME FILE... [--if-there FILE...]")
    out, name, *files = sys.argv[1:]
    if "--if-there" in files:
        at = files.index("--if-there")
        files[at:] = [file for file in files[at + 1 :] if pathlib.Path(file).exists()]
    entries = [entry(pathlib.Path(file)) for file in files]
    pathlib.Path(out).write_text(HEAD.format(name=name) + "".join(entries) + FOOT)
    return 0


if __name__ == "__main__":
    sys.exit(main())
