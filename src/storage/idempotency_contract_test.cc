// SPDX-License-Identifier: MIT
#include "storage/idempotency_contract.h"

namespace ginnel::storage {

TEST_P(IdempotencyContract, GivesAUserAsHeWasMade) {
  const auto user = this->insert_user(this->keyed(1)).value();
  domain::UserChange change;
  change.username = "grace";
  run_blocking_task(this->users().change(user.id, change, this->by(2))).value();

  EXPECT_EQ(this->insert_user(this->keyed(3)).value(), user);
  run_blocking_task(this->users().remove(user.id, this->by(4))).value();
  EXPECT_EQ(this->insert_user(this->keyed(5)).value(), user);
  EXPECT_EQ(this->user_count(), 0U);
}

TEST_P(IdempotencyContract, GivesALinkAsItWasMade) {
  const auto owner = this->add_user("ada").id;
  const auto link = this->insert_link(owner, "first1", this->keyed(1)).value();
  domain::LinkChange change;
  change.title = "Another";
  run_blocking_task(this->links().change(link.id, change, this->by(2))).value();

  EXPECT_EQ(this->insert_link(owner, "other1", this->keyed(3)).value(), link)
      << "a repetition comes with another random code";
  run_blocking_task(this->links().remove(link.id, this->by(4))).value();
  EXPECT_EQ(this->insert_link(owner, "other2", this->keyed(5)).value(), link);
  EXPECT_EQ(run_blocking_task(this->links().count({})).value(), 0U);
}

TEST_P(IdempotencyContract, GivesAnEventAsItWasMade) {
  const auto link = this->add_link(this->add_user("ada").id, "abc123");
  const auto event = this->insert_event(link, this->keyed(1)).value();
  domain::EventChange change;
  change.details = "{}";
  run_blocking_task(this->events().change(event.id, change, this->by(2))).value();

  EXPECT_EQ(this->insert_event(link, this->keyed(3)).value(), event);
  run_blocking_task(this->links().remove(link.id, this->by(4))).value();
  EXPECT_EQ(this->insert_event(link, this->keyed(5)).value(), event);
}

TEST_P(IdempotencyContract, ARepetitionLeavesNothing) {
  const auto owner = this->add_user("ada").id;
  this->insert_link(owner, "first1", this->keyed(1)).value();
  const auto events = this->all_events().size();
  const auto trail = this->trail().size();

  this->insert_link(owner, "other1", this->keyed(2)).value();

  EXPECT_EQ(this->all_events().size(), events);
  EXPECT_EQ(this->trail().size(), trail);
}

TEST_P(IdempotencyContract, RefusesAnotherRequest) {
  const auto user = this->insert_user(this->keyed(1)).value();

  const auto other = this->insert_user(this->keyed(2, "digest of another"), "bob");
  ASSERT_FALSE(other);
  EXPECT_EQ(other.error().kind, ErrorKind::kKeyReused);
  const auto link = this->insert_link(user.id, "abc123", this->keyed(3, "digest of a link"));
  ASSERT_FALSE(link);
  EXPECT_EQ(link.error().kind, ErrorKind::kKeyReused);
  EXPECT_EQ(link.error().faults.front().field, "Idempotency-Key");
  EXPECT_EQ(this->user_count(), 1U);
}

TEST_P(IdempotencyContract, KeepsNoKeyOfWhatFailed) {
  const auto bob = this->add_user("bob");
  ASSERT_FALSE(this->insert_user(this->keyed(1, "digest of bob"), "bob"));

  run_blocking_task(this->users().remove(bob.id, this->by(2))).value();

  EXPECT_TRUE(this->insert_user(this->keyed(3, "digest of bob"), "bob"));
}

TEST_P(IdempotencyContract, AKeyBelongsToItsCaller) {
  const auto mine = this->insert_user(this->keyed(1)).value();
  auto by = this->keyed(2, "digest of another");
  by.who = "somebody else";

  const auto others = this->insert_user(by, "bob").value();

  EXPECT_NE(others.id, mine.id);
  EXPECT_EQ(this->insert_user(by, "bob").value(), others);
  EXPECT_EQ(this->insert_user(this->keyed(3)).value(), mine);
}

TEST_P(IdempotencyContract, RemembersAKeyForADay) {
  constexpr std::int64_t kDay = 86'400;
  const auto first = this->insert_user(this->keyed(1)).value();
  EXPECT_EQ(this->insert_user(this->keyed(kDay)).value(), first);

  const auto second = this->insert_user(this->keyed(kDay + 1, "digest of bob"), "bob");

  ASSERT_TRUE(second) << "the key is free again";
  EXPECT_EQ(this->insert_user(this->keyed(kDay + 2, "digest of bob"), "bob").value(), *second);
}

}  // namespace ginnel::storage
