// SPDX-License-Identifier: MIT
#include "domain/hyperloglog.h"

#include <algorithm>
#include <array>
#include <bit>
#include <cmath>
#include <limits>
#include <numbers>

namespace ginnel::domain {

namespace {

constexpr unsigned kRankBits = 6;
constexpr std::uint32_t kRankMask = (1u << kRankBits) - 1;
constexpr unsigned kHashBits = 64 - HyperLogLog::kPrecision;  ///< that are left for the rank
constexpr std::uint32_t kMaxRank = kHashBits + 1;

constexpr char kSparse = 1;
constexpr char kDense = 2;
constexpr std::size_t kEntryBytes = 3;
constexpr std::size_t kDenseBytes = HyperLogLog::kRegisters * kRankBits / 8;

/// The most entries that take less room than the dense form.
constexpr std::size_t kMaxEntries = (kDenseBytes - 1) / kEntryBytes;

constexpr std::uint32_t entry_of(std::size_t number, std::uint32_t rank) noexcept {
  return static_cast<std::uint32_t>(number << kRankBits) | rank;
}

constexpr std::uint32_t number_of(std::uint32_t entry) noexcept {
  return entry >> kRankBits;
}

constexpr std::uint32_t rank_of(std::uint32_t entry) noexcept {
  return entry & kRankMask;
}

constexpr bool is_rank(std::uint32_t rank) noexcept {
  return rank >= 1 && rank <= kMaxRank;
}

/// Ertl's correction for registers that were never hit; `share` of them is below 1.
double sigma(double share) {
  double weight = 1;
  double sum = share;
  double before = -1;
  while (sum != before) {
    share *= share;
    before = sum;
    sum += share * weight;
    weight += weight;
  }
  return sum;
}

/// His correction for registers that are full; `share` of the others.
double tau(double share) {
  if (share == 0 || share == 1) {
    return 0;
  }
  double weight = 1;
  double sum = 1 - share;
  double before = -1;
  while (sum != before) {
    share = std::sqrt(share);
    before = sum;
    weight /= 2;
    sum -= (1 - share) * (1 - share) * weight;
  }
  return sum / 3;
}

/// How many registers have each rank.
using Histogram = std::array<std::uint32_t, kMaxRank + 1>;

double estimate_of(const Histogram& counts) {
  constexpr double kCount = HyperLogLog::kRegisters;
  if (counts[0] == HyperLogLog::kRegisters) {
    return 0;
  }
  double sum = kCount * tau(1 - counts[kMaxRank] / kCount);
  for (std::size_t rank = kMaxRank - 1; rank >= 1; --rank) {
    sum = (sum + counts[rank]) / 2;
  }
  sum += kCount * sigma(counts[0] / kCount);
  return kCount * kCount / (2 * std::numbers::ln2 * sum);
}

std::string packed(const std::vector<std::uint8_t>& ranks) {
  std::string bytes(1, kDense);
  bytes.reserve(HyperLogLog::kMaxEncodedBytes);
  for (std::size_t number = 0; number < ranks.size(); number += 4) {
    const std::uint32_t four = std::uint32_t{ranks[number]} << 18u |
                               std::uint32_t{ranks[number + 1]} << 12u |
                               std::uint32_t{ranks[number + 2]} << 6u | ranks[number + 3];
    bytes += static_cast<char>(four >> 16u);
    bytes += static_cast<char>(four >> 8u);
    bytes += static_cast<char>(four);
  }
  return bytes;
}

/// The number that the three bytes at `at` spell.
std::uint32_t three_bytes(std::string_view bytes, std::size_t at) noexcept {
  const auto byte = [&](std::size_t place) {
    return std::uint32_t{static_cast<unsigned char>(bytes[place])};
  };
  return byte(at) << 16u | byte(at + 1) << 8u | byte(at + 2);
}

/// The ranks, or none when it is not what `packed` gave.
std::vector<std::uint8_t> unpacked(std::string_view bytes) {
  std::vector<std::uint8_t> ranks;
  if (bytes.size() != kDenseBytes) {
    return ranks;
  }
  ranks.reserve(HyperLogLog::kRegisters);
  std::size_t used = 0;
  bool valid = true;
  for (std::size_t at = 0; at < bytes.size(); at += 3) {
    const std::uint32_t four = three_bytes(bytes, at);
    for (const unsigned shift : {18u, 12u, 6u, 0u}) {
      const std::uint32_t rank = four >> shift & kRankMask;
      used += rank > 0 ? 1 : 0;
      valid = valid && rank <= kMaxRank;
      ranks.push_back(static_cast<std::uint8_t>(rank));
    }
  }
  if (!valid || used <= kMaxEntries) {
    ranks.clear();
  }
  return ranks;
}

/// The entries, or nothing when they are not in order.
std::optional<std::vector<std::uint32_t>> read_entries(std::string_view bytes) {
  if (bytes.size() % kEntryBytes != 0 || bytes.size() / kEntryBytes > kMaxEntries) {
    return std::nullopt;
  }
  std::vector<std::uint32_t> entries;
  entries.reserve(bytes.size() / kEntryBytes);
  for (std::size_t at = 0; at < bytes.size(); at += kEntryBytes) {
    const std::uint32_t entry = three_bytes(bytes, at);
    if (number_of(entry) >= HyperLogLog::kRegisters || !is_rank(rank_of(entry)) ||
        (!entries.empty() && number_of(entry) <= number_of(entries.back()))) {
      return std::nullopt;
    }
    entries.push_back(entry);
  }
  return entries;
}

}  // namespace

void HyperLogLog::add(std::uint64_t hash) {
  const auto number = static_cast<std::size_t>(hash >> kHashBits);
  const std::uint64_t rest = hash << kPrecision | std::uint64_t{1} << (kPrecision - 1);
  const auto rank = static_cast<std::uint32_t>(std::countl_zero(rest)) + 1;
  raise(entry_of(number, rank));
}

/// Sees to it that a register has at least the rank of `entry`.
void HyperLogLog::raise(std::uint32_t entry) {
  if (!ranks_.empty()) {
    std::uint8_t& kept = ranks_[number_of(entry)];
    kept = std::max(kept, static_cast<std::uint8_t>(rank_of(entry)));
    return;
  }
  const auto place =
      std::lower_bound(entries_.begin(), entries_.end(), entry_of(number_of(entry), 0));
  if (place != entries_.end() && number_of(*place) == number_of(entry)) {
    *place = std::max(*place, entry);
    return;
  }
  entries_.insert(place, entry);
  if (entries_.size() > kMaxEntries) {
    become_dense();
  }
}

void HyperLogLog::become_dense() {
  ranks_.assign(kRegisters, 0);
  for (const std::uint32_t entry : entries_) {
    ranks_[number_of(entry)] = static_cast<std::uint8_t>(rank_of(entry));
  }
  entries_ = {};
}

void HyperLogLog::merge(const HyperLogLog& other) {
  for (const std::uint32_t entry : other.entries_) {
    raise(entry);
  }
  if (other.ranks_.empty()) {
    return;
  }
  if (ranks_.empty()) {
    become_dense();
  }
  std::ranges::transform(ranks_, other.ranks_, ranks_.begin(), [](auto mine, auto theirs) {
    return std::max(mine, theirs);
  });
}

std::uint64_t HyperLogLog::estimate() const {
  Histogram counts{};
  for (const std::uint32_t entry : entries_) {
    ++counts[rank_of(entry)];
  }
  for (const std::uint8_t rank : ranks_) {
    ++counts[rank];
  }
  if (ranks_.empty()) {
    counts[0] = static_cast<std::uint32_t>(kRegisters - entries_.size());
  }
  return static_cast<std::uint64_t>(std::llround(estimate_of(counts)));
}

std::string HyperLogLog::encoded() const {
  if (!ranks_.empty()) {
    return packed(ranks_);
  }
  std::string bytes(1, kSparse);
  bytes.reserve(1 + entries_.size() * kEntryBytes);
  for (const std::uint32_t entry : entries_) {
    bytes += static_cast<char>(entry >> 16u);
    bytes += static_cast<char>(entry >> 8u);
    bytes += static_cast<char>(entry);
  }
  return bytes;
}

std::optional<HyperLogLog> HyperLogLog::decode(std::string_view bytes) {
  const char form = bytes.empty() ? char{0} : bytes.front();
  HyperLogLog sketch;
  if (form == kSparse) {
    auto entries = read_entries(bytes.substr(1));
    if (!entries) {
      return std::nullopt;
    }
    sketch.entries_ = std::move(*entries);
    return sketch;
  }
  if (form == kDense) {
    sketch.ranks_ = unpacked(bytes.substr(1));
    if (!sketch.ranks_.empty()) {
      return sketch;
    }
  }
  return std::nullopt;
}

}  // namespace ginnel::domain
