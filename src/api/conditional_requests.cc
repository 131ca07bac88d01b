// SPDX-License-Identifier: MIT
#include "api/conditional_requests.h"

#include <string_view>
#include <utility>

#include "api/body_reader.h"
#include "http/entity_tag.h"
#include "http/preconditions.h"
#include "http/problem.h"

namespace ginnel::api {

http::Response tagged(std::string json, int status) {
  const std::string tag = http::entity_tag_of(json);
  http::Response response = http::json(std::move(json), status);
  http::add_tag(tag, response);
  return response;
}

http::Response answer_to_get(std::string json, const http::Request& request) {
  const auto conditions = http::Preconditions::parse(request);
  if (!conditions) {
    return http::problem(conditions.error());
  }
  const std::string tag = http::entity_tag_of(json);
  if (!conditions->match_holds(tag)) {
    return http::problem(change::precondition_failed());
  }
  http::Response response = http::json(std::move(json));
  http::answer_with_tag(*conditions, tag, response);
  return response;
}

Result<change::Context> conditional_caller_of(const http::Request& request) {
  auto conditions = http::Preconditions::parse(request);
  if (!conditions) {
    return std::move(conditions).error();
  }
  change::Context caller{call_of(request)};
  if (!conditions->empty()) {
    caller.condition = [conditions = std::move(*conditions)](std::string_view json) {
      const std::string tag = http::entity_tag_of(json);
      return conditions.match_holds(tag) && conditions.none_match_holds(tag);
    };
  }
  return caller;
}

}  // namespace ginnel::api
