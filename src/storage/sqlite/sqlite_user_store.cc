// SPDX-License-Identifier: MIT
#include "storage/sqlite/sqlite_user_store.h"

#include <algorithm>
#include <limits>
#include <utility>

#include "domain/json_form.h"
#include "domain/text.h"
#include "storage/sqlite/sqlite_link_store.h"
#include "storage/sqlite/sqlite_trail.h"

namespace ginnel::storage {

namespace {

domain::User user_of(const SqliteRow& row) {
  domain::User user;
  user.id.value = row.integer(0);
  user.username = row.text(1);
  user.email = row.text(2);
  user.created_at = timestamp_of(row.integer(3));
  return user;
}

domain::UserId user_id_of(const SqliteRow& row) {
  return domain::UserId{row.integer(0)};
}

Error user_not_found() {
  return Error(ErrorKind::kNotFound, "User not found");
}

/// The user that is there. Fails with kNotFound.
Result<domain::User> get_user(SqliteConnection& database, domain::UserId id) {
  auto found = find_user(database, id);
  if (!found) {
    return std::move(found).error();
  }
  if (!*found) {
    return user_not_found();
  }
  return std::move(**found);
}

/// Fails with kConflict when another user than `user` has its name or its address.
Result<Done> check_free(SqliteConnection& database, const domain::User& user) {
  auto same_name = find_username(database, user_key(user.username));
  if (!same_name) {
    return std::move(same_name).error();
  }
  auto same_email = find_email(database, user_key(user.email));
  if (!same_email) {
    return std::move(same_email).error();
  }
  std::vector<FieldFault> faults;
  if (same_name->value_or(user.id) != user.id) {
    faults.push_back(FieldFault{"username", "Username is taken"});
  }
  if (same_email->value_or(user.id) != user.id) {
    faults.push_back(FieldFault{"email", "Email is taken"});
  }
  if (faults.empty()) {
    return Done();
  }
  Error taken(ErrorKind::kConflict, faults.front().message);
  taken.faults = std::move(faults);
  return taken;
}

Result<domain::User> insert_user(SqliteConnection& database,
                                 const domain::UserDraft& draft,
                                 const ChangeContext& by) {
  domain::User user;
  user.username = domain::trimmed(draft.username);
  user.email = domain::trimmed(draft.email);
  user.created_at = by.at;
  if (auto free = check_free(database, user); !free) {
    return std::move(free).error();
  }
  auto done = database.run(
      "INSERT INTO users (username, email, username_key, email_key, created_at) "
      "VALUES (?, ?, ?, ?, ?)",
      user.username,
      user.email,
      user_key(user.username),
      user_key(user.email),
      stored(user.created_at));
  if (!done) {
    return std::move(done).error();
  }
  auto id = new_id(database.last_id());
  if (!id) {
    return std::move(id).error();
  }
  user.id.value = *id;
  done = add_audit(database, by, AuditRow{"create", "user", user.id.value, {}, json_of(user)});
  if (!done) {
    return std::move(done).error();
  }
  return user;
}

domain::User changed(domain::User user, const domain::UserChange& change) {
  if (change.username) {
    user.username = domain::trimmed(*change.username);
  }
  if (change.email) {
    user.email = domain::trimmed(*change.email);
  }
  return user;
}

Result<domain::User> change_user(SqliteConnection& database,
                                 domain::UserId id,
                                 const domain::UserChange& change,
                                 const ChangeContext& by) {
  auto before = get_user(database, id);
  if (!before) {
    return before;
  }
  domain::User after = changed(*before, change);
  if (after == *before) {
    return after;
  }
  if (auto free = check_free(database, after); !free) {
    return std::move(free).error();
  }
  auto done = database.run(
      "UPDATE users SET username = ?, email = ?, username_key = ?, email_key = ? WHERE id = ?",
      after.username,
      after.email,
      user_key(after.username),
      user_key(after.email),
      id.value);
  if (done) {
    const AuditRow row = {"update", "user", id.value, json_of(*before), json_of(after)};
    done = add_audit(database, by, row);
  }
  if (!done) {
    return std::move(done).error();
  }
  return after;
}

Result<Done> remove_user(const SqliteTransaction& transaction,
                         domain::UserId id,
                         const ChangeContext& by) {
  SqliteConnection& database = transaction.database();
  auto user = get_user(database, id);
  if (!user) {
    return std::move(user).error();
  }
  auto done = remove_links_of(transaction, id, by);
  if (done) {
    done = database.run("DELETE FROM users WHERE id = ?", id.value);
  }
  if (done) {
    done = add_audit(database, by, AuditRow{"delete", "user", id.value, json_of(*user), {}});
  }
  return done;
}

}  // namespace

std::string user_key(std::string_view text) {
  return domain::ascii_lower(domain::trimmed(text));
}

Result<std::optional<domain::User>> find_user(SqliteConnection& database, domain::UserId id) {
  return database.first(
      "SELECT id, username, email, created_at FROM users WHERE id = ?", user_of, id.value);
}

Result<std::optional<domain::UserId>> find_username(SqliteConnection& database,
                                                    std::string_view key) {
  return database.first("SELECT id FROM users WHERE username_key = ?", user_id_of, key);
}

Result<std::optional<domain::UserId>> find_email(SqliteConnection& database, std::string_view key) {
  return database.first("SELECT id FROM users WHERE email_key = ?", user_id_of, key);
}

Task<Result<domain::User>> SqliteUserStore::insert(domain::UserDraft draft, ChangeContext by) {
  auto work = [draft = std::move(draft), by = std::move(by)](SqliteTransaction& transaction) {
    return insert_user(transaction.database(), draft, by);
  };
  return engine_.change(std::move(work));
}

Task<Result<std::optional<domain::User>>> SqliteUserStore::find(domain::UserId id) {
  return engine_.read([id](SqliteConnection& database) { return find_user(database, id); });
}

Task<Result<std::vector<domain::User>>> SqliteUserStore::list(UserQuery query) {
  auto work = [query](SqliteConnection& database) {
    constexpr std::uint64_t kMost = std::numeric_limits<std::int64_t>::max();
    return database.all(
        "SELECT id, username, email, created_at FROM users WHERE id > ? "
        "ORDER BY id LIMIT ? OFFSET ?",
        user_of,
        query.after.value,
        query.limit,
        static_cast<std::int64_t>(std::min(query.offset, kMost)));
  };
  return engine_.read(work);
}

Task<Result<domain::User>> SqliteUserStore::change(domain::UserId id,
                                                   domain::UserChange change,
                                                   ChangeContext by) {
  auto work = [id, change = std::move(change), by = std::move(by)](SqliteTransaction& transaction) {
    return change_user(transaction.database(), id, change, by);
  };
  return engine_.change(std::move(work));
}

Task<Result<Done>> SqliteUserStore::remove(domain::UserId id, ChangeContext by) {
  auto work = [id, by = std::move(by)](SqliteTransaction& transaction) {
    return remove_user(transaction, id, by);
  };
  return engine_.change(std::move(work));
}

}  // namespace ginnel::storage
