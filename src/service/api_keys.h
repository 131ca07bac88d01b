// SPDX-License-Identifier: MIT
#pragma once

#include <array>
#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace ginnel::service {

/// The keys that callers may show, and whose they are. Never changes; any thread may ask.
///
/// Keeps digests, not keys, and compares every one of them in constant time: how long an answer
/// takes tells nothing of a key, neither its length nor its beginning.
class ApiKeys final {
 public:
  /// `key` is the one of the settings; empty for none.
  explicit ApiKeys(std::string_view key);

  bool empty() const noexcept { return keys_.empty(); }

  /// What the audit trail calls the owner of `shown`; nothing when it is no key.
  std::optional<std::string> owner_of(std::string_view shown) const;

 private:
  using Digest = std::array<unsigned char, 32>;

  struct Key {
    std::string owner;
    Digest digest;
  };

  static Digest digest_of(std::string_view text) noexcept;

  std::vector<Key> keys_;
};

}  // namespace ginnel::service
