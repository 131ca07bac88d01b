// SPDX-License-Identifier: MIT
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "base/result.h"
#include "client/server.h"

namespace ginnel::client {

/// What became of the rows of an upload.
struct UploadReport {
  std::int64_t rows = 0;  ///< the sum of the others
  std::int64_t inserted = 0;
  std::int64_t unchanged = 0;
  std::int64_t skipped = 0;
  std::vector<std::string> skipped_rows;  ///< `line N: reason`, of the first hundred
};

/// Sends a CSV file of `users`, `urls` or `events`. Fails as Server::upload does.
Result<UploadReport> upload_rows(Server& server,
                                 const std::string& rows,
                                 const ByteSource& read,
                                 std::uint64_t bytes);

}  // namespace ginnel::client
