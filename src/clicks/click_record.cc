// SPDX-License-Identifier: MIT
#include "clicks/click_record.h"

#include <algorithm>
#include <bit>
#include <cstring>

#include "base/ip_address.h"
#include "clicks/crc32c.h"

namespace ginnel::clicks {
namespace {

static_assert(std::endian::native == std::endian::little, "numbers are written as they lie");

/// A record's fixed part, as docs/journal.md draws it. The texts follow: code, agent, referrer.
struct Fixed {
  std::uint32_t checksum;  ///< CRC32C of everything behind it
  std::uint32_t length;    ///< of the whole record
  std::int64_t at;
  std::int64_t link;
  std::int64_t user;
  std::uint64_t visitor;
  std::uint8_t flags;
  std::uint8_t network_length;
  std::array<std::uint8_t, 6> network;
  std::uint16_t agent_length;
  std::uint16_t referrer_length;
  std::uint8_t code_length;
  std::array<std::uint8_t, 3> unused;
};
static_assert(sizeof(Fixed) == 56);
static_assert(sizeof(Fixed) + 255 + 2 * kMaxRecordedText <= kMaxRecordBytes);

constexpr std::uint8_t kPrefetch = 1;
constexpr std::size_t kBeforeChecked = sizeof(Fixed::checksum);
constexpr std::size_t kMaxCode = 255;
constexpr std::uint8_t kIpv4Bytes = 3;

std::uint32_t checksum_of(const char* record, std::size_t length) noexcept {
  return crc32c({record + kBeforeChecked, length - kBeforeChecked});
}

bool all_zero(std::string_view bytes) noexcept {
  return std::all_of(bytes.begin(), bytes.end(), [](char byte) { return byte == 0; });
}

/// Whether the lengths can be: a record that has the right checksum may still be of a later form.
bool is_sound(const Fixed& fixed) noexcept {
  const bool network = fixed.network_length == 0 || fixed.network_length == kIpv4Bytes ||
                       fixed.network_length == sizeof(fixed.network);
  const std::size_t texts =
      std::size_t{fixed.code_length} + fixed.agent_length + fixed.referrer_length;
  return network && fixed.length == sizeof(Fixed) + texts;
}

}  // namespace

std::string to_text(const ClientNetwork& network) {
  if (network.length == 0) {
    return {};
  }
  const bool v4 = network.length == kIpv4Bytes;
  IpAddress first;
  first.length = v4 ? 4 : 16;
  std::copy_n(network.bytes.begin(), network.length, first.bytes.begin());
  return to_text(first) + (v4 ? "/24" : "/48");
}

std::size_t encode(const ClickRecord& record, char* out) noexcept {
  const std::string_view code = record.code.substr(0, kMaxCode);
  const std::string_view agent = record.user_agent.substr(0, kMaxRecordedText);
  const std::string_view referrer = record.referrer.substr(0, kMaxRecordedText);
  Fixed fixed{};
  fixed.length =
      static_cast<std::uint32_t>(sizeof fixed + code.size() + agent.size() + referrer.size());
  fixed.at = record.at.time_since_epoch().count();
  fixed.link = record.link.value;
  fixed.user = record.user.value;
  fixed.visitor = record.visitor;
  fixed.flags = record.prefetch ? kPrefetch : 0;
  fixed.network_length = record.network.length;
  fixed.network = record.network.bytes;
  fixed.code_length = static_cast<std::uint8_t>(code.size());
  fixed.agent_length = static_cast<std::uint16_t>(agent.size());
  fixed.referrer_length = static_cast<std::uint16_t>(referrer.size());
  std::memcpy(out, &fixed, sizeof fixed);
  char* end = std::copy(code.begin(), code.end(), out + sizeof fixed);
  end = std::copy(agent.begin(), agent.end(), end);
  std::copy(referrer.begin(), referrer.end(), end);
  fixed.checksum = checksum_of(out, fixed.length);
  std::memcpy(out, &fixed.checksum, sizeof fixed.checksum);
  return fixed.length;
}

Decoded decode(std::string_view& bytes, ClickRecord& record) noexcept {
  constexpr std::size_t kPrefix = sizeof(Fixed::checksum) + sizeof(Fixed::length);
  if (all_zero(bytes.substr(0, kPrefix))) {
    return Decoded::kEnd;
  }
  Fixed fixed;
  if (bytes.size() < sizeof fixed) {
    return Decoded::kTorn;
  }
  std::memcpy(&fixed, bytes.data(), sizeof fixed);
  const bool fits = fixed.length >= sizeof fixed && fixed.length <= kMaxRecordBytes &&
                    fixed.length <= bytes.size();
  if (!fits || fixed.checksum != checksum_of(bytes.data(), fixed.length) || !is_sound(fixed)) {
    return Decoded::kTorn;
  }
  record.at = domain::Timestamp(std::chrono::microseconds(fixed.at));
  record.link.value = fixed.link;
  record.user.value = fixed.user;
  record.visitor = fixed.visitor;
  record.network.bytes = fixed.network;
  record.network.length = fixed.network_length;
  record.prefetch = (fixed.flags & kPrefetch) != 0;
  record.code = bytes.substr(sizeof fixed, fixed.code_length);
  record.user_agent = bytes.substr(sizeof fixed + fixed.code_length, fixed.agent_length);
  record.referrer = bytes.substr(fixed.length - fixed.referrer_length, fixed.referrer_length);
  bytes.remove_prefix(fixed.length);
  return Decoded::kRecord;
}

}  // namespace ginnel::clicks
