// SPDX-License-Identifier: MIT
#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <string>

namespace ginnel::clicks {

/// When what was written is forced to the disk. Whatever it is, a click is with the kernel before
/// its answer leaves: it survives the end of the process, not that of the machine.
enum class SyncPolicy {
  kFlush,     ///< before the answers leave: nothing is lost when the power fails; slow
  kInterval,  ///< each `sync_interval`, on another thread
  kNever,     ///< when the kernel sees fit
};

/// What of a visitor's address is written down.
enum class AddressPolicy {
  kShortened,  ///< 203.0.113.0/24, 2001:db8:1::/48
  kDropped,
};

/// How the journal is kept. `config` fills it.
struct JournalOptions {
  /// Each process has a folder of its own inside. Empty: beside the database's file.
  std::string folder;

  SyncPolicy sync = SyncPolicy::kInterval;
  std::chrono::milliseconds sync_interval{50};

  /// Size of a file; a core changes to the next one when it is full. Each core has two, the one in
  /// use and the next; they are smaller where those would take more than half of `max_bytes`.
  std::uint64_t segment_bytes = std::uint64_t{8} << 20;

  /// What the files that this process has to ship may take; a click beyond is answered and not
  /// kept.
  std::uint64_t max_bytes = std::uint64_t{4} << 30;
};

/// How clicks are classified and shipped. `config` fills it.
struct ClickOptions {
  AddressPolicy address = AddressPolicy::kShortened;

  /// A MaxMind database (GeoLite2-Country.mmdb) that tells countries; empty: none.
  std::string country_file;

  /// How long the shipper sleeps when nothing is there to ship.
  std::chrono::milliseconds ship_interval{200};

  /// How long storing gives way while visitors keep every loop busy; 0: never.
  std::chrono::milliseconds patience{10'000};

  /// How long shipping may take when the process ends.
  std::chrono::milliseconds finish_limit{10'000};

  /// Different user agents whose classification is remembered.
  std::size_t agents_remembered = 10'000;
};

}  // namespace ginnel::clicks
