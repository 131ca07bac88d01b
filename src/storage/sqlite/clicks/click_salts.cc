// SPDX-License-Identifier: MIT
#include "storage/sqlite/clicks/click_salts.h"

#include <algorithm>
#include <array>
#include <cstdint>
#include <string_view>
#include <utility>

#include "base/random.h"

namespace ginnel::storage::sqlite {

namespace {

std::int64_t number_of(std::chrono::sys_days day) noexcept {
  return day.time_since_epoch().count();
}

VisitorSalt made_salt(std::chrono::sys_days day) {
  VisitorSalt salt;
  salt.day = day;
  fill_with_entropy(salt.key);
  return salt;
}

/// Unless the day has one.
Result<Done> store_salt(Connection& database, const VisitorSalt& salt) {
  const std::string_view bytes(reinterpret_cast<const char*>(salt.key.data()), salt.key.size());
  return database.run("INSERT INTO visitor_salts (day, key) VALUES (?, ?) ON CONFLICT DO NOTHING",
                      number_of(salt.day),
                      Bytes{bytes});
}

VisitorSalt salt_of(const Row& row) {
  VisitorSalt salt;
  salt.day = std::chrono::sys_days(std::chrono::days(row.integer(0)));
  const std::string_view key = row.bytes(1);
  std::copy_n(key.begin(), std::min(key.size(), salt.key.size()), salt.key.begin());
  return salt;
}

}  // namespace

std::vector<VisitorSalt> SpareSalts::complete(std::vector<VisitorSalt> stored,
                                              std::chrono::sys_days today) {
  const std::lock_guard lock(mutex_);
  for (const auto day : {today, today + std::chrono::days(1)}) {
    const auto is_of_day = [day](const VisitorSalt& salt) { return salt.day == day; };
    if (std::any_of(stored.begin(), stored.end(), is_of_day)) {
      continue;
    }
    if (std::none_of(salts_.begin(), salts_.end(), is_of_day)) {
      salts_.push_back(made_salt(day));
    }
    stored.push_back(*std::find_if(salts_.begin(), salts_.end(), is_of_day));
  }
  return stored;
}

Result<Done> SpareSalts::store(Connection& database) const {
  const std::lock_guard lock(mutex_);
  for (const VisitorSalt& salt : salts_) {
    if (auto done = store_salt(database, salt); !done) {
      return done;
    }
  }
  return Done();
}

void SpareSalts::forget_before(std::chrono::sys_days today) {
  const std::lock_guard lock(mutex_);
  std::erase_if(salts_, [today](const VisitorSalt& salt) { return salt.day < today; });
}

Result<std::vector<VisitorSalt>> keep_salts(const Transaction& transaction,
                                            std::chrono::sys_days today,
                                            const SpareSalts& spare) {
  Connection& database = transaction.database();
  auto done = database.run("DELETE FROM visitor_salts WHERE day < ?", number_of(today));
  if (done && database.changed_rows() > 0) {
    transaction.cut_log();
  }
  if (done) {
    done = spare.store(database);
  }
  for (const auto day : {today, today + std::chrono::days(1)}) {
    if (done) {
      done = store_salt(database, made_salt(day));
    }
  }
  if (!done) {
    return std::move(done).error();
  }
  return find_salts(database, today);
}

Result<std::vector<VisitorSalt>> find_salts(Connection& database, std::chrono::sys_days today) {
  return database.all("SELECT day, key FROM visitor_salts WHERE day BETWEEN ? AND ? ORDER BY day",
                      salt_of,
                      number_of(today),
                      number_of(today + std::chrono::days(1)));
}

}  // namespace ginnel::storage::sqlite
