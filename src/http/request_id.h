// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

#include "base/random.h"

namespace ginnel::http {

inline constexpr std::size_t kMaxRequestIdLength = 128;

/// Sets `id` to what the client sent when that is 1 to kMaxRequestIdLength printable ASCII
/// characters without space (it goes into logs and headers), otherwise to 32 random hex digits.
/// Does not allocate once `id` has had this length.
void choose_request_id(std::optional<std::string_view> sent, FastRandom& random, std::string& id);

}  // namespace ginnel::http
