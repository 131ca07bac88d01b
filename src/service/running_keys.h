// SPDX-License-Identifier: MIT
#pragma once

#include <mutex>
#include <optional>
#include <set>
#include <string>
#include <utility>

#include "base/result.h"
#include "change/context.h"

namespace ginnel::service {

/// The idempotency keys of the creations under way, so that a request and its repetition are not
/// answered beside one another. As many as there are requests. Safe to use from any loop.
class RunningKeys final {
 public:
  /// A key under way, until this is destroyed; nothing for callers without a key.
  class Claim final {
   public:
    Claim() = default;
    Claim(Claim&& other) noexcept
        : keys_(std::exchange(other.keys_, nullptr)), key_(std::move(other.key_)) {}
    Claim& operator=(Claim&&) = delete;
    Claim(const Claim&) = delete;
    Claim& operator=(const Claim&) = delete;
    ~Claim();

   private:
    friend class RunningKeys;
    using Key = std::pair<std::string, std::string>;  ///< who has it, and its text

    Claim(RunningKeys& keys, Key key) : keys_(&keys), key_(std::move(key)) {}

    RunningKeys* keys_ = nullptr;
    Key key_;
  };

  /// Fails with kUnderWay when a creation of this caller with this key is.
  Result<Claim> claim(const change::Context& caller);

 private:
  std::mutex mutex_;
  std::set<Claim::Key> keys_;  ///< under mutex_
};

}  // namespace ginnel::service
