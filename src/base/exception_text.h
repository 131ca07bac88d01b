// SPDX-License-Identifier: MIT
#pragma once

#include <exception>
#include <string>

namespace ginnel {

/// What an exception says of itself, for the log. `thrown` must not be null.
inline std::string exception_text(const std::exception_ptr& thrown) {
  try {
    std::rethrow_exception(thrown);
  } catch (const std::exception& error) {
    return error.what();
  } catch (...) {
    return "unknown exception";
  }
}

}  // namespace ginnel
