// SPDX-License-Identifier: MIT
#include "storage/sqlite/clicks/daily_values.h"

#include <algorithm>

#include "storage/sqlite/clicks/click_texts.h"

namespace ginnel::storage::sqlite {

std::int64_t DailyValues::admit(domain::Dimension dimension, std::int64_t value) {
  if (value == kOtherText || insert(dimension, static_cast<std::uint32_t>(value))) {
    return value;
  }
  return kOtherText;
}

bool DailyValues::insert(domain::Dimension dimension, std::uint32_t value) {
  auto& values = values_[static_cast<std::size_t>(dimension)];
  const auto place = std::lower_bound(values.begin(), values.end(), value);
  if (place != values.end() && *place == value) {
    return true;
  }
  if (values.size() >= domain::kMaxDailyValues) {
    return false;
  }
  values.insert(place, value);
  bytes_ += static_cast<char>(dimension);
  for (unsigned shift = 0; shift < 32; shift += 8) {
    bytes_ += static_cast<char>(value >> shift);
  }
  return true;
}

std::optional<DailyValues> DailyValues::decode(std::string_view bytes) {
  if (bytes.size() % kEntryBytes != 0) {
    return std::nullopt;
  }
  DailyValues read;
  for (; !bytes.empty(); bytes.remove_prefix(kEntryBytes)) {
    const auto dimension = static_cast<unsigned char>(bytes.front());
    std::uint32_t value = 0;
    for (std::size_t at = kEntryBytes - 1; at > 0; --at) {
      value = value << 8u | static_cast<unsigned char>(bytes[at]);
    }
    const std::size_t before = read.size();
    if (dimension >= domain::kDimensionCount ||
        !is_limited(static_cast<domain::Dimension>(dimension)) || value == kOtherText ||
        !read.insert(static_cast<domain::Dimension>(dimension), value) || read.size() == before) {
      return std::nullopt;
    }
  }
  return read;
}

}  // namespace ginnel::storage::sqlite
