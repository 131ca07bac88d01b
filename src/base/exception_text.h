// SPDX-License-Identifier: MIT
#pragma once

#include <exception>
#include <new>
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

/// Whether it is std::bad_alloc; not when it is null.
inline bool is_for_want_of_memory(const std::exception_ptr& thrown) noexcept {
  if (!thrown) {
    return false;
  }
  try {
    std::rethrow_exception(thrown);
  } catch (const std::bad_alloc&) {
    return true;
  } catch (...) {
    return false;
  }
}

}  // namespace ginnel
