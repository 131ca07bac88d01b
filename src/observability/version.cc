// SPDX-License-Identifier: MIT
#include "observability/version.h"

namespace ginnel::observability {

std::string version() {
  return GINNEL_VERSION;
}  // defined by this folder's CMakeLists.txt

std::string compiler_version() {
#if defined(__clang__)
  return "clang++ " __clang_version__;
#else
  return "g++ " __VERSION__;
#endif
}

}  // namespace ginnel::observability
