// SPDX-License-Identifier: MIT
#pragma once

#include <optional>
#include <string>
#include <sys/types.h>

namespace ginnel {

/// Which file a name stood for when this was made, to be asked later whether it still does. It
/// opens nothing: closing a file of SQLite's would end the locks that SQLite has on it.
class FileMark final {
 public:
  enum class State {
    kInPlace,
    kMissing,   ///< nothing has the name
    kReplaced,  ///< another file has it
  };

  /// Nothing when no file has the name.
  static std::optional<FileMark> of(const std::string& path);

  State state() const noexcept;
  const std::string& path() const noexcept { return path_; }

 private:
  FileMark(std::string path, dev_t device, ino_t number)
      : path_(std::move(path)), device_(device), number_(number) {}

  std::string path_;
  dev_t device_;
  ino_t number_;
};

}  // namespace ginnel
