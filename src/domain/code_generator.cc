// SPDX-License-Identifier: MIT
#include "domain/code_generator.h"

#include <algorithm>
#include <array>
#include <cassert>
#include <string>
#include <string_view>

#include "base/random.h"
#include "domain/reserved_codes.h"

namespace ginnel::domain {
namespace {

constexpr std::string_view kAlphabet =
    "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";

/// Bytes from here on are thrown away: 256 is no multiple of 62, and the rest would favour the
/// first characters.
constexpr std::size_t kFairBytes = 256 - 256 % kAlphabet.size();

/// 62^11 codes, 1 % full, hold more links than there can be ids (kMaxId).
constexpr std::size_t kLongestNeeded = 11;

constexpr std::uint64_t default_capacity() noexcept {
  std::uint64_t capacity = 1;
  for (std::size_t i = 0; i < kDefaultCodeLength; ++i) {
    capacity *= kAlphabet.size();
  }
  return capacity;
}

std::string random_text(std::size_t length) {
  std::string text;
  text.reserve(length);
  std::array<std::uint8_t, 16> bytes;
  while (text.size() < length) {
    fill_with_entropy(bytes);
    for (const std::uint8_t byte : bytes) {
      if (byte < kFairBytes && text.size() < length) {
        text += kAlphabet[byte % kAlphabet.size()];
      }
    }
  }
  return text;
}

}  // namespace

std::size_t code_length_for(std::uint64_t taken) noexcept {
  std::size_t length = kDefaultCodeLength;
  std::uint64_t capacity = default_capacity();
  while (capacity / 100 < taken && length < kLongestNeeded) {
    capacity *= kAlphabet.size();
    ++length;
  }
  return length;
}

ShortCode random_code(std::size_t length) {
  assert(length >= 1 && length <= ShortCode::kMaxLength);
  std::string text = random_text(length);
  while (is_reserved(text)) {
    text = random_text(length);
  }
  return ShortCode::parse(text).value();
}

bool may_be_random(std::string_view code, LinkId link) noexcept {
  const auto others = static_cast<std::uint64_t>(std::max<std::int64_t>(link.value - 1, 0));
  return code.size() >= kDefaultCodeLength && code.size() <= code_length_for(others) &&
         code.find_first_not_of(kAlphabet) == code.npos;
}

}  // namespace ginnel::domain
