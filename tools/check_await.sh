#!/usr/bin/env bash
# Fails when a statement that awaits is one of those g++ 12 miscompiles (tools/await.query).
#
#   tools/check_await.sh [FILE ...]
#
# Without a FILE: every source and header under src/ and tests/ that awaits. The files of a folder
# are read together, in parallel with other folders'; where that fails, one by one, which tells
# whose fault it is. A file that clang cannot parse fails too: nothing was checked then.
set -euo pipefail
cd "$(dirname "$0")/.."

# Asks the query of the files, as one source that includes them.
query() {
  local source out
  source="$(mktemp --suffix=.cc build/lint/await-XXXXXX)"
  printf '#include "%s"\n' "$@" >"$source"
  out="$(clang-query-14 -f tools/await.query "$source" -- -iquote . "${flags[@]}" 2>&1)" || true
  rm "$source"
  # The query closes with its count; anything else means that it did not run.
  if ! grep -q '^0 matches\.$' <<<"$out" || grep -q 'error:' <<<"$out"; then
    echo "$out"
    return 1
  fi
}

check_folder() {
  local file out status=0
  [ "$#" -eq 1 ] || ! query "$@" >/dev/null || return 0
  for file in "$@"; do
    if ! out="$(query "$file")"; then
      echo "$file: an awaiting statement that g++ 12 breaks, or a file that clang cannot read"
      echo "$out"
      status=1
    fi
  done
  return "$status"
}

mapfile -t flags < <(tools/clang_flags.sh)
if [ "${1-}" = --folder ]; then
  check_folder "${@:2}"
  exit
fi

if [ "$#" -gt 0 ]; then
  candidates=("$@")
else
  mapfile -t candidates < <(find src tests -name '*.cc' -o -name '*.h' | sort)
fi
declare -A folders
awaiting=0
for file in "${candidates[@]}"; do
  if grep -qE 'co_(await|yield)' "$file"; then
    folders["$(dirname "$file")"]+=" $file"
    awaiting=$((awaiting + 1))
  fi
done
if [ "$awaiting" -gt 0 ]; then
  printf '%s\n' "${folders[@]}" | xargs -P"$(nproc)" -L1 tools/check_await.sh --folder
fi
echo "await: $awaiting files that await, no statement g++ 12 would break"
