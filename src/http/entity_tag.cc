// SPDX-License-Identifier: MIT
#include "http/entity_tag.h"

#include <array>
#include <cstdint>
#include <sodium.h>

#include "base/hex.h"

namespace ginnel::http {

/// BLAKE2b: nobody can make two bodies of one tag.
std::string entity_tag_of(std::string_view bytes) {
  std::array<std::uint8_t, crypto_generichash_BYTES_MIN> hash{};
  const auto* const data = reinterpret_cast<const std::uint8_t*>(bytes.data());
  crypto_generichash(hash.data(), hash.size(), data, bytes.size(), nullptr, 0);
  return '"' + to_hex(hash) + '"';
}

void answer_with_tag(const Preconditions& conditions, std::string_view tag, Response& response) {
  response.add("ETag", tag);
  if (!conditions.none_match_holds(tag)) {
    response.status = 304;
    response.body.clear();
  }
}

void answer_with_tag(const Request& request, std::string_view tag, Response& response) {
  const auto conditions = Preconditions::parse(request);
  answer_with_tag(conditions ? *conditions : Preconditions(), tag, response);
}

}  // namespace ginnel::http
