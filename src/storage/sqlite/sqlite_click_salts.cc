// SPDX-License-Identifier: MIT
#include "storage/sqlite/sqlite_click_salts.h"

#include <algorithm>
#include <array>
#include <cstdint>
#include <string_view>
#include <utility>

#include "base/random.h"

namespace ginnel::storage {

namespace {

std::int64_t number_of(std::chrono::sys_days day) noexcept {
  return day.time_since_epoch().count();
}

Result<Done> make_salt(SqliteConnection& database, std::chrono::sys_days day) {
  std::array<std::uint8_t, sizeof(VisitorSalt::key)> key{};
  fill_with_entropy(key);
  const std::string_view bytes(reinterpret_cast<const char*>(key.data()), key.size());
  return database.run("INSERT INTO visitor_salts (day, key) VALUES (?, ?) ON CONFLICT DO NOTHING",
                      number_of(day),
                      SqliteBytes{bytes});
}

VisitorSalt salt_of(const SqliteRow& row) {
  VisitorSalt salt;
  salt.day = std::chrono::sys_days(std::chrono::days(row.integer(0)));
  const std::string_view key = row.bytes(1);
  std::copy_n(key.begin(), std::min(key.size(), salt.key.size()), salt.key.begin());
  return salt;
}

}  // namespace

Result<std::vector<VisitorSalt>> keep_salts(const SqliteTransaction& transaction,
                                            std::chrono::sys_days today) {
  SqliteConnection& database = transaction.database();
  const std::chrono::sys_days tomorrow = today + std::chrono::days(1);
  auto done = database.run("DELETE FROM visitor_salts WHERE day < ?", number_of(today));
  if (done && database.changed_rows() > 0) {
    transaction.cut_log();
  }
  for (const auto day : {today, tomorrow}) {
    if (done) {
      done = make_salt(database, day);
    }
  }
  if (!done) {
    return std::move(done).error();
  }
  return database.all("SELECT day, key FROM visitor_salts WHERE day BETWEEN ? AND ? ORDER BY day",
                      salt_of,
                      number_of(today),
                      number_of(tomorrow));
}

}  // namespace ginnel::storage
