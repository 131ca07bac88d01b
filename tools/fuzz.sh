#!/usr/bin/env bash
# Runs every fuzz target for a while, from the files of its corpus, and says what came of it. A
# finding fails the run and stays in build/fuzz/found.
#
#   tools/fuzz.sh [TARGET ...]
#
# Without a target: all. GINNEL_FUZZ_SECONDS (120): how long each runs, one after the other.
set -uo pipefail
cd "$(dirname "$0")/.." || exit 1

seconds="${GINNEL_FUZZ_SECONDS:-120}"
found="$PWD/build/fuzz/found"
failed=()

fuzz() {
  local name="$1" corpus="$2" log="build/fuzz/$1.log"
  mkdir -p "$found/$name" "build/fuzz/grown/$name"
  if ! "build/fuzz/bin/$name" -max_total_time="$seconds" -max_len=8192 -timeout=20 \
    -rss_limit_mb=2048 -print_final_stats=1 -artifact_prefix="$found/$name/" \
    "build/fuzz/grown/$name" "$corpus" >"$log" 2>&1; then
    failed+=("$name")
    tail -n 30 "$log"
    echo "fuzz: $name failed. Replay: build/fuzz/bin/$name $found/$name/..."
    return
  fi
  awk -v name="$name" -v files="$(find "$corpus" -type f | wc -l)" '
    /cov:/ { for (i = 1; i < NF; i++) if ($i == "cov:") edges = $(i + 1) }
    /^stat::number_of_executed_units/ { inputs = $2 }
    END {
      printf "fuzz: %-20s %10d inputs, %6d edges, ", name, inputs, edges
      printf "%3d files in the corpus\n", files
    }
  ' "$log"
}

# The targets and what they stand on, not the whole program.
build() {
  cmake --preset fuzz &&
    if [ "$#" -gt 0 ]; then echo "$@"; else cut -d ' ' -f 1 build/fuzz/fuzz_targets.txt; fi |
    xargs cmake --build build/fuzz -j "$(nproc)" --target
}

mkdir -p build/fuzz
if ! build "$@" >build/fuzz/build.log 2>&1; then
  tail -n 30 build/fuzz/build.log
  echo "fuzz: the targets do not build"
  exit 1
fi
while read -r name corpus; do
  if [ "$#" -eq 0 ] || [[ " $* " == *" $name "* ]]; then
    fuzz "$name" "$corpus"
  fi
done <build/fuzz/fuzz_targets.txt
if [ "${#failed[@]}" -gt 0 ]; then
  echo "fuzz: failed: ${failed[*]}"
  exit 1
fi
