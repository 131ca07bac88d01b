// SPDX-License-Identifier: MIT
#include "cli/client_options.h"

#include "config/server_urls.h"
#include "storage/backend.h"

namespace ginnel::cli {

client::ClientOptions client_options(const config::Settings& settings) {
  client::ClientOptions options = settings.client;
  options.key = settings.guard.key;
  const http::ListenAddress& first = settings.http.listen.front();
  if (options.server.empty() && first.port == 0) {
    options.server = storage::backend_of(settings.store).server_url(settings.store);
  }
  if (options.server.empty()) {
    options.server = config::local_url(first);
  }
  return options;
}

}  // namespace ginnel::cli
