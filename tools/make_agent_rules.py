#!/usr/bin/python3
# SPDX-License-Identifier: MIT
"""Turns uap-core's YAML into C++ headers, so that no machine that runs Ginnel needs the package.

    tools/make_agent_rules.py rules|cases OUT

rules: its rules for browsers, systems and devices, and its version (docs/decisions/0012).
cases: its own tests, which ours repeat: a user agent, a tab and the right family a line.
"""
import pathlib
import subprocess
import sys

import yaml

FOLDER = pathlib.Path("/usr/share/uap-core")
MARK = "agent"  # delimiter of the raw strings

# constant, list in regexes.yaml, its field with the family, its tests
LISTS = (
    ("Browser", "user_agent_parsers", "family_replacement", "tests/test_ua.yaml"),
    ("System", "os_parsers", "os_replacement", "tests/test_os.yaml"),
    ("Device", "device_parsers", "device_replacement", "tests/test_device.yaml"),
)


def load(name: str):
    with open(FOLDER / name, encoding="utf-8") as file:
        return yaml.load(file, Loader=yaml.CSafeLoader)


def literal(text: str) -> str:
    if f'){MARK}"' in text:
        sys.exit(f"make_agent_rules: the delimiter {MARK} stands in: {text}")
    return f'R"{MARK}({text}){MARK}"'


def version() -> str:
    """As Debian names it, without the epoch: 0.16.0-1."""
    query = ["dpkg-query", "--show", "--showformat=${Version}", "uap-core"]
    return subprocess.run(query, check=True, capture_output=True, text=True).stdout.split(":")[-1]


def rule(row: dict, replacement: str) -> str:
    ignores_case = "true" if row.get("regex_flag") == "i" else "false"
    return f"{{{literal(row['regex'])}, {literal(row.get(replacement) or '')}, {ignores_case}}}"


def rules():
    lists = load("regexes.yaml")
    yield '#include <string_view>\n\n#include "clicks/agent_rule.h"\n'
    yield "namespace ginnel::embedded {\n"
    yield f'inline constexpr std::string_view kAgentRulesVersion = "{version()}";\n'
    for name, key, replacement, _ in LISTS:
        yield f"inline constexpr clicks::AgentRule k{name}Rules[] = {{"
        yield from (f"    {rule(row, replacement)}," for row in lists[key])
        yield "};\n"


def cases():
    yield "namespace ginnel::embedded {\n"
    for name, _, _, tests in LISTS:
        rows = [(row["user_agent_string"], row["family"]) for row in load(tests)["test_cases"]]
        lines = "".join("\t".join(text.replace("\t", " ") for text in row) + "\n" for row in rows)
        yield f"inline constexpr char k{name}Cases[] = {literal(lines)};\n"


def main() -> int:
    makers = {"rules": rules, "cases": cases}
    if len(sys.argv) != 3 or sys.argv[1] not in makers:
        sys.exit(f"usage: {sys.argv[0]} rules|cases OUT")
    lines = ["// Generated from uap-core by tools/make_agent_rules.py.", "#pragma once", "",
             "#pragma GCC diagnostic push",
             '#pragma GCC diagnostic ignored "-Woverlength-strings"', ""]
    lines += [*makers[sys.argv[1]](), "}  // namespace ginnel::embedded", "",
              "#pragma GCC diagnostic pop", ""]
    pathlib.Path(sys.argv[2]).write_text("\n".join(lines), encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
