// SPDX-License-Identifier: MIT
#include "http/field_value.h"

#include <algorithm>

#include "base/text.h"

namespace ginnel::http {
namespace {

/// Reads a field's value from left to right.
class Scanner final {
 public:
  explicit Scanner(std::string_view text) : rest_(text) {}

  bool at_end() const noexcept { return rest_.empty(); }

  void skip_space() noexcept {
    rest_.remove_prefix(std::min(rest_.find_first_not_of(" \t"), rest_.size()));
  }

  bool skip(char character) noexcept {
    const bool there = rest_.starts_with(character);
    rest_.remove_prefix(there ? 1 : 0);
    return there;
  }

  /// Up to one of these characters, or to the end.
  std::string_view until(std::string_view ends) noexcept {
    const std::string_view found = rest_.substr(0, rest_.find_first_of(ends));
    rest_.remove_prefix(found.size());
    return found;
  }

  /// A quoted string whose first quote is behind; nothing when it never ends.
  std::optional<std::string> quoted() {
    std::string text;
    while (!rest_.empty()) {
      const char character = rest_.front();
      rest_.remove_prefix(1);
      if (character == '"') {
        return text;
      }
      const bool escapes = character == '\\' && (rest_.starts_with('"') || rest_.starts_with('\\'));
      text += escapes ? rest_.front() : character;
      rest_.remove_prefix(escapes ? 1 : 0);
    }
    return std::nullopt;
  }

 private:
  std::string_view rest_;
};

constexpr std::string_view kEndOfToken = " \t;=\",";
constexpr std::string_view kEndOfContent = " \t;\",";  // some boundaries have a `=` and no quotes

}  // namespace

std::optional<std::string_view> FieldValue::parameter(std::string_view name) const noexcept {
  const auto found = std::find_if(
      parameters.begin(), parameters.end(), [&](const auto& one) { return one.first == name; });
  return found == parameters.end() ? std::nullopt : std::optional<std::string_view>(found->second);
}

std::optional<FieldValue> FieldValue::parse(std::string_view text) {
  FieldValue value;
  Scanner scanner(text);
  scanner.skip_space();
  value.text = ascii_lower(scanner.until(kEndOfToken));
  scanner.skip_space();
  while (scanner.skip(';')) {
    scanner.skip_space();
    if (scanner.at_end()) {
      break;
    }
    const std::string name = ascii_lower(scanner.until(kEndOfToken));
    if (name.empty() || !scanner.skip('=')) {
      return std::nullopt;
    }
    auto content = scanner.skip('"') ? scanner.quoted() : std::string(scanner.until(kEndOfContent));
    if (!content) {
      return std::nullopt;
    }
    value.parameters.emplace_back(name, std::move(*content));
    scanner.skip_space();
  }
  const bool whole = scanner.at_end() && !value.text.empty();
  return whole ? std::optional(std::move(value)) : std::nullopt;
}

}  // namespace ginnel::http
