// SPDX-License-Identifier: MIT
#include "storage/sqlite/clicks/sums_fault.h"

#include <array>
#include <map>
#include <string>
#include <utility>

#include "domain/click.h"

namespace ginnel::storage::sqlite {
namespace {

using domain::ClickCount;
using domain::Dimension;

/// How dimensions are called; by domain::Dimension.
constexpr std::array<std::string_view, domain::kDimensionCount> kNames = {
    "all", "referrer", "country", "device", "browser", "system", "bot class"};

/// The first characters of the text of an instant, up to its day or its minute.
constexpr std::size_t kUpToDay = 10;
constexpr std::size_t kUpToMinute = 16;

std::string place_of(std::int64_t link, std::int64_t stretch, std::size_t length) {
  const domain::Stretch begin(domain::Stretch::duration{stretch});
  return "link " + std::to_string(link) + ", " +
         domain::to_text(domain::Timestamp(begin)).substr(0, length);
}

/// `13 (of people: 11)`
std::string text_of(const ClickCount& count) {
  return std::to_string(count.clicks) + " (of people: " + std::to_string(count.humans) + ')';
}

std::string difference(const ClickCount& kept, const ClickCount& counted) {
  return ": " + text_of(kept) + " kept, " + text_of(counted) + " counted";
}

/// `about 12`; two that differ may say the same.
std::string people_in(const ClickSums& sums) {
  return sums.people() == domain::HyperLogLog()
             ? "none"
             : "about " + std::to_string(sums.people().estimate());
}

/// `referrer example.org`
Result<std::string> name_of(Connection& database, Dimension dimension, TextId value) {
  const std::string name(kNames[static_cast<std::size_t>(dimension)]);
  if (dimension == Dimension::kBotClass) {
    return name + ' ' + std::string(domain::to_text(static_cast<domain::BotClass>(value)));
  }
  auto text = database.first(
      "SELECT text FROM click_texts WHERE id = ?",
      [](const Row& row) { return row.text(0); },
      std::int64_t{value});
  if (!text) {
    return std::move(text).error();
  }
  if (!*text) {
    return name + " text " + std::to_string(value) + ", which is not there";
  }
  return name + ' ' + ((*text)->empty() ? "(unknown)" : **text);
}

/// By value, what is kept and what was counted.
std::map<TextId, std::pair<ClickCount, ClickCount>> both(const ClickSums::Values& kept,
                                                         const ClickSums::Values& counted) {
  std::map<TextId, std::pair<ClickCount, ClickCount>> counts;
  for (const auto& [value, count] : kept) {
    counts[value].first = count;
  }
  for (const auto& [value, count] : counted) {
    counts[value].second = count;
  }
  return counts;
}

}  // namespace

std::string text_of_stretch(std::int64_t link, std::int64_t stretch) {
  return place_of(link, stretch, kUpToMinute);
}

std::string text_of_day(const DayOfLink& day) {
  return place_of(day.link, day.first_stretch(), kUpToDay);
}

Result<std::vector<RollupFault>> sums_faults(Connection& database,
                                             const std::string& place,
                                             std::string_view kept,
                                             const ClickSums& counted) {
  const auto sums = kept.empty() ? ClickSums() : ClickSums::decode(kept);
  if (!sums) {
    return std::vector{RollupFault{place + ", damaged bytes kept"}};
  }
  std::vector<RollupFault> faults;
  std::string all = place + ", all" + difference(sums->total(), counted.total());
  if (sums->people() != counted.people()) {
    faults.push_back(
        {all + "; visitors: " + people_in(*sums) + " kept, " + people_in(counted) + " counted"});
  } else if (sums->total() != counted.total()) {
    faults.push_back({all});
  }
  for (std::size_t number = 1; number < domain::kDimensionCount; ++number) {
    const auto dimension = static_cast<Dimension>(number);
    for (const auto& [value, counts] : both(sums->values(dimension), counted.values(dimension))) {
      if (counts.first == counts.second) {
        continue;
      }
      auto name = name_of(database, dimension, value);
      if (!name) {
        return std::move(name).error();
      }
      faults.push_back({place + ", " + *name + difference(counts.first, counts.second)});
    }
  }
  if (faults.empty()) {  // a row of nothing
    faults.push_back({std::move(all)});
  }
  return faults;
}

}  // namespace ginnel::storage::sqlite
