// SPDX-License-Identifier: MIT
#pragma once

#include <algorithm>
#include <array>
#include <chrono>
#include <cstdint>
#include <functional>
#include <map>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "base/random.h"
#include "domain/click_stats.h"
#include "storage/click_store.h"
#include "support/memory_database.h"

namespace ginnel::support {

/// Counts the clicks of a link in the plainest way: people one by one, texts as texts.
class MemoryClickCount final {
 public:
  explicit MemoryClickCount(const domain::StatsQuery& query) : query_(query) {
    for (std::size_t bucket = 0; bucket + 1 < query.bounds.size(); ++bucket) {
      stats_.buckets.push_back({query.bounds[bucket], {}, 0});
    }
    people_.resize(stats_.buckets.size() + 1);
  }

  /// Adds a click; they come in the order of their ids.
  void add(const domain::Click& click) {
    const auto day = std::chrono::floor<std::chrono::days>(click.at);
    Texts texts = texts_of(click);
    auto& of_day = of_day_[day];
    for (std::size_t place = 0; place < kLimited; ++place) {
      texts[place] = admitted(of_day[place], texts[place]);
    }
    const auto end = std::ranges::upper_bound(query_.bounds, click.at);
    if (end == query_.bounds.begin() || end == query_.bounds.end()) {
      return;
    }
    const auto bucket = static_cast<std::size_t>(end - query_.bounds.begin()) - 1;
    add(stats_.total, click);
    add(stats_.buckets[bucket].count, click);
    for (std::size_t place = 0; place < texts.size(); ++place) {
      add(values_[place][texts[place]], click);
    }
    if (click.visitor != 0 && click.bot == domain::BotClass::kHuman) {
      people_[bucket].emplace(day, click.visitor);
      people_.back().emplace(day, click.visitor);
    }
  }

  domain::ClickStats finish() && {
    for (std::size_t bucket = 0; bucket < stats_.buckets.size(); ++bucket) {
      stats_.buckets[bucket].daily_visitors = people_[bucket].size();
    }
    stats_.daily_visitors = people_.back().size();
    for (std::size_t place = 0; place < values_.size(); ++place) {
      stats_.values[place + 1] = most(values_[place]);
    }
    return std::move(stats_);
  }

 private:
  /// By Dimension, kAll left out; those before kBotClass have a limit a day.
  using Texts = std::array<std::string, domain::kDimensionCount - 1>;
  static constexpr std::size_t kLimited = 5;

  using Values = std::map<std::string, domain::ClickCount>;

  /// Each once a day.
  using People = std::set<std::pair<std::chrono::sys_days, std::uint64_t>>;

  static Texts texts_of(const domain::Click& click) {
    return {click.referrer,
            click.country,
            click.device,
            click.browser,
            click.system,
            std::string(domain::to_text(click.bot))};
  }

  /// Under which text a click counts, whose dimension had `of_day` on its day so far.
  static std::string admitted(std::set<std::string>& of_day, const std::string& text) {
    if (text == domain::kOtherValue || of_day.contains(text)) {
      return text;
    }
    if (of_day.size() >= domain::kMaxDailyValues) {
      return std::string(domain::kOtherValue);
    }
    of_day.insert(text);
    return text;
  }

  static void add(domain::ClickCount& count, const domain::Click& click) {
    ++count.clicks;
    count.humans += click.bot == domain::BotClass::kHuman ? 1 : 0;
  }

  std::vector<domain::StatsValue> most(const Values& values) const {
    std::vector<domain::StatsValue> found;
    for (const auto& [text, count] : values) {
      found.push_back({text, count});
    }
    std::ranges::stable_sort(
        found, std::greater<>(), [](const auto& value) { return value.count.clicks; });
    found.resize(std::min(found.size(), query_.values));
    return found;
  }

  const domain::StatsQuery& query_;
  domain::ClickStats stats_;
  std::vector<People> people_;  ///< by bucket; the last: in all
  std::array<Values, domain::kDimensionCount - 1> values_;
  std::map<std::chrono::sys_days, std::array<std::set<std::string>, kLimited>> of_day_;
};

/// Clicks in a list. Keeps no sums: every figure is counted when it is asked for, people one by
/// one, so that other stores can be compared with it.
class MemoryClickStore final : public storage::ClickStore {
 public:
  explicit MemoryClickStore(MemoryDatabase& database) : database_(database) {}

  Task<Result<std::string>> database_id(CallContext /*call*/) override {
    co_return database_.run(
        [](MemoryTables&) -> Result<std::string> { return std::string(32, 'd'); });
  }

  Task<Result<storage::SegmentCursor>> cursor(std::string segment, CallContext /*call*/) override {
    co_return database_.run([&](MemoryTables& tables) -> Result<storage::SegmentCursor> {
      const auto* const cursor = MemoryTables::find(tables.cursors, segment);
      return cursor == nullptr ? storage::SegmentCursor() : *cursor;
    });
  }

  Task<Result<storage::ShipOutcome>> ship(storage::ClickBatch batch,
                                          CallContext /*call*/) override {
    co_return database_.run([&](MemoryTables& tables) -> Result<storage::ShipOutcome> {
      const auto* const cursor = MemoryTables::find(tables.cursors, batch.segment);
      const auto was = cursor == nullptr ? storage::SegmentCursor() : *cursor;
      if (was.done || was.next != batch.from) {
        return storage::ShipOutcome::kShippedBefore;
      }
      tables.cursors[batch.segment] = {batch.to, batch.last};
      for (domain::Click& click : batch.clicks) {
        click.id.value = ++tables.last_event;
        tables.clicks.emplace(click.id, std::move(click));
      }
      return storage::ShipOutcome::kShipped;
    });
  }

  Task<Result<std::vector<storage::VisitorSalt>>> salts(std::chrono::sys_days today,
                                                        CallContext /*call*/) override {
    using Salts = std::vector<storage::VisitorSalt>;
    co_return database_.run([&](MemoryTables& tables) -> Result<Salts> {
      Salts salts;
      std::erase_if(tables.salts, [&](const auto& salt) { return salt.first < today; });
      for (const auto day : {today, today + std::chrono::days(1)}) {
        storage::VisitorSalt salt;
        salt.day = day;
        fill_with_entropy(salt.key);
        salts.push_back(tables.salts.emplace(day, salt).first->second);
      }
      return salts;
    });
  }

  Task<Result<domain::ClickStats>> stats(domain::StatsQuery query, CallContext /*call*/) override {
    co_return database_.run([&](MemoryTables& tables) -> Result<domain::ClickStats> {
      const auto descends = [](auto one, auto next) { return one >= next; };
      if (std::ranges::adjacent_find(query.bounds, descends) != query.bounds.end() ||
          std::ranges::any_of(query.bounds, [](auto at) { return domain::stretch_of(at) != at; })) {
        return Error(ErrorKind::kInvalid, "The bounds must ascend by quarters of an hour");
      }
      MemoryClickCount count(query);
      for (const auto& [id, click] : tables.clicks) {
        if (click.link == query.link) {
          count.add(click);
        }
      }
      return std::move(count).finish();
    });
  }

  Task<Result<storage::VerifyReport>> verify(storage::Verification) override {
    co_return database_.run([](MemoryTables& tables) -> Result<storage::VerifyReport> {
      std::set<domain::LinkId> links;
      for (const auto& [id, click] : tables.clicks) {
        links.insert(click.link);
      }
      storage::VerifyReport report;
      report.clicks = tables.clicks.size();
      report.links = links.size();
      return report;
    });
  }

 private:
  MemoryDatabase& database_;
};

}  // namespace ginnel::support
