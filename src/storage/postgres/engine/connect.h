// SPDX-License-Identifier: MIT
#pragma once

#include <chrono>
#include <libpq-fe.h>
#include <memory>
#include <string>

#include "base/result.h"

namespace ginnel::storage::postgres {

/// How a server is reached.
struct ConnectOptions {
  /// `postgresql://user@host:5432,other:5432/name?sslmode=verify-full`: everything that libpq
  /// takes (https://www.postgresql.org/docs/15/libpq-connect.html#LIBPQ-CONNSTRING).
  std::string url;

  /// What each host of the URL has, at least two seconds; libpq counts whole ones.
  std::chrono::seconds host_limit{2};

  /// A statement that takes longer is ended by the server.
  std::chrono::milliseconds statement_limit{5'000};
};

struct Finish {
  void operator()(PGconn* connection) const noexcept { PQfinish(connection); }
};
using Handle = std::unique_ptr<PGconn, Finish>;

/// Connects, and blocks until that succeeded or failed: finding a host's address, which libpq does
/// without a limit, is nothing for a loop. What the URL leaves open is set for a server that others
/// share: the first host that takes changes, and a peer that is gone is noticed within 15 s.
///
/// Fails with kInvalid for a URL that cannot be read and for a server older than PostgreSQL 14,
/// kUnavailable when no host of it answers or takes changes.
Result<Handle> connect(const ConnectOptions& options);

}  // namespace ginnel::storage::postgres
