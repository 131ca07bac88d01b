// SPDX-License-Identifier: MIT
#include "http/preconditions.h"

#include <algorithm>
#include <utility>

namespace ginnel::http {
namespace {

bool contains(const std::vector<std::string>& tags, std::string_view tag) noexcept {
  return std::find(tags.begin(), tags.end(), tag) != tags.end();
}

void skip_space(std::string_view& text) noexcept {
  text.remove_prefix(std::min(text.find_first_not_of(" \t"), text.size()));
}

bool skip(std::string_view& text, std::string_view prefix) noexcept {
  if (!text.starts_with(prefix)) {
    return false;
  }
  text.remove_prefix(prefix.size());
  return true;
}

/// Takes `"..."` from the front of `text`; empty when there is none (RFC 9110 section 8.8.3).
std::string_view take_opaque_tag(std::string_view& text) noexcept {
  const auto end = text.starts_with('"') ? text.find('"', 1) : std::string_view::npos;
  if (end == std::string_view::npos) {
    return {};
  }
  const std::string_view tag = text.substr(0, end + 1);
  const auto is_tag_character = [](char c) {
    const auto byte = static_cast<unsigned char>(c);
    return byte > 0x20 && byte != 0x7f;
  };
  if (!std::all_of(tag.begin(), tag.end(), is_tag_character)) {
    return {};
  }
  text.remove_prefix(tag.size());
  return tag;
}

}  // namespace

/// `*`, or tags with commas between them, empty places allowed; nothing for anything else.
std::optional<Preconditions::Tags> Preconditions::parse_tags(std::string_view list) {
  Tags tags;
  if (list == "*") {
    tags.any = true;
    return tags;
  }
  bool after_comma = true;
  for (skip_space(list); !list.empty(); skip_space(list)) {
    if (skip(list, ",")) {
      after_comma = true;
      continue;
    }
    auto& kind = skip(list, "W/") ? tags.weak : tags.strong;
    const std::string_view tag = take_opaque_tag(list);
    if (tag.empty() || !after_comma) {
      return std::nullopt;
    }
    kind.emplace_back(tag);
    after_comma = false;
  }
  return tags.strong.empty() && tags.weak.empty() ? std::nullopt : std::optional(std::move(tags));
}

Result<Preconditions> Preconditions::parse(const Request& request) {
  Preconditions conditions;
  std::vector<FieldFault> faults;
  const auto read = [&](const char* name, std::optional<Tags>& tags) {
    const auto list = request.list_field(name);
    tags = list ? parse_tags(*list) : std::nullopt;
    if (list && !tags) {
      faults.push_back({name, std::string(name) + " must be * or a list of entity tags"});
    }
  };
  read("If-Match", conditions.if_match_);
  read("If-None-Match", conditions.if_none_match_);
  if (!faults.empty()) {
    return Error::about_fields(std::move(faults));
  }
  return conditions;
}

bool Preconditions::match_holds(std::string_view tag) const noexcept {
  return !if_match_ || if_match_->any || contains(if_match_->strong, tag);
}

bool Preconditions::none_match_holds(std::string_view tag) const noexcept {
  return !if_none_match_ || !(if_none_match_->any || contains(if_none_match_->strong, tag) ||
                              contains(if_none_match_->weak, tag));
}

}  // namespace ginnel::http
