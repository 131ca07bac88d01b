// SPDX-License-Identifier: MIT
#pragma once

#include "base/result.h"
#include "domain/calendar.h"
#include "domain/click_stats.h"
#include "http/request.h"

namespace ginnel::api {

/// Buckets that one answer gives at most.
inline constexpr std::size_t kMaxBuckets = 1'000;

/// What `GET /urls/{id}/stats` asks for, and in which words it is to be answered.
struct StatsQuestion {
  domain::TimeZone zone;
  domain::Period period = domain::Period::kDay;
  domain::StatsQuery query;  ///< without the link
};

/// Reads `from`, `to`, `period`, `time_zone` and `values`. Dates and times are those of the zone,
/// unless a time says its own; a `to` that is a date includes that day. A range is widened to whole
/// periods. Without one it is the last 30 periods, the present one
/// included. Fails with kInvalid, naming every parameter that is wrong.
Result<StatsQuestion> read_stats_question(const http::Request& request, domain::Timestamp now);

}  // namespace ginnel::api
