// SPDX-License-Identifier: MIT
#include "storage/sqlite/sqlite_user_store.h"

#include <algorithm>
#include <limits>
#include <utility>

#include "base/text.h"
#include "domain/json_form.h"
#include "domain/user.h"
#include "storage/sqlite/sqlite_idempotency.h"
#include "storage/sqlite/sqlite_link_store.h"
#include "storage/sqlite/sqlite_trail.h"

namespace ginnel::storage {

namespace {

domain::UserId user_id_of(const SqliteRow& row) {
  return domain::UserId{row.integer(0)};
}

/// The key by which a name is found: that of its very spelling where a row keeps one of an older
/// time, else today's. Its parameters are these two.
constexpr std::string_view kKeyOfName =
    "coalesce((SELECT username_key FROM users WHERE username_key = ?), ?)";

Error user_not_found() {
  return Error(ErrorKind::kNotFound, "User not found");
}

domain::UserRecord record_of(const SqliteRow& row) {
  return domain::UserRecord{user_of(row), row.text(4)};
}

/// The user that is there. Fails with kNotFound.
Result<domain::UserRecord> get_user(SqliteConnection& database, domain::UserId id) {
  auto found =
      database.first("SELECT id, username, email, created_at, metadata FROM users WHERE id = ?",
                     record_of,
                     id.value);
  if (!found) {
    return std::move(found).error();
  }
  if (!*found) {
    return user_not_found();
  }
  return std::move(**found);
}

/// Whether another user than `user` has its name: today's key of it, or the older one of its very
/// spelling.
Result<bool> is_name_of_another(SqliteConnection& database, const domain::User& user) {
  return database.exists("SELECT 1 FROM users WHERE username_key IN (?, ?) AND id <> ? LIMIT 1",
                         domain::username_key(user.username),
                         domain::old_username_key(user.username),
                         user.id.value);
}

/// Fails with kConflict when another user than `user` has its name or its address. Where the name
/// stays (`keeps_name`) it is not asked about: it is the user's own, whatever its key.
Result<Done> check_free(SqliteConnection& database,
                        const domain::User& user,
                        bool keeps_name = false) {
  auto same_name = keeps_name ? Result<bool>(false) : is_name_of_another(database, user);
  if (!same_name) {
    return std::move(same_name).error();
  }
  auto same_email = find_email(database, user.email);
  if (!same_email) {
    return std::move(same_email).error();
  }
  std::vector<FieldFault> faults;
  if (*same_name) {
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
                                 const change::Context& by) {
  domain::UserRecord record = {{}, draft.metadata};
  domain::User& user = record.user;
  user.username = trimmed(draft.username);
  user.email = trimmed(draft.email);
  user.created_at = by.at;
  auto earlier = find_earlier(database, by);
  if (!earlier) {
    return std::move(earlier).error();
  }
  if (*earlier) {
    user.id.value = (*earlier)->id;
    user.created_at = (*earlier)->at;
    return std::move(user);
  }
  if (auto free = check_free(database, user); !free) {
    return std::move(free).error();
  }
  auto done = database.run(
      "INSERT INTO users (username, email, username_key, email_key, created_at, metadata) "
      "VALUES (?, ?, ?, ?, ?, ?)",
      user.username,
      user.email,
      domain::username_key(user.username),
      domain::email_key(user.email),
      stored(user.created_at),
      record.metadata);
  if (!done) {
    return std::move(done).error();
  }
  auto id = new_id(database.last_id());
  if (!id) {
    return std::move(id).error();
  }
  user.id.value = *id;
  done = add_creation(database, by, AuditRow{"create", "user", user.id.value, {}, json_of(record)});
  if (!done) {
    return std::move(done).error();
  }
  return std::move(user);
}

domain::UserRecord changed(domain::UserRecord record, const domain::UserChange& change) {
  if (change.username) {
    record.user.username = trimmed(*change.username);
  }
  if (change.email) {
    record.user.email = trimmed(*change.email);
  }
  record.metadata = change.metadata.value_or(record.metadata);
  return record;
}

Result<domain::User> change_user(SqliteConnection& database,
                                 domain::UserId id,
                                 const domain::UserChange& change,
                                 const change::Context& by) {
  auto before = get_user(database, id);
  if (!before) {
    return std::move(before).error();
  }
  if (auto wanted = change::check_condition(by, before->user); !wanted) {
    return std::move(wanted).error();
  }
  domain::UserRecord record = changed(*before, change);
  domain::User& after = record.user;
  if (record == *before) {
    return std::move(after);
  }
  const bool keeps_name = after.username == before->user.username;
  if (auto free = check_free(database, after, keeps_name); !free) {
    return std::move(free).error();
  }
  // A key of an older time stays until the name is another.
  auto done = database.run(
      "UPDATE users SET username = ?, email = ?, email_key = ?, metadata = ?, "
      "username_key = CASE WHEN ? THEN username_key ELSE ? END WHERE id = ?",
      after.username,
      after.email,
      domain::email_key(after.email),
      record.metadata,
      keeps_name ? 1 : 0,
      domain::username_key(after.username),
      id.value);
  if (done) {
    const AuditRow row = {"update", "user", id.value, json_of(*before), json_of(record)};
    done = add_audit(database, by, row);
  }
  if (!done) {
    return std::move(done).error();
  }
  return std::move(after);
}

/// Deletes the user with the links that are left, or as many of these as a transaction may hold,
/// for others wait for it; tells whether the user is gone.
Result<bool> remove_user_or_links(const SqliteTransaction& transaction,
                                  domain::UserId id,
                                  const change::Context& by) {
  constexpr std::uint32_t kMostLinks = 500;  // 28 ms (AMD EPYC, 2026-11-28)
  SqliteConnection& database = transaction.database();
  auto user = get_user(database, id);
  if (!user) {
    return std::move(user).error();
  }
  if (auto wanted = change::check_condition(by, user->user); !wanted) {
    return std::move(wanted).error();
  }
  auto links_gone = remove_links_of(transaction, id, kMostLinks, by);
  if (!links_gone || !*links_gone) {
    return links_gone;
  }
  auto done = database.run("DELETE FROM users WHERE id = ?", id.value);
  if (done) {
    done = add_audit(database, by, AuditRow{"delete", "user", id.value, json_of(*user), {}});
  }
  if (!done) {
    return std::move(done).error();
  }
  return true;
}

Result<Page<domain::User>> list_users(SqliteConnection& database, const UserQuery& query) {
  static const std::string kNamed = std::string(kSelectUser) +
                                    "WHERE +id > ? AND username_key = " + std::string(kKeyOfName) +
                                    " LIMIT ? OFFSET ?";
  static const std::string kSql =
      std::string(kSelectUser) + "WHERE id > ? ORDER BY id LIMIT ? OFFSET ?";
  constexpr std::uint64_t kMost = std::numeric_limits<std::int64_t>::max();
  const std::string old_key = domain::old_username_key(query.username.value_or(""));
  const std::string key = domain::username_key(query.username.value_or(""));
  SqliteStatement statement = database.prepare(query.username ? kNamed : kSql);
  statement.bind(query.after.value);
  if (query.username) {
    statement.bind(std::string_view(old_key));
    statement.bind(std::string_view(key));
  }
  statement.bind(std::int64_t{query.limit} + 1);
  statement.bind(static_cast<std::int64_t>(std::min(query.offset, kMost)));
  return statement.page(user_of, query);
}

domain::UserProfile profile_of(const SqliteRow& row) {
  domain::UserProfile profile;
  profile.record = record_of(row);
  profile.links = static_cast<std::uint64_t>(row.integer(5));
  profile.clicks = static_cast<std::uint64_t>(row.integer(6));
  for (const int column : {7, 8}) {
    if (const auto at = row.optional_integer(column)) {
      profile.last_activity = std::max(profile.last_activity, std::optional(timestamp_of(*at)));
    }
  }
  return profile;
}

Result<std::optional<domain::UserProfile>> find_user_profile(SqliteConnection& database,
                                                             domain::UserId id) {
  return database.first(
      "SELECT u.id, u.username, u.email, u.created_at, u.metadata, "
      "(SELECT count(*) FROM links WHERE user_id = u.id), coalesce(c.clicks, 0), c.last_at, "
      "(SELECT max(at) FROM events WHERE user_id = u.id) "
      "FROM users AS u LEFT JOIN user_clicks AS c ON c.user_id = u.id WHERE u.id = ?",
      profile_of,
      id.value);
}

}  // namespace

domain::User user_of(const SqliteRow& row) {
  domain::User user;
  user.id.value = row.integer(0);
  user.username = row.text(1);
  user.email = row.text(2);
  user.created_at = timestamp_of(row.integer(3));
  return user;
}

Result<std::optional<domain::User>> find_user(SqliteConnection& database, domain::UserId id) {
  static const std::string kSql = std::string(kSelectUser) + "WHERE id = ?";
  return database.first(kSql, user_of, id.value);
}

Result<std::optional<domain::UserId>> find_username(SqliteConnection& database,
                                                    std::string_view name) {
  static const std::string kSql =
      "SELECT id FROM users WHERE username_key = " + std::string(kKeyOfName);
  return database.first(
      kSql, user_id_of, domain::old_username_key(name), domain::username_key(name));
}

Result<std::optional<domain::UserId>> find_email(SqliteConnection& database,
                                                 std::string_view email) {
  return database.first(
      "SELECT id FROM users WHERE email_key = ?", user_id_of, domain::email_key(email));
}

Task<Result<domain::User>> SqliteUserStore::insert(domain::UserDraft draft, change::Context by) {
  auto work = [draft = std::move(draft), by = std::move(by)](SqliteTransaction& transaction) {
    return insert_user(transaction.database(), draft, by);
  };
  return engine_.change(std::move(work));
}

Task<Result<std::optional<domain::User>>> SqliteUserStore::find(domain::UserId id) {
  return engine_.read([id](SqliteConnection& database) { return find_user(database, id); });
}

Task<Result<std::optional<domain::UserProfile>>> SqliteUserStore::find_profile(domain::UserId id) {
  return engine_.read([id](SqliteConnection& database) { return find_user_profile(database, id); });
}

Task<Result<Page<domain::User>>> SqliteUserStore::list(UserQuery query) {
  auto work = [query = std::move(query)](SqliteConnection& database) {
    return list_users(database, query);
  };
  return engine_.read(std::move(work));
}

Task<Result<domain::User>> SqliteUserStore::change(domain::UserId id,
                                                   domain::UserChange change,
                                                   change::Context by) {
  auto work = [id, change = std::move(change), by = std::move(by)](SqliteTransaction& transaction) {
    return change_user(transaction.database(), id, change, by);
  };
  return engine_.change(std::move(work));
}

Task<Result<Done>> SqliteUserStore::remove(domain::UserId id, change::Context by) {
  while (true) {
    auto work = [id, by](SqliteTransaction& transaction) {
      return remove_user_or_links(transaction, id, by);
    };
    const auto gone = co_await engine_.change(std::move(work));
    if (!gone) {
      co_return gone.error();
    }
    if (*gone) {
      co_return Done();
    }
    if (engine_.hurries()) {
      co_return Error(ErrorKind::kUnavailable,
                      "The server ends; some of the user's links are deleted, so do it again");
    }
  }
}

}  // namespace ginnel::storage
