// SPDX-License-Identifier: MIT
#pragma once

#include "domain/redirect.h"

namespace ginnel::cache {

/// What memory knows about a code.
struct HotAnswer {
  enum class Kind {
    kUnknown,  ///< memory cannot tell: the store has to be asked
    kAbsent,   ///< there was no such code when the store was asked, at most 80 ms ago
    kFound,
  };

  Kind kind = Kind::kUnknown;
  domain::RedirectView redirect;  ///< only with kFound; its text belongs to the cache
};

}  // namespace ginnel::cache
