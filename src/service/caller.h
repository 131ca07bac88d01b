// SPDX-License-Identifier: MIT
#pragma once

#include <optional>
#include <string>

#include "storage/change_context.h"

namespace ginnel::service {

/// Who asks for a change: written into its audit row.
struct Caller {
  std::string who = "anonymous";  ///< what ApiKeys calls the owner of the key
  std::string request_id;
  storage::Condition condition = nullptr;  ///< the row as he wants it before; empty: as it may be
  std::optional<storage::IdempotencyKey> key = {};  ///< of a row that he wants to be made once
};

}  // namespace ginnel::service
