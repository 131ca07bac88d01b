// SPDX-License-Identifier: MIT
#include "http/entity_tag.h"

#include "base/digest.h"

namespace ginnel::http {

std::string entity_tag_of(std::string_view bytes) {
  return '"' + digest_of(bytes) + '"';
}

void add_tag(std::string_view tag, Response& response) {
  response.add("ETag", tag);
  if (response.keeping == Keeping::kNever) {
    response.keeping = Keeping::kAskAgain;
  }
}

void answer_with_tag(const Preconditions& conditions, std::string_view tag, Response& response) {
  add_tag(tag, response);
  if (!conditions.none_match_holds(tag)) {
    response.status = 304;
    response.body.clear();
  }
}

void answer_with_tag(const Request& request, std::string_view tag, Response& response) {
  const auto conditions = Preconditions::parse(request);
  answer_with_tag(conditions ? *conditions : Preconditions(), tag, response);
}

}  // namespace ginnel::http
