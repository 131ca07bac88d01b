// SPDX-License-Identifier: MIT
#include "observability/version.h"

namespace ginnel::observability {

#ifndef GINNEL_VERSION  // this folder's CMakeLists.txt defines it; tools that only read do not know
#define GINNEL_VERSION "0.0.0"
#endif

std::string version() {
  return GINNEL_VERSION;
}

std::string compiler_version() {
#if defined(__clang__)
  return "clang++ " __clang_version__;
#else
  return "g++ " __VERSION__;
#endif
}

}  // namespace ginnel::observability
