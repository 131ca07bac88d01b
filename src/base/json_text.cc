// SPDX-License-Identifier: MIT
#include "base/json_text.h"

#include "base/utf8.h"

namespace ginnel {
namespace {

constexpr char kHexDigits[] = "0123456789abcdef";

void append_unicode_escape(std::string& out, std::uint32_t unit) {
  out += "\\u";
  for (int shift = 12; shift >= 0; shift -= 4) {
    out += kHexDigits[(unit >> shift) & 0xf];
  }
}

void append_code_point(std::string& out, char32_t point) {
  constexpr char32_t kFirstSupplementary = 0x10000;
  if (point < kFirstSupplementary) {
    append_unicode_escape(out, point);
    return;
  }
  const std::uint32_t rest = point - kFirstSupplementary;
  append_unicode_escape(out, 0xd800 + (rest >> 10));
  append_unicode_escape(out, 0xdc00 + (rest & 0x3ff));
}

void append_ascii(std::string& out, char character) {
  switch (character) {
    case '"':
      out += "\\\"";
      return;
    case '\\':
      out += "\\\\";
      return;
    case '\n':
      out += "\\n";
      return;
    case '\r':
      out += "\\r";
      return;
    case '\t':
      out += "\\t";
      return;
    default:
      break;
  }
  const auto byte = static_cast<unsigned char>(character);
  if (byte < 0x20 || byte == 0x7f) {
    append_unicode_escape(out, byte);
  } else {
    out += character;
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
