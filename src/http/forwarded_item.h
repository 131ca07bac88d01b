// SPDX-License-Identifier: MIT
#pragma once

#include <optional>
#include <string_view>

#include "base/ip_address.h"

namespace ginnel::http {

/// What proxies write of whom they serve. Lists are read from their end, which the nearest proxy
/// wrote: a quotation mark that a visitor left open earlier takes nothing of that. None of these
/// allocates.

/// Takes the last item off a list, with the white space around it removed. A separator between
/// quotation marks, in which `\` makes the next character literal, separates nothing.
std::string_view take_last(std::string_view& list, char separator) noexcept;

/// The address of an item of X-Forwarded-For, or of a node of RFC 7239: with or without a port,
/// brackets, quotation marks and a zone (`fe80::1%eth0`). Nothing where it has none.
std::optional<IpAddress> address_in_item(std::string_view item) noexcept;

/// The address that an element of Forwarded (RFC 7239 section 4) has as `for=`. Nothing where it
/// has none, or that parameter twice.
std::optional<IpAddress> address_in_element(std::string_view element) noexcept;

}  // namespace ginnel::http
