// SPDX-License-Identifier: MIT
#pragma once

#include <functional>

#include "change/forgotten.h"
#include "storage/position.h"

namespace ginnel::storage {

/// Told of every committed change of a link before anybody hears that it was made.
///
/// A store calls it from its own thread, once for each commit, also when the client that asked has
/// left meanwhile: an old link must not stay in memory (docs/architecture.md, "the life of a
/// change"). A listener that keeps nothing calls `then` at once.
class ChangeListener {
 public:
  ChangeListener() = default;
  ChangeListener(const ChangeListener&) = delete;
  ChangeListener& operator=(const ChangeListener&) = delete;
  virtual ~ChangeListener() = default;

  /// Forgets `what`, codes that were created too (somebody may remember their absence), and what
  /// was read of it before `position`, that of the commit; then calls `then`, from any thread,
  /// exactly once. Throws nothing, want of memory or not: the change is made.
  virtual void forget(change::Forgotten what, Position position, std::function<void()> then) = 0;
};

}  // namespace ginnel::storage
