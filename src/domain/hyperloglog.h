// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace ginnel::domain {

/// Tells how many different hashes it was shown, to about 1.6 %, in at most 3 KiB whatever their
/// number.
///
/// A HyperLogLog (Flajolet, Fusy, Gandouet and Meunier, AofA 2007) of 4,096 registers over 64-bit
/// hashes, so that no correction for large numbers is needed; sparse while that is smaller (Heule,
/// Nunkesser and Hall, EDBT 2013). The hashes must be evenly distributed: visitors' keyed hashes
/// are.
class HyperLogLog final {
 public:
  static constexpr unsigned kPrecision = 12;  ///< bits of a hash that choose its register
  static constexpr std::size_t kRegisters = std::size_t{1} << kPrecision;

  /// What `decode` reads is at most this long.
  static constexpr std::size_t kMaxEncodedBytes = 1 + kRegisters * 6 / 8;

  void add(std::uint64_t hash);

  /// Afterwards this has been shown what `other` was shown, too.
  void merge(const HyperLogLog& other);

  /// How many different hashes were added, about: 1.04 / sqrt(4,096) is the standard error, and
  /// less below some thousands. The estimator is Ertl's (https://arxiv.org/abs/1702.01284,
  /// algorithm 6), which is good over the whole range; the one of 2007 needs another below 10,000
  /// and is a percent off where they meet.
  std::uint64_t estimate() const;

  /// Its bytes: the same hashes give the same bytes, whatever their order and the way they were
  /// merged. A first byte says the form:
  ///
  ///   1: an entry for each register that is not 0, in the order of the registers: 3 bytes, the
  ///      highest first, with the register's number times 64 plus its rank
  ///   2: every rank in 6 bits, packed from the highest bit on; when the first form were no shorter
  std::string encoded() const;

  /// What `encoded` gave, or nothing for other bytes.
  static std::optional<HyperLogLog> decode(std::string_view bytes);

  friend bool operator==(const HyperLogLog&, const HyperLogLog&) = default;

 private:
  void raise(std::uint32_t entry);
  void become_dense();

  /// The registers that are not 0, each as `number * 64 + rank`, in order. A register's rank is one
  /// more than the most zeros that its hashes began with, behind the bits that chose it.
  std::vector<std::uint32_t> entries_;

  /// Every register's rank, and `entries_` is empty; or empty, while there are few entries.
  std::vector<std::uint8_t> ranks_;
};

}  // namespace ginnel::domain
