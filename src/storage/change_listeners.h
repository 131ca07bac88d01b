// SPDX-License-Identifier: MIT
#pragma once

#include <functional>
#include <vector>

#include "storage/change_listener.h"

namespace ginnel::storage {

/// Several listeners as one: each is told of every change in the order in which it was added, and
/// `then` is called when the last of them has forgotten.
///
///     ChangeListeners all;
///     all.add(cores);
///     all.add(second_tier);  // then a backend opens its stores with `all`
class ChangeListeners final : public ChangeListener {
 public:
  /// `listener` must outlive this. All are added before the first change.
  void add(ChangeListener& listener) { listeners_.push_back(&listener); }

  void forget(change::Forgotten what, Position position, std::function<void()> then) override;

 private:
  std::vector<ChangeListener*> listeners_;
};

}  // namespace ginnel::storage
