// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "domain/timestamp.h"
#include "storage/click_sums.h"
#include "storage/sqlite/clicks/sums_cursor.h"

namespace ginnel::storage::sqlite {

/// A click as it is summed up.
struct TailClick {
  std::int64_t id = 0;
  std::int64_t user = 0;
  domain::Timestamp at;
  SummedClick sums;
};

/// Remembers the clicks that were stored last, in the order of their ids, so that they need not be
/// read again to be summed up.
///
/// Used on the writer's thread only. What it remembers may have been undone since, or more been
/// stored by somebody else: before it is used, it is to be told how far the database is.
class ClickTail final {
 public:
  /// Remembers at most so many clicks, which are 8 MB.
  explicit ClickTail(std::size_t limit = 100'000) : limit_(limit) {}

  /// Forgets what is summed up, and what the database does not have.
  void follow(const SumsCursor& cursor);

  /// Adds a batch that is stored behind `cursor`, with numbers below `end`. When there is no room,
  /// nothing is remembered until those that are have been summed up.
  void add(const SumsCursor& cursor, std::span<const TailClick> batch, std::int64_t end);

  /// The clicks from number `first` on, without a gap, as far as they are remembered.
  std::span<const TailClick> from(std::int64_t first) const noexcept;

 private:
  const std::size_t limit_;
  std::vector<TailClick> clicks_;
  std::int64_t begin_ = 0;  ///< all clicks from this id on,
  std::int64_t end_ = 0;    ///< and below this one
};

}  // namespace ginnel::storage::sqlite
