#!/usr/bin/env bash
# Builds and runs everything that needs no service set up by hand: the unit tests under
# AddressSanitizer + UBSan, with the checks of the tools, those of folders with threads again under
# ThreadSanitizer, the system tests against the release binary, and what a redirect of it costs.
# Ends with the time of each part and the tools' own closing lines.
#
#   tools/test.sh [PART ...]
#
# PART: unit (plain, what one builds while working), asan, tsan, system, hot (what a redirect
# costs). Without one: all but unit, of which CI runs a short form (tools/short.sh). Every part
# runs, also after a failure. With CI=true, unit leaves out the checks of the tools: lint ran them.
set -uo pipefail
cd "$(dirname "$0")/.." || exit 1

jobs="$(nproc)"
logs="$PWD/build/logs"
times=()
failed=()

# Runs a command as a named part; its output is kept in build/logs as well.
part() {
  local name="$1" began=$SECONDS outcome=passed
  shift
  echo "== $name"
  if ! "$@" 2>&1 | tee "$logs/$name.log"; then
    outcome=FAILED
    failed+=("$name")
  fi
  times+=("$(printf '%-14s %5d s  %s' "$name" "$((SECONDS - began))" "$outcome")")
  [ "$outcome" = passed ]
}

# The test programs and what they stand on. A folder that another compiler has built is begun anew.
build() {
  { cmake --preset "$1" || cmake --fresh --preset "$1"; } &&
    cmake --build "build/$1" -j "$jobs" --target test_programs
}

# What `make build` makes: the binary alone.
build_release() {
  cmake --preset release -DBUILD_TESTING=OFF &&
    cmake --build build/release -j "$jobs" --target ginnel
}

unit_tests() {
  ctest --test-dir "build/$1" -j "$jobs" --output-on-failure --no-tests=error "${@:2}"
}

# The same with what each program prints: how many tests it has. What UBSan finds ends a program;
# by default it is told, and the test passes.
sanitized_tests() {
  UBSAN_OPTIONS="halt_on_error=1:print_stacktrace=1" unit_tests "$1" -V "${@:2}" |
    grep -vE '^[0-9]+: (Test command|Working Directory|Environment|$)'
}

# One process more than there are cores: the tests wait for a third of their time.
system_tests() {
  PYTHONPYCACHEPREFIX="$PWD/build/pycache" /usr/bin/pytest-3 tests/system \
    -n "$((jobs + 1))" --dist loadfile -rs
}

run_part() {
  case "$1" in
    unit)
      part build-dev build dev || return
      local checks=()
      [ "${CI-}" != true ] || checks=(-L unit)
      part unit unit_tests dev "${checks[@]}"
      ;;
    asan) part build-asan build asan && part unit-asan sanitized_tests asan ;;
    tsan) part build-tsan build tsan && part unit-tsan sanitized_tests tsan -L unit ;;
    system) part build-release build_release && part system system_tests ;;
    hot) part build-release build_release && part unit-hot unit_tests release -V -L hot ;;
    *) echo "test: unknown part '$1'; one of unit, asan, tsan, system, hot" >&2; exit 2 ;;
  esac
}

closing_lines() {
  local log
  for log in "$logs"/unit*.log; do
    if [ -f "$log" ]; then
      echo "-- $(basename "$log" .log)"
      grep -E '^[0-9]+% tests passed|^Total Test time|^No tests were found' "$log"
    fi
  done
  if [ -f "$logs/system.log" ]; then
    echo "-- system"
    tail -n 1 "$logs/system.log"
  fi
}

mkdir -p "$logs"
rm -f "$logs"/*.log
[ "$#" -gt 0 ] || set -- asan tsan system hot
for word in "$@"; do
  run_part "$word"
done

echo "== times"
printf '%s\n' "${times[@]}"
echo "== closing lines"
closing_lines
if [ "${#failed[@]}" -gt 0 ]; then
  echo "test: failed: ${failed[*]}"
  exit 1
fi
echo "test: everything passed ($SECONDS s)"
