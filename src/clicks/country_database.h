// SPDX-License-Identifier: MIT
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <utility>

#include "base/file_descriptor.h"
#include "base/result.h"
#include "clicks/click_record.h"

struct MMDB_s;

namespace ginnel::clicks {

/// A MaxMind database that tells countries, such as GeoLite2-Country or GeoLite2-City, in memory.
/// Safe to use from several threads.
class CountryDatabase final {
 public:
  /// Reads a file from its beginning, whole: what becomes of the file later does not matter. Fails
  /// with kInvalid when it is no such database, kUnavailable when it cannot be read.
  static Result<CountryDatabase> read(const FileDescriptor& file);

  /// The ISO 3166-1 alpha-2 code of the country where a network is; empty when that is not known.
  /// A /24 and a /48 are precise enough: the internet routes nothing smaller, so that hardly any
  /// spans two countries.
  std::string country(const ClientNetwork& network) const;

  /// What it calls itself: `GeoLite2-Country`.
  std::string type() const;

  /// When it was made, in seconds since 1970.
  std::uint64_t built() const;

 private:
  struct Close {
    void operator()(MMDB_s* database) const noexcept;
  };
  using Handle = std::unique_ptr<MMDB_s, Close>;

  explicit CountryDatabase(Handle handle) : handle_(std::move(handle)) {}

  Handle handle_;
};

}  // namespace ginnel::clicks
