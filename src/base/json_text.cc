// SPDX-License-Identifier: MIT
#include "base/json_text.h"

#include <algorithm>
#include <array>
#include <cstdint>

#include <boost/locale/utf.hpp>

#include "base/utf8.h"

namespace ginnel {
namespace {

void append_unicode_escape(std::string& out, std::uint32_t unit) {
  constexpr char kHexDigits[] = "0123456789abcdef";
  out += "\\u";
  for (int shift = 12; shift >= 0; shift -= 4) {
    out += kHexDigits[(unit >> shift) & 0xf];
  }
}

/// As one unit of UTF-16, or the two of a surrogate pair.
void append_code_point(std::string& out, char32_t point) {
  std::array<char16_t, 2> units{};
  auto* const end = boost::locale::utf::utf_traits<char16_t>::encode(point, units.data());
  std::for_each(units.data(), end, [&](char16_t unit) { append_unicode_escape(out, unit); });
}

void append_ascii(std::string& out, char character) {
  constexpr std::string_view kNamed = "\"\\\n\r\t";
  constexpr std::string_view kNames = "\"\\nrt";
  const auto byte = static_cast<unsigned char>(character);
  if (byte >= 0x20 && byte != 0x7f && character != '"' && character != '\\') {
    out += character;
  } else if (const auto place = kNamed.find(character); place != kNamed.npos) {
    out.append({'\\', kNames[place]});
  } else {
    append_unicode_escape(out, byte);
  }
}

}  // namespace

void append_json_string(std::string& out, std::string_view text) {
  out += '"';
  while (!text.empty()) {
    if (static_cast<unsigned char>(text.front()) < 0x80) {
      append_ascii(out, text.front());
      text.remove_prefix(1);
    } else {
      append_code_point(out, take_code_point(text).value_or(kReplacementCharacter));
    }
  }
  out += '"';
}

std::string ascii_json(std::string_view json) {
  std::string out;
  while (!json.empty()) {
    const auto byte = static_cast<unsigned char>(json.front());
    if (byte < 0x7f) {
      out += json.front();
      json.remove_prefix(1);
    } else {  // only in a string
      append_code_point(out, take_code_point(json).value_or(kReplacementCharacter));
    }
  }
  return out;
}

JsonObject& JsonObject::add(std::string_view key, std::string_view text) {
  add_raw(key, {});
  append_json_string(out_, text);
  return *this;
}

JsonObject& JsonObject::add_raw(std::string_view key, std::string_view json) {
  if (!first_) {
    out_ += ',';
  }
  first_ = false;
  append_json_string(out_, key);
  out_ += ':';
  out_ += json;
  return *this;
}

}  // namespace ginnel
