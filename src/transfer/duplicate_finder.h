// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/file_descriptor.h"
#include "base/result.h"
#include "base/sip_hash.h"

namespace ginnel::transfer {

/// A line that repeats what an earlier one says.
struct Duplicate {
  std::size_t column = 0;
  std::uint32_t line = 0;
  std::uint32_t first_line = 0;
};

/// Finds cells that a column holds twice, in files larger than memory should hold.
///
/// A cell is kept as 96 bits of a keyed hash and its line, 16 bytes, in one of 64 buckets a column
/// on disk, so that equal ones meet in a bucket; then bucket by bucket is sorted in memory. Among
/// ten million cells two that differ are taken for equal once in 10^15 files, and nobody can
/// choose them. Memory: 1.5 MiB, and some MiB while a bucket of the largest files is sorted. Used
/// by one thread at a time. What the disk refuses is kUnavailable; the detail says why.
class DuplicateFinder final {
 public:
  /// Keeps its file, which has no name, in `folder`.
  static Result<DuplicateFinder> make(const std::string& folder, std::size_t columns);

  /// Notes a cell. Lines of a column come in ascending order.
  Result<Done> add(std::size_t column, std::string_view cell, std::uint32_t line);

  /// Tells every cell that an earlier line has too, in no order. Called once, at the end.
  Result<Done> find(const std::function<void(const Duplicate&)>& tell);

 private:
  struct Entry {
    std::uint64_t hash = 0;
    std::uint32_t more_hash = 0;
    std::uint32_t line = 0;

    friend auto operator<=>(const Entry&, const Entry&) = default;

    bool same_cell(const Entry& other) const noexcept {
      return hash == other.hash && more_hash == other.more_hash;
    }
  };

  /// The entries of a bucket: chunks of the file, and what is not written yet.
  struct Bucket {
    std::vector<std::uint32_t> chunks;
    std::vector<Entry> rest;
  };

  DuplicateFinder(FileDescriptor file, std::size_t columns);

  Result<Done> write(Bucket& bucket);
  Result<Done> find_in(std::size_t place, const std::function<void(const Duplicate&)>& tell);
  Result<Done> read(std::uint32_t chunk, std::vector<Entry>& entries) const;

  FileDescriptor file_;
  SipKey key_ = SipKey::random();
  SipKey other_key_ = SipKey::random();
  std::vector<Bucket> buckets_;  ///< those of the first column, then those of the next
  std::uint32_t chunks_ = 0;     ///< in the file
};

}  // namespace ginnel::transfer
