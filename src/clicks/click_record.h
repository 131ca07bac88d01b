// SPDX-License-Identifier: MIT
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

#include "domain/ids.h"
#include "domain/timestamp.h"

namespace ginnel::clicks {

/// The network a click came from: an address without its last part, which is never written
/// anywhere. 3 bytes of an IPv4 address (/24), 6 of an IPv6 one (/48), or nothing.
struct ClientNetwork {
  std::array<std::uint8_t, 6> bytes{};
  std::uint8_t length = 0;  ///< 0, 3 or 6

  friend bool operator==(const ClientNetwork&, const ClientNetwork&) = default;
};

/// `203.0.113.0/24`, `2001:db8:1::/48`; empty for none.
std::string to_text(const ClientNetwork& network);

/// A user agent and a referrer are cut to this many bytes.
inline constexpr std::size_t kMaxRecordedText = 256;

/// The raw facts of a click, as the hot path has them. Texts are bytes that a client sent, or views
/// into what was read.
struct ClickRecord {
  domain::Timestamp at;
  domain::LinkId link;
  domain::UserId user;
  std::uint64_t visitor = 0;  ///< 0: unknown
  ClientNetwork network;
  bool prefetch = false;  ///< the browser said that nobody clicked yet
  std::string_view code;  ///< at most 255 bytes
  std::string_view user_agent;
  std::string_view referrer;

  friend bool operator==(const ClickRecord&, const ClickRecord&) = default;
};

/// Room that `encode` may need for a record.
inline constexpr std::size_t kMaxRecordBytes = 1'024;

/// Writes a record at `out`, which has room for kMaxRecordBytes, and gives its length. The form is
/// in docs/journal.md. Neither waits nor allocates.
std::size_t encode(const ClickRecord& record, char* out) noexcept;

/// What stands at the beginning of some bytes.
enum class Decoded {
  kRecord,
  kEnd,   ///< nothing was written here: zeros, or no byte at all
  kTorn,  ///< a record that was not written whole, or was damaged
};

/// Reads the record at the beginning of `bytes` and takes it off them; they must outlive it.
Decoded decode(std::string_view& bytes, ClickRecord& record) noexcept;

}  // namespace ginnel::clicks
