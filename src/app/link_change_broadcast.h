// SPDX-License-Identifier: MIT
#pragma once

#include <functional>
#include <memory>
#include <vector>

#include "cache/tiered_link_cache.h"
#include "http/loop.h"
#include "storage/change_listener.h"

namespace ginnel::app {

/// Makes every core forget a changed link before anybody hears of the change.
///
/// Made before the stores, which call it; `attach` gives it the loops once they exist. Until then
/// nothing is cached and nobody has to be told.
class LinkChangeBroadcast final : public storage::ChangeListener {
 public:
  /// `caches[k]` belongs to `loops[k]`; both must outlive the last change.
  void attach(const std::vector<std::unique_ptr<http::Loop>>& loops,
              const std::vector<std::unique_ptr<cache::TieredLinkCache>>& caches);

  void forget(change::Forgotten what,
              storage::Position position,
              std::function<void()> then) override;

 private:
  const std::vector<std::unique_ptr<http::Loop>>* loops_ = nullptr;
  const std::vector<std::unique_ptr<cache::TieredLinkCache>>* caches_ = nullptr;
};

}  // namespace ginnel::app
