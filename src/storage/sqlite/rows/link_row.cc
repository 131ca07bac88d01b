// SPDX-License-Identifier: MIT
#include "storage/sqlite/rows/link_row.h"

#include <utility>

#include "storage/sqlite/rows/trail.h"

namespace ginnel::storage::sqlite {

const char* const kSelectLink =
    "SELECT id, user_id, code, target, title, enabled, created_at, updated_at, version FROM links ";

domain::Link link_of(const Row& row) {
  domain::Link link;
  link.id.value = row.integer(0);
  link.user.value = row.integer(1);
  link.code = row.text(2);
  link.target = row.text(3);
  link.title = row.text(4);
  link.enabled = row.integer(5) != 0;
  link.created_at = timestamp_of(row.integer(6));
  link.updated_at = timestamp_of(row.integer(7));
  link.version = row.integer(8);
  return link;
}

Result<std::optional<domain::Link>> find_link(Connection& database, domain::LinkId id) {
  static const std::string kSql = std::string(kSelectLink) + "WHERE id = ?";
  return database.first(kSql, link_of, id.value);
}

Result<std::optional<domain::Link>> find_link(Connection& database, std::string_view code) {
  static const std::string kSql = std::string(kSelectLink) + "WHERE code = ?";
  return database.first(kSql, link_of, code);
}

const char* const kIntoLinks =
    "INTO links (id, user_id, code, chosen, target, title, enabled, created_at, updated_at, "
    "version) ";

Result<bool> insert_link(Connection& database,
                         std::string_view statement,
                         const domain::Link& link,
                         CodeOrigin origin) {
  auto done = database.run(statement,
                           link.id.value,
                           link.user.value,
                           link.code,
                           static_cast<std::int64_t>(origin),
                           link.target,
                           link.title,
                           link.enabled ? 1 : 0,
                           stored(link.created_at),
                           stored(link.updated_at),
                           link.version);
  if (!done) {
    return std::move(done).error();
  }
  return database.changed_rows() == 1;
}

Result<Done> update_link(Connection& database, const domain::Link& link) {
  return database.run(
      "UPDATE links SET target = ?, title = ?, enabled = ?, updated_at = ?, version = ? "
      "WHERE id = ?",
      link.target,
      link.title,
      link.enabled ? 1 : 0,
      stored(link.updated_at),
      link.version,
      link.id.value);
}

}  // namespace ginnel::storage::sqlite
