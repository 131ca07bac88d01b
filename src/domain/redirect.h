// SPDX-License-Identifier: MIT
#pragma once

#include <string>
#include <string_view>

#include "domain/ids.h"
#include "domain/link.h"

namespace ginnel::domain {

/// What is looked at when a link is followed; whose the text is, is said where one is given.
struct RedirectView {
  LinkId link;
  UserId user;
  bool enabled = true;
  std::string_view location;  ///< ready for the Location header (see location_of)
};

/// What a redirect needs to know of a link.
struct Redirect {
  LinkId link;
  UserId user;
  bool enabled = true;
  std::string location;  ///< ready for the Location header (see location_of)
  std::string code;      ///< the link's own, however it was typed

  RedirectView view() const noexcept { return {link, user, enabled, location}; }

  friend bool operator==(const Redirect&, const Redirect&) = default;
};

Redirect redirect_of(Link link);

}  // namespace ginnel::domain
