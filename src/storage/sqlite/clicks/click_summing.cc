// SPDX-License-Identifier: MIT
#include "storage/sqlite/clicks/click_summing.h"

#include <algorithm>
#include <bit>
#include <span>
#include <string>
#include <tuple>
#include <utility>

#include "domain/click.h"
#include "storage/sqlite/clicks/click_lists.h"
#include "storage/sqlite/clicks/day_sums.h"
#include "storage/sqlite/clicks/link_day.h"
#include "storage/sqlite/clicks/old_rollups.h"
#include "storage/sqlite/rows/trail.h"
#include "storage/sqlite/rows/user_clicks.h"

namespace ginnel::storage::sqlite {
namespace {

std::int64_t owner_of(const TailClick& click, ClickOwner kind) noexcept {
  return kind == ClickOwner::kLink ? click.sums.link.value : click.user;
}

void sort_by(ClickOwner kind, std::vector<TailClick>& clicks) {
  std::ranges::sort(clicks, {}, [kind](const TailClick& click) {
    return std::tuple(owner_of(click, kind), click.id);
  });
}

/// Sums up clicks of one day of a link, which are in the order of their ids.
Result<Done> sum_up_day(Connection& database,
                        std::span<const TailClick> clicks,
                        bool may_be_old,
                        SumsCursor& cursor) {
  LinkDay day(day_of(clicks.front().sums));
  auto done = day.load(database, may_be_old);
  const bool is_new = day.stretches().empty();
  for (const TailClick& click : clicks) {
    day.add(click.sums);
  }
  if (done) {
    done = day.store(database);
  }
  if (done && is_new) {
    done = make_sums_of_day_before(database, day.of());
  } else if (done && day.of().day < cursor.newest_day) {
    done = renew_day_sums(database, day);
  }
  cursor.newest_day = std::max(cursor.newest_day, day.of().day);
  return done;
}

/// Sums up clicks of one link, day by day.
Result<Done> sum_up_link(Connection& database,
                         std::span<const TailClick> clicks,
                         bool may_be_old,
                         SumsCursor& cursor) {
  const auto date = [](const TailClick& click) { return day_of(click.sums).day; };
  if (std::ranges::adjacent_find(clicks, std::ranges::not_equal_to(), date) == clicks.end()) {
    return sum_up_day(database, clicks, may_be_old, cursor);
  }
  std::map<std::int64_t, std::vector<TailClick>> days;
  for (const TailClick& click : clicks) {
    days[date(click)].push_back(click);
  }
  for (const auto& [day, of_day] : days) {
    if (auto done = sum_up_day(database, of_day, may_be_old, cursor); !done) {
      return done;
    }
  }
  return Done();
}

UserClicks sum_of(std::span<const TailClick> clicks) {
  UserClicks sum;
  for (const TailClick& click : clicks) {
    ++sum.clicks;
    sum.last_at = std::max(sum.last_at, click.at);
  }
  return sum;
}

std::vector<std::int64_t> ids_of(std::span<const TailClick> clicks) {
  std::vector<std::int64_t> ids;
  ids.reserve(clicks.size());
  for (const TailClick& click : clicks) {
    ids.push_back(click.id);
  }
  return ids;
}

}  // namespace

TailClick tail_click_of(const Row& row) {
  const auto text = [&row](int column) { return static_cast<TextId>(row.integer(column)); };
  TailClick click;
  click.id = row.integer(0);
  click.user = row.integer(10);
  click.at = timestamp_of(row.integer(2));
  click.sums.link.value = row.integer(1);
  click.sums.stretch = domain::stretch_of(click.at);
  click.sums.human = row.integer(3) == static_cast<std::int64_t>(domain::BotClass::kHuman);
  click.sums.visitor = std::bit_cast<std::uint64_t>(row.integer(4));
  click.sums.values = {0, text(5), text(6), text(7), text(8), text(9), text(3)};
  return click;
}

Result<std::map<std::int64_t, ClickSums>> unsummed_stretches(Connection& database,
                                                             std::int64_t link) {
  static const std::string kSql = "SELECT " + std::string(kSummedColumns) +
                                  " FROM clicks WHERE link_id = ? AND id >= ? ORDER BY id";
  auto cursor = find_sums_cursor(database);
  if (!cursor) {
    return std::move(cursor).error();
  }
  auto clicks =
      database.all(kSql, tail_click_of, link, cursor->first_unsummed(ClickOwner::kLink, link));
  if (!clicks) {
    return std::move(clicks).error();
  }
  std::map<DayOfLink, LinkDay> days;
  for (const TailClick& click : *clicks) {
    const auto [day, is_new] = days.try_emplace(day_of(click.sums), day_of(click.sums));
    if (is_new) {
      if (auto done = day->second.load(database, true); !done) {
        return std::move(done).error();
      }
    }
    day->second.add(click.sums);
  }
  std::map<std::int64_t, ClickSums> stretches;
  for (const auto& [of, day] : days) {
    if (day.is_damaged()) {
      return damaged_figures();
    }
    for (const auto& [number, stretch] : day.stretches()) {
      stretches.emplace(number, stretch.sums);
    }
  }
  return stretches;
}

Result<UnsummedClicks> ClickSumming::sum_up(Connection& database, const IsEnough& is_enough) {
  auto cursor = find_sums_cursor(database);
  if (!cursor) {
    return std::move(cursor).error();
  }
  tail_.follow(*cursor);
  Result<Done> done = Done();
  while (done && cursor->unsummed > 0) {
    done = load_portion(database, *cursor);
    if (done) {
      done = sum_up_portion(database, *cursor, is_enough);
    }
    if (cursor->end == cursor->first || is_enough()) {
      break;
    }
  }
  if (done) {
    done = store_sums_cursor(database, *cursor);
  }
  if (!done) {
    return std::move(done).error();
  }
  return UnsummedClicks{static_cast<std::uint64_t>(cursor->unsummed), cursor->end > cursor->first};
}

/// The portion under way, or the next one.
Result<Done> ClickSumming::load_portion(Connection& database, SumsCursor& cursor) {
  const bool is_under_way = cursor.end > cursor.first;
  if (!is_under_way || cursor.end != portion_end_ || portion_.empty()) {
    const auto remembered = is_under_way ? std::span<const TailClick>() : tail_.from(cursor.first);
    const auto taken = remembered.first(std::min(remembered.size(), most_));
    portion_.assign(taken.begin(), taken.end());
    if (portion_.empty()) {
      if (auto done = read_portion(database, cursor); !done) {
        return done;
      }
    }
    if (!is_under_way) {
      cursor.end = portion_.empty() ? cursor.next : portion_.back().id + 1;
      cursor.kind = ClickOwner::kLink;
      cursor.owner = 0;
    }
    portion_end_ = cursor.end;
    sort_by(cursor.kind, portion_);
  } else if (sorted_by_ != cursor.kind) {
    sort_by(cursor.kind, portion_);
  }
  sorted_by_ = cursor.kind;
  return Done();
}

Result<Done> ClickSumming::read_portion(Connection& database, const SumsCursor& cursor) {
  static const std::string kSql = "SELECT " + std::string(kSummedColumns) +
                                  " FROM clicks WHERE id >= ? AND id < ? ORDER BY id LIMIT ?";
  const bool is_under_way = cursor.end > cursor.first;
  auto clicks = database.all(kSql,
                             tail_click_of,
                             cursor.first,
                             is_under_way ? cursor.end : cursor.next,
                             static_cast<std::int64_t>(most_));
  if (!clicks) {
    return std::move(clicks).error();
  }
  portion_ = std::move(*clicks);
  return Done();
}

/// Goes on with the portion's owners of one kind.
Result<Done> ClickSumming::sum_up_portion(Connection& database,
                                          SumsCursor& cursor,
                                          const IsEnough& is_enough) {
  const auto owner = [&cursor](const TailClick& click) { return owner_of(click, cursor.kind); };
  auto old = first_old_day(database);
  if (!old) {
    return std::move(old).error();
  }
  auto next = std::ranges::lower_bound(portion_, cursor.owner, {}, owner);
  do {
    if (next == portion_.end()) {
      break;
    }
    const std::int64_t of = owner(*next);
    const auto end = std::ranges::upper_bound(next, portion_.end(), of, {}, owner);
    const std::span<const TailClick> clicks(next, end);
    auto done = add_to_list(database, cursor.kind, of, ids_of(clicks));
    if (done) {
      done = cursor.kind == ClickOwner::kLink
                 ? sum_up_link(database, clicks, old->has_value(), cursor)
                 : add_user_clicks(database, of, sum_of(clicks));
    }
    if (!done) {
      return done;
    }
    cursor.owner = of + 1;
    next = end;
  } while (!is_enough());
  if (next != portion_.end()) {
    return Done();
  }
  if (cursor.kind == ClickOwner::kLink) {
    cursor.kind = ClickOwner::kUser;
    cursor.owner = 0;
    return Done();
  }
  cursor.unsummed -= static_cast<std::int64_t>(portion_.size());
  cursor.unsummed = cursor.end < cursor.next ? cursor.unsummed : 0;
  cursor.first = cursor.end;
  cursor.kind = ClickOwner::kLink;
  cursor.owner = 0;
  portion_ = {};
  return Done();
}

Result<OlderClicks> renew_older_clicks(Connection& database,
                                       const ClickSumming::IsEnough& is_enough) {
  auto cursor = find_sums_cursor(database);
  if (!cursor) {
    return std::move(cursor).error();
  }
  Result<Done> done = Done();
  if (cursor->indexed) {
    do {
      done = list_older_clicks(database, *cursor);
    } while (done && cursor->indexed && !is_enough());
    if (done) {
      done = store_sums_cursor(database, *cursor);
    }
    if (!done) {
      return std::move(done).error();
    }
    if (cursor->indexed) {
      return OlderClicks{std::max<std::int64_t>(1, cursor->older.unlisted), 0};
    }
  }
  Result<std::int64_t> link = 0;
  do {
    link = move_old_day(database);
  } while (link && *link != 0 && !is_enough());
  if (!link) {
    return std::move(link).error();
  }
  return OlderClicks{0, *link};
}

}  // namespace ginnel::storage::sqlite
