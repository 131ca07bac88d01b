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

/// `INTO links (columns) `. Of the values, ?1 is the number, ?2 the owner, ?3 the code, ?4 who made
/// the code, and ?5 to ?10 the rest.
extern const char* const kIntoLinks;

/// Runs an INSERT of these; gives whether the link is in.
Result<bool> insert_link(Connection& database,
                         std::string_view statement,
                         const domain::Link& link,
                         CodeOrigin origin);

/// Writes what can be changed of a link.
Result<Done> update_link(Connection& database, const domain::Link& link);

}  // namespace ginnel::storage::sqlite
