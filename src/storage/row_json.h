// SPDX-License-Identifier: MIT
#pragma once

#include <string>

#include "domain/event.h"
#include "domain/link.h"
#include "domain/user.h"

namespace ginnel::storage {

/// The one place that writes rows as JSON, for the audit trail and for the API alike: compact, keys
/// in alphabetical order, times as domain::to_text gives them (docs/api.md). Each function adds one
/// object at the end of `out`.
void append_json(std::string& out, const domain::User& user);
void append_json(std::string& out, const domain::Link& link);
void append_json(std::string& out, const domain::Event& event);
void append_json(std::string& out, const domain::AuditEntry& entry);

/// One row as an object of its own.
template <class Row>
std::string json_of(const Row& row) {
  std::string out;
  append_json(out, row);
  return out;
}

}  // namespace ginnel::storage
