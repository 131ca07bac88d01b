// SPDX-License-Identifier: MIT
#include "domain/typed_code.h"

#include <algorithm>
#include <functional>
#include <iterator>

#include "base/text.h"
#include "base/utf8.h"
#include "domain/reserved_codes.h"
#include "domain/short_code.h"

namespace ginnel::domain {
namespace {

struct Range {
  char32_t first;
  char32_t last;
};

/// Beyond ASCII and up to U+FFFF what is no part of a word: punctuation, white space and format
/// characters (the general categories P, Z and Cf of Unicode 14), what is ignorable by default
/// (DerivedCoreProperties.txt), U+2800, and accents and full-width signs used as quotes.
constexpr Range kSigns[] = {
    // clang-format off
    {0x0085, 0x0085}, {0x00a0, 0x00a1}, {0x00a7, 0x00a7}, {0x00ab, 0x00ab}, {0x00ad, 0x00ad},
    {0x00b4, 0x00b4}, {0x00b6, 0x00b7}, {0x00bb, 0x00bb}, {0x00bf, 0x00bf}, {0x034f, 0x034f},
    {0x037e, 0x037e}, {0x0387, 0x0387}, {0x055a, 0x055f}, {0x0589, 0x058a}, {0x05be, 0x05be},
    {0x05c0, 0x05c0}, {0x05c3, 0x05c3}, {0x05c6, 0x05c6}, {0x05f3, 0x0605}, {0x0609, 0x060a},
    {0x060c, 0x060d}, {0x061b, 0x061f}, {0x066a, 0x066d}, {0x06d4, 0x06d4}, {0x06dd, 0x06dd},
    {0x0700, 0x070f}, {0x07f7, 0x07f9}, {0x0830, 0x083e}, {0x085e, 0x085e}, {0x0890, 0x0891},
    {0x08e2, 0x08e2}, {0x0964, 0x0965}, {0x0970, 0x0970}, {0x09fd, 0x09fd}, {0x0a76, 0x0a76},
    {0x0af0, 0x0af0}, {0x0c77, 0x0c77}, {0x0c84, 0x0c84}, {0x0df4, 0x0df4}, {0x0e4f, 0x0e4f},
    {0x0e5a, 0x0e5b}, {0x0f04, 0x0f12}, {0x0f14, 0x0f14}, {0x0f3a, 0x0f3d}, {0x0f85, 0x0f85},
    {0x0fd0, 0x0fd4}, {0x0fd9, 0x0fda}, {0x104a, 0x104f}, {0x10fb, 0x10fb}, {0x115f, 0x1160},
    {0x1360, 0x1368}, {0x1400, 0x1400}, {0x166e, 0x166e}, {0x1680, 0x1680}, {0x169b, 0x169c},
    {0x16eb, 0x16ed}, {0x1735, 0x1736}, {0x17b4, 0x17b5}, {0x17d4, 0x17d6}, {0x17d8, 0x17da},
    {0x1800, 0x180f}, {0x1944, 0x1945}, {0x1a1e, 0x1a1f}, {0x1aa0, 0x1aa6}, {0x1aa8, 0x1aad},
    {0x1b5a, 0x1b60}, {0x1b7d, 0x1b7e}, {0x1bfc, 0x1bff}, {0x1c3b, 0x1c3f}, {0x1c7e, 0x1c7f},
    {0x1cc0, 0x1cc7}, {0x1cd3, 0x1cd3}, {0x2000, 0x206f}, {0x207d, 0x207e}, {0x208d, 0x208e},
    {0x2308, 0x230b}, {0x2329, 0x232a}, {0x2768, 0x2775}, {0x27c5, 0x27c6}, {0x27e6, 0x27ef},
    {0x2800, 0x2800}, {0x2983, 0x2998}, {0x29d8, 0x29db}, {0x29fc, 0x29fd}, {0x2cf9, 0x2cfc},
    {0x2cfe, 0x2cff}, {0x2d70, 0x2d70}, {0x2e00, 0x2e2e}, {0x2e30, 0x2e4f}, {0x2e52, 0x2e5d},
    {0x3000, 0x3003}, {0x3008, 0x3011}, {0x3014, 0x301f}, {0x3030, 0x3030}, {0x303d, 0x303d},
    {0x30a0, 0x30a0}, {0x30fb, 0x30fb}, {0x3164, 0x3164}, {0xa4fe, 0xa4ff}, {0xa60d, 0xa60f},
    {0xa673, 0xa673}, {0xa67e, 0xa67e}, {0xa6f2, 0xa6f7}, {0xa874, 0xa877}, {0xa8ce, 0xa8cf},
    {0xa8f8, 0xa8fa}, {0xa8fc, 0xa8fc}, {0xa92e, 0xa92f}, {0xa95f, 0xa95f}, {0xa9c1, 0xa9cd},
    {0xa9de, 0xa9df}, {0xaa5c, 0xaa5f}, {0xaade, 0xaadf}, {0xaaf0, 0xaaf1}, {0xabeb, 0xabeb},
    {0xfd3e, 0xfd3f}, {0xfe00, 0xfe19}, {0xfe30, 0xfe61}, {0xfe63, 0xfe63}, {0xfe68, 0xfe68},
    {0xfe6a, 0xfe6b}, {0xfeff, 0xff03}, {0xff05, 0xff0a}, {0xff0c, 0xff0f}, {0xff1a, 0xff20},
    {0xff3b, 0xff40}, {0xff5b, 0xff65}, {0xffa0, 0xffa0}, {0xfff0, 0xfffb},
    {0xe0000, 0xe0fff},  // tags: invisible
    // clang-format on
};

static_assert(std::ranges::is_sorted(kSigns, {}, &Range::first), "is_sign searches by halves");

constexpr std::string_view kSpace = " \t\n\v\f\r";
constexpr std::string_view kMarks = "?&#";  ///< what begins a query or a fragment
constexpr std::string_view kCodePunctuation = "-_";

bool is_sign(char32_t character) noexcept {
  if (character < 0x80) {
    const char ascii = static_cast<char>(character);
    const bool visible = ascii > ' ' && ascii < '\x7f';
    return (visible && !is_letter_or_digit(ascii) && ascii != '+') ||
           kSpace.find(ascii) != kSpace.npos;
  }
  const auto* const after = std::ranges::upper_bound(kSigns, character, {}, &Range::first);
  return after != std::begin(kSigns) && character <= std::prev(after)->last;
}

/// What is left of `text` behind the signs it begins with.
std::string_view behind_signs(std::string_view text) noexcept {
  while (!text.empty()) {
    std::string_view rest = text;
    const auto character = take_code_point(rest);
    if (!character || !is_sign(*character)) {
      break;
    }
    text = rest;
  }
  return text;
}

bool is_code_character(char c) noexcept {
  return ShortCode::is_valid({&c, 1});
}

/// `text` up to a mark behind a code, which anything may follow.
std::string_view before_mark(std::string_view text) noexcept {
  const std::string_view head = text.substr(0, text.find_first_of(kMarks));
  return std::ranges::any_of(head, is_code_character) ? head : text;
}

/// Where the code begins in `text`: behind the signs, but for `-` and `_`, which it may begin with
/// and be made of.
std::string_view from_code(std::string_view text) noexcept {
  const std::string_view rest = behind_signs(text);
  if (rest.empty()) {
    return text.substr(std::min(text.find_first_of(kCodePunctuation), text.size()));
  }
  const std::string_view signs = text.substr(0, text.size() - rest.size());
  const auto last = signs.find_last_not_of(kCodePunctuation);
  return text.substr(last == signs.npos ? 0 : last + 1);
}

/// Whether what follows a code was taken along by mistake.
bool is_taken_along(std::string_view ending) noexcept {
  const std::string_view rest = behind_signs(ending);
  const std::string_view signs = ending.substr(0, ending.size() - rest.size());
  return rest.empty() || signs.find_first_of(kMarks) != signs.npos;
}

/// Of two parts of one text: the longer one, else the one that begins earlier.
bool is_preferred(std::string_view one, std::string_view other) noexcept {
  return one.size() != other.size() ? one.size() > other.size()
                                    : std::less<>()(one.data(), other.data());
}

}  // namespace

std::optional<std::string_view> code_within(std::string_view text) noexcept {
  if (ShortCode::is_valid(text)) {
    return text;
  }
  const std::string_view rest = from_code(before_mark(text));
  const auto length = std::ranges::find_if_not(rest, is_code_character) - rest.begin();
  const std::string_view code = rest.substr(0, static_cast<std::size_t>(length));
  if (!ShortCode::is_valid(code) || is_reserved(code) ||
      !is_taken_along(rest.substr(code.size()))) {
    return std::nullopt;
  }
  return code;
}

ShorterCodes shorter_codes(std::string_view code) noexcept {
  constexpr std::size_t kFew = 2;
  const auto first = code.find_first_not_of(kCodePunctuation);
  const bool has_more = first != code.npos;
  const std::size_t all_before = has_more ? first : kFew;
  const std::size_t all_behind =
      has_more ? code.size() - 1 - code.find_last_not_of(kCodePunctuation) : kFew;
  ShorterCodes shorter;
  auto end = shorter.begin();
  for (const std::size_t before : {std::size_t{0}, std::size_t{1}, kFew, all_before}) {
    for (const std::size_t behind : {std::size_t{0}, std::size_t{1}, kFew, all_behind}) {
      const std::size_t taken = before + behind;
      if (before <= all_before && behind <= all_behind && taken > 0 && taken < code.size()) {
        *end++ = code.substr(before, code.size() - taken);
      }
    }
  }
  std::sort(shorter.begin(), end, is_preferred);
  std::fill(std::unique(shorter.begin(), end), end, std::string_view());
  return shorter;
}

bool same_in_any_case(std::string_view one, std::string_view other) noexcept {
  return std::ranges::equal(one, other, {}, ascii_lower_character, ascii_lower_character);
}

std::string code_stem(std::string_view code) {
  const auto begin = std::min(code.find_first_not_of(kCodePunctuation), code.size());
  const auto end = code.find_last_not_of(kCodePunctuation) + 1;  // 0: there is none
  return ascii_lower(code.substr(begin, std::max(end, begin) - begin));
}

}  // namespace ginnel::domain
