// SPDX-License-Identifier: MIT
#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace ginnel::storage {

/// The URL of a database in memory.
inline constexpr std::string_view kMemoryUrl = "sqlite::memory:";

/// The file of the database that a URL names; nothing for one in memory and for what is no URL of
/// ours.
inline std::optional<std::string> database_file(std::string_view url) {
  constexpr std::string_view kScheme = "sqlite:";
  if (!url.starts_with(kScheme) || url.size() == kScheme.size() || url == kMemoryUrl) {
    return std::nullopt;
  }
  return std::string(url.substr(kScheme.size()));
}

/// How the store is opened. `config` fills it.
struct StoreOptions {
  /// `sqlite:PATH` or `sqlite::memory:`.
  std::string url = "sqlite:data/ginnel.db";

  /// How long a call may take, its time in the queue included.
  std::chrono::milliseconds operation_timeout{5'000};

  /// Changes that may wait for the writer; one more is refused with kUnavailable.
  std::uint32_t write_queue_limit = 4'096;

  /// Reads that may wait for a reader; one more is refused with kUnavailable.
  std::uint32_t read_queue_limit = 16'384;

  /// Reading connections, each on a thread of its own.
  std::uint32_t readers = 2;

  /// Whether missing migrations are applied on opening; otherwise they are an error that says
  /// `ginnel migrate`.
  bool migrate = true;
};

}  // namespace ginnel::storage
