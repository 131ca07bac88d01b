// SPDX-License-Identifier: MIT
#include "api/query.h"

#include <algorithm>
#include <utility>

#include "base/percent_encoding.h"
#include "base/text.h"

namespace ginnel::api {

std::optional<std::int64_t> parse_row_number(std::string_view text) noexcept {
  const auto number = parse_number<std::uint64_t>(text);
  return number && *number <= std::uint64_t{domain::kMaxId}
             ? std::optional(static_cast<std::int64_t>(*number))
             : std::nullopt;
}

std::optional<std::int64_t> QueryReader::number(std::string_view name,
                                                std::int64_t lowest,
                                                std::int64_t highest) {
  const auto value = text(name);
  if (!value) {
    return std::nullopt;
  }
  const auto number = parse_row_number(*value);
  if (!number || *number < lowest || *number > highest) {
    refuse(
        name,
        "must be a whole number from " + std::to_string(lowest) + " to " + std::to_string(highest));
    return std::nullopt;
  }
  return number;
}

std::uint32_t QueryReader::per_page(std::uint32_t fallback) {
  const auto wanted = number("per_page", 1);
  return wanted ? static_cast<std::uint32_t>(std::min<std::int64_t>(*wanted, kMaxPerPage))
                : fallback;
}

std::optional<bool> QueryReader::boolean(std::string_view name) {
  const auto value = text(name);
  if (!value) {
    return std::nullopt;
  }
  const std::string lower = ascii_lower(*value);
  if (lower != "true" && lower != "false") {
    refuse(name, "must be true or false");
    return std::nullopt;
  }
  return lower == "true";
}

void QueryReader::refuse(std::string_view name, std::string_view message) {
  faults_.push_back({std::string(name), std::string(name).append(" ").append(message)});
}

std::optional<Error> QueryReader::fault() const {
  if (faults_.empty()) {
    return std::nullopt;
  }
  return Error::about_fields(faults_);
}

namespace {

/// What would end a target in `Link`: a filter that is left out leads to other rows.
bool ends_target(char character) noexcept {
  return character == '<' || character == '>' || character == '"';
}

}  // namespace

void add_next_link(http::Response& response,
                   const http::Request& request,
                   std::string_view cursor_name,
                   std::int64_t last) {
  std::string target(request.path());
  target.append("?").append(cursor_name).append("=").append(std::to_string(last));
  std::string_view query = request.query();
  while (!query.empty()) {
    const std::string_view pair = take_until(query, '&');
    const std::string_view name = pair.substr(0, pair.find('='));
    if (name != cursor_name && name != "page" && !pair.empty()) {
      append_percent_encoded(target += '&', pair, ends_target);
    }
  }
  response.add("Link", "<" + target + ">; rel=\"next\"");
}

}  // namespace ginnel::api
