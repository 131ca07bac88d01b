// SPDX-License-Identifier: MIT
#include "http/request_id.h"

#include <algorithm>
#include <cstdint>

namespace ginnel::http {
namespace {

bool is_acceptable(std::string_view id) noexcept {
  return !id.empty() && id.size() <= kMaxRequestIdLength &&
         std::all_of(id.begin(), id.end(), [](char c) { return c > 0x20 && c < 0x7f; });
}

void write_hex(std::uint64_t bits, char* out) noexcept {
  constexpr char kDigits[] = "0123456789abcdef";
  for (int i = 15; i >= 0; --i) {
    out[i] = kDigits[bits & 0xf];
    bits >>= 4;
  }
}

}  // namespace

void choose_request_id(std::optional<std::string_view> sent, FastRandom& random, std::string& id) {
  if (sent && is_acceptable(*sent)) {
    id.assign(*sent);
    return;
  }
  id.resize(32);
  write_hex(random.next(), id.data());
  write_hex(random.next(), id.data() + 16);
}

}  // namespace ginnel::http
