// SPDX-License-Identifier: MIT
#include "storage/sqlite/clicks/click_verification.h"

#include <cstdint>
#include <functional>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <tuple>
#include <utility>

#include "storage/sqlite/clicks/click_lists.h"
#include "storage/sqlite/clicks/click_summing.h"
#include "storage/sqlite/clicks/day_sums.h"
#include "storage/sqlite/clicks/link_day.h"
#include "storage/sqlite/clicks/sums_fault.h"
#include "storage/sqlite/rows/user_clicks.h"

namespace ginnel::storage::sqlite {

namespace {

constexpr std::size_t kMaxFaults = 100;

class ClickVerification final {
 public:
  ClickVerification(Connection& database, Verification how)
      : database_(database), repair_(how == Verification::kRepair) {}

  Result<VerifyReport> run() && {
    // All clicks are sorted, which a connection that has had temporary tables does in memory: there
    // SQLite refuses this.
    std::ignore = database_.execute("PRAGMA temp_store = FILE");
    auto done = bring_up_to_date();
    if (done) {
      done = verify_lists(ClickOwner::kLink);
    }
    if (done) {
      done = verify_lists(ClickOwner::kUser);
    }
    if (done) {
      done = order_clicks();
    }
    for (std::int64_t link = 0; done;) {
      auto next = link_above(link);
      if (!next) {
        return std::move(next).error();
      }
      if (!*next) {
        break;
      }
      link = **next;
      done = verify_link(link);
    }
    if (done) {
      done = verify_users();
    }
    if (done) {
      done = database_.run("DROP TABLE temp.click_order");
    }
    if (!done) {
      return std::move(done).error();
    }
    report_.repaired = repair_ && report_.differ > 0;
    return std::move(report_);
  }

 private:
  /// By day, the id of its last click; 0 when there are only rows that clicks should account for.
  using LastIds = std::map<std::int64_t, std::int64_t>;

  /// Sums up and lists what is not, and leaves nothing in the form of older versions.
  Result<Done> bring_up_to_date() {
    const auto never = [] { return false; };
    Result<UnsummedClicks> left = UnsummedClicks();
    do {
      left = ClickSumming().sum_up(database_, never);
    } while (left && left->clicks > 0);
    if (!left) {
      return std::move(left).error();
    }
    auto older = renew_older_clicks(database_, never);
    if (!older) {
      return std::move(older).error();
    }
    return Done();
  }

  Result<Done> verify_lists(ClickOwner kind) {
    const std::uint64_t before = report_.differ;
    const std::string owner = kind == ClickOwner::kLink ? "link " : "user ";
    auto done = compare_lists(database_, kind, [&](std::int64_t id) {
      note({owner + std::to_string(id) + ", list of clicks: it says other than the clicks"});
    });
    return done && repair_ && report_.differ > before ? make_lists_anew(database_, kind) : done;
  }

  /// The clicks by their links: in a file of SQLite's that is gone afterwards.
  Result<Done> order_clicks() {
    return database_.execute(
        "CREATE TEMP TABLE click_order (link INTEGER, click INTEGER, PRIMARY KEY (link, click)) "
        "WITHOUT ROWID; "
        "INSERT INTO temp.click_order SELECT link_id, id FROM clicks ORDER BY link_id, id");
  }

  /// The next link that has clicks, or rows that clicks should account for.
  Result<std::optional<std::int64_t>> link_above(std::int64_t link) {
    std::optional<std::int64_t> found;
    Statement least = database_.prepare(
        "SELECT min(link) FROM temp.click_order WHERE link > ?1 UNION ALL "
        "SELECT min(link_id) FROM link_sums WHERE link_id > ?1 UNION ALL "
        "SELECT min(link_id) FROM day_sums WHERE link_id > ?1");
    least.bind(link);
    auto done = least.each([&found](const Row& row) {
      const auto next = row.optional_integer(0);
      if (next && (!found || *next < *found)) {
        found = next;
      }
    });
    if (!done) {
      return std::move(done).error();
    }
    return found;
  }

  Result<Done> verify_link(std::int64_t link) {
    LastIds last_ids;
    auto done = find_days_of_rows(link, last_ids);
    if (done) {
      done = find_days_of_clicks(link, last_ids);
    }
    if (!done) {
      return done;
    }
    for (const auto& [day, last] : last_ids) {
      if (done && last == 0) {
        done = compare(LinkDay({link, day}));
      }
    }
    return done ? count_clicks(link, last_ids) : done;
  }

  Result<Done> find_days_of_rows(std::int64_t link, LastIds& last_ids) {
    Statement rows = database_.prepare(
        "SELECT stretch FROM link_sums WHERE link_id = ?1 UNION ALL "
        "SELECT day * ?2 FROM day_sums WHERE link_id = ?1");
    rows.bind(link);
    rows.bind(domain::kStretchesADay);
    return rows.each([&last_ids](const Row& row) {
      const domain::Stretch stretch(domain::Stretch::duration{row.integer(0)});
      last_ids.emplace(domain::day_of(stretch).time_since_epoch().count(), 0);
    });
  }

