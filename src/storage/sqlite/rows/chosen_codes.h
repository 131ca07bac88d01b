// SPDX-License-Identifier: MIT
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "base/result.h"
#include "domain/link.h"
#include "storage/sqlite/engine/connection.h"

namespace ginnel::storage::sqlite {

/// Who made the code of a link: the column `chosen`. Its index holds all but the first kind, so
/// that links with random codes, nearly all there are, cost it nothing.
enum class CodeOrigin : std::int64_t {
  kRandom = 0,
  kChosen = 1,
  /// Random, and a chosen one differs from it by case alone: in the index, so that a third spelling
  /// is found to mean neither.
  kRandomTwin = 2,
};

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
