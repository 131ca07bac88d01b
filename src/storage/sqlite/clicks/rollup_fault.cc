// SPDX-License-Identifier: MIT
#include "storage/sqlite/clicks/rollup_fault.h"

#include <array>
#include <chrono>
#include <string>
#include <utility>

#include "domain/click.h"
#include "domain/hyperloglog.h"

namespace ginnel::storage::sqlite {

namespace {

/// How dimensions are called; by domain::Dimension.
constexpr std::array<std::string_view, domain::kDimensionCount> kNames = {
    "all", "referrer", "country", "device", "browser", "system", "bot class"};

/// `link 7, 2026-11-25T10:15`
std::string place_of(std::int64_t link, std::int64_t stretch) {
  const domain::Stretch begin(domain::Stretch::duration{stretch});
  constexpr std::size_t kUpToMinutes = 16;
  return "link " + std::to_string(link) + ", " +
         domain::to_text(domain::Timestamp(begin)).substr(0, kUpToMinutes);
}

/// `referrer example.org`
std::string name_of(const RollupKey& key, std::string_view text) {
  if (key.dimension < 0 || key.dimension >= static_cast<std::int64_t>(kNames.size())) {
    return "dimension " + std::to_string(key.dimension);
  }
  const auto dimension = static_cast<domain::Dimension>(key.dimension);
  std::string name(kNames[static_cast<std::size_t>(key.dimension)]);
  if (dimension == domain::Dimension::kAll) {
    return name;
  }
  if (dimension == domain::Dimension::kBotClass) {
    return name + ' ' + std::string(domain::to_text(static_cast<domain::BotClass>(key.value)));
  }
  return name + ' ' + (text.empty() ? "(unknown)" : std::string(text));
}

/// `13 (of people: 11)`
std::string text_of(const domain::ClickCount& count) {
  return std::to_string(count.clicks) + " (of people: " + std::to_string(count.humans) + ')';
}

/// `about 12`; two that differ may say the same.
std::string people_in(std::string_view visitors) {
  if (visitors.empty()) {
    return "none";
  }
  const auto people = domain::HyperLogLog::decode(visitors);
  return people ? "about " + std::to_string(people->estimate()) : "damaged bytes";
}

}  // namespace

RollupFault rollup_fault(const RollupPlace& place, const Rollup& kept, const Rollup& counted) {
  std::string what = place_of(place.link, place.key.stretch) + ", " +
                     name_of(place.key, place.text) + ": " + text_of(kept.count) + " kept, " +
                     text_of(counted.count) + " counted";
  if (kept.visitors != counted.visitors) {
    what += "; visitors: " + people_in(kept.visitors) + " kept, " + people_in(counted.visitors) +
            " counted";
  }
  return RollupFault{std::move(what)};
}

RollupFault values_fault(std::int64_t link,
                         std::int64_t day,
                         const std::optional<DailyValues>& kept,
                         const DailyValues& counted) {
  const std::int64_t first_stretch = day * domain::kStretchesADay;
  constexpr std::size_t kTime = 6;  // T00:00
  std::string place = place_of(link, first_stretch);
  place.resize(place.size() - kTime);
  const std::string was = kept ? std::to_string(kept->size()) : std::string("a damaged list");
  return RollupFault{place + ", values of the day: " + was +
                     " kept, others counted: " + std::to_string(counted.size())};
}

}  // namespace ginnel::storage::sqlite
