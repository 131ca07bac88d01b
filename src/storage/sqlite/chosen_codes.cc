// SPDX-License-Identifier: MIT
#include "storage/sqlite/chosen_codes.h"

#include <utility>

#include "domain/code_generator.h"
#include "domain/typed_code.h"
#include "storage/sqlite/code_search.h"
#include "storage/sqlite/sqlite_link_store.h"

namespace ginnel::storage {

namespace {

/// The link of which nothing but the case is wrong in one of `codes`, the longest first; SQLite
/// uses the partial index where its condition, `chosen <> 0`, stands in so many words.
std::string in_any_case(const char* codes) {
  return std::string("SELECT * FROM (") + kSelectLink + "WHERE chosen <> 0 AND chosen = 1 " +
         "AND code COLLATE NOCASE IN (" + codes + ") AND NOT EXISTS (SELECT 1 FROM links AS twin " +
         "WHERE twin.chosen <> 0 AND twin.code = links.code COLLATE NOCASE " +
         "AND twin.id <> links.id) ORDER BY length(code) DESC LIMIT 1)";
}

}  // namespace

// Of a UNION ALL with a limit SQLite runs no part behind the first that has a row.

std::string typed_statement() {
  return std::string(kSelectLink) + "WHERE code = ?1 UNION ALL " + in_any_case("?1") + " LIMIT 1";
}

std::string shortened_statement() {
  return std::string(kSelectLink) + "WHERE code = ?1 UNION ALL SELECT * FROM (" + kSelectLink +
         "WHERE code IN (?2, ?3, ?4, ?5) ORDER BY length(code) DESC LIMIT 1) UNION ALL " +
         in_any_case("?1, ?2, ?3, ?4, ?5") + " LIMIT 1";
}

Result<std::optional<domain::Link>> find_typed_link(SqliteConnection& database,
                                                    std::string_view code) {
  static const std::string kTyped = typed_statement();
  static const std::string kShortened = shortened_statement();
  const domain::ShorterCodes shorter = domain::shorter_codes(code);
  if (shorter.front().empty()) {
    return database.first(kTyped, link_of, code);
  }
  return database.first(kShortened, link_of, code, shorter[0], shorter[1], shorter[2], shorter[3]);
}

Result<std::optional<std::string>> find_chosen_twin(SqliteConnection& database,
                                                    std::string_view code) {
  const auto text = [](const SqliteRow& row) { return row.text(0); };
  return database.first(
      "SELECT code FROM links WHERE chosen <> 0 AND chosen = 1 AND code = ?1 COLLATE NOCASE "
      "AND code <> ?1",
      text,
      code);
}

Result<Done> mark_random_twins(SqliteConnection& database, const std::string& code) {
  if (!domain::may_be_random(code, domain::LinkId{domain::kMaxId})) {
    return Done();  // nor may one that differs by case
  }
  const auto twins = find_in_any_case(database, {code});
  if (!twins) {
    return twins.error();
  }
  for (const domain::Link& twin : *twins) {
    auto marked = database.run("UPDATE links SET chosen = ? WHERE id = ? AND chosen = ?",
                               static_cast<std::int64_t>(CodeOrigin::kRandomTwin),
                               twin.id.value,
                               static_cast<std::int64_t>(CodeOrigin::kRandom));
    if (!marked) {
      return marked;
    }
  }
  return Done();
}

}  // namespace ginnel::storage
