// SPDX-License-Identifier: MIT
#pragma once

#include "http/options.h"
#include "http/server.h"
#include "observability/log.h"

namespace ginnel::app {

/// Waits for SIGTERM or SIGINT and ends the server's connections, in this order:
///
/// 1. /health/serving says 503 and every answer closes its connection, while new connections are
///    still served, for `drain_notice`: balancers notice.
/// 2. The listeners close; idle connections end.
/// 3. Requests in flight have `drain_grace`; whatever is left then is cut.
///
/// A second signal goes to the end of 3 at once. Returns when no connection is open.
void drain_on_signal(http::Server& server,
                     const http::ServerOptions& options,
                     observability::Log& log);

}  // namespace ginnel::app
