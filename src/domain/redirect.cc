// SPDX-License-Identifier: MIT
#include "domain/redirect.h"

#include <utility>

#include "domain/location.h"

namespace ginnel::domain {

Redirect redirect_of(Link link) {
  return {link.id, link.user, link.enabled, location_of(link.target), std::move(link.code)};
}

}  // namespace ginnel::domain
