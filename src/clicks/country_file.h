// SPDX-License-Identifier: MIT
#pragma once

#include <chrono>
#include <cstdint>
#include <functional>
#include <optional>
#include <string>

#include "base/file_descriptor.h"
#include "clicks/click_record.h"
#include "clicks/country_database.h"
#include "observability/log.h"

namespace ginnel::clicks {

/// Tells countries by a file that is replaced while the process runs, as geoipupdate does.
///
/// Looks at the file before a lookup, but once in kLookEvery, and reads it anew when it is another.
/// What cannot be read is logged once; until the file changes again, what was read before is used.
/// Used by one thread.
class CountryFile final {
 public:
  static constexpr std::chrono::seconds kLookEvery{10};

  /// Tells the time; a test's clock stands still.
  using Now = std::function<std::chrono::steady_clock::time_point()>;

  /// Reads the file. An empty path is no file: all countries are unknown. `log` must outlive it.
  CountryFile(std::string path, observability::Log& log, Now now = &std::chrono::steady_clock::now);

  /// ISO 3166-1 alpha-2, or empty when it is not known.
  std::string country(const ClientNetwork& network);

 private:
  /// What tells a file from the one that was read last.
  struct Version {
    int error = 0;  ///< errno of opening it; the rest is then zero
    std::uint64_t device = 0;
    std::uint64_t number = 0;  ///< of its inode
    std::int64_t bytes = 0;
    std::int64_t changed_s = 0;
    std::int64_t changed_ns = 0;

    friend bool operator==(const Version&, const Version&) = default;
  };

  static Version version_of(const FileDescriptor& file);
  void look();
  void read(const FileDescriptor& file, int error);

  const std::string path_;
  observability::Log& log_;
  const Now now_;
  std::chrono::steady_clock::time_point next_look_;
  std::optional<Version> seen_;
  std::optional<CountryDatabase> database_;
};

}  // namespace ginnel::clicks
