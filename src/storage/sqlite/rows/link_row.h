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

/// `SELECT columns FROM links `, whose rows `link_of` reads. What a link has in the table is said
/// here alone.
extern const char* const kSelectLink;
domain::Link link_of(const Row& row);

/// The link with this number, or nothing.
Result<std::optional<domain::Link>> find_link(Connection& database, domain::LinkId id);

/// The link with exactly this code, or nothing.
Result<std::optional<domain::Link>> find_link(Connection& database, std::string_view code);

/// `INSERT INTO links SELECT ... condition`, where `origin` gives the column `chosen`. In both ?1
/// is the number, ?2 the owner, ?3 the code and ?4 who made the code.
std::string insert_statement(std::string_view origin, std::string_view condition);

/// Runs that statement; gives whether the link is in.
Result<bool> insert_link(Connection& database,
                         std::string_view statement,
                         const domain::Link& link,
                         CodeOrigin origin);

/// Writes what can be changed of a link.
Result<Done> update_link(Connection& database, const domain::Link& link);

}  // namespace ginnel::storage::sqlite
