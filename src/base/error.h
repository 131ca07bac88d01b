// SPDX-License-Identifier: MIT
#pragma once

#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace ginnel {

/// What went wrong, as far as a caller can act on it. http/response.cc maps each kind to a status.
enum class ErrorKind {
  kInvalid,             ///< the input breaks a rule; `faults` names the fields
  kUnauthorized,        ///< no key, or a wrong one
  kForbidden,           ///< understood, and not for this caller
  kNotFound,            ///< no such thing
  kGone,                ///< it existed, and is switched off
  kConflict,            ///< somebody else has it, or it was counted and cannot change
  kPreconditionFailed,  ///< it is not as the caller wants it to be before the change
  kUnderWay,            ///< the same is being done for this caller just now; try again
  kKeyReused,           ///< the idempotency key stands for another request
  kTooLarge,            ///< over a stated limit
  kUnavailable,         ///< a dependency is away or a queue is full; try again later
  kTimeout,             ///< too late, or the disk failed: whether the change was made is unknown
  kInternal,            ///< a defect of ours
};

/// One field that broke a rule.
struct FieldFault {
  std::string field;
  std::string message;
};

/// The message of an error that says nothing itself: its faults do.
inline constexpr std::string_view kValidationFailed = "Validation failed";

/// Why there is no value.
///
/// `message` is for the client and never holds a secret or a database's words; `detail` is for the
/// log and may hold both.
struct [[nodiscard]] Error {
  Error(ErrorKind what, std::string for_client, std::string for_log = {})
      : kind(what), message(std::move(for_client)), detail(std::move(for_log)) {}

  /// A kInvalid error about these fields.
  static Error about_fields(std::vector<FieldFault> found) {
    Error error(ErrorKind::kInvalid, std::string(kValidationFailed));
    error.faults = std::move(found);
    return error;
  }

  /// An error whose one message is about this field.
  static Error about_field(ErrorKind kind, std::string field, std::string message) {
    Error error(kind, message);
    error.faults.push_back({std::move(field), std::move(message)});
    return error;
  }

  ErrorKind kind;
  std::string message;
  std::string detail;
  std::vector<FieldFault> faults;  ///< in the order in which they were found
};

}  // namespace ginnel
