// SPDX-License-Identifier: MIT
#pragma once

#include <string>
#include <string_view>

#include "http/preconditions.h"
#include "http/request.h"
#include "http/response.h"

namespace ginnel::http {

/// The entity tag of these bytes: 32 hex digits of a hash of them, in quotes. A strong one (RFC
/// 9110 section 8.8.1): whatever they went through, equal tags are equal bytes.
std::string entity_tag_of(std::string_view bytes);

/// Gives an answer its entity tag: what nobody may keep may now be kept to be asked for again.
void add_tag(std::string_view tag, Response& response);

/// Gives a 200 its entity tag as add_tag does, and makes it a 304 without a body when If-None-Match
/// says that the client has it already. The other fields stay.
void answer_with_tag(const Preconditions& conditions, std::string_view tag, Response& response);

/// The same as the request says; conditions that are malformed are passed over.
void answer_with_tag(const Request& request, std::string_view tag, Response& response);

}  // namespace ginnel::http
