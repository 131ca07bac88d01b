// SPDX-License-Identifier: MIT
#pragma once

#include <string>

#include "domain/timestamp.h"

namespace ginnel::storage {

/// Who makes a change, and when: copied into the audit row and the event of the same transaction.
struct ChangeContext {
  std::string who = "anonymous";
  std::string request_id;
  domain::Timestamp at;
};

}  // namespace ginnel::storage
