// SPDX-License-Identifier: MIT
#pragma once

#include <utility>

#include "domain/timestamp.h"
#include "service/caller.h"
#include "storage/change_context.h"

namespace ginnel::service {

/// The caller's change, made now.
inline storage::ChangeContext context_of(Caller caller) {
  storage::ChangeContext context;
  context.who = std::move(caller.who);
  context.request_id = std::move(caller.request_id);
  context.at = domain::now();
  context.condition = std::move(caller.condition);
  context.key = std::move(caller.key);
  return context;
}

}  // namespace ginnel::service
