// SPDX-License-Identifier: MIT
#pragma once

#include <functional>
#include <string>
#include <string_view>

#include "base/result.h"
#include "domain/json_form.h"
#include "domain/timestamp.h"

namespace ginnel::storage {

/// Whether a row whose JSON (domain/json_form.h) this is may be changed. Called on the thread of
/// the transaction.
using Condition = std::function<bool(std::string_view json)>;

/// Who makes a change, and when: copied into the audit row and the event of the same transaction.
struct ChangeContext {
  std::string who = "anonymous";
  std::string request_id;
  domain::Timestamp at;
  Condition condition;  ///< of the row that is to be changed or deleted; empty: as it may be
};

inline Error precondition_failed() {
  return Error(ErrorKind::kPreconditionFailed, "Precondition failed; read it again");
}

/// Fails with kPreconditionFailed when the change asks for another row than `row`, which is to be
/// read in the transaction of the change.
template <class Row>
Result<Done> check_condition(const ChangeContext& by, const Row& row) {
  if (by.condition && !by.condition(domain::json_of(row))) {
    return precondition_failed();
  }
  return Done();
}

}  // namespace ginnel::storage
