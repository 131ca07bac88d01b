// SPDX-License-Identifier: MIT
#pragma once

#include <bitset>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

namespace ginnel::clicks {

/// Finds which of many literals occur in a text, in one pass over it.
///
/// Of each place in the text the first three bytes are looked up: a bit says for nearly all of them
/// that no literal begins so. Safe to use from several threads.
class AgentLiterals final {
 public:
  /// The shortest literal there may be.
  static constexpr std::size_t kMinLength = 3;

  AgentLiterals() = default;

  /// Throws std::invalid_argument when one is shorter than kMinLength.
  explicit AgentLiterals(std::vector<std::string> literals);

  /// The numbers of the literals that occur in `text`, by where they begin. One that occurs again
  /// is named again.
  std::vector<int> found_in(std::string_view text) const;

 private:
  using Beginning = std::uint32_t;  ///< the first three bytes of a text

  static Beginning beginning_of(const char* text) noexcept;

  /// The place in `begins_` of a beginning.
  static std::size_t bit_of(Beginning beginning) noexcept;

  std::vector<std::string> literals_;
  std::unordered_map<Beginning, std::vector<int>> by_beginning_;
  std::bitset<std::size_t{1} << 16> begins_;  ///< a false one means that none begins so
};

}  // namespace ginnel::clicks
