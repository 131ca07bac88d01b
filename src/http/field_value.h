// SPDX-License-Identifier: MIT
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace ginnel::http {

/// A header field's value with parameters, `text/csv; charset="utf-8"`: that of Content-Type (RFC
/// 9110 section 8.3.1) and Content-Disposition (RFC 6266 section 4.1).
struct FieldValue {
  std::string text;  ///< what stands before the first `;`, in lower case
  std::vector<std::pair<std::string, std::string>> parameters;  ///< names in lower case

  /// The first parameter of this name, its quotes and their backslashes removed.
  std::optional<std::string_view> parameter(std::string_view name) const noexcept;

  /// Nothing for what has not this form.
  static std::optional<FieldValue> parse(std::string_view text);
};

}  // namespace ginnel::http
