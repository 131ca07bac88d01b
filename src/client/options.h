// SPDX-License-Identifier: MIT
#pragma once

#include <chrono>
#include <string>

namespace ginnel::client {

/// Which server is asked, and how.
struct ClientOptions {
  std::string server = "http://127.0.0.1:8080";  ///< without a slash at its end
  std::string key;                               ///< shown as X-API-Key; empty: none is shown
  std::chrono::milliseconds timeout{10'000};     ///< of one answer, the time to connect included
};

}  // namespace ginnel::client
