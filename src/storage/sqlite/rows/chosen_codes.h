// SPDX-License-Identifier: MIT
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "base/result.h"
#include "domain/link.h"
#include "storage/sqlite/engine/connection.h"
#include "storage/sqlite/rows/link_row.h"

namespace ginnel::storage::sqlite {

/// What finds a link by what was typed: `?1` a code, and of one that has domain::shorter_codes
/// these from `?2` on.
std::string typed_statement();
std::string shortened_statement();

/// The link of RedirectSource::find, by one of these statements.
Result<std::optional<domain::Link>> find_typed_link(Connection& database, std::string_view code);

/// Another code that a person chose and that differs from this by case alone.
Result<std::optional<std::string>> find_chosen_twin(Connection& database, std::string_view code);

/// Notes of links with random codes that `code`, which a person has just chosen, differs from them
/// by case alone.
Result<Done> mark_random_twins(Connection& database, const std::string& code);

}  // namespace ginnel::storage::sqlite
