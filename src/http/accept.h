// SPDX-License-Identifier: MIT
#pragma once

#include <string_view>

#include "http/request.h"

namespace ginnel::http {

/// How much the sender of an Accept field wants `type` (`text/html`), in thousandths: the weight of
/// the most specific range that covers it, 0 when none does (RFC 9110 section 12.5.1). Parameters
/// of a range other than its weight are passed over; a range whose weight is malformed does not
/// count.
int wanted(std::string_view accept, std::string_view type) noexcept;

/// Whether an Accept field asks for `type` by its name and wants it at least as much as `usual`,
/// which everybody gets who asks for neither.
bool asks_for(std::string_view accept, std::string_view type, std::string_view usual) noexcept;

/// Whether a person looks at the answer: Accept wants HTML more than JSON, as every browser's
/// does when it opens an address. A program's `*/*`, or none, does not.
bool prefers_html(const Request& request);

}  // namespace ginnel::http
