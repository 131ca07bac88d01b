// SPDX-License-Identifier: MIT
#include "service/redirect_service.h"

#include <gtest/gtest.h>

#include "base/run_blocking_task.h"
#include "support/lost_clicks.h"
#include "support/memory_stores.h"

namespace ginnel::service {
namespace {

using Kind = cache::HotAnswer::Kind;

class RedirectServiceTest : public testing::Test {
 protected:
  void SetUp() override {
    const auto owner = run_blocking_task(stores_.users().insert({"ada", "ada@example.org"}, {}));
    domain::LinkDraft draft;
    draft.user = owner->id;
    draft.code = "abc123";
    draft.target = "HTTPS://Example.com/a b";
    link_ = *run_blocking_task(stores_.links().insert(std::move(draft), {}));
  }

  /// A code that is there.
  Result<domain::Redirect> resolve(const std::string& code) {
    auto found = run_blocking_task(redirects_.resolve(code));
    if (!found) {
      return std::move(found).error();
    }
    EXPECT_TRUE(*found);
    return found->value_or(domain::Redirect());
  }

  support::MemoryStores stores_;
  cache::TieredLinkCache cache_{stores_.redirects(), cache::LocalCacheOptions()};
  support::LostClicks clicks_;
  RedirectService redirects_{cache_, clicks_.recorder};
  domain::Link link_;
};

TEST_F(RedirectServiceTest, GivesALocationThatAHeaderCanCarry) {
  const auto redirect = resolve("abc123");
  ASSERT_TRUE(redirect);
  EXPECT_EQ(redirect->location, "https://example.com/a%20b");
  EXPECT_EQ(redirect->link, link_.id);
  EXPECT_EQ(redirect->user, link_.user);
  EXPECT_TRUE(redirect->enabled);
}

TEST_F(RedirectServiceTest, GivesALinkThatIsSwitchedOffWithItsState) {
  domain::LinkChange change;
  change.enabled = false;
  run_blocking_task(stores_.links().change(link_.id, std::move(change), {})).value();
  const auto redirect = resolve("abc123");
  ASSERT_TRUE(redirect);
  EXPECT_FALSE(redirect->enabled);
}

TEST_F(RedirectServiceTest, GivesNothingForAnUnknownCode) {
  const auto redirect = run_blocking_task(redirects_.resolve("nosuch"));
  ASSERT_TRUE(redirect);
  EXPECT_FALSE(*redirect);
}

TEST_F(RedirectServiceTest, MemoryCannotTellBeforeTheFirstVisitAndCanAfterwards) {
  EXPECT_EQ(redirects_.find_hot("abc123").kind, Kind::kUnknown);
  resolve("abc123").value();
  const auto hot = redirects_.find_hot("abc123");
  ASSERT_EQ(hot.kind, Kind::kFound);
  EXPECT_EQ(hot.redirect.location, "https://example.com/a%20b");
}

TEST_F(RedirectServiceTest, KnownLinksStillRedirectWhileTheStoreIsAway) {
  resolve("abc123").value();
  stores_.fail_with(Error(ErrorKind::kUnavailable, "away"));
  EXPECT_EQ(redirects_.find_hot("abc123").kind, Kind::kFound);
  EXPECT_TRUE(resolve("abc123"));
}

class FailingStore : public RedirectServiceTest, public testing::WithParamInterface<ErrorKind> {};

TEST_P(FailingStore, NeverMakesACodeUnknown) {
  stores_.fail_with(Error(GetParam(), "trouble", "for the log"));
  const auto redirect = resolve("abc123");
  ASSERT_FALSE(redirect);
  const auto expected =
      GetParam() == ErrorKind::kTimeout ? ErrorKind::kTimeout : ErrorKind::kUnavailable;
  EXPECT_EQ(redirect.error().kind, expected);
  EXPECT_EQ(redirect.error().detail, "for the log");
}

TEST_P(FailingStore, IsAskedAgain) {
  stores_.fail_with(Error(GetParam(), "trouble"));
  ASSERT_FALSE(resolve("abc123"));
  stores_.fail_with(std::nullopt);
  EXPECT_TRUE(resolve("abc123"));
}

INSTANTIATE_TEST_SUITE_P(Kinds,
                         FailingStore,
                         testing::Values(ErrorKind::kUnavailable,
                                         ErrorKind::kTimeout,
                                         ErrorKind::kNotFound,
                                         ErrorKind::kInternal));

}  // namespace
}  // namespace ginnel::service
