// SPDX-License-Identifier: MIT
#include "storage/sqlite/clicks/link_day.h"

#include <utility>

#include "storage/sqlite/clicks/old_rollups.h"

namespace ginnel::storage::sqlite {

DayOfLink day_of(const SummedClick& click) noexcept {
  return {click.link.value, domain::day_of(click.stretch).time_since_epoch().count()};
}

Error damaged_figures() {
  return Error(ErrorKind::kInternal,
               "internal error",
               "figures of a link are damaged: run `ginnel verify --repair`");
}

Result<Done> LinkDay::load(Connection& database, bool may_be_old) {
  Statement rows = database.prepare(
      "SELECT stretch, sums FROM link_sums WHERE link_id = ? AND stretch >= ? AND stretch < ?");
  rows.bind(of_.link);
  rows.bind(of_.first_stretch());
  rows.bind(of_.end_stretch());
  auto done = rows.each([this](const Row& row) {
    Stretch& stretch = stretches_[row.integer(0)];
    stretch.kept = row.bytes(1);
    auto sums = ClickSums::decode(stretch.kept);
    is_damaged_ = is_damaged_ || !sums;
    stretch.sums = std::move(sums).value_or(ClickSums());
    values_.add(stretch.sums);
  });
  return done && may_be_old ? load_old(database) : std::move(done);
}

Result<Done> LinkDay::load_old(Connection& database) {
  auto old = old_stretches(database, of_.link, of_.first_stretch(), of_.end_stretch());
  if (!old) {
    return std::move(old).error();
  }
  is_old_ = !old->empty();
  for (auto& [number, sums] : *old) {
    values_.add(sums);
    stretches_[number].sums.add(sums);
  }
  return Done();
}

void LinkDay::add(SummedClick click) {
  values_.admit(click);
  stretches_[click.stretch.time_since_epoch().count()].sums.add(click);
}

Result<Done> LinkDay::store(Connection& database) {
  for (auto& [number, stretch] : stretches_) {
    std::string sums = stretch.sums.encoded();
    if (sums == stretch.kept) {
      continue;
    }
    auto done = database.run(
        "INSERT INTO link_sums (link_id, stretch, sums) VALUES (?, ?, ?) "
        "ON CONFLICT DO UPDATE SET sums = excluded.sums",
        of_.link,
        number,
        Bytes{sums});
    if (!done) {
      return done;
    }
    stretch.kept = std::move(sums);
  }
  return is_old_ ? delete_old_day(database, of_) : Done();
}

}  // namespace ginnel::storage::sqlite
