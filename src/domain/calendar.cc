// SPDX-License-Identifier: MIT
#include "domain/calendar.h"

#include <algorithm>
#include <array>
#include <date/tz.h>
#include <exception>

#include "domain/click_stats.h"

namespace ginnel::domain {
namespace {

using std::chrono::days;
using std::chrono::hours;
using Local = date::local_time<std::chrono::microseconds>;

constexpr std::array<std::string_view, 4> kPeriods = {"hour", "day", "week", "month"};

/// From the beginning of a period into the next one, whatever the clock does meanwhile: it is put
/// back by three hours at most (Antarctica/Casey).
constexpr std::array<hours, 4> kIntoNextPeriod = {
    hours(1), hours(30), hours(7 * 24 + 6), hours(32 * 24)};

date::local_days month_of(date::local_days day) {
  const date::year_month_day date(day);
  return date::local_days(date.year() / date.month() / 1);
}

/// The Monday of its week.
date::local_days week_of(date::local_days day) {
  return day - (date::weekday(day) - date::Monday);
}

/// The quarter of an hour that `at` lies in: rollups know none shorter.
Timestamp quarter_of(Timestamp at) {
  return at - at.time_since_epoch() % kRollupLength;
}

/// Whether a name leads to what a machine has set, or to a copy of the database that a package may
/// have or not, rather than to a place.
bool is_of_the_machine(std::string_view name) noexcept {
  constexpr std::string_view kNames[] = {"localtime", "posixrules", "Factory"};
  constexpr std::string_view kFolders[] = {"posix/", "right/", "SystemV/", "/"};
  return std::ranges::find(kNames, name) != std::end(kNames) ||
         std::ranges::any_of(kFolders, [name](auto folder) { return name.starts_with(folder); }) ||
         name.find("..") != std::string_view::npos;
}

}  // namespace

std::string_view to_text(Period period) noexcept {
  return kPeriods[static_cast<std::size_t>(period)];
}

std::optional<Period> parse_period(std::string_view text) noexcept {
  const auto* const found = std::find(kPeriods.begin(), kPeriods.end(), text);
  return found == kPeriods.end() ? std::nullopt
                                 : std::optional(static_cast<Period>(found - kPeriods.begin()));
}

std::optional<TimeZone> TimeZone::find(std::string_view name) {
  if (is_of_the_machine(name)) {
    return std::nullopt;
  }
  try {
    return TimeZone(*date::locate_zone(std::string(name)));
  } catch (const std::exception&) {  // its way to say that there is none
    return std::nullopt;
  }
}

const std::string& TimeZone::name() const noexcept {
  return zone_->name();
}

Timestamp TimeZone::from_local(Timestamp at) const {
  const Local local(at.time_since_epoch());
  return zone_->to_sys(local, date::choose::earliest);
}

Timestamp TimeZone::begin_of(Period period, Timestamp at) const {
  const Local local = zone_->to_local(at);
  if (period == Period::kHour) {
    const Timestamp full = at - (local - date::floor<hours>(local));
    const date::sys_info now = zone_->get_info(at);
    return zone_->get_info(full).offset == now.offset ? full : quarter_of(now.begin);
  }
  date::local_days day = date::floor<days>(local);
  day = period == Period::kWeek ? week_of(day) : period == Period::kMonth ? month_of(day) : day;
  return from_local(Timestamp(day.time_since_epoch()));
}

std::optional<std::vector<Timestamp>> TimeZone::bounds(Period period,
                                                       Timestamp from,
                                                       Timestamp to,
                                                       std::size_t most) const {
  std::vector<Timestamp> bounds = {begin_of(period, from)};
  while (bounds.back() < to) {
    if (bounds.size() > most) {
      return std::nullopt;
    }
    const auto inside = bounds.back() + kIntoNextPeriod[static_cast<std::size_t>(period)];
    bounds.push_back(begin_of(period, inside));
  }
  return bounds;
}

std::string TimeZone::text_of(Timestamp at) const {
  const auto seconds = date::floor<std::chrono::seconds>(at);
  return date::format("%FT%T%Ez", date::make_zoned(zone_, seconds));
}

}  // namespace ginnel::domain
