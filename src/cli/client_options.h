// SPDX-License-Identifier: MIT
#pragma once

#include "client/options.h"
#include "config/settings.h"

namespace ginnel::cli {

/// Whom the commands ask that ask a server: client.server, or the one that `ginnel serve` is with
/// the same settings, by its key. Where the system chose its port, the one that has the database.
client::ClientOptions client_options(const config::Settings& settings);

}  // namespace ginnel::cli
