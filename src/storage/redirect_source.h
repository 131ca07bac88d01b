// SPDX-License-Identifier: MIT
#pragma once

#include <optional>
#include <string>

#include "base/call_context.h"
#include "base/result.h"
#include "base/task.h"
#include "domain/redirect.h"
#include "storage/position.h"

namespace ginnel::storage {

/// Where a code led, and when.
struct RedirectAnswer {
  std::optional<domain::Redirect> redirect;
  Position position;  ///< of the read
};

/// The one question that a cache asks a store on a miss.
///
///     const auto answer = co_await source.find("Spring-Sale");
///     if (answer && answer->position >= forgotten) { keep(*answer); }
class RedirectSource {
 public:
  RedirectSource() = default;
  RedirectSource(const RedirectSource&) = delete;
  RedirectSource& operator=(const RedirectSource&) = delete;
  virtual ~RedirectSource() = default;

  /// The redirect that whoever typed this code means, or nothing, by one statement. It is of the
  /// link with exactly this code; else of the one with the longest of domain::shorter_codes; else
  /// of the one whose code a person chose and which differs from this or a shorter code by case
  /// alone, unless the code of another link does, too. All these have the domain::code_stem of
  /// `code`. Fails with kUnavailable and kTimeout when the store cannot tell.
  virtual Task<Result<RedirectAnswer>> find(std::string code, CallContext call) = 0;
};

}  // namespace ginnel::storage
