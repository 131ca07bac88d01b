// SPDX-License-Identifier: MIT
#include "storage/sqlite/rows/user_clicks.h"

#include <string>
#include <utility>

#include "storage/sqlite/rows/trail.h"

namespace ginnel::storage::sqlite {

namespace {

/// The row whose columns begin at `column`; nothing when they are null.
std::optional<UserClicks> user_clicks_of(const Row& row, int column) {
  const auto clicks = row.optional_integer(column);
  if (!clicks) {
    return std::nullopt;
  }
  return UserClicks{*clicks, timestamp_of(row.integer(column + 1))};
}

std::string text_of(const std::optional<UserClicks>& clicks) {
  return clicks ? std::to_string(clicks->clicks) + " until " + domain::to_text(clicks->last_at)
                : "none";
}

}  // namespace

Result<Done> add_user_clicks(Connection& database, std::int64_t user, const UserClicks& more) {
  return database.run(
      "INSERT INTO user_clicks (user_id, clicks, last_at) VALUES (?, ?, ?) "
      "ON CONFLICT DO UPDATE "
      "SET clicks = clicks + excluded.clicks, last_at = max(last_at, excluded.last_at)",
      user,
      more.clicks,
      stored(more.last_at));
}

Result<Done> compare_user_clicks(Connection& database,
                                 const std::function<void(const ComparedUser&)>& visit) {
  Statement users = database.prepare(
      "SELECT user_id, max(kept), max(kept_at), max(counted), max(counted_at) FROM ("
      "SELECT user_id, clicks AS kept, last_at AS kept_at, NULL AS counted, NULL AS counted_at "
      "FROM user_clicks UNION ALL "
      "SELECT user_id, NULL, NULL, count(*), max(at) FROM clicks GROUP BY user_id"
      ") GROUP BY user_id ORDER BY user_id");
  return users.each([&visit](const Row& row) {
    visit(ComparedUser{row.integer(0), user_clicks_of(row, 1), user_clicks_of(row, 3)});
  });
}

RollupFault user_clicks_fault(const ComparedUser& user) {
  return RollupFault{"user " + std::to_string(user.user) + ", clicks: " + text_of(user.kept) +
                     " kept, " + text_of(user.counted) + " counted"};
}

Result<Done> recount_user_clicks(Connection& database) {
  auto done = database.run("DELETE FROM user_clicks");
  return done ? database.run(
                    "INSERT INTO user_clicks (user_id, clicks, last_at) "
                    "SELECT user_id, count(*), max(at) FROM clicks GROUP BY user_id")
              : std::move(done);
}

}  // namespace ginnel::storage::sqlite
