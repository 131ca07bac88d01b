// SPDX-License-Identifier: MIT
#pragma once

#include <functional>

#include "storage/change_listener.h"

namespace ginnel::cli {

/// For processes that change the database and serve nobody: they have nothing to forget.
class NothingCached final : public storage::ChangeListener {
 public:
  void forget(change::Forgotten, storage::Position, std::function<void()> then) override { then(); }
};

}  // namespace ginnel::cli
