// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "domain/timestamp.h"

namespace date {
class time_zone;
}

namespace ginnel::domain {

/// What figures are summed up by. Weeks begin on Monday (ISO 8601).
enum class Period { kHour, kDay, kWeek, kMonth };

/// `hour`, `day`, `week`, `month`.
std::string_view to_text(Period period) noexcept;
std::optional<Period> parse_period(std::string_view text) noexcept;

/// A place's clock: `Europe/Berlin`, `Asia/Kathmandu`, `UTC` (the IANA time zone database, as the
/// machine's tzdata package has it).
class TimeZone final {
 public:
  /// Nothing when no zone has this name. `localtime` and its like, which are whatever a machine is
  /// set to, are none.
  static std::optional<TimeZone> find(std::string_view name);

  const std::string& name() const noexcept;

  /// The beginning of the period that `at` lies in. An hour in which the clock changes ends there,
  /// and what follows is one of its own: of Lord Howe, where it is put on by 30 minutes, half an
  /// hour. Where it changes inside a quarter of an hour (St. John's until 2011, at 00:01), the hour
  /// ends where that quarter begins. A day that begins twice or not at all begins at the first
  /// instant of its date.
  Timestamp begin_of(Period period, Timestamp at) const;

  /// The instant this place's calendar shows as `at`, which is read as local time.
  Timestamp from_local(Timestamp at) const;

  /// Where the periods that cover `from` to `to` begin, and the end of the last one; nothing when
  /// there are more than `most` of them. `from` must be before `to`.
  std::optional<std::vector<Timestamp>> bounds(Period period,
                                               Timestamp from,
                                               Timestamp to,
                                               std::size_t most) const;

  /// `2026-11-01T00:00:00+01:00` (RFC 3339).
  std::string text_of(Timestamp at) const;

 private:
  explicit TimeZone(const date::time_zone& zone) noexcept : zone_(&zone) {}

  const date::time_zone* zone_;  ///< of the library's database, which lives as long as the process
};

}  // namespace ginnel::domain
