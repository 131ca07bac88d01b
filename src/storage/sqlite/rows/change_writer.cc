// SPDX-License-Identifier: MIT
#include "storage/sqlite/rows/change_writer.h"

#include <string>
#include <utility>
#include <variant>

#include "storage/sqlite/rows/chosen_codes.h"
#include "storage/sqlite/rows/link_row.h"
#include "storage/sqlite/rows/trail.h"

namespace ginnel::storage::sqlite {
namespace {

using change::Act;

/// How many old keys a new one sweeps away: more than come, so that they do not pile up.
constexpr std::int64_t kSweptKeys = 10;

Error in_the_way() {
  return Error(ErrorKind::kConflict, "Another row is in the way");
}

Result<Done> insert(Connection& database, const change::UserRow& row) {
  const domain::User& user = row.record.user;
  auto done = database.run(
      "INSERT INTO users (id, username, email, username_key, email_key, created_at, metadata) "
      "SELECT ?1, ?2, ?3, ?4, ?5, ?6, ?7 "
      // A row of an older time may keep the key of this very spelling.
      "WHERE NOT EXISTS (SELECT 1 FROM users WHERE username_key = ?8)",
      user.id.value,
      user.username,
      user.email,
      domain::username_key(user.username),
      domain::email_key(user.email),
      stored(user.created_at),
      row.record.metadata,
      domain::old_username_key(user.username));
  return !done || database.changed_rows() == 1 ? std::move(done) : in_the_way();
}

Result<Done> update(Connection& database, const change::UserRow& row) {
  const domain::User& user = row.record.user;
  return database.run(
      "UPDATE users SET username = ?, email = ?, email_key = ?, metadata = ?, "
      "username_key = CASE WHEN ? THEN ? ELSE username_key END WHERE id = ?",
      user.username,
      user.email,
      domain::email_key(user.email),
      row.record.metadata,
      row.has_new_name ? 1 : 0,
      domain::username_key(user.username),
      user.id.value);
}

Result<Done> remove(Connection& database, const change::UserRow& row) {
  return database.run("DELETE FROM users WHERE id = ?", row.record.user.id.value);
}

Result<Done> insert(Connection& database, const change::LinkRow& row) {
  static const std::string kSql =
      insert_statement("?4",
                       "WHERE NOT EXISTS (SELECT 1 FROM links WHERE chosen <> 0 AND chosen = 1 "
                       "AND code = ?3 COLLATE NOCASE AND code <> ?3) "
                       "AND (?4 = 1 OR NOT EXISTS (SELECT 1 FROM retired_codes WHERE code = ?3))");
  const CodeOrigin origin = row.chosen ? CodeOrigin::kChosen : CodeOrigin::kRandom;
  auto is_in = insert_link(database, kSql, row.link, origin);
  if (!is_in) {
    return std::move(is_in).error();
  }
  if (!*is_in) {
    return in_the_way();
  }
  return row.chosen ? mark_random_twins(database, row.link.code) : Done();
}

Result<Done> update(Connection& database, const change::LinkRow& row) {
  return update_link(database, row.link);
}

Result<Done> remove(Connection& database, const change::LinkRow& row) {
  return database.run("DELETE FROM links WHERE id = ?", row.link.id.value);
}

Result<Done> insert(Connection& database, const change::EventRow& row) {
  return insert_event(database, row.event);
}

Result<Done> update(Connection& database, const change::EventRow& row) {
  return database.run(
      "UPDATE events SET link_id = ?, user_id = ?, type = ?, details = ? WHERE id = ?",
      stored(row.event.link),
      stored(row.event.user),
      row.event.type,
      row.event.details,
      row.event.id.value);
}

Result<Done> remove(Connection&, const change::EventRow&) {
  return Error(ErrorKind::kInternal, "internal error", "events stay");
}

template <class Row>
Result<Done> write_row(Connection& database, Act act, const Row& row) {
  switch (act) {
    case Act::kCreate:
      return insert(database, row);
    case Act::kUpdate:
      return update(database, row);
    case Act::kDelete:
      return remove(database, row);
  }
  return Done();  // a value outside the list: a defect
}

/// Instead of an older one, and of some that are too old.
Result<Done> keep_key(Connection& database, const change::KeptKey& key) {
  auto done = database.run(
      "DELETE FROM idempotency_keys WHERE (who, key) IN "
      "(SELECT who, key FROM idempotency_keys WHERE at <= ? ORDER BY at LIMIT ?)",
      stored(key.at - change::kKeyLifetime),
      kSweptKeys);
  if (done) {
    done = database.run(
        "INSERT OR REPLACE INTO idempotency_keys (who, key, request, row_id, code, at) "
        "VALUES (?, ?, ?, ?, ?, ?)",
        key.who,
        key.key,
        key.request,
        key.id,
        key.code,
        stored(key.at));
  }
  return done;
}

}  // namespace

Result<Done> write(const Transaction& transaction, const change::Change& change) {
  Connection& database = transaction.database();
  const auto row = [&](const auto& kept) { return write_row(database, change.act, kept); };
  Result<Done> done = std::visit(row, change.row);
  for (auto event = change.events.begin(); done && event != change.events.end(); ++event) {
    done = add_event(database, *event);
  }
  if (done) {
    done = add_audit(database, change.entry);
  }
  if (done && change.key) {
    done = keep_key(database, *change.key);
  }
  for (auto code = change.retired.begin(); done && code != change.retired.end(); ++code) {
    done = database.run("INSERT OR IGNORE INTO retired_codes (code) VALUES (?)", *code);
  }
  for (const std::string& code : change.forgotten) {
    transaction.forget(code);
  }
  return done;
}

Result<std::int64_t> next_id(Connection& database, std::string_view table) {
  const auto last = [](const Row& row) { return row.integer(0); };
  auto found = database.first("SELECT seq FROM sqlite_sequence WHERE name = ?", last, table);
  if (!found) {
    return std::move(found).error();
  }
  return new_id(found->value_or(0) + 1);
}

Result<std::optional<change::KeptKey>> find_earlier(Connection& database,
                                                    const change::Context& by) {
  if (!by.key) {
    return std::optional<change::KeptKey>();
  }
  const auto kept_key_of = [&by](const Row& row) {
    return change::KeptKey{by.who,
                           by.key->text,
                           row.text(0),
                           row.integer(1),
                           row.text(2),
                           timestamp_of(row.integer(3))};
  };
  auto kept = database.first(
      "SELECT request, row_id, code, at FROM idempotency_keys WHERE who = ? AND key = ?",
      kept_key_of,
      by.who,
      by.key->text);
  return kept ? change::earlier_creation(std::move(*kept), by) : std::move(kept);
}

}  // namespace ginnel::storage::sqlite
