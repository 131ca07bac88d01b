// SPDX-License-Identifier: MIT
#include "domain/kept_object.h"

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <limits>
#include <utility>
#include <vector>

#include <boost/json/basic_parser_impl.hpp>

#include "base/json_text.h"
#include "base/text.h"

namespace ginnel::domain {
namespace {

namespace json = boost::json;

/// A place in a message is cut here: keys may be as long as the object.
constexpr std::size_t kMaxPlaceLength = 200;

bool is_plain_key(std::string_view key) noexcept {
  const auto is_plain = [](char character) {
    return is_letter_or_digit(character) || character == '_';
  };
  return !key.empty() && std::ranges::all_of(key, is_plain);
}

/// An object or array that is open, and where in it the parser is.
struct Level {
  bool is_array = false;
  std::size_t index = 0;   ///< of an array
  std::string key;         ///< of an object
  bool in_member = false;  ///< a key was read, its value was not
};

/// What Boost.JSON's parser calls for each piece. Keeps nothing but where it is.
///
/// A call that gives false stops the parser; `ec` must be set then, and `fault` says why.
class ObjectHandler final {
 public:
  explicit ObjectHandler(std::string_view field) : field_(field) {}

  // NOLINTBEGIN(readability-identifier-naming): the names are Boost's
  static constexpr std::size_t max_object_size = std::numeric_limits<std::size_t>::max();
  static constexpr std::size_t max_array_size = max_object_size;
  static constexpr std::size_t max_key_size = max_object_size;
  static constexpr std::size_t max_string_size = max_object_size;
  // NOLINTEND(readability-identifier-naming)

  std::string field() const { return std::string(field_); }
  const std::string& fault() const noexcept { return fault_; }

  /// Where the parser is: `details.items[2].price`.
  std::string place() const;

  bool on_document_begin(json::error_code&) { return true; }
  bool on_document_end(json::error_code&) { return true; }

  bool on_object_begin(json::error_code&) {
    levels_.emplace_back();
    return true;
  }
  bool on_object_end(std::size_t, json::error_code&) { return close(); }
  bool on_array_begin(json::error_code& ec) {
    if (!may_stand_here(ec)) {
      return false;
    }
    levels_.emplace_back().is_array = true;
    return true;
  }
  bool on_array_end(std::size_t, json::error_code&) { return close(); }

  bool on_key_part(json::string_view part, std::size_t, json::error_code& ec) {
    key_.append(part.data(), part.size());
    return !part.contains('\0') || refuse("has a key with U+0000", ec);
  }
  bool on_key(json::string_view part, std::size_t size, json::error_code& ec) {
    if (!on_key_part(part, size, ec)) {
      return false;
    }
    levels_.back().key.swap(key_);
    levels_.back().in_member = true;
    key_.clear();
    return true;
  }

  bool on_string_part(json::string_view part, std::size_t, json::error_code& ec) {
    return may_stand_here(ec) && (!part.contains('\0') || refuse("holds U+0000", ec));
  }
  bool on_string(json::string_view part, std::size_t size, json::error_code& ec) {
    return on_string_part(part, size, ec) && leave_value();
  }

  bool on_number_part(json::string_view, json::error_code&) { return true; }
  bool on_int64(std::int64_t, json::string_view, json::error_code& ec) { return scalar(ec); }
  bool on_uint64(std::uint64_t, json::string_view, json::error_code& ec) { return scalar(ec); }
  bool on_double(double number, json::string_view, json::error_code& ec) {
    if (!std::isfinite(number)) {
      return refuse("is a number beyond what a double can hold", ec);
    }
    return scalar(ec);
  }
  bool on_bool(bool, json::error_code& ec) { return scalar(ec); }
  bool on_null(json::error_code& ec) { return scalar(ec); }

  bool on_comment_part(json::string_view, json::error_code&) { return true; }
  bool on_comment(json::string_view, json::error_code&) { return true; }

