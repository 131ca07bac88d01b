// SPDX-License-Identifier: MIT
#pragma once

#include <string>

namespace ginnel::service {

/// Who asks for a change: written into its audit row.
struct Caller {
  std::string who = "anonymous";  ///< the key's name
  std::string request_id;
};

}  // namespace ginnel::service
