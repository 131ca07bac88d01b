// SPDX-License-Identifier: MIT
#include "config/read_file.h"

#include <cerrno>
#include <fstream>
#include <iterator>
#include <system_error>

namespace ginnel::config {

Result<std::string> read_file(const std::string& path) {
  errno = 0;
  std::ifstream file(path, std::ios::binary);
  std::string text;
  if (file) {
    text.assign(std::istreambuf_iterator<char>(file), {});
  }
  // Opening a folder succeeds; only reading it tells.
  if (!file || errno == EISDIR) {
    return Error(ErrorKind::kInvalid, std::generic_category().message(errno != 0 ? errno : EIO));
  }
  return text;
}

}  // namespace ginnel::config
