// SPDX-License-Identifier: MIT
#pragma once

#include <functional>

#include "base/result.h"
#include "domain/event.h"
#include "domain/link.h"
#include "domain/user.h"

namespace ginnel::storage {

/// A database as it was at one instant, to be read row by row with constant memory. Others may go
/// on serving and changing it: nothing of that is seen. What they write meanwhile makes their log
/// grow, so a snapshot is not kept longer than a disk needs to take it.
///
/// Calls block. Used by one thread at a time.
class Snapshot {
 public:
  /// Takes a row. An error ends the reading and is given back.
  template <class Row>
  using Visit = std::function<Result<Done>(const Row&)>;

  Snapshot() = default;
  Snapshot(const Snapshot&) = delete;
  Snapshot& operator=(const Snapshot&) = delete;
  virtual ~Snapshot() = default;

  /// Every row in ascending order of id. Fails as `visit` does, and with kUnavailable or kInternal
  /// when the database does.
  virtual Result<Done> each_user(const Visit<domain::User>& visit) = 0;
  virtual Result<Done> each_link(const Visit<domain::Link>& visit) = 0;

  /// Events as they are shown: those of what is gone name nothing. Clicks are among them when
  /// `clicks` says so.
  virtual Result<Done> each_event(bool clicks, const Visit<domain::Event>& visit) = 0;
};

}  // namespace ginnel::storage
