// SPDX-License-Identifier: MIT
#include "http/request_id.h"

#include <algorithm>
#include <array>
#include <cstdint>

#include "base/printable.h"

namespace ginnel::http {
namespace {

bool is_acceptable(std::string_view id) noexcept {
  return !id.empty() && id.size() <= kMaxRequestIdLength && is_printable<'!'>(id);
}

constexpr auto kHexPairs = [] {
  constexpr std::string_view kDigits = "0123456789abcdef";
  std::array<std::array<char, 2>, 256> pairs{};
  for (std::size_t byte = 0; byte < pairs.size(); ++byte) {
    pairs[byte] = {kDigits[byte / 16], kDigits[byte % 16]};
  }
  return pairs;
}();

void write_hex(std::uint64_t bits, char* out) noexcept {
  for (int shift = 56; shift >= 0; shift -= 8) {
    out = std::copy_n(kHexPairs[(bits >> shift) & 0xff].data(), 2, out);
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
