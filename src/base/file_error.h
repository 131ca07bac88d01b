// SPDX-License-Identifier: MIT
#pragma once

#include <string>
#include <system_error>

#include "base/error.h"

namespace ginnel {

/// What errno says of `act`, as in `cannot open users.csv: No such file or directory`.
inline Error file_error(const std::string& act, int code) {
  return Error(ErrorKind::kInvalid, "cannot " + act + ": " + std::generic_category().message(code));
}

}  // namespace ginnel
