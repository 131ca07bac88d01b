// SPDX-License-Identifier: MIT
#pragma once

#include <atomic>
#include <cstdio>
#include <fstream>
#include <string>
#include <unistd.h>

namespace ginnel::config {

/// A file with this text in the folder for temporary files, for a test; removed with the object.
class TemporaryFile final {
 public:
  explicit TemporaryFile(const std::string& text) : path_(new_path()) {
    std::ofstream(path_, std::ios::binary) << text;
  }
  ~TemporaryFile() { static_cast<void>(std::remove(path_.c_str())); }
  TemporaryFile(const TemporaryFile&) = delete;
  TemporaryFile& operator=(const TemporaryFile&) = delete;

  const std::string& path() const { return path_; }

 private:
  static std::string new_path() {
    static std::atomic<int> count = 0;
    return "/tmp/ginnel_config_test." + std::to_string(::getpid()) + "." + std::to_string(++count);
  }

  std::string path_;
};

}  // namespace ginnel::config
