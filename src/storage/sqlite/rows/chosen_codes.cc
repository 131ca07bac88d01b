// SPDX-License-Identifier: MIT
#include "storage/sqlite/rows/chosen_codes.h"

#include <cstddef>
#include <tuple>
#include <utility>
#include <vector>

#include "base/text.h"
#include "domain/code_generator.h"
#include "domain/typed_code.h"
#include "storage/sqlite/rows/code_search.h"
#include "storage/sqlite/rows/link_row.h"

namespace ginnel::storage::sqlite {

namespace {

/// Of links by one of domain::shorter_codes of `?1`: in the order that these have.
constexpr const char* kPreferred = "ORDER BY length(code) DESC, instr(lower(?1), lower(code))";

/// `?2, ?3, ...`: a place for each of domain::shorter_codes.
std::string shorter_places() {
  std::vector<std::string> places;
  for (std::size_t i = 0; i < domain::ShorterCodes().size(); ++i) {
    places.push_back("?" + std::to_string(i + 2));
  }
  return joined(places, ", ");
}

/// The link of which nothing but the case is wrong in one of `codes`; SQLite uses the partial index
/// where its condition, `chosen <> 0`, stands in so many words.
std::string in_any_case(const std::string& codes) {
  return std::string("SELECT * FROM (") + kSelectLink + "WHERE chosen <> 0 AND chosen = 1 " +
         "AND code COLLATE NOCASE IN (" + codes + ") AND NOT EXISTS (SELECT 1 FROM links AS twin " +
         "WHERE twin.chosen <> 0 AND twin.code = links.code COLLATE NOCASE " +
         "AND twin.id <> links.id) " + kPreferred + " LIMIT 1)";
}

}  // namespace

// Of a UNION ALL with a limit SQLite runs no part behind the first that has a row.

std::string typed_statement() {
  return std::string(kSelectLink) + "WHERE code = ?1 UNION ALL " + in_any_case("?1") + " LIMIT 1";
}

std::string shortened_statement() {
  return std::string(kSelectLink) + "WHERE code = ?1 UNION ALL SELECT * FROM (" + kSelectLink +
         "WHERE code IN (" + shorter_places() + ") " + kPreferred + " LIMIT 1) UNION ALL " +
         in_any_case("?1, " + shorter_places()) + " LIMIT 1";
}

Result<std::optional<domain::Link>> find_typed_link(Connection& database, std::string_view code) {
  static const std::string kTyped = typed_statement();
  static const std::string kShortened = shortened_statement();
  const domain::ShorterCodes shorter = domain::shorter_codes(code);
  if (shorter.front().empty()) {
    return database.first(kTyped, link_of, code);
  }
  const auto find = [&](const auto&... texts) {
    return database.first(kShortened, link_of, code, texts...);
  };
  return std::apply(find, shorter);
}

Result<std::optional<std::string>> find_chosen_twin(Connection& database, std::string_view code) {
  const auto text = [](const Row& row) { return row.text(0); };
  return database.first(
      "SELECT code FROM links WHERE chosen <> 0 AND chosen = 1 AND code = ?1 COLLATE NOCASE "
      "AND code <> ?1",
      text,
      code);
}

Result<Done> mark_random_twins(Connection& database, const std::string& code) {
  if (!domain::may_be_random(code, domain::LinkId{domain::kMaxId})) {
    return Done();  // nor may one that differs by case
  }
  auto twins = find_in_any_case(database, {code});
  if (!twins) {
    return std::move(twins).error();
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

}  // namespace ginnel::storage::sqlite
