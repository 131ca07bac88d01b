// SPDX-License-Identifier: MIT
#include "api/json.h"

#include <algorithm>

#include <boost/json/parse.hpp>
#include <boost/json/parser.hpp>
#include <boost/json/value.hpp>

#include "base/text.h"

namespace ginnel::api {
namespace {

namespace json = boost::json;

std::string_view after_space(std::string_view text) noexcept {
  const auto begin = text.find_first_not_of(" \t\r\n");
  return begin == std::string_view::npos ? std::string_view() : text.substr(begin);
}

std::string_view without_space(std::string_view text) noexcept {
  text = after_space(text);
  const auto end = text.find_last_not_of(" \t\r\n");
  return text.substr(0, end == std::string_view::npos ? 0 : end + 1);
}

/// The length of the string literal that `text` begins with, quotes included; 0 when it never ends.
std::size_t string_length(std::string_view text) noexcept {
  for (std::size_t i = 1; i < text.size(); ++i) {
    if (text[i] == '\\') {
      ++i;
    } else if (text[i] == '"') {
      return i + 1;
    }
  }
  return 0;
}

/// The length of the value that `text` begins with: up to a comma or bracket of its own level.
/// Whether it is a JSON value is for the parser to say.
std::size_t value_length(std::string_view text) noexcept {
  std::size_t depth = 0;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const char c = text[i];
    if (c == '"') {
      const std::size_t length = string_length(text.substr(i));
      if (length == 0) {
        return 0;
      }
      i += length - 1;
    } else if (c == '{' || c == '[') {
      ++depth;
    } else if (c == '}' || c == ']' || (c == ',' && depth == 0)) {
      if (depth == 0) {
        return i;
      }
      --depth;
    }
  }
  return depth == 0 ? text.size() : 0;
}

/// A whole body, or a value that stands `levels` deep in one.
json::value parse_value(std::string_view raw, json::error_code& ec, std::size_t levels = 0) {
  json::parse_options options;
  options.max_depth = kMaxBodyDepth - levels;
  return json::parse({raw.data(), raw.size()}, ec, {}, options);
}

/// The code unit of the `\uXXXX` that `text` begins with, or nothing.
std::optional<unsigned> escaped_unit(std::string_view text) noexcept {
  const bool is_escape = text.size() >= 6 && text.starts_with("\\u");
  return is_escape ? parse_number<unsigned>(text.substr(2, 4), 16) : std::nullopt;
}

/// `text` with every lone surrogate's escape as U+FFFD, as long as it was: Boost.JSON's error
/// cannot tell one from any other fault (1.81), so it is asked again with this.
std::string without_lone_surrogates(std::string_view text) {
  std::string good;
  while (!text.empty()) {
    std::size_t length = text.front() == '\\' ? 2 : 1;
    const unsigned unit = escaped_unit(text).value_or(0);
    if (unit >= 0xd800 && unit <= 0xdfff) {
      const unsigned next = escaped_unit(text.substr(6)).value_or(0);
      const bool pair = unit < 0xdc00 && next >= 0xdc00 && next <= 0xdfff;
      good.append(pair ? text.substr(0, 12) : "\\ufffd");
      length = pair ? 12 : 6;
    } else {
      good.append(text.substr(0, length));
    }
    text.remove_prefix(std::min(length, text.size()));
  }
  return good;
}

/// What a JSON text is good for.
enum class Text { kGood, kLoneSurrogate, kNoJson };

/// Of a key of the body's object, or of a member's value.
Text parse_text(std::string_view raw, json::value& value) {
  json::error_code ec;
  value = parse_value(raw, ec, 1);
  if (!ec) {
    return Text::kGood;
  }
  static_cast<void>(parse_value(without_lone_surrogates(raw), ec, 1));
  return ec ? Text::kNoJson : Text::kLoneSurrogate;
}

std::optional<std::string> parse_key(std::string_view raw) {
  json::value key;
  const Text text = parse_text(raw, key);
  if (text == Text::kLoneSurrogate) {
    return std::string();  // no field of ours: ignored like any unknown one
  }
  if (text == Text::kNoJson || !key.is_string()) {
    return std::nullopt;
  }
  return std::string(key.get_string());
}

/// Takes `"key": value` from the front of `text`; nothing when it is not there.
std::optional<std::pair<std::string, std::string_view>> take_member(std::string_view& text) {
  if (text.empty() || text.front() != '"') {
    return std::nullopt;
  }
  const std::size_t key_length = string_length(text);
  auto key = parse_key(text.substr(0, key_length));
  text = after_space(text.substr(key_length));
  if (!key || text.empty() || text.front() != ':') {
    return std::nullopt;
  }
  text = after_space(text.substr(1));
  const std::string_view value = text.substr(0, value_length(text));
  text = text.substr(value.size());
  json::value ignored;
  if (parse_text(without_space(value), ignored) == Text::kNoJson) {
    return std::nullopt;
  }
  return std::pair(std::move(*key), without_space(value));
}

bool is_falsy(const json::value& value) noexcept {
  return value.is_null() || value == json::value(false) ||
         (value.is_number() && value.to_number<double>() == 0) ||
         (value.is_string() && value.get_string().empty()) ||
         (value.is_array() && value.get_array().empty());
}

}  // namespace

