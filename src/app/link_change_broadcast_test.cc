// SPDX-License-Identifier: MIT
#include "app/link_change_broadcast.h"

#include <gtest/gtest.h>

#include "base/run_blocking_task.h"
#include "support/lost_clicks.h"
#include "support/memory_stores.h"

namespace ginnel::app {
namespace {

using Kind = cache::HotAnswer::Kind;

change::Forgotten code(const char* text) {
  change::Forgotten what;
  what.add(text);
  return what;
}

/// Two cores, each of which knows the links `one` and `two`. The test runs their loops.
class LinkChangeBroadcastTest : public testing::Test {
 protected:
  void SetUp() override {
    const auto owner = run_blocking_task(stores_.users().insert({"ada", "ada@example.org"}, {}));
    for (const char* code : {"one", "two"}) {
      domain::LinkDraft draft;
      draft.user = owner->id;
      draft.code = code;
      draft.target = "https://example.com/";
      run_blocking_task(stores_.links().insert(std::move(draft), {})).value();
    }
    for (std::size_t core = 0; core < 2; ++core) {
      loops_.push_back(std::make_unique<http::Loop>(core));
      cores_.push_back(std::make_unique<Core>(*loops_[core],
                                              stores_.redirects(),
                                              cache::LocalCacheOptions(),
                                              clicks_.writer,
                                              clicks::AddressPolicy()));
      for (const char* code : {"one", "two"}) {
        run_blocking_task(cores_[core]->cache.find(code)).value();
      }
    }
    broadcast_.attach(cores_);
  }

  bool knows(std::size_t core, const char* code) const {
    return cores_[core]->cache.find_hot(code).kind == Kind::kFound;
  }

  void run(std::size_t core) const {
    loops_[core]->context().restart();
    loops_[core]->context().poll();
  }

  support::MemoryStores stores_;
  std::vector<std::unique_ptr<http::Loop>> loops_;
  support::LostClicks clicks_;
  Cores cores_;
  LinkChangeBroadcast broadcast_;
};

TEST_F(LinkChangeBroadcastTest, TellsNobodyBeforeEveryCoreHasForgotten) {
  int told = 0;
  broadcast_.forget(code("one"), storage::Position{1}, [&told] { ++told; });
  EXPECT_TRUE(knows(0, "one")) << "a cache is touched on its own loop only";
  run(0);
  EXPECT_FALSE(knows(0, "one"));
  EXPECT_TRUE(knows(1, "one"));
  EXPECT_EQ(told, 0);
  run(1);
  EXPECT_FALSE(knows(1, "one"));
  EXPECT_EQ(told, 1);
}

TEST_F(LinkChangeBroadcastTest, LeavesOtherLinksInMemory) {
  broadcast_.forget(code("one"), storage::Position{1}, [] {});
  run(0);
  EXPECT_TRUE(knows(0, "two"));
}

TEST_F(LinkChangeBroadcastTest, ForgetsEverythingWhenItIsTold) {
  broadcast_.forget(change::Forgotten::everything(), storage::Position{1}, [] {});
  run(1);
  EXPECT_FALSE(knows(1, "one"));
  EXPECT_FALSE(knows(1, "two"));
}

TEST_F(LinkChangeBroadcastTest, TellsOfSeveralChangesEachInItsTime) {
  std::vector<int> told;
  broadcast_.forget(code("one"), storage::Position{1}, [&told] { told.push_back(1); });
  broadcast_.forget(code("two"), storage::Position{1}, [&told] { told.push_back(2); });
  run(1);
  run(0);
  EXPECT_EQ(told, (std::vector<int>{1, 2}));
}

TEST(LinkChangeBroadcast, TellsAtOnceWhileThereAreNoCores) {
  LinkChangeBroadcast broadcast;
  bool told = false;
  broadcast.forget(code("one"), storage::Position{1}, [&told] { told = true; });
  EXPECT_TRUE(told);
}

}  // namespace
}  // namespace ginnel::app
