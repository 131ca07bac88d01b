// SPDX-License-Identifier: MIT
#pragma once

#include <concepts>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace ginnel {

/// Appends `text` as a JSON string: quoted, `"`, `\` and control characters escaped, everything
/// outside ASCII as `\uXXXX` (surrogate pairs above U+FFFF), so that the result is pure ASCII.
/// A byte that is not valid UTF-8 becomes U+FFFD.
void append_json_string(std::string& out, std::string_view text);

/// `json`, a document, with everything outside ASCII and U+007F escaped: as append_json_string has
/// it, and safe on a terminal.
std::string ascii_json(std::string_view json);

/// Writes one JSON object, compact, with its keys in the order they are added: ours are added in
/// alphabetical order, which is part of the interface (docs/api.md).
///
///   JsonObject object(out);
///   object.add("id", 7).add("title", title);
///   object.end();
class JsonObject final {
 public:
  /// Opens an object at the end of `out`, which must outlive this.
  explicit JsonObject(std::string& out) : out_(out) { out_ += '{'; }

  JsonObject& add(std::string_view key, std::string_view text);
  JsonObject& add(std::string_view key, const char* text) {
    return add(key, std::string_view(text));
  }
  JsonObject& add(std::string_view key, std::integral auto number) {
    return add_raw(key, std::to_string(number));
  }
  JsonObject& add(std::string_view key, bool flag) { return add_raw(key, flag ? "true" : "false"); }

  /// A number, or null.
  JsonObject& add(std::string_view key, std::optional<std::int64_t> number) {
    return add_raw(key, number ? std::to_string(*number) : "null");
  }

  /// `json` must be a JSON value; it is written as it is.
  JsonObject& add_raw(std::string_view key, std::string_view json);

  /// Closes the object. Nothing may be added after it.
  void end() { out_ += '}'; }

 private:
  std::string& out_;
  bool first_ = true;
};

}  // namespace ginnel
