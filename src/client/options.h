// SPDX-License-Identifier: MIT
#pragma once

#include <chrono>
#include <string>

namespace ginnel::client {

/// Which server is asked, and how.
struct ClientOptions {
  std::string server;  ///< its URL, without a slash at its end; empty where nobody has said it
  std::string key;     ///< shown as X-API-Key; empty: none is shown
  std::chrono::milliseconds timeout{10'000};  ///< of one answer, the time to connect included
};

}  // namespace ginnel::client
