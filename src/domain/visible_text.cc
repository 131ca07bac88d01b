// SPDX-License-Identifier: MIT
#include "domain/visible_text.h"

#include <algorithm>
#include <cstdint>
#include <stdexcept>

#include <unicode/normalizer2.h>
#include <unicode/uchar.h>
#include <unicode/unistr.h>

#include "base/text.h"
#include "base/utf8.h"

namespace ginnel::domain {
namespace {

/// The first sign of `text`, which it loses.
char32_t take_sign(std::string_view& text) noexcept {
  return take_code_point(text).value_or(kReplacementCharacter);
}

/// The last sign of `text`, which it loses.
char32_t take_last_sign(std::string_view& text) noexcept {
  std::size_t start = text.size() - 1;
  while (start > 0 && text.size() - start < 4 &&
         (static_cast<unsigned char>(text[start]) & 0xc0) == 0x80) {
    --start;
  }
  std::string_view last = text.substr(start);
  const auto sign = take_code_point(last);
  if (!sign || !last.empty()) {
    text.remove_suffix(1);
    return kReplacementCharacter;
  }
  text = text.substr(0, start);
  return *sign;
}

bool is(char32_t sign, UProperty property) noexcept {
  return u_hasBinaryProperty(static_cast<UChar32>(sign), property) != 0;
}

bool is_invisible(char32_t sign) noexcept {
  return is(sign, UCHAR_WHITE_SPACE) || is(sign, UCHAR_DEFAULT_IGNORABLE_CODE_POINT);
}

/// Letters and symbols by their class that fonts leave empty.
bool is_blank(char32_t sign) noexcept {
  constexpr char32_t kBlanks[] = {0x2800,   // Braille pattern without a dot
                                  0x13441,  // Egyptian full and half blank
                                  0x13442,
                                  0x16fe4,   // filler of Khitan small script
                                  0x1d159};  // musical null notehead
  return std::ranges::find(kBlanks, sign) != std::ranges::end(kBlanks);
}

bool is_variation_or_tag(char32_t sign) noexcept {
  return is(sign, UCHAR_VARIATION_SELECTOR) || (sign >= 0xe0020 && sign <= 0xe007f);
}

/// Whether `sign`, which is invisible, is part of the last sign of `before`.
bool belongs_to_end_of(std::string_view before, char32_t sign) {
  constexpr std::uint8_t kVirama = 9;  // its canonical combining class
  if (before.empty()) {
    return false;
  }
  char32_t last = take_last_sign(before);
  if (is(sign, UCHAR_JOIN_CONTROL)) {
    return u_getCombiningClass(static_cast<UChar32>(last)) == kVirama;
  }
  if (!is_variation_or_tag(sign)) {
    return false;
  }
  while (is_variation_or_tag(last) && !before.empty()) {
    last = take_last_sign(before);
  }
  return last >= 0x80 && !is_invisible(last);
}

/// ICU refuses where its tables are missing or memory is, which no text can bring about.
void check(UErrorCode code) {
  if (U_FAILURE(code)) {
    throw std::runtime_error(std::string("ICU: ") + u_errorName(code));
  }
}

}  // namespace

std::string_view without_invisible_ends(std::string_view text) {
  for (std::string_view rest = text; !rest.empty() && is_invisible(take_sign(rest));) {
    text = rest;
  }
  for (std::string_view rest = text; !rest.empty();) {
    const char32_t last = take_last_sign(rest);
    if (!is_invisible(last) || belongs_to_end_of(rest, last)) {
      break;
    }
    text = rest;
  }
  return text;
}

bool has_visible_sign(std::string_view text) {
  while (!text.empty()) {
    const char32_t sign = take_sign(text);
    if (!is_invisible(sign) && !is_blank(sign)) {
      return true;
    }
  }
  return false;
}

std::size_t count_white_space(std::string_view text) {
  std::size_t count = 0;
  while (!text.empty()) {
    count += is(take_sign(text), UCHAR_WHITE_SPACE) ? 1 : 0;
  }
  return count;
}

bool has_control_sign(std::string_view text) {
  while (!text.empty()) {
    if (u_charType(static_cast<UChar32>(take_sign(text))) == U_CONTROL_CHAR) {
      return true;
    }
  }
  return false;
}

std::optional<char32_t> find_direction_sign(std::string_view text) {
  while (!text.empty()) {
    if (const char32_t sign = take_sign(text); is(sign, UCHAR_BIDI_CONTROL)) {
      return sign;
    }
  }
  return std::nullopt;
}

bool has_right_to_left(std::string_view text) {
  while (!text.empty()) {
    const auto direction = u_charDirection(static_cast<UChar32>(take_sign(text)));
    if (direction == U_RIGHT_TO_LEFT || direction == U_RIGHT_TO_LEFT_ARABIC) {
      return true;
    }
  }
  return false;
}

std::string folded(std::string_view text) {
  if (is_ascii(text)) {
    return ascii_lower(text);
  }
  UErrorCode code = U_ZERO_ERROR;
  const auto* const decomposed = icu::Normalizer2::getNFDInstance(code);
  const auto* const composed = icu::Normalizer2::getNFCInstance(code);
  check(code);
  // The Unicode Standard, section 3.13, definition 145: decomposed first, since folding may not
  // commute with composition (U+0345).
  auto letters = icu::UnicodeString::fromUTF8({text.data(), static_cast<int32_t>(text.size())});
  letters = decomposed->normalize(letters, code).foldCase();
  letters = composed->normalize(letters, code);
  check(code);
  std::string key;
  letters.toUTF8String(key);
  return key;
}

}  // namespace ginnel::domain
