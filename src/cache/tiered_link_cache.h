// SPDX-License-Identifier: MIT
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "base/result.h"
#include "base/task.h"
#include "cache/local_link_cache.h"
#include "domain/link.h"
#include "storage/link_store.h"

namespace ginnel::cache {

/// One core's way to a link: its memory, then the store, one flight a code.
///
/// Belongs to one loop; every call is made there, so nothing is locked.
class TieredLinkCache final {
 public:
  TieredLinkCache(storage::LinkStore& links, LocalCacheOptions options);
  ~TieredLinkCache();

  /// What memory knows about a code. A plain function for the hot path.
  ///
  /// Gives a pointer to the redirect (valid until the next call of this object), to an empty
  /// optional when the code is known not to exist, or null when memory cannot tell.
  const std::optional<domain::Redirect>* find_hot(std::string_view code) noexcept;

  /// The redirect of a code, or nothing: from memory, or by one question to the store that every
  /// request for the code meanwhile shares. Fails as LinkStore::find_by_code does; failures are not
  /// kept.
  Task<Result<std::optional<domain::Redirect>>> find(std::string code);

  /// Drops what is known of a code. A flight that is under way gives its value to those who wait,
  /// but nobody joins it any more and nothing of it is kept: it may have read the old row.
  void forget(std::string_view code);

  /// Drops everything; flights as `forget` does.
  void forget_all();

  /// Counters since start and sizes now; read on the owning loop.
  const LocalLinkCache& local() const noexcept;

 private:
  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace ginnel::cache
