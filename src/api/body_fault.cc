// SPDX-License-Identifier: MIT
#include "api/body_fault.h"

#include <algorithm>
#include <cstddef>
#include <optional>
#include <string_view>

#include "api/json.h"
#include "base/text.h"
#include "base/utf8.h"

namespace ginnel::api {
namespace {

/// Bytes of a client's field that a message repeats.
constexpr std::size_t kShownBytes = 100;

std::string shown(std::string_view value) {
  return std::string(value.substr(0, kShownBytes));
}

/// `line 2, column 14`: where `text` goes on behind its first `length` bytes.
std::string place_after(std::string_view text, std::size_t length) {
  const std::string_view before = text.substr(0, length);
  const auto line = 1 + std::count(before.begin(), before.end(), '\n');
  const auto line_begin = before.rfind('\n') + 1;  // npos + 1 is 0
  // What goes on inside a character is told where that begins.
  const auto is_begin = [](char byte) { return (static_cast<unsigned char>(byte) & 0xc0) != 0x80; };
  const std::string_view in_line = before.substr(line_begin);
  const auto column = 1 + std::count_if(in_line.begin(), in_line.end(), is_begin);
  return "line " + std::to_string(line) + ", column " + std::to_string(column);
}

/// How many bytes of `text` are UTF-8; all of them when it is.
std::size_t utf8_bytes(std::string_view text) noexcept {
  std::string_view rest = text;
  while (!rest.empty()) {
    const std::size_t at = text.size() - rest.size();
    if (!take_code_point(rest)) {
      return at;
    }
  }
  return text.size();
}

std::optional<std::string> type_fault(const http::Request& request) {
  const auto type = request.field("Content-Type");
  if (!type || type->empty()) {
    return "There is no Content-Type: send application/json";
  }
  if (!is_json_type(*type)) {
    return "The media type is " + shown(*type) + ": send application/json";
  }
  return std::nullopt;
}

/// What is wrong with the bytes as a text.
std::optional<std::string> encoding_fault(const http::Request& request, std::string_view text) {
  const std::string_view coding = request.field("Content-Encoding").value_or("");
  if (!coding.empty() && !http::same_field_name(coding, "identity")) {
    return "The body's Content-Encoding is " + shown(coding) + ": send it as it is";
  }
  const bool has_mark = text.starts_with("\xff\xfe") || text.starts_with("\xfe\xff");
  if (has_mark || text.substr(0, 4).find('\0') != std::string_view::npos) {
    return "The body is UTF-16 or UTF-32: send UTF-8";
  }
  if (const std::size_t good = utf8_bytes(text); good < text.size()) {
    return "The body is not UTF-8 at " + place_after(text, good);
  }
  return std::nullopt;
}

/// Where and how the JSON of `text` breaks.
std::optional<std::string> syntax_fault(std::string_view text) {
  const auto found = find_break(text);
  if (!found) {
    return std::nullopt;
  }
  const std::string place = place_after(text, found->at);
  switch (found->kind) {
    case JsonBreak::Kind::kBroken:
      return "The JSON breaks at " + place;
    case JsonBreak::Kind::kEndsEarly:
      return "The JSON ends too early, at " + place;
    case JsonBreak::Kind::kTooDeep:
      return "The JSON nests deeper than " + std::to_string(kMaxBodyDepth) + " levels at " + place;
    case JsonBreak::Kind::kGoesOn:
      return "Something follows the JSON at " + place;
  }
  return std::nullopt;  // a value outside the list: a defect
}

/// What a JSON text that is no object is, by its first character.
std::string_view name_of_value(char first) noexcept {
  switch (first) {
    case '{':
      return "an empty object";
    case '[':
      return "an array";
    case '"':
      return "a string";
    case 't':
    case 'f':
      return "a boolean";
    case 'n':
      return "null";
    default:
      return "a number";
  }
}

}  // namespace

std::string body_fault(const http::Request& request) {
  constexpr std::string_view kByteOrderMark = "\xef\xbb\xbf";
  std::string_view text = request.body();
  text.remove_prefix(text.starts_with(kByteOrderMark) ? kByteOrderMark.size() : 0);
  if (trimmed(text).empty()) {
    return "There is no body: send a JSON object";
  }
  if (auto fault = type_fault(request)) {
    return std::move(*fault);
  }
  if (auto fault = encoding_fault(request, text)) {
    return std::move(*fault);
  }
  if (auto fault = syntax_fault(text)) {
    return std::move(*fault);
  }
  return "The body is " + std::string(name_of_value(trimmed(text).front())) +
         ": send an object with members";
}

}  // namespace ginnel::api
