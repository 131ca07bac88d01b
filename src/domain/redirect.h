// SPDX-License-Identifier: MIT
#pragma once

#include <string>

#include "domain/ids.h"
#include "domain/link.h"

namespace ginnel::domain {

/// What a redirect needs to know of a link.
struct Redirect {
  LinkId link;
  UserId user;
  bool enabled = true;
  std::string location;  ///< ready for the Location header (see location_of)
  std::string code;      ///< the link's own, however it was typed

  friend bool operator==(const Redirect&, const Redirect&) = default;
};

Redirect redirect_of(Link link);

}  // namespace ginnel::domain
