// SPDX-License-Identifier: MIT
#pragma once

#include <optional>
#include <string_view>

#include "http/request.h"

namespace ginnel::http {

/// The name of the first field that a proxy, balancer, tunnel or content delivery network wrote,
/// and no caller of its own: `X-Forwarded-For`, `Via`, `CF-Connecting-IP`. Known by the words that
/// such names are made of, so that those of tomorrow are among them; what the field says does not
/// matter. Nothing where there is none, which proves nothing: a proxy may add no field. Does not
/// allocate.
std::optional<std::string_view> proxy_field(const Request& request) noexcept;

}  // namespace ginnel::http
