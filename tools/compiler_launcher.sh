#!/bin/sh
# CMake's compiler launcher: ccache where it is installed. The two kinds of sloppiness are what
# ccache's manual asks for before it caches objects that use a precompiled header.
if command -v ccache >/dev/null 2>&1; then
  CCACHE_SLOPPINESS=pch_defines,time_macros CCACHE_PCH_EXTSUM=1 exec ccache "$@"
fi
exec "$@"
