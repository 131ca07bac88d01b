// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

#include "base/result.h"
#include "http/request.h"
#include "http/response.h"

namespace ginnel::api {

/// Levels a body may nest; more is no JSON to us. What is kept of one has limits of its own.
inline constexpr std::size_t kMaxBodyDepth = 128;

/// Whether a Content-Type is application/json or application/anything+json (RFC 6839 section 3.1).
bool is_json_type(std::string_view content_type);

/// Where a text stops being JSON, and how.
struct JsonBreak {
  enum class Kind { kBroken, kEndsEarly, kTooDeep, kGoesOn };

  Kind kind = Kind::kBroken;
  std::size_t at = 0;  ///< bytes before it
};

/// Nothing when `text` is JSON, but for lone surrogates, which are faults of their fields alone.
std::optional<JsonBreak> find_break(std::string_view text);

/// A member of a JSON object that a client sent: one of the kinds a field of ours can have.
struct JsonField {
  enum class Kind { kAbsent, kNull, kBoolean, kInteger, kString, kObject, kOther, kBadText };

  Kind kind = Kind::kAbsent;
  bool boolean = false;
  std::int64_t integer = 0;  ///< for kInteger: beyond int64 is kOther
  std::string text;          ///< for kString, decoded
  std::string_view raw;      ///< as it was sent
};

/// The JSON object in a request's body.
///
/// Taken only when the media type is application/json or application/*+json, as the interface says;
/// a BOM is passed over; of a repeated key the last counts. A text with a lone surrogate or an
/// unknown escape makes only its own field kBadText, so that the answer can name it.
class JsonBody final {
 public:
  /// What a body came to that is no object.
  enum class Fault {
    kNone,      ///< there is no JSON: no body, another media type, or not JSON at all
    kEmpty,     ///< `{}`, `[]`, `0`, `""`, `false` or `null`
    kNoObject,  ///< another JSON value that is not an object
  };

  /// Borrows the request's body. `{}` is an object with no members.
  static std::variant<JsonBody, Fault> parse(const http::Request& request);

  JsonField field(std::string_view name) const;
  bool empty() const noexcept { return members_.empty(); }

  /// The members' names in their order, those that stand twice too.
  std::vector<std::string_view> names() const;

 private:
  static Fault fault_of(std::string_view text);
  bool take_members(std::string_view text);

  std::vector<std::pair<std::string, std::string_view>> members_;
};

/// Appends `[a,b,c]` of the first things that take `max_bytes` together, and of one at least; gives
/// how many they are. domain/json_form.h can write them.
template <class Thing>
std::size_t append_json_array(std::string& out,
                              const std::vector<Thing>& things,
                              std::size_t max_bytes) {
  out += '[';
  const std::size_t longest = out.size() + max_bytes;
  std::size_t count = 0;
  for (const Thing& thing : things) {
    const std::size_t before = out.size();
    out += count > 0 ? "," : "";
    append_json(out, thing);
    if (count > 0 && out.size() > longest) {
      out.resize(before);
      break;
    }
    ++count;
  }
  out += ']';
  return count;
}

}  // namespace ginnel::api
