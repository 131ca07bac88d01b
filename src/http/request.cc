// SPDX-License-Identifier: MIT
#include "http/request.h"

#include <algorithm>
#include <array>

#include "base/percent_encoding.h"
#include "base/text.h"
#include "http/peer_owner.h"
#include "http/socket.h"

namespace ginnel::http {
namespace {

constexpr std::array<std::string_view, kMethodCount> kMethodNames = {
    "GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS", "OTHER"};

/// The pieces of a target (RFC 9112 section 3.2): only the absolute form has an authority.
struct TargetParts {
  std::optional<std::string_view> authority;
  std::string_view origin_form;
};

TargetParts split_target(std::string_view target) noexcept {
  if (target.empty() || target.front() == '/') {
    return {std::nullopt, target};
  }
  for (const std::string_view scheme : {"http://", "https://"}) {
    if (target.size() >= scheme.size() &&
        same_field_name(target.substr(0, scheme.size()), scheme)) {
      const std::string_view rest = target.substr(scheme.size());
      const auto path = std::min(rest.find_first_of("/?"), rest.size());
      return {rest.substr(0, path),
              path == rest.size() ? std::string_view("/") : rest.substr(path)};
    }
  }
  return {std::nullopt, target};
}

}  // namespace

std::string_view to_text(Method method) noexcept {
  return kMethodNames[static_cast<std::size_t>(method)];
}

Method parse_method(std::string_view text) noexcept {
  const auto found = std::find(kMethodNames.begin(), kMethodNames.end() - 1, text);
  return static_cast<Method>(found - kMethodNames.begin());
}

bool same_field_name(std::string_view a, std::string_view b) noexcept {
  return a.size() == b.size() && std::equal(a.begin(), a.end(), b.begin(), [](char x, char y) {
           return ascii_lower_character(x) == ascii_lower_character(y);
         });
}

std::string_view Request::path() const noexcept {
  const std::string_view target = split_target(view(target_)).origin_form;
  return target.substr(0, target.find('?'));
}

std::string_view Request::query() const noexcept {
  const std::string_view target = view(target_);
  const auto mark = target.find('?');
  return mark == std::string_view::npos ? std::string_view() : target.substr(mark + 1);
}

std::optional<std::string_view> Request::target_authority() const noexcept {
  return split_target(view(target_)).authority;
}

std::string_view Request::authority() const noexcept {
  return target_authority().value_or(field("Host").value_or(""));
}

std::optional<std::string_view> Request::field(std::string_view name) const noexcept {
  for (const Field& candidate : fields_) {
    if (candidate.name.length == name.size() && same_field_name(view(candidate.name), name)) {
      return view(candidate.value);
    }
  }
  return std::nullopt;
}

std::optional<std::string> Request::list_field(std::string_view name) const {
  std::optional<std::string> list;
  for (const Field& candidate : fields_) {
    if (same_field_name(view(candidate.name), name)) {
      list = list ? *list + ", " : std::string();
      list->append(view(candidate.value));
    }
  }
  return list;
}

std::size_t Request::field_count(std::string_view name) const noexcept {
  return static_cast<std::size_t>(
      std::count_if(fields_.begin(), fields_.end(), [&](const Field& candidate) {
        return same_field_name(view(candidate.name), name);
      }));
}

std::optional<uid_t> Request::peer_owner() const noexcept {
  if (!peer_owner_ && connection_ != nullptr) {
    peer_owner_ = http::peer_owner(connection_->descriptor());
  }
  return peer_owner_;
}

std::size_t Request::viewed_bytes() const noexcept {
  std::size_t end = target_.offset + target_.length;
  for (const Field& field : fields_) {
    for (const Slice slice : {field.name, field.value}) {
      end = std::max<std::size_t>(end, slice.offset + slice.length);
    }
  }
  return end;
}

std::optional<std::string> query_parameter(std::string_view query, std::string_view name) {
  while (!query.empty()) {
    std::string_view rest = take_until(query, '&');
    const std::string key(take_until(rest, '='));
    if (percent_decoded(key).value_or(key) != name) {
      continue;
    }
    std::string value(rest);
    std::replace(value.begin(), value.end(), '+', ' ');
    return percent_decoded(value).value_or(value);
  }
  return std::nullopt;
}

}  // namespace ginnel::http
