// SPDX-License-Identifier: MIT
#pragma once

#include <string>
#include <string_view>

namespace ginnel::domain {

/// The Location of a stored target: as sent, with only what HTTP cannot carry or no URL may hold
/// (RFC 3986) encoded. Scheme and host in lower case, an internationalised host as punycode, no
/// colon without a port, no slash added; percent-encoded are spaces, quotes, angle brackets,
/// backslashes and every byte outside ASCII, in path and query also carets, bars, braces and
/// backquotes. Works on any text, imported rows included, and never gives a control character.
std::string location_of(std::string_view target);

}  // namespace ginnel::domain
