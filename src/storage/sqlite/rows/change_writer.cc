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

/// Fails with kConflict when another user than that of `row` has its name, by the row's key or the
/// older one of its very spelling, or its address.
Result<Done> check_free(Connection& database, const change::UserRow& row) {
  const domain::User& user = row.record.user;
  auto has_name =
      database.exists("SELECT 1 FROM users WHERE username_key IN (?, ?) AND id <> ? LIMIT 1",
                      row.name_key,
                      domain::old_username_key(user.username),
                      user.id.value);
  if (!has_name) {
    return std::move(has_name).error();
  }
  auto has_address = database.exists("SELECT 1 FROM users WHERE email_key = ? AND id <> ?",
                                     domain::email_key(user.email),
                                     user.id.value);
  if (!has_address) {
    return std::move(has_address).error();
  }
  return change::check_free(*has_name, *has_address);
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
      row.name_key,
      domain::email_key(user.email),
      stored(user.created_at),
      row.record.metadata,
      domain::old_username_key(user.username));
  const bool is_refused =
      done ? database.changed_rows() == 0 : done.error().kind == ErrorKind::kConflict;
  if (!is_refused) {
    return done;
  }
  if (auto free = check_free(database, row); !free) {
    return free;
  }
  return Error(ErrorKind::kInternal, "internal error", "a user's number is given already");
}

Result<Done> update(Connection& database, const change::UserRow& row) {
  const domain::User& user = row.record.user;
  if (auto free = check_free(database, row); !free) {
    return free;
  }
  return database.run(
      "UPDATE users SET username = ?, email = ?, username_key = ?, email_key = ?, metadata = ? "
      "WHERE id = ?",
      user.username,
      user.email,
      row.name_key,
      domain::email_key(user.email),
      row.record.metadata,
      user.id.value);
}

Result<Done> remove(Connection& database, const change::UserRow& row) {
  return database.run("DELETE FROM users WHERE id = ?", row.record.user.id.value);
}

/// Which constraint is in the way of a new link.
Result<Done> why_not_made(Connection& database, const domain::Link& link) {
  auto owner = database.exists("SELECT 1 FROM users WHERE id = ?", link.user.value);
  if (!owner) {
    return std::move(owner).error();
  }
  auto twin = find_chosen_twin(database, link.code);
  if (!twin) {
    return std::move(twin).error();
  }
  return change::check(link, {*owner, *twin, true});
}

/// VALUES, and no code where it may not be made: a SELECT that looks into the table it fills is run
/// by way of a temporary one.
Result<Done> insert(Connection& database, const change::LinkRow& row) {
  static const std::string kSql =
      std::string("INSERT OR IGNORE ") + kIntoLinks +
      "VALUES (?1, ?2, CASE WHEN NOT EXISTS (SELECT 1 FROM links WHERE chosen <> 0 AND chosen = 1 "
      "AND code = ?3 COLLATE NOCASE AND code <> ?3) "
      "AND (?4 = 1 OR NOT EXISTS (SELECT 1 FROM retired_codes WHERE code = ?3)) THEN ?3 END, "
      "?4, ?5, ?6, ?7, ?8, ?9, ?10)";
  const CodeOrigin origin = row.chosen ? CodeOrigin::kChosen : CodeOrigin::kRandom;
  auto is_in = insert_link(database, kSql, row.link, origin);
  if (is_in ? !*is_in : is_in.error().kind == ErrorKind::kConflict) {
    return why_not_made(database, row.link);
  }
  if (!is_in) {
    return std::move(is_in).error();
  }
  return row.chosen ? mark_random_twins(database, row.link.code) : Done();
}

Result<Done> update(Connection& database, const change::LinkRow& row) {
  return update_link(database, row.link);
}

Result<Done> remove(Connection& database, const change::LinkRow& row) {
  return database.run("DELETE FROM links WHERE id = ?", row.link.id.value);
}

/// Whether there is what an event names, if it names one.
template <class Tag>
Result<bool> is_there(Connection& database,
                      std::string_view statement,
                      const std::optional<domain::Id<Tag>>& id) {
  return id ? database.exists(statement, id->value) : Result<bool>(true);
}

/// Fails with kNotFound when the event is to show a link or a user that is not there.
Result<Done> check_names(Connection& database, const domain::Event& shown) {
  auto link_is_there = is_there(database, "SELECT 1 FROM links WHERE id = ?", shown.link);
  if (!link_is_there) {
    return std::move(link_is_there).error();
  }
  auto user_is_there = is_there(database, "SELECT 1 FROM users WHERE id = ?", shown.user);
  if (!user_is_there) {
    return std::move(user_is_there).error();
  }
  return change::check_names(*link_is_there, *user_is_there);
}

Result<Done> insert(Connection& database, const change::EventRow& row) {
  auto known = check_names(database, row.shown);
  return known ? add_event(database, row.event) : known;
}

Result<Done> update(Connection& database, const change::EventRow& row) {
  if (auto known = check_names(database, row.shown); !known) {
    return known;
  }
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
    case Act::kNothing:
      return Done();
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
  if (change.act == Act::kNothing) {
    return Done();
  }
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

Result<std::optional<change::KeptKey>> find_key(Connection& database, const change::Context& by) {
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
  return database.first(
      "SELECT request, row_id, code, at FROM idempotency_keys WHERE who = ? AND key = ?",
      kept_key_of,
      by.who,
      by.key->text);
}

}  // namespace ginnel::storage::sqlite
