// SPDX-License-Identifier: MIT
#include "domain/redirect.h"

#include <gtest/gtest.h>

namespace ginnel::domain {
namespace {

TEST(Redirect, IsWhatALinkSaysOfIt) {
  Link link;
  link.id = LinkId{7};
  link.user = UserId{9};
  link.enabled = false;
  link.code = "Summer";
  link.target = "HTTPS://Example.com/a b";

  const Redirect redirect = redirect_of(link);
  EXPECT_EQ(redirect,
            (Redirect{LinkId{7}, UserId{9}, false, "https://example.com/a%20b", "Summer"}));
  EXPECT_EQ(redirect.view().location, "https://example.com/a%20b");
}

TEST(Visit, FollowsALink) {
  const RedirectView link;
  EXPECT_EQ(decide(&link, {}), VisitOutcome::kFollowed);
}

TEST(Visit, OnlyLooksByHead) {
  const RedirectView link;
  EXPECT_EQ(decide(&link, {true}), VisitOutcome::kShown);
}

TEST(Visit, FindsALinkGoneThatIsSwitchedOffWhoeverAsks) {
  RedirectView link;
  link.enabled = false;
  EXPECT_EQ(decide(&link, {}), VisitOutcome::kGone);
  EXPECT_EQ(decide(&link, {true}), VisitOutcome::kGone);
}

TEST(Visit, FindsNothingWithoutALink) {
  EXPECT_EQ(decide(nullptr, {}), VisitOutcome::kNotFound);
  EXPECT_EQ(decide(nullptr, {true}), VisitOutcome::kNotFound);
}

}  // namespace
}  // namespace ginnel::domain
