// SPDX-License-Identifier: MIT
#include "service/event_service.h"

#include <gtest/gtest.h>

#include "base/run_blocking_task.h"
#include "support/memory_stores.h"

namespace ginnel::service {
namespace {

class EventServiceTest : public testing::Test {
 protected:
  void SetUp() override {
    user_ = run_blocking_task(stores_.users().insert({"ada", "ada@example.org"}, {}))->id;
    domain::LinkDraft draft;
    draft.user = user_;
    draft.code = "abc123";
    link_ = run_blocking_task(stores_.links().insert(std::move(draft), {}))->id;
  }

  Result<domain::Event> create(domain::LinkId link) {
    domain::EventDraft draft = {link, user_, "click", "{}"};
    return run_blocking_task(events_.create(std::move(draft), caller_));
  }

  support::MemoryStores stores_;
  EventService events_{stores_.events()};
  change::Context caller_{{"a key", "request-1"}};
  domain::UserId user_;
  domain::LinkId link_;
};

TEST_F(EventServiceTest, AnEventIsTheClientsAndOfItsTime) {
  const auto event = create(link_);
  ASSERT_TRUE(event);
  EXPECT_EQ(event->origin, domain::EventOrigin::kClient);
  EXPECT_EQ(event->at, caller_.at);
  EXPECT_EQ(*run_blocking_task(events_.get(event->id, {})), *event);
}

TEST_F(EventServiceTest, SaysWhoAmendedAnEvent) {
  const auto event = create(link_);
  domain::EventChange change;
  change.type = "view";
  ASSERT_TRUE(run_blocking_task(events_.change(event->id, std::move(change), caller_)));
  const auto trail = run_blocking_task(events_.audit({}, {}));
  ASSERT_TRUE(trail);
  EXPECT_EQ(trail->rows.back().action, "update");
  EXPECT_EQ(trail->rows.back().who, "a key");
  EXPECT_EQ(trail->rows.back().request_id, "request-1");
}

TEST_F(EventServiceTest, TellsWhichThingIsUnknown) {
  const auto no_link = create(domain::LinkId{77});
  const auto no_event = run_blocking_task(events_.get(domain::EventId{77}, {}));
  ASSERT_FALSE(no_link);
  EXPECT_EQ(no_link.error().message, "URL not found");
  ASSERT_FALSE(no_event);
  EXPECT_EQ(no_event.error().kind, ErrorKind::kNotFound);
  EXPECT_EQ(no_event.error().message, "Event not found");
}

TEST_F(EventServiceTest, AStoreThatFailsIsNoAbsence) {
  stores_.fail_with(Error(ErrorKind::kTimeout, "slow"));
  const auto found = run_blocking_task(events_.get(domain::EventId{1}, {}));
  ASSERT_FALSE(found);
  EXPECT_EQ(found.error().kind, ErrorKind::kTimeout);
}

TEST_F(EventServiceTest, ListsWhatIsAskedFor) {
  create(link_).value();
  storage::EventQuery query;
  query.type = "click";
  const auto found = run_blocking_task(events_.list(std::move(query), {}));
  ASSERT_TRUE(found);
  ASSERT_EQ(found->rows.size(), 1U);
  EXPECT_EQ(found->rows.front().type, "click");
}

}  // namespace
}  // namespace ginnel::service
