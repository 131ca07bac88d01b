#!/usr/bin/env bash
# Prints the flags that clang-tidy and clang-query parse our files with, one a line. Fixed, not
# from a compile database: that one names g++'s precompiled headers, which clang cannot read.
# Headers that the build generates are taken from a build that has them: lint.sh has them made in
# build/dev, test.sh begins with build/asan. The headers of base/precompiled.h are read once, into
# build/lint, which halves what a file of coroutines takes.
cd "$(dirname "$0")/.." || exit 1

flags=(-xc++ -std=c++20 -Isrc -Itests -isystem "$(pkg-config --variable=includedir libpq)"
  -Wno-pragma-once-outside-header
  -DBOOST_ASIO_SEPARATE_COMPILATION -DBOOST_ASIO_NO_DEPRECATED -DSPDLOG_COMPILED_LIB
  -DSPDLOG_FMT_EXTERNAL '-DGINNEL_CONFIGURATION_PAGE="docs/configuration.md"'
  '-DGINNEL_DATA_FOLDER="tests/data"')

header=src/base/precompiled.h
precompiled=build/lint/precompiled.pch
# Older than its header, or than the last change of a package: clang would refuse it.
if [ ! "$precompiled" -nt "$header" ] || [ ! "$precompiled" -nt /var/lib/dpkg/status ]; then
  mkdir -p build/lint
  clang++-14 "${flags[@]}" -x c++-header "$header" -o "$precompiled" || exit 1
fi

printf '%s\n' -include-pch "$precompiled" "${flags[@]}"
for build in build/dev build/asan; do
  if [ -d "$build/src" ]; then
    find "$build/src" -name '*.h' -not -path '*/CMakeFiles/*' -printf '-I%h\n' | sort -u
    break
  fi
done
