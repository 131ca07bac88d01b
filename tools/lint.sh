#!/usr/bin/env bash
# Every check that reads the code without running it. All of them run, then the exit status says
# whether all passed.
#
#   tools/lint.sh [--all]
#
# The slow ones, clang-tidy and the compiler, look at the files changed_files.sh names; --all: at
# all. With CI=true, where an hour has to do, they look at MOST_IN_CI of them, others with each
# commit, and it is said how many are left to `make lint-all`.
set -uo pipefail
cd "$(dirname "$0")/.." || exit 1

# 5 to 8 minutes of clang-tidy on two cores. What is compiled, `make unit` finds compiled.
readonly MOST_IN_CI=60
failed=()

check() {
  local name="$1" began=$SECONDS
  shift
  if "$@"; then
    echo "lint: $name passed ($((SECONDS - began)) s)"
  else
    failed+=("$name")
    echo "lint: $name FAILED ($((SECONDS - began)) s)"
  fi
}

all_cpp() { find src tests bench -name '*.h' -o -name '*.cc' | sort; }

# The C++ files of this run: everything, or what changed. A changed check concerns every file.
cpp_to_check() {
  if [ "$whole" = true ] || grep -qE '^(\.clang-tidy|tools/clang_flags\.sh)$' <<<"$changed"; then
    all_cpp
  else
    comm -12 <(all_cpp) <(printf '%s\n' "$changed" | sort)
  fi
}

# Sources that include what the build generates can only be read once that exists.
make_generated_headers() {
  cmake --preset dev >build/lint-configure.log 2>&1 || { cat build/lint-configure.log; return 1; }
  local headers
  mapfile -t headers < <(ninja -C build/dev -t targets rule CUSTOM_COMMAND | grep -E '^src/.*\.h$')
  [ "${#headers[@]}" -eq 0 ] || ninja -C build/dev "${headers[@]}" >/dev/null
}

check_format() { all_cpp | xargs -r -P"$(nproc)" -n20 clang-format-14 --dry-run -Werror; }

check_scripts() {
  { find . -name '*.sh' -not -path './build/*'; echo .ci/run ginnel; } | xargs shellcheck
}

check_python() {
  PYTHONPYCACHEPREFIX="$PWD/build/pycache" /usr/bin/python3 -m compileall -q tools tests bench
}

# clang-tidy on the named files, a process a file; its counts of warnings in other people's headers
# are left out.
tidy() {
  local options=("${@:2:$1}") files=("${@:2+$1}") flags
  [ "${#files[@]}" -gt 0 ] || return 0
  mapfile -t flags < <(tools/clang_flags.sh)
  printf '%s\0' "${files[@]}" |
    xargs -0 -P"$(nproc)" -I{} clang-tidy-14 --quiet "${options[@]}" {} -- "${flags[@]}" \
      2> >(grep -vE '^[0-9]+ warnings?( and [0-9]+ errors?)? (generated|treated)' >&2)
}

# Of the C++ files of this run those that the slow checks look at.
cpp_to_read() {
  if [ "${CI-}" = true ] && [ "$whole" = false ] && [ "${#cpp[@]}" -gt "$MOST_IN_CI" ]; then
    echo "lint: slow checks look at $MOST_IN_CI of ${#cpp[@]} files; make lint-all at the rest" >&2
    printf '%s\n' "${cpp[@]}" |
      shuf -n "$MOST_IN_CI" --random-source=<(yes "$(git rev-parse HEAD 2>/dev/null)")
  else
    printf '%s\n' "${cpp[@]}"
  fi
}

# GoogleTest's assertions are nested branches once they are expanded, which says nothing of a test.
check_tidy() {
  local tests sources status=0
  mapfile -t tests < <(printf '%s\n' "${chosen[@]}" | grep '_test\.cc$')
  mapfile -t sources < <(printf '%s\n' "${chosen[@]}" | grep -v '_test\.cc$' | grep .)
  tidy 0 "${sources[@]}" || status=1
  tidy 1 --checks=-readability-function-cognitive-complexity "${tests[@]}" || status=1
  return "$status"
}

whole=false
case "${1-}" in
  --all) whole=true ;;
  '') ;;
  *) echo "usage: $0 [--all]" >&2; exit 2 ;;
esac

mkdir -p build
changed="$(tools/changed_files.sh)" || exit 1
mapfile -t cpp < <(cpp_to_check)
mapfile -t chosen < <(cpp_to_read)
echo "lint: ${#cpp[@]} C++ files for clang-tidy and the compiler"

check format check_format
check text tools/check_text.py
check layers tools/check_layers.py
check scripts check_scripts
check python check_python
check "generated headers" make_generated_headers
check awaits tools/check_await.sh
check "each alone" tools/check_alone.sh "${chosen[@]}"
check clang-tidy check_tidy

if [ "${#failed[@]}" -gt 0 ]; then
  echo "lint: failed: ${failed[*]}"
  exit 1
fi
echo "lint: everything passed ($SECONDS s)"
