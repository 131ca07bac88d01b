// SPDX-License-Identifier: MIT
#include "domain/short_code.h"

#include <algorithm>
#include <array>

namespace ginnel::domain {
namespace {

constexpr std::array<bool, 256> kCodeCharacters = [] {
  std::array<bool, 256> is{};
  for (const char character :
       std::string_view("0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz-_")) {
    is[static_cast<unsigned char>(character)] = true;
  }
  return is;
}();

bool is_code_character(char character) noexcept {
  return kCodeCharacters[static_cast<unsigned char>(character)];
}

bool has_only_code_characters(std::string_view text) noexcept {
  return std::all_of(text.begin(), text.end(), is_code_character);
}

}  // namespace

bool ShortCode::is_valid(std::string_view text) noexcept {
  return !text.empty() && text.size() <= kMaxLength && has_only_code_characters(text);
}

Result<ShortCode> ShortCode::parse(std::string_view text) {
  if (text.empty()) {
    return Error(ErrorKind::kInvalid, "Short code must not be empty");
  }
  if (text.size() > kMaxLength) {
    return Error(ErrorKind::kInvalid, "Short code must not exceed 32 characters");
  }
  if (!has_only_code_characters(text)) {
    return Error(ErrorKind::kInvalid,
                 "Short code may only contain letters, digits, hyphens and underscores");
  }
  return ShortCode(std::string(text));
}

}  // namespace ginnel::domain