bool is_json_type(std::string_view content_type) {
  constexpr std::string_view kPrefix = "application/";
  constexpr std::string_view kSuffix = "+json";
  const std::string type = ascii_lower(without_space(take_until(content_type, ';')));
  return type == "application/json" || (type.size() > kPrefix.size() + kSuffix.size() &&
                                        type.starts_with(kPrefix) && type.ends_with(kSuffix));
}

std::optional<JsonBreak> find_break(std::string_view text) {
  const std::string whole = without_lone_surrogates(text);
  json::parse_options options;
  options.max_depth = kMaxBodyDepth;
  json::parser parser({}, options);
  json::error_code failed;
  const std::size_t read = parser.write_some(whole.data(), whole.size(), failed);
  if (!failed) {
    const bool goes_on = !after_space(text.substr(read)).empty();
    return goes_on ? std::optional(JsonBreak{JsonBreak::Kind::kGoesOn, read}) : std::nullopt;
  }
  if (failed == json::error::incomplete) {
    return JsonBreak{JsonBreak::Kind::kEndsEarly, read};
  }
  const bool too_deep = failed == json::error::too_deep;
  return JsonBreak{too_deep ? JsonBreak::Kind::kTooDeep : JsonBreak::Kind::kBroken, read};
}

std::variant<JsonBody, JsonBody::Fault> JsonBody::parse(const http::Request& request) {
  constexpr std::string_view kByteOrderMark = "\xef\xbb\xbf";
  std::string_view text = request.body();
  if (text.starts_with(kByteOrderMark)) {
    text.remove_prefix(kByteOrderMark.size());
  }
  text = without_space(text);
  if (text.empty() || !is_json_type(request.field("Content-Type").value_or(""))) {
    return Fault::kNone;
  }
  if (text.front() != '{') {
    return fault_of(text);
  }
  JsonBody body;
  if (!body.take_members(text)) {
    return Fault::kNone;
  }
  return body;
}

/// What a body that does not begin an object is.
JsonBody::Fault JsonBody::fault_of(std::string_view text) {
  json::error_code ec;
  const json::value value = parse_value(text, ec);
  if (ec) {
    return Fault::kNone;
  }
  return is_falsy(value) ? Fault::kEmpty : Fault::kNoObject;
}

/// Reads `{...}`; gives false when it is no object.
bool JsonBody::take_members(std::string_view text) {
  text = after_space(text.substr(1));
  bool comma = false;
  while (comma || !text.starts_with('}')) {
    auto member = take_member(text);
    if (!member) {
      return false;
    }
    members_.push_back(std::move(*member));
    comma = text.starts_with(',');
    if (comma) {
      text = after_space(text.substr(1));
    }
  }
  return text == "}";
}

std::vector<std::string_view> JsonBody::names() const {
  std::vector<std::string_view> names;
  names.reserve(members_.size());
  for (const auto& [name, value] : members_) {
    names.push_back(name);
  }
  return names;
}

JsonField JsonBody::field(std::string_view name) const {
  JsonField field;
  const auto member = std::find_if(members_.rbegin(), members_.rend(), [&](const auto& candidate) {
    return candidate.first == name;
  });
  if (member == members_.rend()) {
    return field;
  }
  field.raw = member->second;
  json::value value;
  if (parse_text(field.raw, value) != Text::kGood) {
    field.kind = JsonField::Kind::kBadText;
  } else if (value.is_null()) {
    field.kind = JsonField::Kind::kNull;
  } else if (value.is_bool()) {
    field.kind = JsonField::Kind::kBoolean;
    field.boolean = value.get_bool();
  } else if (value.is_int64()) {
    field.kind = JsonField::Kind::kInteger;
    field.integer = value.get_int64();
  } else if (value.is_string()) {
    field.kind = JsonField::Kind::kString;
    field.text = std::string(value.get_string());
  } else {
    field.kind = value.is_object() ? JsonField::Kind::kObject : JsonField::Kind::kOther;
  }
  return field;
}

}  // namespace ginnel::api
