// SPDX-License-Identifier: MIT
#include "base/file_mark.h"

#include <sys/stat.h>
#include <utility>

namespace ginnel {

std::optional<FileMark> FileMark::of(const std::string& path) {
  struct stat found {};
  if (::stat(path.c_str(), &found) != 0) {
    return std::nullopt;
  }
  return FileMark(path, found.st_dev, found.st_ino);
}

FileMark::State FileMark::state() const noexcept {
  struct stat found {};
  if (::stat(path_.c_str(), &found) != 0) {
    return State::kMissing;
  }
  return found.st_dev == device_ && found.st_ino == number_ ? State::kInPlace : State::kReplaced;
}

}  // namespace ginnel
