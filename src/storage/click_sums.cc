// SPDX-License-Identifier: MIT
#include "storage/click_sums.h"

#include <algorithm>
#include <iterator>
#include <limits>

#include "storage/leb128.h"

namespace ginnel::storage {
namespace {

constexpr char kForm = 1;

/// Every dimension but kAll.
constexpr std::array kDimensions = {domain::Dimension::kReferrer,
                                    domain::Dimension::kCountry,
                                    domain::Dimension::kDevice,
                                    domain::Dimension::kBrowser,
                                    domain::Dimension::kSystem,
                                    domain::Dimension::kBotClass};

constexpr std::size_t place_of(domain::Dimension dimension) noexcept {
  return static_cast<std::size_t>(dimension);
}

/// Whether a dimension's values are texts that clients can invent. The others have a few by nature.
constexpr bool is_limited(domain::Dimension dimension) noexcept {
  return dimension != domain::Dimension::kBotClass;
}

std::optional<domain::ClickCount> take_count(std::string_view& bytes) noexcept {
  const auto clicks = take_number(bytes);
  const auto humans = take_number(bytes);
  if (!clicks || !humans || *humans > *clicks) {
    return std::nullopt;
  }
  return domain::ClickCount{*clicks, *humans};
}

void append_count(std::string& bytes, const domain::ClickCount& count) {
  append_number(bytes, count.clicks);
  append_number(bytes, count.humans);
}

std::optional<domain::HyperLogLog> take_sketch(std::string_view& bytes) {
  const auto length = take_number(bytes);
  if (!length || *length > bytes.size()) {
    return std::nullopt;
  }
  const std::string_view sketch = bytes.substr(0, *length);
  bytes.remove_prefix(*length);
  if (sketch.empty()) {
    return domain::HyperLogLog();
  }
  auto people = domain::HyperLogLog::decode(sketch);
  return people == domain::HyperLogLog() ? std::nullopt : std::move(people);
}

std::optional<ClickSums::Values> take_values(std::string_view& bytes) {
  const auto size = take_number(bytes);
  if (!size || *size > bytes.size()) {
    return std::nullopt;
  }
  ClickSums::Values values;
  values.reserve(*size);
  std::uint64_t last = 0;
  while (values.size() < *size) {
    const auto step = take_number(bytes);
    const auto count = take_count(bytes);
    const bool ascends = step && (*step > 0 || values.empty());
    if (!ascends || !count || *step > std::numeric_limits<TextId>::max() - last) {
      return std::nullopt;
    }
    last += *step;
    values.emplace_back(static_cast<TextId>(last), *count);
  }
  return values;
}

void add_to(ClickSums::Values& values, TextId value, const domain::ClickCount& count) {
  const auto place =
      std::ranges::lower_bound(values, value, {}, &ClickSums::Values::value_type::first);
  if (place != values.end() && place->first == value) {
    place->second += count;
  } else {
    values.emplace(place, value, count);
  }
}

}  // namespace

void ClickSums::add(const SummedClick& click) {
  const domain::ClickCount one = {1, click.human ? 1U : 0U};
  total_ += one;
  for (const domain::Dimension dimension : kDimensions) {
    add_to(values_[place_of(dimension)], click.values[place_of(dimension)], one);
  }
  if (click.human && click.visitor != 0) {
    people_.add(click.visitor);
  }
}

void ClickSums::add(const ClickSums& other) {
  total_ += other.total_;
  people_.merge(other.people_);
  for (const domain::Dimension dimension : kDimensions) {
    for (const auto& [value, count] : other.values(dimension)) {
      add_to(values_[place_of(dimension)], value, count);
    }
  }
}

void ClickSums::add(domain::Dimension dimension, TextId value, const domain::ClickCount& count) {
  if (dimension == domain::Dimension::kAll) {
    total_ += count;
  } else {
    add_to(values_[place_of(dimension)], value, count);
  }
}

std::string ClickSums::encoded() const {
  std::string bytes(1, kForm);
  append_count(bytes, total_);
  const std::string sketch = people_ == domain::HyperLogLog() ? "" : people_.encoded();
  append_number(bytes, sketch.size());
  bytes += sketch;
  for (const domain::Dimension dimension : kDimensions) {
    append_number(bytes, values(dimension).size());
    TextId last = 0;
    for (const auto& [value, count] : values(dimension)) {
      append_number(bytes, value - last);
      append_count(bytes, count);
      last = value;
    }
  }
  return bytes;
}

std::optional<ClickSums> ClickSums::decode(std::string_view bytes) {
  if (!bytes.starts_with(kForm)) {
    return std::nullopt;
  }
  bytes.remove_prefix(1);
  ClickSums sums;
  const auto total = take_count(bytes);
  auto people = total ? take_sketch(bytes) : std::nullopt;
  if (!people) {
    return std::nullopt;
  }
  sums.total_ = *total;
  sums.people_ = std::move(*people);
  for (const domain::Dimension dimension : kDimensions) {
    auto values = take_values(bytes);
    if (!values) {
      return std::nullopt;
    }
    sums.values_[place_of(dimension)] = std::move(*values);
  }
  return bytes.empty() ? std::optional(std::move(sums)) : std::nullopt;
}

void DailyValues::add(const ClickSums& sums) {
  for (const domain::Dimension dimension : kDimensions) {
    std::vector<TextId> more;
    for (const auto& [value, count] : sums.values(dimension)) {
      if (is_limited(dimension) && value != kOtherText) {
        more.push_back(value);
      }
    }
    std::vector<TextId> all;
    std::ranges::set_union(values_[place_of(dimension)], more, std::back_inserter(all));
    values_[place_of(dimension)] = std::move(all);
  }
}

void DailyValues::admit(SummedClick& click) {
  for (const domain::Dimension dimension : kDimensions) {
    TextId& value = click.values[place_of(dimension)];
    if (!is_limited(dimension) || value == kOtherText) {
      continue;
    }
    std::vector<TextId>& known = values_[place_of(dimension)];
    const auto place = std::ranges::lower_bound(known, value);
    if (place != known.end() && *place == value) {
      continue;
    }
    if (known.size() < domain::kMaxDailyValues) {
      known.insert(place, value);
    } else {
      value = kOtherText;
    }
  }
}

}  // namespace ginnel::storage
