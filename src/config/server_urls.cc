// SPDX-License-Identifier: MIT
#include "config/server_urls.h"

#include <utility>

#include "config/network_readers.h"

namespace ginnel::config {

std::string local_url(http::ListenAddress address) {
  if (address.host == "0.0.0.0") {
    address.host = "127.0.0.1";
  } else if (address.host == "::") {
    address.host = "::1";
  }
  return "http://" + to_text(address);
}

std::string default_public_url(const std::vector<http::ListenAddress>& listen) {
  const http::ListenAddress& first = listen.front();
  for (const char* host : {"127.0.0.1", "::1", "0.0.0.0", "::"}) {
    if (first.host == host) {
      return "http://localhost:" + std::to_string(first.port);
    }
  }
  return local_url(first);
}

service::LinkOptions with_public_url(service::LinkOptions links,
                                     const std::vector<http::ListenAddress>& listen) {
  if (links.public_url.empty()) {
    links.public_url = default_public_url(listen);
  }
  return links;
}

}  // namespace ginnel::config
