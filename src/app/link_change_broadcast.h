// SPDX-License-Identifier: MIT
#pragma once

#include <functional>

#include "app/core.h"
#include "storage/change_listener.h"

namespace ginnel::app {

/// Makes every core forget a changed link before anybody hears of the change.
///
/// Made before the stores, which call it; `attach` gives it the cores once they exist. Until then
/// nothing is cached and nobody has to be told.
class LinkChangeBroadcast final : public storage::ChangeListener {
 public:
  /// `cores` must outlive the last change.
  void attach(const Cores& cores) { cores_ = &cores; }

  void forget(change::Forgotten what,
              storage::Position position,
              std::function<void()> then) override;

 private:
  const Cores* cores_ = nullptr;
};

}  // namespace ginnel::app
