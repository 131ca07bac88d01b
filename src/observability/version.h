// SPDX-License-Identifier: MIT
#pragma once

#include <string>

namespace ginnel::observability {

/// The version of this binary, as in CMakeLists.txt: `0.1.0`.
std::string version();

/// The compiler that made it: `g++ 12.2.0`.
std::string compiler_version();

}  // namespace ginnel::observability
