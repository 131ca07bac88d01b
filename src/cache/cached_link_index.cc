// SPDX-License-Identifier: MIT
#include "cache/cached_link_index.h"

#include <algorithm>
#include <cassert>
#include <new>
#include <utility>

namespace ginnel::cache {
namespace {

/// Entries a table is meant for: 4 KiB of slots, moved within a microsecond or two.
constexpr std::size_t kEntriesPerTable = 384;
constexpr std::uint32_t kSmallestTable = 6;
/// The tag has 16 bits, so a larger table could not use its slots.
constexpr std::uint32_t kLargestTable = 65'536;

constexpr unsigned kTagShift = 48;
constexpr std::uint64_t kAddressMask = (std::uint64_t{1} << kTagShift) - 1;

// Linux gives a process addresses of 47 bits (x86-64) or 48 (AArch64) unless it asks for more.
static_assert(sizeof(void*) == sizeof(std::uint64_t), "a slot holds an address and 16 bits more");

std::uint64_t slot_of(std::uint64_t hash, const CachedLink& entry) noexcept {
  const auto address = reinterpret_cast<std::uintptr_t>(&entry);
  assert((address & ~kAddressMask) == 0);
  return (hash << kTagShift) | address;
}

CachedLink* entry_of(std::uint64_t slot) noexcept {
  const std::uint64_t address = slot & kAddressMask;
  return reinterpret_cast<CachedLink*>(address);  // NOLINT(performance-no-int-to-ptr): see slot_of
}

std::uint64_t tag_of(std::uint64_t slot) noexcept {
  return slot >> kTagShift;
}

std::uint32_t home_of(std::uint64_t tag, std::uint32_t capacity) noexcept {
  return static_cast<std::uint32_t>((tag * capacity) >> 16u);
}

std::uint32_t next(std::uint32_t position, std::uint32_t capacity) noexcept {
  return position + 1 == capacity ? 0 : position + 1;
}

/// Half as large again, so that tables are between one half and three quarters full.
std::uint32_t larger(std::uint32_t capacity) noexcept {
  return std::min(kLargestTable, std::max(kSmallestTable, capacity + capacity / 2));
}

bool is_full(std::uint32_t used, std::uint32_t capacity) noexcept {
  return used + 1 > capacity - capacity / 4;
}

void place(std::uint64_t* slots, std::uint32_t capacity, std::uint64_t slot) noexcept {
  std::uint32_t position = home_of(tag_of(slot), capacity);
  while (slots[position] != 0) {
    position = next(position, capacity);
  }
  slots[position] = slot;
}

}  // namespace

CachedLinkIndex::CachedLinkIndex(std::size_t expected_entries)
    : tables_(expected_entries / kEntriesPerTable + 1),
      bytes_(allocated_bytes(tables_.size() * sizeof(Table))) {}

CachedLink* CachedLinkIndex::find(std::uint64_t hash, std::string_view code) const noexcept {
  const Table& table = tables_[table_of(hash)];
  if (table.capacity == 0) {
    return nullptr;
  }
  const std::uint64_t tag = hash & 0xffffu;
  std::uint32_t position = home_of(tag, table.capacity);
  for (Slot slot = table.slots[position]; slot != 0; slot = table.slots[position]) {
    if (tag_of(slot) == tag && entry_of(slot)->code() == code) {
      return entry_of(slot);
    }
    position = next(position, table.capacity);
  }
  return nullptr;
}

std::size_t CachedLinkIndex::growth_bytes(std::uint64_t hash) const noexcept {
  const Table& table = tables_[table_of(hash)];
  if (!is_full(table.used, table.capacity)) {
    return 0;
  }
  return allocated_bytes(larger(table.capacity) * sizeof(Slot));
}

bool CachedLinkIndex::insert(std::uint64_t hash, CachedLink& entry) noexcept {
  Table& table = tables_[table_of(hash)];
  if (is_full(table.used, table.capacity) && !grow(table)) {
    return false;
  }
  place(table.slots.get(), table.capacity, slot_of(hash, entry));
  ++table.used;
  return true;
}

bool CachedLinkIndex::grow(Table& table) noexcept {
  const std::uint32_t capacity = larger(table.capacity);
  if (capacity == table.capacity) {
    return false;
  }
  std::unique_ptr<Slot[]> slots(new (std::nothrow) Slot[capacity]());
  if (slots == nullptr) {
    return false;
  }
  for (std::uint32_t i = 0; i < table.capacity; ++i) {
    if (table.slots[i] != 0) {
      place(slots.get(), capacity, table.slots[i]);
    }
  }
  if (table.capacity != 0) {
    bytes_ -= allocated_bytes(table.capacity * sizeof(Slot));
  }
  bytes_ += allocated_bytes(capacity * sizeof(Slot));
  table.slots = std::move(slots);
  table.capacity = capacity;
  return true;
}

void CachedLinkIndex::remove(std::uint64_t hash, const CachedLink& entry) noexcept {
  Table& table = tables_[table_of(hash)];
  const std::uint32_t capacity = table.capacity;
  Slot* const slots = table.slots.get();
  std::uint32_t hole = home_of(hash & 0xffffu, capacity);
  while (slots[hole] != slot_of(hash, entry)) {
    assert(slots[hole] != 0);
    hole = next(hole, capacity);
  }
  // Knuth, volume 3, algorithm 6.4R: what follows moves up unless that puts it before its home.
  for (std::uint32_t i = next(hole, capacity); slots[i] != 0; i = next(i, capacity)) {
    const std::uint32_t home = home_of(tag_of(slots[i]), capacity);
    const std::uint32_t from_home = i >= home ? i - home : i + capacity - home;
    const std::uint32_t from_hole = i >= hole ? i - hole : i + capacity - hole;
    if (from_home >= from_hole) {
      slots[hole] = slots[i];
      hole = i;
    }
  }
  slots[hole] = 0;
  --table.used;
}

void CachedLinkIndex::clear() noexcept {
  for (Table& table : tables_) {
    table = Table();
  }
  bytes_ = allocated_bytes(tables_.size() * sizeof(Table));
}

}  // namespace ginnel::cache
