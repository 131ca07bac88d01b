// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "base/result.h"
#include "storage/stores.h"

namespace ginnel::storage {

/// A table, an index or a trigger.
struct SchemaPart {
  std::string type;
  std::string name;
  std::string sql;  ///< what makes it
};

/// Rows that were made by rules of an older time and imported as they were.
struct KeptRows {
  static constexpr std::uint64_t kMostRows = 1'000'000;  ///< looked at, the oldest first
  static constexpr std::size_t kMostIds = 5;             ///< named

  std::uint64_t count = 0;
  std::vector<std::int64_t> ids;
};

/// What can be seen of a database from outside, while another process may serve it.
struct Examination {
  std::string path;  ///< empty: in memory
  bool exists = false;
  std::optional<std::string> server;  ///< the id of the process that holds it; `unknown` when its
                                      ///< lock file was deleted
  std::string server_url;             ///< where that process says it is asked; may be empty
  std::optional<Error> fault;         ///< why it cannot be read; the rest is empty then
  bool is_other_file = false;         ///< the file is not the one that the server has open
  std::string damage;                 ///< of PRAGMA quick_check; empty when it is sound
  std::vector<SchemaPart> missing;    ///< what its migrations made and it does not have any more
  std::vector<MigrationState> migrations;   ///< of this binary, in order
  std::uint64_t links = 0;                  ///< how many there are
  std::vector<std::string> shadowed_codes;  ///< that are one of the words which routes have
  KeptRows kept_users;                      ///< whose names or addresses no new user may have
  KeptRows kept_links;                      ///< whose targets no new link may have
};

/// What the rows are held against.
struct ExaminationRules {
  std::vector<std::string> words;  ///< the routes' (domain::reserved_codes)
  std::size_t max_location_bytes;  ///< of the Location of a new link
};

}  // namespace ginnel::storage
