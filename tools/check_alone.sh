#!/usr/bin/env bash
# Fails when a source does not compile as the preset `dev` compiles it: alone and with no header
# forced upon it, so that it includes what it needs. Nobody else can tell: the other presets and
# clang-tidy read base/precompiled.h first.
#
#   tools/check_alone.sh FILE ...
#
# Of a header the source and the test of its name are compiled, which include it first. What is no
# source of `dev` is left out. Nothing is compiled twice: `make unit` goes on from here.
set -euo pipefail
cd "$(dirname "$0")/.."

mkdir -p build
cmake --preset dev >build/alone-configure.log 2>&1 || { cat build/alone-configure.log; exit 1; }
mapfile -t sources < <(comm -12 \
  <(sed -nE 's|^ *"file": "(.*)",?$|\1|p' build/dev/compile_commands.json | sort -u) \
  <(printf "$PWD/%s\n" "$@" | sed -E 's|(.*)\.h$|\1.cc\n\1_test.cc|' | sort -u))
if [ "${#sources[@]}" -gt 0 ]; then
  ninja --quiet -C build/dev -k 0 -j "$(nproc)" "${sources[@]/%/^}"
fi
echo "alone: ${#sources[@]} sources include what they need"
