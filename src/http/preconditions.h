// SPDX-License-Identifier: MIT
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "http/request.h"

namespace ginnel::http {

/// What If-Match and If-None-Match of a request say of the entity tag that a representation has now
/// (RFC 9110 section 13.1). Keeps copies, so that it may outlive the request.
class Preconditions final {
 public:
  /// Fails with kInvalid, naming each of the two fields that is neither `*` nor a list of tags.
  static Result<Preconditions> parse(const Request& request);

  /// Whether the request has neither field.
  bool empty() const noexcept { return !if_match_ && !if_none_match_; }

  /// Whether If-Match is absent, `*`, or lists `tag`, which is a strong one: weak ones never match.
  bool match_holds(std::string_view tag) const noexcept;

  /// Whether If-None-Match is absent, or lists other tags than `tag` alone, weak or not.
  bool none_match_holds(std::string_view tag) const noexcept;

 private:
  struct Tags {
    bool any = false;  ///< `*`
    std::vector<std::string> strong;
    std::vector<std::string> weak;  ///< without their `W/`
  };

  static std::optional<Tags> parse_tags(std::string_view list);

  std::optional<Tags> if_match_;
  std::optional<Tags> if_none_match_;
};

}  // namespace ginnel::http
