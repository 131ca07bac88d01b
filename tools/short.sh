#!/usr/bin/env bash
# Short forms of what CONTRIBUTING tells people to run and neither `make lint` nor `make test` runs:
# the same commands on less, so that CI notices when one of them works no more.
#
#   tools/short.sh [VERB ...]
#
# unit: all of it, since only its compiler and its -O1 see some things; the checks of the tools,
#   which lint and the sanitized tests run, are left out. 18 minutes on two cores without a
#   compiler's cache (2026-11-30, AMD EPYC, beside light other work), mostly g++'s.
# coverage: the unit tests of two folders, without a verdict. The gate would cost ten minutes, and
#   finds what no commit breaks unseen.
# fuzz: one target, another with each commit, for some seconds. All of them replay their corpora in
#   `make test`.
# bench: three rows, one round of a second: the programs build and the peers answer.
# docs, format: whole; nothing may be different afterwards.
# Without a VERB: all, some twenty minutes. `make run` is `make build` and what system tests start.
set -uo pipefail
cd "$(dirname "$0")/.." || exit 1

failed=()

short() {
  local name="$1" began=$SECONDS
  shift
  echo "== $name, short"
  if "$@"; then
    echo "short: $name passed ($((SECONDS - began)) s)"
  else
    failed+=("$name")
    echo "short: $name FAILED ($((SECONDS - began)) s)"
  fi
}

# Fails when the command changes one of the files, which are named after a `--`.
changes_nothing() {
  local command=()
  while [ "$1" != -- ]; do
    command+=("$1")
    shift
  done
  shift
  local before
  before="$(sha256sum "$@")"
  "${command[@]}" || return 1
  sha256sum --check --quiet <<<"$before"
}

one_fuzz_target() {
  grep -rhoP '^ginnel_fuzz\(\K\w+' src --include=CMakeLists.txt | sort |
    shuf -n 1 --random-source=<(yes "$(git rev-parse HEAD 2>/dev/null)")
}

run_verb() {
  local sources
  case "$1" in
    unit) short unit env CI=true tools/test.sh unit ;;
    coverage) short coverage tools/coverage.sh base http ;;
    fuzz) GINNEL_FUZZ_SECONDS=5 short fuzz tools/fuzz.sh "$(one_fuzz_target)" ;;
    bench)
      short bench make build
      short bench bench/run.py --rounds 1 --seconds 1 redirect create memory
      ;;
    docs) short docs changes_nothing make docs -- docs/configuration.md ;;
    format)
      mapfile -t sources < <(find src tests bench -name '*.h' -o -name '*.cc')
      short format changes_nothing make format -- "${sources[@]}"
      ;;
    *)
      echo "short: unknown verb '$1'; one of unit, coverage, fuzz, bench, docs, format" >&2
      exit 2
      ;;
  esac
}

[ "$#" -gt 0 ] || set -- format docs unit fuzz coverage bench
for verb in "$@"; do
  run_verb "$verb"
done
if [ "${#failed[@]}" -gt 0 ]; then
  echo "short: failed: ${failed[*]}"
  exit 1
fi
echo "short: everything passed ($SECONDS s)"
