// SPDX-License-Identifier: MIT
#pragma once

#include <memory>
#include <vector>

#include "cache/tiered_link_cache.h"
#include "clicks/click_recorder.h"
#include "http/loop.h"
#include "service/redirect_service.h"

namespace ginnel::app {

/// One loop and what only that loop touches: the memory of links, the journal of clicks, and what
/// answers redirects from them. Nothing in it is locked.
struct Core {
  /// The loop, the store and the journal must outlive it.
  Core(http::Loop& its_loop,
       storage::RedirectSource& source,
       const cache::LocalCacheOptions& memory,
       clicks::JournalWriter& journal,
       clicks::AddressPolicy addresses)
      : loop(its_loop), cache(source, memory), recorder(journal, addresses) {}

  http::Loop& loop;
  cache::TieredLinkCache cache;
  clicks::ClickRecorder recorder;
  service::RedirectService redirects{cache, recorder};
};

/// By the number of their loops.
using Cores = std::vector<std::unique_ptr<Core>>;

}  // namespace ginnel::app
