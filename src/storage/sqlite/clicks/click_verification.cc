// SPDX-License-Identifier: MIT
#include "storage/sqlite/clicks/click_verification.h"

#include <array>
#include <bit>
#include <chrono>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

#include "storage/sqlite/clicks/counted_day.h"
#include "storage/sqlite/clicks/rollup_fault.h"
#include "storage/sqlite/rows/trail.h"
#include "storage/sqlite/rows/user_clicks.h"

namespace ginnel::storage::sqlite {

namespace {

using domain::ClickCount;

constexpr std::size_t kMaxFaults = 100;

/// A day of a link, and the numbers of its stretches.
struct LinkDay {
  std::int64_t link = 0;
  std::int64_t day = 0;

  std::int64_t first_stretch() const noexcept { return day * domain::kStretchesADay; }
  std::int64_t end_stretch() const noexcept { return (day + 1) * domain::kStretchesADay; }
};

std::int64_t day_number(domain::Stretch stretch) noexcept {
  return domain::day_of(stretch).time_since_epoch().count();
}

/// A row of the statement in `compare_rollups`.
Rollup rollup_of(const Row& row) {
  const ClickCount count = {static_cast<std::uint64_t>(row.integer(3)),
                            static_cast<std::uint64_t>(row.integer(4))};
  return Rollup{count, std::string(row.bytes(5))};
}

/// A row of the statement in `count_clicks`.
CountedClick counted_click_of(const Row& row, std::int64_t link) {
  CountedClick click;
  click.link.value = link;
  click.stretch = domain::stretch_of(timestamp_of(row.integer(1)));
  const std::int64_t bot = row.integer(2);
  click.human = bot == static_cast<std::int64_t>(domain::BotClass::kHuman);
  click.visitor = std::bit_cast<std::uint64_t>(row.integer(3));
  click.values = {
      0, row.integer(4), row.integer(5), row.integer(6), row.integer(7), row.integer(8), bot};
  return click;
}

class ClickVerification final {
 public:
  ClickVerification(Connection& database, Verification how)
      : database_(database), repair_(how == Verification::kRepair) {}

  Result<VerifyReport> run() && {
    std::int64_t link = 0;
    while (true) {
      auto next = link_above(link);
      if (!next) {
        return std::move(next).error();
      }
      if (!*next) {
        break;
      }
      link = **next;
      if (auto done = verify_link(link); !done) {
        return std::move(done).error();
      }
    }
    if (auto done = verify_users(); !done) {
      return std::move(done).error();
    }
    report_.repaired = repair_ && report_.differ > 0;
    return std::move(report_);
  }

 private:
  /// By day, the id of its last click; 0 when there are only rows that clicks should account for.
  using LastIds = std::map<std::int64_t, std::int64_t>;

  /// The next link that has clicks, or rows that clicks should account for.
  Result<std::optional<std::int64_t>> link_above(std::int64_t link) {
    std::optional<std::int64_t> found;
    Statement least = database_.prepare(
        "SELECT min(link_id) FROM clicks WHERE link_id > ?1 UNION ALL "
        "SELECT min(link_id) FROM click_rollups WHERE link_id > ?1 UNION ALL "
        "SELECT min(link_id) FROM daily_values WHERE link_id > ?1");
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
        done = compare(LinkDay{link, day}, CountedDay());
      }
    }
    return done ? count_clicks(link, last_ids) : done;
  }

  Result<Done> find_days_of_rows(std::int64_t link, LastIds& last_ids) {
    Statement rows = database_.prepare(
        "SELECT DISTINCT stretch, 0 FROM click_rollups WHERE link_id = ?1 UNION ALL "
        "SELECT 0, day FROM daily_values WHERE link_id = ?1");
    rows.bind(link);
    return rows.each([&last_ids](const Row& row) {
      const domain::Stretch stretch(domain::Stretch::duration{row.integer(0)});
      last_ids.emplace(day_number(stretch) + row.integer(1), 0);
    });
  }

  Result<Done> find_days_of_clicks(std::int64_t link, LastIds& last_ids) {
    Statement clicks = database_.prepare("SELECT id, at FROM clicks WHERE link_id = ? ORDER BY id");
    clicks.bind(link);
    const std::uint64_t before = report_.clicks;
    auto done = clicks.each([&](const Row& row) {
      const auto stretch = domain::stretch_of(timestamp_of(row.integer(1)));
      last_ids[day_number(stretch)] = row.integer(0);
      ++report_.clicks;
    });
    report_.links += report_.clicks > before ? 1 : 0;
    return done;
  }

