// SPDX-License-Identifier: MIT
#pragma once

#include <compare>
#include <cstddef>
#include <string>
#include <string_view>
#include <utility>

#include "base/result.h"

namespace ginnel::domain {

/// The part of a short URL that names the link: valid by construction.
///
/// 1 to 32 characters of 0-9 A-Z a-z `-` `_`, compared exactly. Which codes a person may choose
/// (3 characters or more) and which are reserved for routes is said in reserved_codes.h.
class ShortCode final {
 public:
  static constexpr std::size_t kMaxLength = 32;
  static constexpr std::size_t kMinCustomLength = 3;

  /// Whether `text` could be a code at all. Cheap: called for every redirect.
  static bool is_valid(std::string_view text) noexcept;

  /// Fails with kInvalid, naming the rule that is broken.
  static Result<ShortCode> parse(std::string_view text);

  const std::string& text() const noexcept { return text_; }

  friend auto operator<=>(const ShortCode&, const ShortCode&) = default;

 private:
  explicit ShortCode(std::string text) : text_(std::move(text)) {}

  std::string text_;
};

}  // namespace ginnel::domain
