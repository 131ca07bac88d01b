// SPDX-License-Identifier: MIT
#pragma once

#include <chrono>
#include <cstdint>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include <gtest/gtest.h>

#include "base/run_blocking_task.h"
#include "storage/sqlite/engine/connection.h"
#include "storage/store_contract.h"
#include "storage/stores.h"
#include "support/temporary_folder.h"

namespace ginnel::storage::sqlite {

/// 2026-11-25T10:15 (UTC), where a stretch begins.
inline constexpr domain::Timestamp kQuarterPastTen =
    std::chrono::sys_days(std::chrono::year(2026) / 11 / 25) + std::chrono::hours(10) +
    std::chrono::minutes(15);

/// A click of link 7, by a person.
inline domain::Click known_click() {
  domain::Click click = click_by_person(domain::LinkId{7}, domain::UserId{1}, "abc123");
  click.at = kQuarterPastTen;
  return click;
}

/// The stores of a file, which others can write to behind their back.
class ClickFile final {
 public:
  ClickFile() : stores_(open_patiently("sqlite:" + path(), listener_).value()) {}

  std::string path() const { return folder_.file("ginnel.db"); }

  storage::ClickStore& clicks() { return stores_->clicks(); }

  /// Ships clicks behind those that this shipped before.
  void ship(std::vector<domain::Click> clicks) {
    const std::uint64_t from = std::exchange(shipped_to_, shipped_to_ + 1);
    ClickBatch batch = {"a", from, shipped_to_, false, std::move(clicks)};
    EXPECT_EQ(*run_blocking_task(this->clicks().ship_one(std::move(batch), {})),
              ShipOutcome::kShipped);
  }

  /// Sums up all that are not.
  void sum_up() { EXPECT_EQ(run_blocking_task(clicks().sum_up({}))->clicks, 0U); }

  domain::ClickStats stats(domain::StatsQuery query) {
    return run_blocking_task(clicks().stats(std::move(query), {})).value();
  }

  VerifyReport verify(Verification how) { return run_blocking_task(clicks().verify(how)).value(); }

  /// Puts these sums in the place of those that are kept of link 7 and a stretch.
  void plant(std::int64_t stretch, const std::string& sums) const {
    auto other = Connection::open(path(), Connection::Mode::kWrite);
    const auto done =
        other->run("INSERT OR REPLACE INTO link_sums (link_id, stretch, sums) VALUES (7, ?, ?)",
                   stretch,
                   Bytes{sums});
    EXPECT_TRUE(done) << done.error().detail;
  }

  /// Runs `sql`, as another program would.
  void plant(const std::string& sql) const {
    auto other = Connection::open(path(), Connection::Mode::kWrite);
    const auto done = other->execute(sql.c_str());
    EXPECT_TRUE(done) << done.error().detail;
  }

 private:
  support::TemporaryFolder folder_;
  RecordingListener listener_;
  std::unique_ptr<storage::Stores> stores_;
  std::uint64_t shipped_to_ = 0;
};

}  // namespace ginnel::storage::sqlite
