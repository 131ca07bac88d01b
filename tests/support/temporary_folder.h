// SPDX-License-Identifier: MIT
#pragma once

#include <cstdlib>
#include <filesystem>
#include <stdexcept>
#include <string>
#include <system_error>

namespace ginnel::support {

/// A new, empty folder for one test; deleted with all that is in it. In memory where the system has
/// a place for that: hundreds of files are synced in the tests, and none of them tests the disk.
class TemporaryFolder final {
 public:
  TemporaryFolder() : path_((parent() / "ginnel-XXXXXX").string()) {
    if (::mkdtemp(path_.data()) == nullptr) {
      throw std::runtime_error("no temporary folder can be made");
    }
  }
  TemporaryFolder(const TemporaryFolder&) = delete;
  TemporaryFolder& operator=(const TemporaryFolder&) = delete;
  ~TemporaryFolder() {
    std::error_code ignored;
    std::filesystem::remove_all(path_, ignored);
  }

  const std::string& path() const noexcept { return path_; }

  std::string file(const std::string& name) const { return path_ + "/" + name; }

 private:
  static std::filesystem::path parent() {
    std::error_code failed;
    const std::filesystem::path memory = "/dev/shm";
    return std::filesystem::is_directory(memory, failed) ? memory
                                                         : std::filesystem::temp_directory_path();
  }

  std::string path_;
};

}  // namespace ginnel::support
