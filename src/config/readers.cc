// SPDX-License-Identifier: MIT
#include "config/readers.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <cstddef>
#include <limits>
#include <optional>

#include "base/printable.h"

namespace ginnel::config {
namespace {

struct Unit {
  std::string_view name;
  std::uint64_t bytes;
};

constexpr std::array<Unit, 3> kUnits{{
    {"GiB", std::uint64_t{1} << 30},
    {"MiB", std::uint64_t{1} << 20},
    {"KiB", std::uint64_t{1} << 10},
}};

std::optional<std::uint64_t> digits(std::string_view text) {
  std::uint64_t number = 0;
  const char* end = text.data() + text.size();
  const auto [stop, ec] = std::from_chars(text.data(), end, number);
  if (ec != std::errc() || stop != end) {
    return std::nullopt;
  }
  return number;
}

bool within(std::uint64_t number, Bounds bounds) {
  return number >= bounds.least && number <= bounds.most;
}

}  // namespace

std::vector<std::string_view> split_list(std::string_view text) {
  std::vector<std::string_view> parts;
  if (trimmed(text).empty()) {
    return parts;
  }
  std::size_t begin = 0;
  while (begin <= text.size()) {
    const std::size_t end = std::min(text.find(',', begin), text.size());
    parts.push_back(trimmed(text.substr(begin, end - begin)));
    begin = end + 1;
  }
  return parts;
}

Result<std::uint64_t> parse_whole(std::string_view text, Bounds bounds) {
  const std::optional<std::uint64_t> number = digits(trimmed(text));
  if (!number || !within(*number, bounds)) {
    return Error(ErrorKind::kInvalid, "a whole number, " + range_text(bounds));
  }
  return *number;
}

Result<std::uint64_t> parse_bytes(std::string_view text, Bounds bounds) {
  std::string_view number = trimmed(text);
  std::uint64_t unit = 1;
  for (const Unit& candidate : kUnits) {
    if (number.ends_with(candidate.name)) {
      unit = candidate.bytes;
      number = trimmed(number.substr(0, number.size() - candidate.name.size()));
      break;
    }
  }
  const std::optional<std::uint64_t> count = digits(number);
  const bool fits = count && *count <= std::numeric_limits<std::uint64_t>::max() / unit;
  if (!fits || !within(*count * unit, bounds)) {
    return Error(ErrorKind::kInvalid,
                 "a number of bytes, as 65536, 64 KiB, 64 MiB or 1 GiB, " +
                     bytes_to_text(bounds.least) + " to " + bytes_to_text(bounds.most));
  }
  return *count * unit;
}

Result<bool> parse_switch(std::string_view text) {
  constexpr std::string_view kYes[] = {"true", "yes", "on", "1"};
  constexpr std::string_view kNo[] = {"false", "no", "off", "0"};
  const std::string word = ascii_lower(trimmed(text));
  const bool is_yes = std::ranges::count(kYes, word) > 0;
  if (!is_yes && std::ranges::count(kNo, word) == 0) {
    return Error(ErrorKind::kInvalid, "true or false");
  }
  return is_yes;
}

Result<std::string> parse_path(std::string_view text) {
  const std::string path(trimmed(text));
  if (path.empty() || path.find('\0') != std::string::npos) {
    return Error(ErrorKind::kInvalid, "a path");
  }
  return path;
}

Result<std::string> parse_key(std::string_view text) {
  constexpr std::size_t kShortest = 16;
  constexpr std::size_t kLongest = 256;
  const std::string_view key = trimmed(text);
  if (key == "none") {
    return std::string();
  }
  if (key.size() < kShortest || key.size() > kLongest || !is_printable<'!'>(key)) {
    return Error(ErrorKind::kInvalid,
                 "16 to 256 printable ASCII characters without a space, as `openssl rand -hex 32` "
                 "gives, or the word none");
  }
  return std::string(key);
}

std::string bytes_to_text(std::uint64_t bytes) {
  for (const Unit& unit : kUnits) {
    if (bytes != 0 && bytes % unit.bytes == 0) {
      return std::to_string(bytes / unit.bytes) + " " + std::string(unit.name);
    }
  }
  return std::to_string(bytes);
}

std::string range_text(Bounds bounds, std::string_view unit) {
  const std::string text = std::to_string(bounds.least) + " to " + std::to_string(bounds.most);
  return unit.empty() ? text : text + " " + std::string(unit);
}

}  // namespace ginnel::config
