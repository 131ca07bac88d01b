// SPDX-License-Identifier: MIT
#pragma once

#include <libpq-fe.h>
#include <string>

#include "base/error.h"

namespace ginnel::storage::postgres {

/// Why the server did not do what it was asked.
struct Fault {
  Error error;
  std::string state;       ///< SQLSTATE; empty when no server said it
  std::string constraint;  ///< the name of the one that is broken

  /// Another has changed what this transaction saw, or waits for it: tried again, it may succeed
  /// (https://www.postgresql.org/docs/15/mvcc-serialization-failure-handling.html).
  bool can_be_tried_again() const noexcept { return state == "40001" || state == "40P01"; }
};

/// What an error of the server's means: kConflict for a constraint that is in the way, kTimeout for
/// a statement that took too long, kUnavailable for what the caller has no part in (no room, no
/// connection left, a server that stops), kInternal for the rest. The message never holds the
/// server's words; the detail does, without the values that it complains of.
Fault fault_of(const PGresult* result);

/// What is said at a caller's deadline.
Fault too_late();

/// What is meant of a connection that ended or never began.
Fault fault_of(PGconn* connection);

}  // namespace ginnel::storage::postgres
