// SPDX-License-Identifier: MIT
#include "api/ignored_names.h"

#include <algorithm>
#include <utility>
#include <variant>

#include "api/json.h"
#include "base/percent_encoding.h"
#include "base/text.h"

namespace ginnel::api {
namespace {

/// The name of a `name=value` as query_parameter compares it.
std::string name_of(std::string_view pair) {
  const std::string name(pair.substr(0, pair.find('=')));
  return percent_decoded(name).value_or(name);
}

/// What cannot stand in a list of a header field as it is.
bool has_no_place_in_list(char character) noexcept {
  constexpr std::string_view kReserved = ",%\"";
  return character <= 0x20 || character >= 0x7f || kReserved.find(character) != kReserved.npos;
}

/// A name as it stands in the list. A long one is cut, but not inside a %XX.
std::string listed(std::string_view name) {
  constexpr std::string_view kCut = "...";
  std::string text;
  append_percent_encoded(text, name.substr(0, kMostNameBytes + 1), has_no_place_in_list);
  if (text.size() <= kMostNameBytes) {
    return text;
  }
  std::size_t length = kMostNameBytes - kCut.size();
  const auto percent = text.rfind('%', length - 1);
  length = percent != text.npos && percent + 3 > length ? percent : length;
  return text.substr(0, length).append(kCut);
}

/// The list of what is ignored, as it grows.
class NameList final {
 public:
  /// Adds a name that is none of `known`, unless it is there already or does not fit.
  void add(std::string_view name, const std::vector<std::string_view>& known) {
    if (name.empty() || names_.size() == kMostIgnoredNames ||
        std::ranges::find(known, name) != known.end()) {
      return;
    }
    std::string text = listed(name);
    const std::size_t bytes = text_.size() + (text_.empty() ? 0 : 2) + text.size();
    if (bytes <= kMostIgnoredBytes && std::ranges::find(names_, text) == names_.end()) {
      text_.append(text_.empty() ? "" : ", ").append(text);
      names_.push_back(std::move(text));
    }
  }

  std::string take() && { return std::move(text_); }

 private:
  std::vector<std::string> names_;
  std::string text_;
};

}  // namespace

std::string ignored_names(const KnownNames& known, const http::Request& request) {
  NameList list;
  std::string_view query = request.query();
  while (!query.empty()) {
    list.add(name_of(take_until(query, '&')), known.parameters);
  }
  const bool has_fields =
      request.method() == http::Method::kPost || request.method() == http::Method::kPut;
  if (has_fields && !request.body().empty()) {
    const auto parsed = JsonBody::parse(request);
    if (const auto* const body = std::get_if<JsonBody>(&parsed)) {
      for (const std::string_view name : body->names()) {
        list.add(name, known.fields);
      }
    }
  }
  return std::move(list).take();
}

Task<http::Response> told(std::string ignored, Task<http::Response> answer) {
  auto response = co_await std::move(answer);
  response.add("X-Ignored", ignored);
  co_return response;
}

}  // namespace ginnel::api
