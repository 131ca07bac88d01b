// SPDX-License-Identifier: MIT
#pragma once

#include <string>

#include "domain/event.h"
#include "domain/link.h"
#include "domain/user.h"

namespace ginnel::domain {

/// The JSON objects that stand for users, links and events: what the API shows and what the audit
/// trail keeps. Compact, ASCII, keys in alphabetical order, times as `to_text` writes them.
/// Each appends one object to `out`.
void append_json(std::string& out, const User& user);
void append_json(std::string& out, const UserRecord& record);  ///< without metadata if it is empty
void append_json(std::string& out, const UserProfile& profile);
void append_json(std::string& out, const Link& link);
void append_json(std::string& out, const Event& event);
void append_json(std::string& out, const AuditEntry& entry);

/// One of them as an object of its own.
template <class Thing>
std::string json_of(const Thing& thing) {
  std::string out;
  append_json(out, thing);
  return out;
}

}  // namespace ginnel::domain
