// SPDX-License-Identifier: MIT
#pragma once

#include <initializer_list>
#include <string>
#include <string_view>

namespace ginnel::page {

/// What stands in a template's place: `{{name}}` becomes `value`.
struct Filling {
  std::string_view name;
  std::string_view value;
};

/// `form` with every `{{name}}` filled. Values are escaped, so that none of them can be markup.
/// Throws std::logic_error for a place that has no filling, or an unclosed one: defects of ours.
std::string filled(std::string_view form, std::initializer_list<Filling> fillings);

}  // namespace ginnel::page