 private:
  bool refuse(std::string_view why, json::error_code& ec) {
    fault_ = place() + ' ' + std::string(why);
    ec = json::error::syntax;
    return false;
  }

  /// Only an object may be outermost.
  bool may_stand_here(json::error_code& ec) {
    return !levels_.empty() || refuse("must be a JSON object", ec);
  }

  bool scalar(json::error_code& ec) { return may_stand_here(ec) && leave_value(); }

  bool close() {
    levels_.pop_back();
    return leave_value();
  }

  bool leave_value() {
    if (!levels_.empty()) {
      ++levels_.back().index;
      levels_.back().in_member = false;
    }
    return true;
  }

  const std::string_view field_;
  std::vector<Level> levels_;
  std::string key_;  ///< the part of a key that was read
  std::string fault_;
};

std::string ObjectHandler::place() const {
  std::string place(field_);
  for (const Level& level : levels_) {
    if (level.is_array) {
      place += '[' + std::to_string(level.index) + ']';
    } else if (level.in_member && is_plain_key(level.key)) {
      place += '.' + level.key;
    } else if (level.in_member) {
      place += '[';
      append_json_string(place, level.key);
      place += ']';
    }
  }
  if (place.size() > kMaxPlaceLength) {
    place.resize(kMaxPlaceLength);
    place += "...";
  }
  return place;
}

/// Whether `text` ends in the first half of a surrogate pair: \ud800 to \udbff.
bool ends_in_half_a_pair(std::string_view text) {
  constexpr std::size_t kEscapeLength = 6;
  if (text.size() < kEscapeLength) {
    return false;
  }
  const std::string escape = ascii_lower(text.substr(text.size() - kEscapeLength));
  return escape.starts_with("\\ud") &&
         std::string_view("89ab").find(escape[3]) != std::string::npos;
}

/// Boost.JSON has codes for a wrong second half; a missing one is a syntax error to it.
bool is_about_surrogates(const json::error_code& ec, std::string_view before) {
  return ec == json::error::illegal_leading_surrogate ||
         ec == json::error::illegal_trailing_surrogate ||
         ec == json::error::expected_utf16_escape ||
         (ec == json::error::syntax && ends_in_half_a_pair(before));
}

/// `before` is what the parser read until it stopped.
std::string fault_text(const json::error_code& ec,
                       const ObjectHandler& handler,
                       std::string_view before) {
  if (!handler.fault().empty()) {
    return handler.fault();
  }
  if (ec == json::error::too_deep) {
    return handler.field() + " must not be nested deeper than " +
           std::to_string(kMaxKeptObjectDepth);
  }
  if (ec == json::error::exponent_overflow) {
    return handler.place() + " is a number beyond what a double can hold";
  }
  if (is_about_surrogates(ec, before)) {
    return handler.place() + " holds a lone surrogate";
  }
  return handler.place() + " is not valid JSON (at byte " + std::to_string(before.size() + 1) + ")";
}

}  // namespace

std::optional<std::string> kept_object_fault(std::string_view text, const KeptObject& kind) {
  const std::string field(kind.field);
  if (text.size() > kind.max_bytes) {
    return field + " must not exceed " + std::to_string(kind.max_bytes) + " bytes";
  }
  if (!utf8_length(text)) {
    return field + " must be valid UTF-8";
  }
  if (trimmed(text).empty()) {
    return field + " must be a JSON object";
  }
  json::parse_options options;
  options.max_depth = kMaxKeptObjectDepth;
  json::basic_parser<ObjectHandler> parser(options, kind.field);
  json::error_code ec;
  const std::size_t read = parser.write_some(false, text.data(), text.size(), ec);
  if (!ec && read < text.size()) {
    ec = json::error::extra_data;
  }
  if (ec) {
    return fault_text(ec, parser.handler(), text.substr(0, read));
  }
  return std::nullopt;
}

}  // namespace ginnel::domain
