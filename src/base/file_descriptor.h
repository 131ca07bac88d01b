// SPDX-License-Identifier: MIT
#pragma once

#include <unistd.h>
#include <utility>

namespace ginnel {

/// Owns an open file and closes it.
class FileDescriptor final {
 public:
  /// -1, as open(2) fails, is none.
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

}  // namespace ginnel
