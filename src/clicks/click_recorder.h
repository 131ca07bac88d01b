// SPDX-License-Identifier: MIT
#pragma once

#include <array>
#include <chrono>
#include <cstdint>
#include <optional>
#include <string_view>
#include <vector>

#include "base/ip_address.h"
#include "base/sip_hash.h"
#include "clicks/journal_writer.h"
#include "clicks/options.h"
#include "domain/ids.h"
#include "domain/timestamp.h"
#include "storage/click_store.h"

namespace ginnel::clicks {

/// What a request tells of who follows a link. Texts are as they were sent; empty: not sent.
struct Visit {
  IpAddress address;  ///< whole: it is hashed and cut, and goes no further
  std::string_view user_agent;
  std::string_view referrer;
  bool prefetch = false;  ///< the browser loads before anybody clicked
};

/// Which link was followed.
struct FollowedLink {
  std::string_view code;
  domain::LinkId link;
  domain::UserId user;  ///< its owner
};

/// Writes the clicks of one core into its journal. Used on that core's loop only; neither waits nor
/// allocates, `use_salts` aside.
class ClickRecorder final {
 public:
  /// `journal` must outlive it.
  ClickRecorder(JournalWriter& journal, AddressPolicy addresses) noexcept
      : journal_(journal), addresses_(addresses) {}

  /// The keys of today's visitor hashes and tomorrow's. On a day without one, visitors are unknown.
  void use_salts(const std::vector<storage::VisitorSalt>& salts);

  /// Notes a click, which is in the journal after the next `flush`.
  void record(const FollowedLink& followed, const Visit& visit) noexcept;

  /// Hands what was noted to the kernel. To be called before the answers leave.
  void flush() noexcept;

 private:
  struct Salt {
    std::chrono::sys_days day;
    SipKey key;
  };

  std::uint64_t visitor_of(const Visit& visit) const noexcept;

  JournalWriter& journal_;
  AddressPolicy addresses_;
  std::vector<Salt> salts_;
  std::optional<domain::Timestamp> now_;  ///< one look at the clock serves a turn
};

}  // namespace ginnel::clicks
