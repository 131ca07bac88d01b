// SPDX-License-Identifier: MIT
#include "base/terminal.h"

#include <cstdlib>
#include <string_view>
#include <unistd.h>

namespace ginnel {
namespace {

std::string_view variable(const char* name) noexcept {
  const char* const value = std::getenv(name);
  return value != nullptr ? value : "";
}

}  // namespace

bool takes_escapes(int descriptor) noexcept {
  return ::isatty(descriptor) == 1 && variable("TERM") != "dumb";
}

bool takes_colour(int descriptor) noexcept {
  return takes_escapes(descriptor) && variable("NO_COLOR").empty();
}

}  // namespace ginnel
