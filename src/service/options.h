// SPDX-License-Identifier: MIT
#pragma once

#include <chrono>
#include <cstddef>
#include <string>
#include <vector>

namespace ginnel::service {

/// Where short URLs live. `config` fills it.
struct LinkOptions {
  /// What short URLs begin with; no slash at its end. Empty where nobody has said it: `app` fills
  /// in where the server listens, before a service sees it.
  std::string public_url;

  /// Hosts that a target may not name, beside that of `public_url`. Lower case, without port.
  std::vector<std::string> own_hosts;

  /// Of the target of a link that is made or changed: its characters, and the bytes of the Location
  /// that comes of them, which a proxy has to hold in one buffer with all other fields.
  std::size_t max_target_length = 2048;
  std::size_t max_location_bytes = 3500;

  /// Links may lead into a company's own network; see domain::TargetRules.
  bool allow_private = false;
};

/// How files of rows are uploaded. `config` fills it.
struct UploadOptions {
  std::size_t max_bytes = std::size_t{256} << 20;

  /// Where an upload is kept until it is imported: never more than max_bytes, and as much again for
  /// what is looked for twice in it. Empty: beside the database's file.
  std::string folder;

  /// From an upload's header to its last byte.
  std::chrono::milliseconds upload_timeout{600'000};
};

}  // namespace ginnel::service
