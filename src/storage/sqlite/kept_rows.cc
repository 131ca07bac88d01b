// SPDX-License-Identifier: MIT
#include "storage/sqlite/kept_rows.h"

#include <string>

#include "domain/target_url.h"
#include "domain/user.h"
#include "domain/visible_text.h"

namespace ginnel::storage {

namespace {

/// Whether a new row would hold `text` as it is: nothing of it is trimmed.
bool is_whole(std::string_view text) {
  return domain::without_invisible_ends(text).size() == text.size();
}

bool is_kept_user(const std::string& name, const std::string& email, const std::string& key) {
  return domain::username_fault(name) || domain::email_fault(email) || !is_whole(name) ||
         !is_whole(email) || domain::username_key(name) != key;
}

bool is_kept_target(const std::string& target) {
  domain::TargetRules rules;
  rules.allow_private = true;  // that is a setting, and may be another now
  const auto parsed = domain::TargetUrl::parse(target, rules);
  return !parsed || parsed->text() != target;
}

void add(KeptRows& rows, std::int64_t id) {
  ++rows.count;
  if (rows.ids.size() < KeptRows::kMostIds) {
    rows.ids.push_back(id);
  }
}

/// What runs through the table looks at bytes alone: `[^ -~]` finds what is not ASCII, which is
/// where nearly all rules differ.
template <class Visit>
Result<KeptRows> find(SqliteConnection& database, std::string_view sql, Visit visit) {
  KeptRows rows;
  SqliteStatement statement = database.prepare(sql);
  statement.bind(static_cast<std::int64_t>(KeptRows::kMostRows));
  auto done = statement.each([&](const SqliteRow& row) {
    if (visit(row)) {
      add(rows, row.integer(0));
    }
  });
  return done ? Result<KeptRows>(std::move(rows)) : std::move(done).error();
}

}  // namespace

Result<KeptRows> find_kept_users(SqliteConnection& database) {
  return find(
      database,
      "SELECT id, username, email, username_key FROM "
      "(SELECT * FROM users ORDER BY id LIMIT ?) "
      "WHERE username GLOB '*[^ -~]*' OR email GLOB '*[^ -~]*' OR email LIKE 'mailto:%' "
      "OR email LIKE '%..%' OR email LIKE '%@.%' OR email LIKE '%.'",
      [](const SqliteRow& row) { return is_kept_user(row.text(1), row.text(2), row.text(3)); });
}

Result<KeptRows> find_kept_links(SqliteConnection& database) {
  return find(database,
              "SELECT id, target FROM (SELECT id, target FROM links ORDER BY id LIMIT ?) "
              "WHERE target GLOB '*[^ -~]*'",
              [](const SqliteRow& row) { return is_kept_target(row.text(1)); });
}

}  // namespace ginnel::storage
