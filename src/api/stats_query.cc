// SPDX-License-Identifier: MIT
#include "api/stats_query.h"

#include <algorithm>
#include <optional>
#include <string>
#include <utility>

#include "api/query.h"

namespace ginnel::api {
namespace {

using domain::Period;
using domain::Timestamp;
using domain::TimeZone;

constexpr int kUsualPeriods = 30;
constexpr std::int64_t kUsualValues = 10;
constexpr std::int64_t kMostValues = 1'000;

/// Within these years every zone is a multiple of 15 minutes off UTC, as rollups need it.
constexpr std::string_view kFirstInstant = "2000-01-01T00:00:00";
constexpr std::string_view kLastInstant = "2100-01-01T00:00:00";

/// `2026-11-25`, or a time as everywhere in the API; as the zone's calendar shows it.
std::optional<Timestamp> read_instant(QueryReader& reader,
                                      std::string_view name,
                                      const TimeZone& zone) {
  const auto text = reader.text(name);
  if (!text) {
    return std::nullopt;
  }
  constexpr std::size_t kDateLength = 10;
  const auto local =
      domain::parse_timestamp(text->size() == kDateLength ? *text + "T00:00:00" : *text);
  if (!local || *local < *domain::parse_timestamp(kFirstInstant) ||
      *local > *domain::parse_timestamp(kLastInstant)) {
    reader.refuse(name,
                  "must be a date (2026-11-25) or a time (2026-11-25T12:00:00) of the years "
                  "2000 to 2099");
    return std::nullopt;
  }
  return zone.from_local(*local);
}

Period read_period(QueryReader& reader) {
  const std::string text = reader.text("period").value_or("day");
  const auto period = domain::parse_period(text);
  if (!period) {
    reader.refuse("period", "must be hour, day, week or month");
  }
  return period.value_or(Period::kDay);
}

TimeZone read_zone(QueryReader& reader) {
  auto zone = TimeZone::find(reader.text("time_zone").value_or("UTC"));
  if (!zone) {
    reader.refuse("time_zone", "must be a name of the IANA time zone database (Europe/Berlin)");
    return *TimeZone::find("UTC");
  }
  return *zone;
}

/// The beginning of the period that comes `count` periods before that of `at`.
Timestamp periods_before(const TimeZone& zone, Period period, Timestamp at, int count) {
  Timestamp begin = zone.begin_of(period, at);
  for (; count > 0; --count) {
    begin = zone.begin_of(period, begin - std::chrono::microseconds(1));
  }
  return begin;
}

std::size_t read_values(QueryReader& reader) {
  const auto wanted = reader.number("values", 1).value_or(kUsualValues);
  return static_cast<std::size_t>(std::min(wanted, kMostValues));
}

}  // namespace

Result<StatsQuestion> read_stats_question(const http::Request& request, Timestamp now) {
  QueryReader reader(request);
  StatsQuestion question{read_zone(reader), read_period(reader), {}};
  const TimeZone& zone = question.zone;
  const auto end = read_instant(reader, "to", zone);
  const Timestamp to = end.value_or(now + std::chrono::microseconds(1));
  const auto begin = read_instant(reader, "from", zone);
  question.query.values = read_values(reader);
  if (auto fault = reader.fault()) {
    return std::move(*fault);
  }
  const Timestamp last = to - std::chrono::microseconds(1);
  const Timestamp from =
      begin.value_or(periods_before(zone, question.period, last, kUsualPeriods - 1));
  if (from >= to) {
    reader.refuse("from", "must be before to");
    return *reader.fault();
  }
  auto bounds = zone.bounds(question.period, from, to, kMaxBuckets);
  if (!bounds) {
    reader.refuse("period",
                  "gives more than 1000 buckets between from and to; choose a longer one");
    return *reader.fault();
  }
  question.query.bounds = std::move(*bounds);
  return question;
}

}  // namespace ginnel::api
