// SPDX-License-Identifier: MIT
#pragma once

#include <string>
#include <vector>

#include "base/result.h"
#include "domain/link.h"
#include "storage/sqlite/engine/connection.h"

namespace ginnel::storage::sqlite {

/// The links whose code is one of `words` when case is ignored, in ascending order of id.
///
/// Walks the unique index of codes instead of keeping a second one: from the first letter on, a
/// beginning that no code has is not followed further. Some 20 lookups a word, whatever the number
/// of links.
Result<std::vector<domain::Link>> find_in_any_case(Connection& database,
                                                   const std::vector<std::string>& words);

}  // namespace ginnel::storage::sqlite
