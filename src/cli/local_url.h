// SPDX-License-Identifier: MIT
#pragma once

#include <string>

#include "config/network_readers.h"
#include "http/options.h"

namespace ginnel::cli {

/// Where a caller on this machine finds what listens at `address`.
inline std::string local_url(http::ListenAddress address) {
  if (address.host == "0.0.0.0") {
    address.host = "127.0.0.1";
  } else if (address.host == "::") {
    address.host = "::1";
  }
  return "http://" + config::to_text(address);
}

}  // namespace ginnel::cli
