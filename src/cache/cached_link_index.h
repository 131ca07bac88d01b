// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string_view>
#include <vector>

#include "cache/cached_link.h"

namespace ginnel::cache {

/// Finds entries by code. Owns its slots, not the entries.
///
/// Open addressing with linear probing in many small tables that grow one at a time, so that no
/// insertion ever moves more than a few hundred slots. A slot is eight bytes: the entry's address
/// and 16 bits of its code's hash. Those bits alone say where the slot belongs, so growing and
/// removing never touch the entries, and a lookup touches hardly any entry but the right one.
class CachedLinkIndex final {
 public:
  /// An index that is quick with up to `expected_entries`.
  explicit CachedLinkIndex(std::size_t expected_entries);

  /// The entry with this code, or null.
  CachedLink* find(std::uint64_t hash, std::string_view code) const noexcept;

  /// Memory that `insert` would ask for, while a table moves to larger quarters: usually 0.
  std::size_t growth_bytes(std::uint64_t hash) const noexcept;

  /// Adds an entry whose code is not there yet. False when there is no memory.
  bool insert(std::uint64_t hash, CachedLink& entry) noexcept;

  /// Removes an entry that is there.
  void remove(std::uint64_t hash, const CachedLink& entry) noexcept;

  /// Removes everything and gives the slots back.
  void clear() noexcept;

  /// Memory held by the slots.
  std::size_t bytes() const noexcept { return bytes_; }

 private:
  using Slot = std::uint64_t;  ///< 0 is an empty one

  struct Table {
    std::unique_ptr<Slot[]> slots;
    std::uint32_t capacity = 0;
    std::uint32_t used = 0;
  };

  std::size_t table_of(std::uint64_t hash) const noexcept {
    return ((hash >> 32u) * tables_.size()) >> 32u;
  }
  bool grow(Table& table) noexcept;

  std::vector<Table> tables_;
  std::size_t bytes_ = 0;
};

}  // namespace ginnel::cache
