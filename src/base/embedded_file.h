// SPDX-License-Identifier: MIT
#pragma once

#include <string_view>

namespace ginnel::base {

/// A file that the build put into the binary (cmake/EmbedFiles.cmake).
struct EmbeddedFile {
  std::string_view name;  ///< without its folder
  std::string_view contents;
  std::string_view sha256 = {};  ///< of the contents, 64 lower-case hex digits
};

}  // namespace ginnel::base
