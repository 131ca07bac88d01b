// SPDX-License-Identifier: MIT
#pragma once

#include <string>
#include <vector>

namespace ginnel::service {

/// Where short URLs live. `config` fills it.
struct LinkOptions {
  /// What short URLs begin with; no slash at its end.
  std::string public_url = "http://localhost:8080";

  /// Hosts that a target may not name, beside that of `public_url`. Lower case, without port.
  std::vector<std::string> own_hosts;
};

}  // namespace ginnel::service
