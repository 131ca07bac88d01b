// SPDX-License-Identifier: MIT
#include "api/stats_query.h"

#include <algorithm>
#include <cstddef>
#include <optional>
#include <string>
#include <utility>

#include "api/query.h"
#include "domain/foreign_time.h"

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

/// What was asked, with what was meant by a `+` in a query, where it stands for a space: neither
/// the name of a zone nor an offset holds one.
std::string with_plus(std::string text, std::size_t from) {
  std::replace(text.begin() + static_cast<std::ptrdiff_t>(std::min(from, text.size())),
               text.end(),
               ' ',
               '+');
  return text;
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
  auto zone = TimeZone::find(with_plus(reader.text("time_zone").value_or("UTC"), 0));
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

/// Reads `from` and `to`.
class RangeReader final {
 public:
  RangeReader(QueryReader& reader, const TimeZone& zone, Period period)
      : reader_(reader), zone_(zone) {
    // Whole periods of these years, so that every time of an answer may be asked for again.
    const Timestamp end = zone.from_local(*domain::parse_timestamp(kLastInstant));
    first_ = zone.begin_of(period, zone.from_local(*domain::parse_timestamp(kFirstInstant)));
    const auto last = zone.bounds(period, end - std::chrono::microseconds(1), end, 1);
    last_ = last ? last->back() : end;
  }

  /// The first instant that may be asked for.
  Timestamp first() const noexcept { return first_; }

  /// The instant that a parameter names; of a date its beginning and, as `end`, that of the next.
  std::optional<Timestamp> read(std::string_view name, bool end) {
    const auto text = reader_.text(name);
    const auto at = text ? instant_of(*text, end) : std::nullopt;
    const bool is_early = at && (end ? *at <= first_ : *at < first_);
    if (text && (!at || is_early || *at > last_)) {
      reader_.refuse(name,
                     "must be a date (2026-11-25) or a time (2026-11-25T12:00:00, with Z or an "
                     "offset or not) of the years 2000 to 2099");
      return std::nullopt;
    }
    return at;
  }

 private:
  std::optional<Timestamp> instant_of(const std::string& text, bool end) const {
    constexpr std::size_t kDateLength = 10;
    constexpr std::size_t kTimeLength = 19;
    if (text.size() == kDateLength) {
      const auto midnight = domain::parse_timestamp(text + "T00:00:00");
      return midnight ? std::optional(zone_.from_local(*midnight + std::chrono::days(end ? 1 : 0)))
                      : std::nullopt;
    }
    const auto time = domain::parse_foreign_time(with_plus(text, kTimeLength));
    if (!time) {
      return std::nullopt;
    }
    return time->has_zone ? time->at : zone_.from_local(time->at);
  }

  QueryReader& reader_;
  const TimeZone& zone_;
  Timestamp first_;
  Timestamp last_;
};

}  // namespace

Result<StatsQuestion> read_stats_question(const http::Request& request, Timestamp now) {
  QueryReader reader(request);
  StatsQuestion question{read_zone(reader), read_period(reader), {}};
  const TimeZone& zone = question.zone;
  RangeReader range(reader, zone, question.period);
  const auto end = range.read("to", true);
  const Timestamp to = end.value_or(now + std::chrono::microseconds(1));
  const auto begin = range.read("from", false);
  question.query.values = read_values(reader);
  if (auto fault = reader.fault()) {
    return std::move(*fault);
  }
  const Timestamp last = to - std::chrono::microseconds(1);
  const Timestamp usual = periods_before(zone, question.period, last, kUsualPeriods - 1);
  const Timestamp from = begin.value_or(std::max(usual, range.first()));
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
