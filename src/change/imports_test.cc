// SPDX-License-Identifier: MIT
#include "change/imports.h"

#include <gtest/gtest.h>

namespace ginnel::change {
namespace {

domain::User user(std::int64_t id, std::string name = "ada") {
  return domain::User{domain::UserId{id}, std::move(name), "ada@example.org", {}};
}

domain::Link link(std::string code = "summer") {
  domain::Link row;
  row.id.value = 7;
  row.user.value = 3;
  row.code = std::move(code);
  return row;
}

TEST(ImportRules, OfAUserDecideInTheirOrder) {
  UserFacts facts;
  facts.has_email = domain::UserId{5};
  EXPECT_EQ(judge(user(1), facts).reason, "email is taken by user 5");
  facts.has_name = domain::UserId{4};
  EXPECT_EQ(judge(user(1), facts).reason, "username is taken by user 4");
  facts.kept = user(1, "eve");
  EXPECT_EQ(judge(user(1), facts).outcome, ImportOutcome::kDiffers);
  EXPECT_EQ(judge(user(1, "eve"), facts).outcome, ImportOutcome::kUnchanged);
  facts.was_deleted = true;
  EXPECT_EQ(judge(user(1, "eve"), facts).reason, "user 1 was deleted");
  EXPECT_EQ(judge(user(0), facts).outcome, ImportOutcome::kRefused);
  EXPECT_EQ(judge(user(kMaxImportedId + 1), {}).outcome, ImportOutcome::kRefused);
  EXPECT_EQ(judge(user(kMaxImportedId), {}).outcome, ImportOutcome::kInserted);
}

TEST(ImportRules, OfALinkDecideInTheirOrder) {
  LinkFacts facts;
  facts.owner_is_there = true;
  EXPECT_EQ(judge(link(), facts).outcome, ImportOutcome::kInserted);
  facts.has_code = domain::LinkId{8};
  EXPECT_EQ(judge(link(), facts).reason, "short_code is taken by link 8");
  facts.owner_is_there = false;
  EXPECT_EQ(judge(link(), facts).reason, "user 3 does not exist");
  EXPECT_EQ(judge(link("a b"), facts).reason, "short_code is not a valid code");
  EXPECT_EQ(judge(link("health"), facts).reason, "short_code is reserved");
  EXPECT_FALSE(is_importable(link("health")));
  facts.kept = link();
  facts.kept->version = 9;
  EXPECT_EQ(judge(link(), facts).outcome, ImportOutcome::kUnchanged) << "rows have no version";
}

TEST(ImportRules, AnEventIsTheSameAsItIsShownOrWas) {
  domain::Event row;
  row.id.value = 9;
  row.link = domain::LinkId{7};
  EventFacts facts;
  facts.user_is_there = true;
  EXPECT_EQ(judge(row, facts).reason, "link 7 does not exist");
  facts.kept = EventRow{row, row};
  facts.kept->shown.link.reset();
  EXPECT_EQ(judge(row, facts).outcome, ImportOutcome::kUnchanged);
  EXPECT_EQ(judge(facts.kept->shown, facts).outcome, ImportOutcome::kUnchanged);
  row.type = "another";
  EXPECT_EQ(judge(row, facts).outcome, ImportOutcome::kDiffers);
  facts.is_click = true;
  EXPECT_EQ(judge(row, facts).reason, "id is taken by click 9");
}

TEST(ImportRules, NamesThatWereTwoStandSideBySide) {
  EXPECT_FALSE(keys_side_by_side("ada", "ADA"));
  const auto newer = keys_side_by_side("J\u00dcRGEN", "J\u00fcrgen");
  ASSERT_TRUE(newer);
  EXPECT_EQ(newer->own, "j\u00dcrgen");
  EXPECT_FALSE(newer->of_other);
  const auto older = keys_side_by_side("J\u00fcrgen", "J\u00dcRGEN");
  ASSERT_TRUE(older);
  EXPECT_EQ(older->own, "j\u00fcrgen");
  EXPECT_EQ(older->of_other, "j\u00dcrgen");
}

TEST(ImportTally, CountsAndLeavesOneEntry) {
  ImportTally tally;
  tally.add(ImportOutcome::kInserted, 7);
  tally.add(ImportOutcome::kRefused, 1);
  tally.add(ImportOutcome::kInserted, 3);
  tally.add(ImportOutcome::kUnchanged, 90);

  const auto entry = tally.entry({"user", "users.csv", "ab"}, Context());

  EXPECT_EQ(tally.last_id(), 7);
  EXPECT_EQ(entry.action + entry.entity, "importuser");
  EXPECT_EQ(entry.after,
            R"({"counts":{"inserted":2,"rows":4,"skipped":1,"unchanged":1},"file":"users.csv",)"
            R"("first_id":3,"last_id":7,"sha256":"ab"})");
}

}  // namespace
}  // namespace ginnel::change
