// SPDX-License-Identifier: MIT
#include "config/secret_file.h"

#include "config/read_file.h"
#include "config/readers.h"

namespace ginnel::config {

Result<std::string> read_secret_file(const std::string& path) {
  Result<std::string> text = read_file(path);
  if (!text) {
    return Error(ErrorKind::kInvalid, path + " cannot be read: " + text.error().message);
  }
  if (trimmed(*text).empty()) {
    return Error(ErrorKind::kInvalid, path + " is empty");
  }
  return std::string(trimmed(*text));
}

}  // namespace ginnel::config
