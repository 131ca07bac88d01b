// SPDX-License-Identifier: MIT
#pragma once

#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

#include "base/call_context.h"
#include "base/result.h"
#include "domain/json_form.h"
#include "domain/timestamp.h"

namespace ginnel::change {

/// Whether a row whose JSON (domain/json_form.h) this is may be changed. Called on the thread of
/// the transaction.
using Condition = std::function<bool(std::string_view json)>;

/// A key that the client gave a creation, so that he may ask for it again (docs/decisions/0017).
struct IdempotencyKey {
  std::string text;
  std::string request;  ///< a digest of everything he asked
};

/// A call that changes something: who makes it, when, and on which terms. Copied into the audit row
/// and the event of the same transaction.
struct Context : CallContext {
  domain::Timestamp at = domain::now();
  Condition condition = {};  ///< of the row that is to be changed or deleted; empty: as it may be
  std::optional<IdempotencyKey> key = {};  ///< of the row that is to be made once
};

/// The same change, of the row as long as it is `known`; kPreconditionFailed otherwise.
template <class Row>
Context while_it_is(const Row& known, Context by) {
  by.condition = [json = domain::json_of(known), asked = std::move(by.condition)](
                     std::string_view row) { return row == json && (!asked || asked(row)); };
  return by;
}

inline Error precondition_failed() {
  return Error(ErrorKind::kPreconditionFailed, "Precondition failed; read it again");
}

/// Fails with kPreconditionFailed when the change asks for another row than `row`, which is to be
/// read in the transaction of the change.
template <class Row>
Result<Done> check_condition(const Context& by, const Row& row) {
  if (by.condition && !by.condition(domain::json_of(row))) {
    return precondition_failed();
  }
  return Done();
}

}  // namespace ginnel::change
