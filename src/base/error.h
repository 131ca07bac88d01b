// SPDX-License-Identifier: MIT
#pragma once

#include <string>
#include <utility>
#include <vector>

namespace ginnel {

/// What went wrong, as far as a caller can act on it. http/response.cc maps each kind to a status.
enum class ErrorKind {
  kInvalid,       ///< the input breaks a rule; `faults` names the fields
  kUnauthorized,  ///< no key, or a wrong one
  kNotFound,      ///< no such thing
  kGone,          ///< it existed, and is switched off
  kConflict,      ///< somebody else has it, or it was counted and cannot change
  kTooLarge,      ///< over a stated limit
  kUnavailable,   ///< a dependency is away or a queue is full; try again later
  kTimeout,       ///< the deadline passed; whether the change was made is unknown
  kInternal,      ///< a defect of ours
};

/// One field that broke a rule.
struct FieldFault {
  std::string field;
  std::string message;
};

/// Why there is no value.
///
/// `message` is for the client and never holds a secret or a database's words; `detail` is for the
/// log and may hold both.
struct [[nodiscard]] Error {
  Error(ErrorKind kind_, std::string message_, std::string detail_ = {})
      : kind(kind_), message(std::move(message_)), detail(std::move(detail_)) {}

  /// A kInvalid error about these fields.
  static Error about_fields(std::vector<FieldFault> faults_) {
    Error error(ErrorKind::kInvalid, "Validation failed");
    error.faults = std::move(faults_);
    return error;
  }

  ErrorKind kind;
  std::string message;
  std::string detail;
  std::vector<FieldFault> faults;
};

}  // namespace ginnel
