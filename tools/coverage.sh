#!/usr/bin/env bash
# Counts the lines of src/ that the tests reach, and fails when they are fewer than LEAST percent:
# the unit tests, and those system tests whose server ends in peace (a process that is killed writes
# no counts). Writes build/coverage/report.html.
#
#   tools/coverage.sh [FOLDER ...]
#
# With folders of src: only their unit tests are built and run, and nothing is judged.
#
# Left out: nothing but what is no code of the service, which is the tests themselves (*_test.cc,
# *_contract.h, *_fixture.h) and the fuzz targets (*_fuzz.cc).
set -euo pipefail
cd "$(dirname "$0")/.."

readonly LEAST=92
jobs="$(nproc)"

report() {
  gcovr -j "$jobs" --root . --filter src/ \
    --exclude '.*_(test|fuzz)\.cc' --exclude '.*_(contract|fixture)\.h' \
    --print-summary --html-details build/coverage/report.html "$@" build/coverage
}

cmake --preset coverage
if [ "$#" -gt 0 ]; then
  cmake --build build/coverage -j "$jobs" --target "${@/%/_test}"
  find build/coverage -name '*.gcda' -delete
  ctest --test-dir build/coverage -j "$jobs" -R "^($(IFS='|'; echo "$*"))_test$" \
    --output-on-failure --no-tests=error
  report
  exit
fi
cmake --build build/coverage -j "$jobs"
find build/coverage -name '*.gcda' -delete

ctest --test-dir build/coverage -j "$jobs" -L unit --output-on-failure --no-tests=error
mapfile -t peaceful < <(ls tests/system/test_{cli,clicks,conditional,guards,import,page,qr}.py \
  tests/system/test_{idempotency,metrics_logs,problems,served_import,users_metadata}.py \
  tests/system/test_{cli,contract}_*.py)
PYTHONPYCACHEPREFIX="$PWD/build/pycache" GINNEL_BINARY="$PWD/build/coverage/bin/ginnel" \
  /usr/bin/pytest-3 -q "${peaceful[@]}"

report --fail-under-line "$LEAST"
