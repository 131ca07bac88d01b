// SPDX-License-Identifier: MIT
#pragma once

#include <chrono>
#include <cstddef>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "base/result.h"
#include "base/task.h"
#include "cache/local_link_cache.h"
#include "domain/redirect.h"
#include "storage/redirect_source.h"

namespace ginnel::cache {

/// One core's way to a link: its memory, then the store, one flight a code.
///
/// Belongs to one loop; every call is made there, so nothing is locked. May be destroyed while
/// flights are under way: they end by themselves and those who wait get their answers. The store
/// must outlive the flights.
///
/// An answer of the store is kept unless it may be older than a change that `forget` told of, by
/// their positions (storage/position.h): whichever of the two came first.
class TieredLinkCache final {
 public:
  /// Questions to the store that may be under way at once; one more is refused with kUnavailable.
  /// A flight with its coroutines takes about a kilobyte, so these take 4 MiB.
  static constexpr std::size_t kMaxFlights = 4'096;

  /// `key` hashes the codes: a secret, except in tests.
  TieredLinkCache(storage::RedirectSource& store,
                  LocalCacheOptions options,
                  Now now = &std::chrono::steady_clock::now,
                  SipKey key = SipKey::random());
  TieredLinkCache(const TieredLinkCache&) = delete;
  TieredLinkCache& operator=(const TieredLinkCache&) = delete;
  ~TieredLinkCache();

  /// What memory knows about a code. A plain function for the hot path: neither waits nor
  /// allocates. Its text is valid until the next call of this object.
  HotAnswer find_hot(std::string_view code) noexcept;

  /// The redirect that this code means, or nothing: from memory, or by one question to the store
  /// that every request for the code meanwhile shares. A link is kept under its own code, whatever
  /// was typed. Fails as RedirectSource::find does, and with kUnavailable when kMaxFlights are
  /// under way; failures are not kept. Only `find_hot` counts hits and misses. May be cancelled;
  /// the question goes on for those who still wait.
  Task<Result<std::optional<domain::Redirect>>> find(std::string code);

  /// Drops what is known of a code and every absence. Nothing that was read of it before `position`
  /// is kept from now on. A flight that is under way for this code, or for one that may be found
  /// for it, gives its value to those who wait, but nobody joins it any more: it may have read the
  /// old row.
  void forget(std::string_view code, storage::Position position);

  /// The same for all codes.
  void forget_all(storage::Position position) noexcept;

  /// Questions to the store under way now; asked on the owning loop.
  std::size_t flights() const noexcept;

  /// The memory, for its figures.
  const LocalLinkCache& local() const noexcept;

 private:
  struct State;
  struct Flight;

  static Task<void> fly(std::shared_ptr<State> state, std::shared_ptr<Flight> flight);
  Result<std::shared_ptr<Flight>> board(const std::string& code, const asio::any_io_executor& loop);

  std::shared_ptr<State> state_;
};

}  // namespace ginnel::cache
