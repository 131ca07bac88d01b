// SPDX-License-Identifier: MIT
#pragma once

#include <span>
#include <string_view>

namespace ginnel::domain {

/// Every first path segment that is or will be a route, in alphabetical order, lower case.
///
/// The one table: api/routes_test.cc fails when a route's first segment is missing here, and
/// random, chosen and imported codes are all refused by `is_reserved`.
std::span<const std::string_view> reserved_codes() noexcept;

/// Whether `code`, in any case, equals a reserved word.
bool is_reserved(std::string_view code) noexcept;

}  // namespace ginnel::domain