  /// Counts a link's clicks, and compares each day when its last click was counted.
  Result<Done> count_clicks(std::int64_t link, const LastIds& last_ids) {
    Statement clicks = database_.prepare(
        "SELECT id, at, bot, visitor, referrer, country, device, browser, system FROM clicks "
        "WHERE link_id = ? ORDER BY id");
    clicks.bind(link);
    std::map<std::int64_t, CountedDay> days;
    Result<bool> more = clicks.step();
    while (more && *more) {
      const CountedClick click = counted_click_of(clicks.row(), link);
      const std::int64_t day = day_number(click.stretch);
      days[day].add(click);
      if (clicks.row().integer(0) == last_ids.at(day)) {
        if (auto done = compare(LinkDay{link, day}, days[day]); !done) {
          return done;
        }
        days.erase(day);
      }
      more = clicks.step();
    }
    if (!more) {
      return std::move(more).error();
    }
    return Done();
  }

  /// Compares the rows of a day with what was counted.
  Result<Done> compare(const LinkDay& day, const CountedDay& counted) {
    const std::uint64_t before = report_.differ;
    auto done = compare_rollups(day, counted);
    if (done) {
      done = compare_values(day, counted);
    }
    return done && repair_ && report_.differ > before ? replace(day, counted) : done;
  }

  Result<Done> compare_rollups(const LinkDay& day, const CountedDay& counted) {
    std::map<RollupKey, Rollup> different;  // as they are kept
    std::map<RollupKey, ClickCount> missing = counted.counts();
    Statement rows = database_.prepare(
        "SELECT stretch, dimension, value, clicks, humans, visitors FROM click_rollups "
        "WHERE link_id = ? AND stretch >= ? AND stretch < ?");
    rows.bind(day.link);
    rows.bind(day.first_stretch());
    rows.bind(day.end_stretch());
    auto done = rows.each([&](const Row& row) {
      const RollupKey key = {row.integer(0), row.integer(1), row.integer(2)};
      const Rollup kept = rollup_of(row);
      ++report_.rollups;
      if (missing.erase(key) == 0 || kept != counted.row(key)) {
        different.emplace(key, kept);
      }
    });
    report_.rollups += missing.size();
    for (const auto& [key, count] : missing) {
      different.emplace(key, Rollup());
    }
    for (const auto& [key, kept] : different) {
      if (done) {
        done = note_rollup(RollupPlace{day.link, key, {}}, kept, counted.row(key));
      }
    }
    return done;
  }

  Result<Done> note_rollup(RollupPlace place, const Rollup& kept, const Rollup& counted) {
    std::string text;
    if (report_.faults.size() < kMaxFaults) {
      auto found = database_.first(
          "SELECT text FROM click_texts WHERE id = ?",
          [](const Row& row) { return row.text(0); },
          place.key.value);
      if (!found) {
        return std::move(found).error();
      }
      text = found->value_or("text " + std::to_string(place.key.value) + ", which is not there");
    }
    place.text = text;
    note(rollup_fault(place, kept, counted));
    return Done();
  }

  Result<Done> compare_values(const LinkDay& day, const CountedDay& counted) {
    auto bytes = [](const Row& row) { return std::string(row.bytes(0)); };
    auto kept = database_.first(
        "SELECT texts FROM daily_values WHERE link_id = ? AND day = ?", bytes, day.link, day.day);
    if (!kept) {
      return std::move(kept).error();
    }
    const std::string row = std::move(*kept).value_or(std::string());
    ++report_.rollups;
    if (row != counted.values().encoded()) {
      note(values_fault(day.link, day.day, DailyValues::decode(row), counted.values()));
    }
    return Done();
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

  /// Puts what was counted in the place of a day's rows.
  Result<Done> replace(const LinkDay& day, const CountedDay& counted) {
    auto done = remove(day);
    for (const auto& [key, count] : counted.counts()) {
      if (done) {
        done = insert(day.link, key, counted.row(key));
      }
    }
    if (done && counted.values().size() > 0) {
      done = database_.run("INSERT INTO daily_values (link_id, day, texts) VALUES (?, ?, ?)",
                           day.link,
                           day.day,
                           Bytes{counted.values().encoded()});
    }
    return done;
  }

  Result<Done> insert(std::int64_t link, const RollupKey& key, const Rollup& row) {
    return database_.run(
        "INSERT INTO click_rollups (link_id, stretch, dimension, value, clicks, humans, visitors) "
        "VALUES (?1, ?2, ?3, ?4, ?5, ?6, nullif(?7, x''))",
        link,
        key.stretch,
        key.dimension,
        key.value,
        static_cast<std::int64_t>(row.count.clicks),
        static_cast<std::int64_t>(row.count.humans),
        Bytes{row.visitors});
  }

  Result<Done> remove(const LinkDay& day) {
    auto done = database_.run(
        "DELETE FROM click_rollups WHERE link_id = ? AND stretch >= ? AND stretch < ?",
        day.link,
        day.first_stretch(),
        day.end_stretch());
    if (done) {
      done = database_.run(
          "DELETE FROM daily_values WHERE link_id = ? AND day = ?", day.link, day.day);
    }
    return done;
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
