// SPDX-License-Identifier: MIT
#pragma once

#include <utility>
#include <variant>

#include "base/error.h"

namespace ginnel {

/// Either a `T` or the `Error` that stands in its place. An error is passed on in sight:
///
///     auto row = find(id);
///     if (!row) {
///       return std::move(row).error();
///     }
///
/// and where there is no value, `if (auto done = store(row); !done) { return done; }`.
///
/// Has the member names of std::expected, which g++ 12 lacks, so that the day the compiler has it
/// this file becomes an alias. Reading the wrong side throws std::bad_variant_access: a defect.
template <class T>
class [[nodiscard]] Result {
 public:
  /// An internal error. Asio default-constructs results when a coroutine ends by exception.
  Result() : Result(Error(ErrorKind::kInternal, "internal error", "result was never set")) {}
  Result(T value) : state_(std::in_place_index<0>, std::move(value)) {}      // NOLINT: implicit
  Result(Error error) : state_(std::in_place_index<1>, std::move(error)) {}  // NOLINT: implicit

  bool has_value() const noexcept { return state_.index() == 0; }
  explicit operator bool() const noexcept { return has_value(); }

  T& value() & { return std::get<0>(state_); }
  const T& value() const& { return std::get<0>(state_); }
  T&& value() && { return std::get<0>(std::move(state_)); }
  T& operator*() & { return value(); }
  const T& operator*() const& { return value(); }
  T&& operator*() && { return std::move(*this).value(); }
  T* operator->() { return &value(); }
  const T* operator->() const { return &value(); }

  Error& error() & { return std::get<1>(state_); }
  const Error& error() const& { return std::get<1>(state_); }
  Error&& error() && { return std::get<1>(std::move(state_)); }

 private:
  std::variant<T, Error> state_;
};

/// The value of a call that gives nothing but may fail.
struct Done {};

}  // namespace ginnel
