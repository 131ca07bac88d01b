// SPDX-License-Identifier: MIT
#pragma once

#include <cstdint>
#include <span>

#include "api/options.h"
#include "cache/options.h"
#include "clicks/options.h"
#include "client/options.h"
#include "config/setting.h"
#include "http/options.h"
#include "observability/options.h"
#include "service/options.h"
#include "storage/options.h"

namespace ginnel::config {

/// Every setting in the form its module wants. No module sees more of it than its own Options.
struct Settings {
  http::ServerOptions http;
  storage::StoreOptions store;
  api::GuardOptions guard;
  service::LinkOptions links;
  service::UploadOptions bulk;
  clicks::JournalOptions journal;
  clicks::ClickOptions clicks;
  observability::LogOptions log;
  client::ClientOptions client;

  /// Memory for cached links, of all cores together.
  std::uint64_t cache_bytes = 0;

  /// The share of one core.
  cache::LocalCacheOptions cache_of_a_core() const {
    cache::LocalCacheOptions options;
    options.max_bytes = static_cast<std::size_t>(cache_bytes / http.threads);
    return options;
  }
};

/// The settings of this binary, area by area: the one place where they are declared.
Table settings_table();

/// The areas, in the order in which they are shown.
std::span<const Area> areas();

}  // namespace ginnel::config
