// SPDX-License-Identifier: MIT
#pragma once

#include <chrono>
#include <cstddef>
#include <string>
#include <vector>

namespace ginnel::service {

/// Where short URLs live. `config` fills it.
struct LinkOptions {
  /// What short URLs begin with; no slash at its end.
  std::string public_url = "http://localhost:8080";

  /// Hosts that a target may not name, beside that of `public_url`. Lower case, without port.
  std::vector<std::string> own_hosts;

  /// Links may lead into a company's own network; see domain::TargetRules.
  bool allow_private = false;
};

/// How files of rows are uploaded. `config` fills it.
struct BulkOptions {
  std::size_t max_bytes = std::size_t{256} << 20;

  /// Where an upload is kept until it is imported: never more than max_bytes, and as much again for
  /// what is looked for twice in it. Empty: beside the database's file.
  std::string folder;

  /// From an upload's header to its last byte.
  std::chrono::milliseconds upload_timeout{600'000};
};

}  // namespace ginnel::service
