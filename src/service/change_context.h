// SPDX-License-Identifier: MIT
#pragma once

#include <string_view>
#include <utility>

#include "domain/json_form.h"
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

/// The change as long as the row is `known`. Fails with kPreconditionFailed otherwise.
template <class Row>
storage::ChangeContext while_it_is(const Row& known, storage::ChangeContext change) {
  change.condition = [json = domain::json_of(known), asked = std::move(change.condition)](
                         std::string_view row) { return row == json && (!asked || asked(row)); };
  return change;
}

}  // namespace ginnel::service
