// SPDX-License-Identifier: MIT
#pragma once

#include <string_view>

namespace ginnel::clicks {

/// The kind of device a person's user agent, in lower case, speaks of: `desktop`, `mobile`,
/// `tablet`, or `other` for televisions, consoles and watches; empty when it speaks of none.
///
/// What an agent does not say cannot be told: Safari on an iPad calls itself a Mac since iPadOS 13.
std::string_view device_of(std::string_view lower_agent) noexcept;

}  // namespace ginnel::clicks