  Result<Done> find_days_of_clicks(std::int64_t link, LastIds& last_ids) {
    const std::uint64_t before = report_.clicks;
    auto done = each_click(link, [&](const TailClick& click) -> Result<Done> {
      last_ids[day_of(click.sums).day] = click.id;
      ++report_.clicks;
      return Done();
    });
    report_.links += report_.clicks > before ? 1 : 0;
    return done;
  }

  /// Counts a link's clicks, and compares each day when its last click was counted.
  Result<Done> count_clicks(std::int64_t link, const LastIds& last_ids) {
    std::map<std::int64_t, LinkDay> days;
    return each_click(link, [&](const TailClick& click) -> Result<Done> {
      const DayOfLink of = day_of(click.sums);
      LinkDay& day = days.try_emplace(of.day, of).first->second;
      day.add(click.sums);
      if (click.id != last_ids.at(of.day)) {
        return Done();
      }
      auto done = compare(std::move(day));
      days.erase(of.day);
      return done;
    });
  }

  /// Calls `visit` with every click of the link, in the order of their ids.
  template <class Visit>
  Result<Done> each_click(std::int64_t link, Visit visit) {
    static const std::string kSql = "SELECT " + std::string(kSummedColumns) +
                                    " FROM temp.click_order CROSS JOIN clicks ON id = click "
                                    "WHERE link = ? ORDER BY click";
    Statement clicks = database_.prepare(kSql);
    clicks.bind(link);
    Result<bool> more = clicks.step();
    while (more && *more) {
      if (auto done = visit(tail_click_of(clicks.row())); !done) {
        return done;
      }
      more = clicks.step();
    }
    if (!more) {
      return std::move(more).error();
    }
    return Done();
  }

  /// Compares the rows of a day with what was counted.
  Result<Done> compare(LinkDay counted) {
    const std::uint64_t before = report_.differ;
    LinkDay kept(counted.of());
    auto done = kept.load(database_, false);
    std::set<std::int64_t> stretches;
    for (const LinkDay& side : {std::cref(kept), std::cref(counted)}) {
      for (const auto& [number, stretch] : side.stretches()) {
        stretches.insert(number);
      }
    }
    for (const std::int64_t number : stretches) {
      if (done) {
        done = compare(number, kept, counted);
      }
    }
    if (done) {
      done = compare_day_sums(counted);
    }
    return done && repair_ && report_.differ > before ? replace(std::move(counted)) : done;
  }

  Result<Done> compare_day_sums(const LinkDay& counted) {
    auto kept = find_day_sums(database_, counted.of());
    if (!kept) {
      return std::move(kept).error();
    }
    if (!*kept) {
      return Done();
    }
    ++report_.rollups;
    return compare(text_of_day(counted.of()), **kept, whole_day(counted));
  }

  Result<Done> compare(std::int64_t number, const LinkDay& kept, const LinkDay& counted) {
    ++report_.rollups;
    const auto row = kept.stretches().find(number);
    const auto sums = counted.stretches().find(number);
    std::string bytes;
    if (row != kept.stretches().end()) {
      bytes = row->second.kept;
    }
    return compare(text_of_stretch(counted.of().link, number),
                   bytes,
                   sums == counted.stretches().end() ? ClickSums() : sums->second.sums);
  }

  /// Compares what is kept of a stretch or a day; of no clicks nothing is to be kept.
  Result<Done> compare(const std::string& place, std::string_view kept, const ClickSums& counted) {
    if (counted.total().clicks > 0 && kept == counted.encoded()) {
      return Done();
    }
    auto faults = sums_faults(database_, place, kept, counted);
    if (!faults) {
      return std::move(faults).error();
    }
    for (RollupFault& fault : *faults) {
      note(std::move(fault));
    }
    return Done();
  }

  /// Puts what was counted in the place of a day's rows.
  Result<Done> replace(LinkDay counted) {
    if (auto renewed = renew_day_sums(database_, counted); !renewed) {
      return renewed;
    }
    const DayOfLink& of = counted.of();
    auto done =
        database_.run("DELETE FROM link_sums WHERE link_id = ? AND stretch >= ? AND stretch < ?",
                      of.link,
                      of.first_stretch(),
                      of.end_stretch());
    return done ? counted.store(database_) : std::move(done);
  }

  /// Compares what is kept of all users.
  Result<Done> verify_users() {
    const std::uint64_t before = report_.differ;
    auto done = compare_user_clicks(database_, [this](const ComparedUser& user) {
      ++report_.rollups;
      if (user.kept != user.counted) {
        note(user_clicks_fault(user));
      }
    });
    return done && repair_ && report_.differ > before ? recount_user_clicks(database_) : done;
  }

  void note(RollupFault fault) {
    ++report_.differ;
    if (report_.faults.size() < kMaxFaults) {
      report_.faults.push_back(std::move(fault));
    }
  }

  Connection& database_;
  const bool repair_;
  VerifyReport report_;
};

}  // namespace

Result<VerifyReport> verify_clicks(Connection& database, Verification how) {
  return ClickVerification(database, how).run();
}

}  // namespace ginnel::storage::sqlite
