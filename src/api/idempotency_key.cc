// SPDX-License-Identifier: MIT
#include "api/idempotency_key.h"

#include <algorithm>
#include <optional>
#include <string>
#include <string_view>

#include "api/body_reader.h"
#include "base/digest.h"

namespace ginnel::api {
namespace {

constexpr std::string_view kField = "Idempotency-Key";
constexpr std::size_t kMaxLength = 255;

bool is_visible(char character) noexcept {
  return character > ' ' && character < '\x7f';
}

std::string_view without_quotes(std::string_view text) noexcept {
  const bool is_quoted = text.size() >= 2 && text.front() == '"' && text.back() == '"';
  return is_quoted ? text.substr(1, text.size() - 2) : text;
}

std::string digest_of_request(const http::Request& request) {
  std::string text(http::to_text(request.method()));
  text.append(" ").append(request.target()).append("\n").append(request.body());
  return digest_of(text);
}

}  // namespace

Result<change::Context> creator_of(const http::Request& request) {
  change::Context caller{call_of(request)};
  const auto field = request.field(kField);
  if (!field) {
    return caller;
  }
  const std::string_view key = without_quotes(*field);
  const bool is_sound = request.field_count(kField) == 1 && !key.empty() &&
                        key.size() <= kMaxLength && std::all_of(key.begin(), key.end(), is_visible);
  if (!is_sound) {
    return Error::about_fields(
        {{std::string(kField),
          "Idempotency-Key must be one value of 1 to 255 visible ASCII characters"}});
  }
  caller.key = change::IdempotencyKey{std::string(key), digest_of_request(request)};
  return caller;
}

}  // namespace ginnel::api
