// SPDX-License-Identifier: MIT
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace ginnel::config {

/// The name among `known` that somebody who wrote `name` most likely meant, or nothing.
///
/// Nearest by optimal string alignment distance (insertions, deletions, replacements and swaps of
/// neighbours, without regard to ASCII case), at most a third of the letters; failing that, the one
/// name that ends in what was written (`listen` for `http.listen`).
std::string nearest_name(std::string_view name, const std::vector<std::string>& known);

/// `; did you mean X?`, or nothing.
std::string suggestion(std::string_view name, const std::vector<std::string>& known);

}  // namespace ginnel::config
