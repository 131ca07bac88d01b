// SPDX-License-Identifier: MIT
#include "storage/sqlite/upkeep/examination.h"

#include <filesystem>
#include <system_error>
#include <utility>

#include "storage/sqlite/file/schema.h"
#include "storage/sqlite/rows/code_search.h"
#include "storage/sqlite/rows/kept_rows.h"

namespace ginnel::storage::sqlite {

namespace {

Result<std::string> find_damage(Connection& connection) {
  const auto text = [](const Row& row) { return row.text(0); };
  auto found = connection.first("PRAGMA quick_check(1)", text);
  if (!found) {
    return std::move(found).error();
  }
  const std::string said = found->value_or("no answer");
  return said == "ok" ? std::string() : said;
}

Result<Done> look_at_links(Connection& connection,
                           const std::vector<std::string>& words,
                           Examination& seen) {
  auto links = connection.number("SELECT count(*) FROM links");
  if (!links) {
    return std::move(links).error();
  }
  seen.links = static_cast<std::uint64_t>(*links);
  auto shadowed = find_in_any_case(connection, words);
  if (!shadowed) {
    return std::move(shadowed).error();
  }
  for (const domain::Link& link : *shadowed) {
    seen.shadowed_codes.push_back(link.code);
  }
  return Done();
}

Result<Done> look_at_kept_rows(Connection& connection,
                               const ExaminationRules& rules,
                               Examination& seen) {
  auto users = find_kept_users(connection);
  if (!users) {
    return std::move(users).error();
  }
  auto links = find_kept_links(connection, rules.max_location_bytes);
  if (!links) {
    return std::move(links).error();
  }
  seen.kept_users = std::move(*users);
  seen.kept_links = std::move(*links);
  return Done();
}

Result<Done> look_inside(const Location& location,
                         const ExaminationRules& rules,
                         Examination& seen) {
  auto connection = open_beside(location);
  if (!connection) {
    return std::move(connection).error();
  }
  auto damage = find_damage(*connection);
  if (!damage) {
    return std::move(damage).error();
  }
  seen.damage = std::move(*damage);
  auto states = migration_states(*connection, all_migrations());
  if (!states) {
    return std::move(states).error();
  }
  seen.migrations = std::move(*states);
  if (all_applied(seen.migrations)) {
    auto missing = missing_parts(*connection);
    if (!missing) {
      return std::move(missing).error();
    }
    seen.missing = std::move(*missing);
    if (seen.missing.empty()) {
      if (auto done = look_at_kept_rows(*connection, rules, seen); !done) {
        return done;
      }
    }
  }
  const bool has_links = !seen.migrations.empty() && seen.migrations.front().applied;
  return has_links ? look_at_links(*connection, rules.words, seen) : Done();
}

}  // namespace

Examination examine(const Location& location, const ExaminationRules& rules) {
  Examination seen;
  seen.path = location.path;
  if (location.in_memory()) {
    return seen;
  }
  std::error_code ignored;
  seen.exists = std::filesystem::exists(location.path, ignored);
  seen.server = FileLock::holder(location.path);
  seen.server_url = seen.server ? FileLock::announced(location.path) : std::string();
  if (!seen.exists) {
    return seen;
  }
  seen.is_other_file = seen.server && !FileLock::is_file_held(location.path);
  if (auto done = look_inside(location, rules, seen); !done) {
    seen.fault = std::move(done).error();
  }
  return seen;
}

}  // namespace ginnel::storage::sqlite
