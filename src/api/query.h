// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/error.h"
#include "domain/ids.h"
#include "http/request.h"
#include "http/response.h"

namespace ginnel::api {

/// Rows a list gives at most; more is asked for page by page.
inline constexpr std::uint32_t kMaxPerPage = 1'000;

/// Bytes that they take at most, as JSON, unless the first alone takes more.
inline constexpr std::size_t kMaxPageBytes = std::size_t{4} << 20;

/// Reads a list's query parameters; what is wrong with them is collected, all at once.
class QueryReader final {
 public:
  explicit QueryReader(const http::Request& request) : query_(request.query()) {}

  /// A whole number from `lowest` to `highest`; nothing when it is absent.
  std::optional<std::int64_t> number(std::string_view name,
                                     std::int64_t lowest,
                                     std::int64_t highest = domain::kMaxId);

  /// `per_page`: 1 or more, cut to kMaxPerPage; `fallback` when it is absent.
  std::uint32_t per_page(std::uint32_t fallback);

  /// `true` or `false` in any case.
  std::optional<bool> boolean(std::string_view name);

  std::optional<std::string> text(std::string_view name) const {
    return http::query_parameter(query_, name);
  }

  /// Notes that a parameter is wrong: `message` completes its name.
  void refuse(std::string_view name, std::string_view message);

  /// What is wrong, or nothing.
  std::optional<Error> fault() const;

 private:
  std::string_view query_;
  std::vector<FieldFault> faults_;
};

/// Adds `Link: <...>; rel="next"` (RFC 8288): the request's own target with `cursor_name` set to
/// the last row's number, so that filters and the page's size stay.
void add_next_link(http::Response& response,
                   const http::Request& request,
                   std::string_view cursor_name,
                   std::int64_t last);

/// The digits of `text` as a row's number, 0 to 2^53 - 1; nothing for anything else.
std::optional<std::int64_t> parse_row_number(std::string_view text) noexcept;

}  // namespace ginnel::api
