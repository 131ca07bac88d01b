// SPDX-License-Identifier: MIT
#include "storage/postgres/engine/rows.h"

#include <charconv>
#include <cstddef>

#include <boost/endian/conversion.hpp>

namespace ginnel::storage::postgres {

std::int64_t Row::integer(int column) const noexcept {
  const std::string_view value = bytes(column);
  const auto* const first = reinterpret_cast<const unsigned char*>(value.data());
  switch (value.size()) {
    case sizeof(std::int64_t):
      return boost::endian::load_big_s64(first);
    case sizeof(std::int32_t):
      return boost::endian::load_big_s32(first);
    case sizeof(std::int16_t):
      return boost::endian::load_big_s16(first);
    default:
      return 0;
  }
}

std::optional<std::int64_t> Row::optional_integer(int column) const noexcept {
  if (PQgetisnull(result_, row_, column) != 0) {
    return std::nullopt;
  }
  return integer(column);
}

std::string_view Row::bytes(int column) const noexcept {
  return {PQgetvalue(result_, row_, column),
          static_cast<std::size_t>(PQgetlength(result_, row_, column))};
}

std::optional<Fault> Rows::fault() const {
  switch (status()) {
    case PGRES_COMMAND_OK:
    case PGRES_TUPLES_OK:
      return std::nullopt;
    default:
      return fault_of(result_.get());
  }
}

std::int64_t Rows::changed() const noexcept {
  const std::string_view text = PQcmdTuples(result_.get());
  std::int64_t number = 0;
  std::from_chars(text.data(), text.data() + text.size(), number);
  return number;
}

}  // namespace ginnel::storage::postgres
