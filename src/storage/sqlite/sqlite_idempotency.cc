// SPDX-License-Identifier: MIT
#include "storage/sqlite/sqlite_idempotency.h"

#include <utility>

namespace ginnel::storage {
namespace {

/// How many old keys a new one sweeps away: more than come, so that they do not pile up.
constexpr std::int64_t kSweptKeys = 10;

struct KeptKey {
  std::string request;
  EarlierCreation made;
};

KeptKey kept_key_of(const SqliteRow& row) {
  return {row.text(0), {row.integer(1), timestamp_of(row.integer(2)), row.text(3)}};
}

/// Keys from before this are forgotten.
std::int64_t oldest(const change::Context& by) {
  return stored(by.at - change::kIdempotencyKeyLifetime);
}

/// With the row of the trail that was written last.
Result<Done> keep_key(SqliteConnection& database, const change::Context& by) {
  auto swept = database.run(
      "DELETE FROM idempotency_keys WHERE (who, key) IN "
      "(SELECT who, key FROM idempotency_keys WHERE at <= ? ORDER BY at LIMIT ?)",
      oldest(by),
      kSweptKeys);
  if (!swept) {
    return swept;
  }
  return database.run(
      "INSERT OR REPLACE INTO idempotency_keys (who, key, request, audit_id, at) "
      "VALUES (?, ?, ?, (SELECT max(id) FROM audit), ?)",
      by.who,
      by.key->text,
      by.key->request,
      stored(by.at));
}

}  // namespace

Result<std::optional<EarlierCreation>> find_earlier(SqliteConnection& database,
                                                    const change::Context& by) {
  using Found = std::optional<EarlierCreation>;
  if (!by.key) {
    return Found();
  }
  auto kept = database.first(
      "SELECT k.request, a.entity_id, a.at, coalesce(a.after ->> '$.short_code', '') "
      "FROM idempotency_keys k JOIN audit a ON a.id = k.audit_id "
      "WHERE k.who = ? AND k.key = ? AND k.at > ?",
      kept_key_of,
      by.who,
      by.key->text,
      oldest(by));
  if (!kept) {
    return std::move(kept).error();
  }
  if (!*kept) {
    return Found();
  }
  if ((*kept)->request != by.key->request) {
    return change::key_reused();
  }
  return Found(std::move((*kept)->made));
}

Result<Done> add_creation(SqliteConnection& database,
                          const change::Context& by,
                          const AuditRow& row) {
  auto done = add_audit(database, by, row);
  return done && by.key ? keep_key(database, by) : done;
}

}  // namespace ginnel::storage
