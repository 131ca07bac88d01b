// SPDX-License-Identifier: MIT
#include "storage/sqlite/rows/kept_rows.h"

#include <initializer_list>
#include <limits>
#include <string>

#include "domain/location.h"
#include "domain/target_url.h"
#include "domain/user.h"

namespace ginnel::storage::sqlite {

namespace {

bool is_kept_user(const std::string& name, const std::string& email, const std::string& key) {
  return !domain::is_todays_username(name) || !domain::is_todays_email(email) ||
         domain::username_key(name) != key;
}

bool is_kept_target(const std::string& target, std::size_t max_location_bytes) {
  domain::TargetRules rules;
  // These are settings, and may have been others.
  rules.allow_private = true;
  rules.max_length = std::numeric_limits<std::size_t>::max();
  const auto parsed = domain::TargetUrl::parse(target, rules);
  return !parsed || parsed->text() != target ||
         domain::location_of(target).size() > max_location_bytes;
}

void add(KeptRows& rows, std::int64_t id) {
  ++rows.count;
  if (rows.ids.size() < KeptRows::kMostIds) {
    rows.ids.push_back(id);
  }
}

/// What runs through the table looks at bytes alone: `[^ -~]` finds what is not ASCII, which is
/// where nearly all rules differ. `parameters` are the statement's.
template <class Visit>
Result<KeptRows> find(Connection& database,
                      std::string_view sql,
                      std::initializer_list<std::size_t> parameters,
                      Visit visit) {
  KeptRows rows;
  Statement statement = database.prepare(sql);
  for (const std::size_t parameter : parameters) {
    statement.bind(static_cast<std::int64_t>(parameter));
  }
  auto done = statement.each([&](const Row& row) {
    if (visit(row)) {
      add(rows, row.integer(0));
    }
  });
  if (!done) {
    return std::move(done).error();
  }
  return rows;
}

}  // namespace

Result<KeptRows> find_kept_users(Connection& database) {
  return find(database,
              "SELECT id, username, email, username_key FROM "
              "(SELECT * FROM users ORDER BY id LIMIT ?) "
              "WHERE username GLOB '*[^ -~]*' OR email GLOB '*[^ -~]*' OR email LIKE 'mailto:%' "
              "OR email LIKE '%..%' OR email LIKE '%@.%' OR email LIKE '%.'",
              {KeptRows::kMostRows},
              [](const Row& row) { return is_kept_user(row.text(1), row.text(2), row.text(3)); });
}

Result<KeptRows> find_kept_links(Connection& database, std::size_t max_location_bytes) {
  // A byte of a target is three of its Location at most.
  return find(database,
              "SELECT id, target FROM (SELECT id, target FROM links ORDER BY id LIMIT ?) "
              "WHERE target GLOB '*[^ -~]*' OR target LIKE '%xn--%' OR length(target) > ?",
              {KeptRows::kMostRows, max_location_bytes / 3},
              [max_location_bytes](const Row& row) {
                return is_kept_target(row.text(1), max_location_bytes);
              });
}

}  // namespace ginnel::storage::sqlite
