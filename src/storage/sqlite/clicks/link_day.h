// SPDX-License-Identifier: MIT
#pragma once

#include <cstdint>
#include <map>
#include <string>

#include "base/result.h"
#include "storage/click_sums.h"
#include "storage/sqlite/engine/connection.h"

namespace ginnel::storage::sqlite {

/// A day (UTC) of a link, and the numbers of its stretches.
struct DayOfLink {
  std::int64_t link = 0;
  std::int64_t day = 0;  ///< since 1970

  std::int64_t first_stretch() const noexcept { return day * domain::kStretchesADay; }
  std::int64_t end_stretch() const noexcept { return (day + 1) * domain::kStretchesADay; }

  friend auto operator<=>(const DayOfLink&, const DayOfLink&) = default;
};

DayOfLink day_of(const SummedClick& click) noexcept;

/// What reading figures fails with that cannot be decoded.
Error damaged_figures();

/// What the clicks of a link on one day add up to, stretch by stretch.
class LinkDay final {
 public:
  struct Stretch {
    ClickSums sums;
    std::string kept;  ///< what the row holds; empty: there is none
  };

  explicit LinkDay(DayOfLink of) : of_(of) {}

  /// What the database has of it, in the form of older versions too (old_rollups.h) if
  /// `may_be_old`. A damaged row counts as none, so that it does not stop others from being summed
  /// up: `ginnel verify` finds it.
  Result<Done> load(Connection& database, bool may_be_old);

  /// Whether a row was damaged.
  bool is_damaged() const noexcept { return is_damaged_; }

  /// Adds a click of this day; they come in the order of their ids.
  void add(SummedClick click);

  /// Writes the rows of stretches that are other than they are kept, and all in today's form.
  Result<Done> store(Connection& database);

  const DayOfLink& of() const noexcept { return of_; }

  /// By the stretch's number.
  const std::map<std::int64_t, Stretch>& stretches() const noexcept { return stretches_; }

 private:
  Result<Done> load_old(Connection& database);

  DayOfLink of_;
  std::map<std::int64_t, Stretch> stretches_;
  DailyValues values_;
  bool is_old_ = false;
  bool is_damaged_ = false;
};

}  // namespace ginnel::storage::sqlite
