#!/usr/bin/env bash
# Fails when a statement that awaits is one of those g++ 12 miscompiles (tools/await.query).
#
#   tools/check_await.sh [FILE ...]
#
# Without a FILE: every source and header under src/ and tests/ that awaits. 1-2 s a file, in
# parallel. A file that clang cannot parse fails too: nothing was checked then.
set -euo pipefail
cd "$(dirname "$0")/.."

check_one() {
  local file="$1" out
  out="$(clang-query-14 -f tools/await.query "$file" -- "${flags[@]}" 2>&1)" || true
  # The query closes with its count; anything else means that it did not run.
  if ! grep -q '^0 matches\.$' <<<"$out" || grep -q 'error:' <<<"$out"; then
    echo "$file: an awaiting statement that g++ 12 breaks, or a file that clang cannot read"
    echo "$out"
    return 1
  fi
}

mapfile -t flags < <(tools/clang_flags.sh)
if [ "${1-}" = --one ]; then
  check_one "$2"
  exit
fi

if [ "$#" -gt 0 ]; then
  candidates=("$@")
else
  mapfile -t candidates < <(find src tests -name '*.cc' -o -name '*.h' | sort)
fi
awaiting=()
for file in "${candidates[@]}"; do
  if grep -qE 'co_(await|yield)' "$file"; then
    awaiting+=("$file")
  fi
done
if [ "${#awaiting[@]}" -gt 0 ]; then
  printf '%s\0' "${awaiting[@]}" | xargs -0 -n1 -P"$(nproc)" tools/check_await.sh --one
fi
echo "await: ${#awaiting[@]} files that await, no statement g++ 12 would break"
