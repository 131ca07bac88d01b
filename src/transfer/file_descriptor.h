// SPDX-License-Identifier: MIT
#pragma once

#include <string>
#include <system_error>
#include <unistd.h>
#include <utility>

#include "base/error.h"

namespace ginnel::transfer {

/// Owns an open file and closes it.
class FileDescriptor final {
 public:
  explicit FileDescriptor(int number = -1) noexcept : number_(number) {}
  FileDescriptor(FileDescriptor&& other) noexcept : number_(std::exchange(other.number_, -1)) {}
  FileDescriptor& operator=(FileDescriptor&& other) noexcept {
    std::swap(number_, other.number_);
    return *this;
  }
  ~FileDescriptor() {
    if (is_open()) {
      ::close(number_);
    }
  }

  bool is_open() const noexcept { return number_ >= 0; }
  int number() const noexcept { return number_; }

 private:
  int number_;
};

/// What errno says of `act`, as in `cannot open users.csv: No such file or directory`.
inline Error file_error(const std::string& act, int code) {
  return Error(ErrorKind::kInvalid, "cannot " + act + ": " + std::generic_category().message(code));
}

}  // namespace ginnel::transfer
