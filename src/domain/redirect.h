// SPDX-License-Identifier: MIT
#pragma once

#include <cstdint>
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

/// What becomes of a visit.
enum class VisitOutcome : std::uint8_t {
  kNotFound,
  kGone,      ///< the link is switched off
  kShown,     ///< where it leads; nobody goes there, and nothing is counted
  kFollowed,  ///< where it leads; a click
};

/// What the outcome depends on beside the link.
struct VisitFacts {
  bool looks_only = false;  ///< asked by HEAD
};

/// What becomes of a visit, whether memory or the store knew the link: null where there is none.
///
///     switch (domain::decide(&redirect, {request.method() == http::Method::kHead})) {
constexpr VisitOutcome decide(const RedirectView* link, VisitFacts facts) noexcept {
  if (link == nullptr) {
    return VisitOutcome::kNotFound;
  }
  if (!link->enabled) {
    return VisitOutcome::kGone;
  }
  return facts.looks_only ? VisitOutcome::kShown : VisitOutcome::kFollowed;
}

}  // namespace ginnel::domain
