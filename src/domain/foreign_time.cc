// SPDX-License-Identifier: MIT
#include "domain/foreign_time.h"

#include <algorithm>
#include <chrono>
#include <cstddef>
#include <string>

#include "base/text.h"

namespace ginnel::domain {
namespace {

constexpr std::size_t kDateLength = 10;          // 2025-07-13
constexpr std::size_t kWholeSecondsLength = 19;  // 2025-07-13T12:40:57
constexpr std::size_t kFractionDigits = 6;

constexpr std::string_view kDigits = "0123456789";

/// The two digits of `text`, which is to be nothing more, up to `most`; or -1.
int read_pair(std::string_view text, int most) noexcept {
  const auto number = text.size() == 2 ? parse_number<std::uint8_t>(text) : std::nullopt;
  return number && *number <= most ? *number : -1;
}

/// What a zone behind a time says: how far its clock is ahead of UTC.
std::optional<std::chrono::minutes> read_zone(std::string_view text) noexcept {
  text.remove_prefix(text.starts_with(' ') ? 1 : 0);
  if (text == "Z" || text == "z" || text == "UTC" || text == "GMT") {
    return std::chrono::minutes(0);
  }
  if (text.size() < 3 || (text[0] != '+' && text[0] != '-')) {
    return std::nullopt;
  }
  std::string_view minutes = text.substr(3);
  minutes.remove_prefix(minutes.starts_with(':') ? 1 : 0);
  const int hour = read_pair(text.substr(1, 2), 23);
  const int minute = text.size() == 3 ? 0 : read_pair(minutes, 59);
  if (hour < 0 || minute < 0) {
    return std::nullopt;
  }
  const auto ahead = std::chrono::hours(hour) + std::chrono::minutes(minute);
  return text[0] == '-' ? -ahead : ahead;
}

bool is_within_our_years(Timestamp at) {
  return parse_timestamp(to_text(at)) == at;  // to_text keeps to them
}

}  // namespace

std::optional<ForeignTime> parse_foreign_time(std::string_view text) {
  std::string plain(text.substr(0, kWholeSecondsLength));
  std::string_view rest = text.substr(plain.size());
  if (plain.size() > kDateLength && plain[kDateLength] == 't') {
    plain[kDateLength] = 'T';
  }
  if (rest.starts_with('.')) {
    const std::size_t end = std::min(rest.find_first_not_of(kDigits, 1), rest.size());
    plain.append(rest.substr(0, std::min(end, 1 + kFractionDigits)));
    rest.remove_prefix(end);
  }
  const auto local = parse_timestamp(plain);
  const auto ahead = rest.empty() ? std::chrono::minutes(0) : read_zone(rest);
  if (!local || !ahead || !is_within_our_years(*local - *ahead)) {
    return std::nullopt;
  }
  return ForeignTime{*local - *ahead, !rest.empty()};
}

}  // namespace ginnel::domain
