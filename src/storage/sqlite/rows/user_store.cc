// SPDX-License-Identifier: MIT
#include "storage/sqlite/rows/user_store.h"

#include <algorithm>
#include <limits>
#include <utility>

#include "domain/user.h"
#include "storage/sqlite/rows/change_writer.h"
#include "storage/sqlite/rows/link_store.h"
#include "storage/sqlite/rows/trail.h"

namespace ginnel::storage::sqlite {

namespace {

domain::UserId user_id_of(const Row& row) {
  return domain::UserId{row.integer(0)};
}

/// The key by which a name is found: that of its very spelling where a row keeps one of an older
/// time, else today's. Its parameters are these two.
constexpr std::string_view kKeyOfName =
    "coalesce((SELECT username_key FROM users WHERE username_key = ?), ?)";

domain::UserRecord record_of(const Row& row) {
  return domain::UserRecord{user_of(row), row.text(4)};
}

Result<std::optional<change::UserRow>> find_user_row(Connection& database, domain::UserId id) {
  const auto user_row_of = [](const Row& row) {
    return change::UserRow{record_of(row), row.text(5)};
  };
  return database.first(
      "SELECT id, username, email, created_at, metadata, username_key FROM users WHERE id = ?",
      user_row_of,
      id.value);
}

/// Deletes the user with the links that are left, or as many of these as a transaction may hold,
/// for others wait for it; tells whether the user is gone.
Result<bool> remove_user_or_links(const Transaction& transaction,
                                  domain::UserId id,
                                  const change::Context& by) {
  Connection& database = transaction.database();
  LinkQuery query;
  query.user = id;
  query.limit = 500;  // 28 ms (AMD EPYC, 2026-11-28)
  auto user = find_user_row(database, id);
  if (!user) {
    return std::move(user).error();
  }
  auto links = list_links(database, query);
  if (!links) {
    return std::move(links).error();
  }
  auto changes = change::remove(*user, links->rows, links->more, by);
  if (!changes) {
    return std::move(changes).error();
  }
  for (const change::Change& change : *changes) {
    if (auto done = write(transaction, change); !done) {
      return std::move(done).error();
    }
  }
  return !links->more;
}

Result<Page<domain::User>> list_users(Connection& database, const UserQuery& query) {
  static const std::string kNamed = std::string(kSelectUser) +
                                    "WHERE +id > ? AND username_key = " + std::string(kKeyOfName) +
                                    " LIMIT ? OFFSET ?";
  static const std::string kSql =
      std::string(kSelectUser) + "WHERE id > ? ORDER BY id LIMIT ? OFFSET ?";
  constexpr std::uint64_t kMost = std::numeric_limits<std::int64_t>::max();
  const std::string old_key = domain::old_username_key(query.username.value_or(""));
  const std::string key = domain::username_key(query.username.value_or(""));
  Statement statement = database.prepare(query.username ? kNamed : kSql);
  statement.bind(query.after.value);
  if (query.username) {
    statement.bind(std::string_view(old_key));
    statement.bind(std::string_view(key));
  }
  statement.bind(std::int64_t{query.limit} + 1);
  statement.bind(static_cast<std::int64_t>(std::min(query.offset, kMost)));
  return statement.page(user_of, query);
}

domain::UserProfile profile_of(const Row& row) {
  domain::UserProfile profile;
  profile.record = record_of(row);
  profile.links = static_cast<std::uint64_t>(row.integer(5));
  profile.clicks = static_cast<std::uint64_t>(row.integer(6));
  for (const int column : {7, 8, 9}) {
    if (const auto at = row.optional_integer(column)) {
      profile.last_activity = std::max(profile.last_activity, std::optional(timestamp_of(*at)));
    }
  }
  return profile;
}

Result<std::optional<domain::UserProfile>> find_user_profile(Connection& database,
                                                             domain::UserId id) {
  static const std::string kUnsummed =  // SumsCursor says which these are
      "FROM sums_cursor AS s CROSS JOIN clicks AS k WHERE s.id = 1 AND k.user_id = u.id "
      "AND k.id >= s.first_click AND (k.id >= s.end_click OR s.owner_kind = 0 "
      "OR k.user_id >= s.owner_id)";
  static const std::string kSql =
      "SELECT u.id, u.username, u.email, u.created_at, u.metadata, "
      "(SELECT count(*) FROM links WHERE user_id = u.id), "
      "coalesce(c.clicks, 0) + (SELECT count(*) " +
      kUnsummed + "), c.last_at, (SELECT max(k.at) " + kUnsummed +
      "), (SELECT max(at) FROM events WHERE user_id = u.id) "
      "FROM users AS u LEFT JOIN user_clicks AS c ON c.user_id = u.id WHERE u.id = ?";
  return database.first(kSql, profile_of, id.value);
}

}  // namespace

domain::User user_of(const Row& row) {
  domain::User user;
  user.id.value = row.integer(0);
  user.username = row.text(1);
  user.email = row.text(2);
  user.created_at = timestamp_of(row.integer(3));
  return user;
}

Result<std::optional<domain::User>> find_user(Connection& database, domain::UserId id) {
  static const std::string kSql = std::string(kSelectUser) + "WHERE id = ?";
  return database.first(kSql, user_of, id.value);
}

Result<std::optional<domain::UserId>> find_username(Connection& database, std::string_view name) {
  static const std::string kSql =
      "SELECT id FROM users WHERE username_key = " + std::string(kKeyOfName);
  return database.first(
      kSql, user_id_of, domain::old_username_key(name), domain::username_key(name));
}

Result<std::optional<domain::UserId>> find_email(Connection& database, std::string_view email) {
  return database.first(
      "SELECT id FROM users WHERE email_key = ?", user_id_of, domain::email_key(email));
}

Task<Result<domain::User>> UserStore::insert(domain::UserDraft draft, change::Context by) {
  const Deadline until = by.deadline;
  auto work = [draft = std::move(draft), by = std::move(by)](Transaction& transaction) {
    return create<change::UserRow>(
        transaction, draft, next_id(transaction.database(), "users"), by);
  };
  return engine_.change(std::move(work), until);
}

Task<Result<std::optional<domain::User>>> UserStore::find(domain::UserId id, CallContext call) {
  return engine_.read([id](Connection& database) { return find_user(database, id); },
                      call.deadline);
}

Task<Result<std::optional<domain::UserProfile>>> UserStore::find_profile(domain::UserId id,
                                                                         CallContext call) {
  return engine_.read([id](Connection& database) { return find_user_profile(database, id); },
                      call.deadline);
}

Task<Result<Page<domain::User>>> UserStore::list(UserQuery query, CallContext call) {
  auto work = [query = std::move(query)](Connection& database) {
    return list_users(database, query);
  };
  return engine_.read(std::move(work), call.deadline);
}

Task<Result<domain::User>> UserStore::change(domain::UserId id,
                                             domain::UserChange change,
                                             change::Context by) {
  const Deadline until = by.deadline;
  auto work = [id, change = std::move(change), by = std::move(by)](Transaction& transaction) {
    return update(transaction, find_user_row(transaction.database(), id), change, by);
  };
  return engine_.change(std::move(work), until);
}

Task<Result<Done>> UserStore::remove(domain::UserId id, change::Context by) {
  while (true) {
    auto work = [id, by](Transaction& transaction) {
      return remove_user_or_links(transaction, id, by);
    };
    auto gone = co_await engine_.change(std::move(work), by.deadline);
    if (!gone) {
      co_return std::move(gone).error();
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

}  // namespace ginnel::storage::sqlite
