// SPDX-License-Identifier: MIT
#include "storage/postgres/engine/query.h"

#include <utility>

#include <boost/endian/conversion.hpp>

namespace ginnel::storage::postgres {
namespace {

// pg_type.dat: these numbers are part of PostgreSQL's protocol and never change.
constexpr Oid kBytea = 17;
constexpr Oid kInt8 = 20;
constexpr Oid kText = 25;

std::string bytes_of(std::int64_t value) {
  std::string bytes(sizeof value, '\0');
  boost::endian::store_big_s64(reinterpret_cast<unsigned char*>(bytes.data()), value);
  return bytes;
}

}  // namespace

void Query::bind(std::int64_t value) {
  add(kInt8, bytes_of(value));
}

void Query::bind(std::optional<std::int64_t> value) {
  add(kInt8, value ? std::optional(bytes_of(*value)) : std::nullopt);
}

void Query::bind(std::string_view text) {
  add(kText, std::string(text));
}

void Query::bind(Bytes bytes) {
  add(kBytea, std::string(bytes.bytes));
}

void Query::add(Oid type, std::optional<std::string> value) {
  types_.push_back(type);
  values_.push_back(std::move(value));
}

}  // namespace ginnel::storage::postgres
