// SPDX-License-Identifier: MIT
#pragma once

#include <string>
#include <sys/types.h>
#include <utility>

#include "base/file_descriptor.h"
#include "base/result.h"

namespace ginnel {

/// A file that appears under its name whole or not at all. It is written as `PATH.partial`, which
/// is locked meanwhile; `keep` forces it to the disk and renames it. One that is not kept is
/// deleted, and one that a killed process left is written anew.
class WholeFile final {
 public:
  /// What becomes of a file that has the name already.
  enum class IfThere { kRefuse, kReplace };

  /// Makes the empty file. A symbolic link stands for the file behind it. Fails with kConflict when
  /// another process is writing it, with kInvalid when it cannot be made.
  static Result<WholeFile> make(const std::string& path, mode_t mode);

  WholeFile(WholeFile&&) noexcept = default;
  WholeFile& operator=(WholeFile&&) = delete;
  ~WholeFile();

  const std::string& partial_path() const noexcept { return partial_path_; }
  int number() const noexcept { return file_.number(); }

  /// Gives it its name, for good: the last call. Fails with kConflict when the name is taken and
  /// `if_there` says kRefuse, with kInvalid when the disk fails.
  Result<Done> keep(IfThere if_there);

  /// The same when a file has the name and is to stay, as `other`: in one step the two change
  /// places, so that whenever the process is killed, each name stands for one whole file and no
  /// file has two. Killed before that step, `other` is a copy of the new file, which never was in
  /// use. Fails with kConflict when `other` is taken, with kInvalid when the disk fails.
  Result<Done> keep_and_rename(const std::string& other);

 private:
  WholeFile(std::string path, FileDescriptor file)
      : path_(std::move(path)), partial_path_(path_ + ".partial"), file_(std::move(file)) {}

  Result<Done> claim();
  bool rename(IfThere if_there) const;
  Result<Done> sync_name();

  std::string path_;
  std::string partial_path_;
  FileDescriptor file_;  ///< open until the file is kept
};

}  // namespace ginnel
