// SPDX-License-Identifier: MIT
#include "domain/timestamp.h"

#include <algorithm>
#include <cstddef>
#include <cstdint>

#include "base/text.h"

namespace ginnel::domain {
namespace {

using std::chrono::microseconds;
using std::chrono::sys_days;
using std::chrono::year_month_day;

constexpr std::size_t kWholeSecondsLength = 19;  // 2025-07-13T12:40:57
constexpr std::size_t kFractionDigits = 6;

constexpr Timestamp kFirst =
    sys_days(std::chrono::year(1) / std::chrono::January / std::chrono::day(1));
constexpr Timestamp kLast =
    sys_days(std::chrono::year(10'000) / std::chrono::January / std::chrono::day(1)) -
    microseconds(1);

/// Writes `number` as exactly `width` digits at `out`.
void write_digits(char* out, std::uint64_t number, std::size_t width) noexcept {
  for (std::size_t i = width; i > 0; --i) {
    out[i - 1] = static_cast<char>('0' + number % 10);
    number /= 10;
  }
}

/// The number that the `width` digits of `text` at `at` spell, or -1.
int read_digits(std::string_view text, std::size_t at, std::size_t width) noexcept {
  const auto number = parse_number<std::uint32_t>(text.substr(at, width));
  return number ? static_cast<int>(*number) : -1;
}

bool has_separators(std::string_view text) noexcept {
  return text[4] == '-' && text[7] == '-' && (text[10] == 'T' || text[10] == ' ') &&
         text[13] == ':' && text[16] == ':';
}

std::optional<std::chrono::sys_days> read_date(std::string_view text) noexcept {
  const int year = read_digits(text, 0, 4);
  const int month = read_digits(text, 5, 2);
  const int day = read_digits(text, 8, 2);
  if (year < 1 || month < 1 || day < 1) {
    return std::nullopt;
  }
  const year_month_day date(std::chrono::year(year),
                            std::chrono::month(static_cast<unsigned>(month)),
                            std::chrono::day(static_cast<unsigned>(day)));
  if (!date.ok()) {
    return std::nullopt;
  }
  return sys_days(date);
}

std::optional<std::chrono::seconds> read_time_of_day(std::string_view text) noexcept {
  const int hour = read_digits(text, 11, 2);
  const int minute = read_digits(text, 14, 2);
  const int second = read_digits(text, 17, 2);
  if (hour < 0 || hour > 23 || minute < 0 || minute > 59 || second < 0 || second > 59) {
    return std::nullopt;
  }
  return std::chrono::hours(hour) + std::chrono::minutes(minute) + std::chrono::seconds(second);
}

/// Reads `` or `.5` or `.000001`.
std::optional<microseconds> read_fraction(std::string_view text) noexcept {
  if (text.empty()) {
    return microseconds(0);
  }
  const std::size_t digits = text.size() - 1;
  if (text.front() != '.' || digits == 0 || digits > kFractionDigits) {
    return std::nullopt;
  }
  int number = read_digits(text, 1, digits);
  if (number < 0) {
    return std::nullopt;
  }
  for (std::size_t i = digits; i < kFractionDigits; ++i) {
    number *= 10;
  }
  return microseconds(number);
}

}  // namespace

Timestamp now() noexcept {
  return std::chrono::time_point_cast<microseconds>(std::chrono::system_clock::now());
}

std::string to_text(Timestamp at) {
  at = std::clamp(at, kFirst, kLast);
  const auto days = std::chrono::floor<std::chrono::days>(at);
  const year_month_day date(days);
  const auto micros = static_cast<std::uint64_t>((at - days).count());
  const std::uint64_t seconds = micros / 1'000'000;
  const std::uint64_t fraction = micros % 1'000'000;

  std::string text(fraction == 0 ? "0000-00-00T00:00:00" : "0000-00-00T00:00:00.000000");
  char* const out = text.data();
  write_digits(out, static_cast<std::uint64_t>(static_cast<int>(date.year())), 4);
  write_digits(out + 5, static_cast<unsigned>(date.month()), 2);
  write_digits(out + 8, static_cast<unsigned>(date.day()), 2);
  write_digits(out + 11, seconds / 3'600, 2);
  write_digits(out + 14, seconds / 60 % 60, 2);
  write_digits(out + 17, seconds % 60, 2);
  if (fraction != 0) {
    write_digits(out + kWholeSecondsLength + 1, fraction, kFractionDigits);
  }
  return text;
}

std::optional<Timestamp> parse_timestamp(std::string_view text) noexcept {
  if (text.size() < kWholeSecondsLength || !has_separators(text)) {
    return std::nullopt;
  }
  const auto date = read_date(text);
  const auto time = read_time_of_day(text);
  const auto fraction = read_fraction(text.substr(kWholeSecondsLength));
  if (!date || !time || !fraction) {
    return std::nullopt;
  }
  return *date + *time + *fraction;
}

}  // namespace ginnel::domain
