// SPDX-License-Identifier: MIT
#pragma once

#include <string_view>

#include "domain/ids.h"

namespace ginnel::cache {

/// What a redirect needs to know of a link; the text belongs to the cache.
struct RedirectView {
  domain::LinkId link;
  domain::UserId user;
  bool enabled = true;
  std::string_view location;  ///< ready for the Location header (see domain::location_of)
};

/// What memory knows about a code.
struct HotAnswer {
  enum class Kind {
    kUnknown,  ///< memory cannot tell: the store has to be asked
    kAbsent,   ///< there was no such code when the store was asked, at most 80 ms ago
    kFound,
  };

  Kind kind = Kind::kUnknown;
  RedirectView redirect;  ///< only with kFound
};

}  // namespace ginnel::cache
