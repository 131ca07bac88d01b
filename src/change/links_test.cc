// SPDX-License-Identifier: MIT
#include "change/links.h"

#include <cstdint>
#include <variant>

#include <gtest/gtest.h>

namespace ginnel::change {
namespace {

domain::Timestamp at(std::int64_t second) {
  return domain::Timestamp(std::chrono::seconds(1'800'000'000 + second));
}

Context by_ada(std::int64_t second) {
  Context by;
  by.who = "ada";
  by.request_id = "request";
  by.at = at(second);
  return by;
}

domain::Link summer() {
  domain::Link link;
  link.id.value = 7;
  link.user.value = 3;
  link.code = "summer";
  link.target = "https://example.org/a";
  link.created_at = link.updated_at = at(0);
  return link;
}

LinkRow row_of(domain::Link link) {
  return LinkRow{std::move(link)};
}

domain::LinkDraft summer_draft(bool chosen) {
  domain::LinkDraft draft;
  draft.user.value = 3;
  draft.code = "summer";
  draft.target = "https://example.org/a";
  draft.chosen = chosen;
  return draft;
}

TEST(LinkChange, ACreationLeavesAnEventAnEntryAndAKey) {
  Context by = by_ada(1);
  by.key = IdempotencyKey{"k", "digest"};

  by.at = at(0);
  const Change change = create(summer_draft(true), domain::LinkId{7}, {}, by).value();

  EXPECT_EQ(change.act, Act::kCreate);
  EXPECT_EQ(std::get<LinkRow>(change.row).link, summer());
  EXPECT_TRUE(std::get<LinkRow>(change.row).chosen);
  ASSERT_EQ(change.events.size(), 1U);
  EXPECT_EQ(change.events[0].type, "created");
  EXPECT_EQ(change.events[0].details,
            R"({"original_url":"https://example.org/a","short_code":"summer"})");
  EXPECT_EQ(change.events[0].at, at(0));
  EXPECT_EQ(change.entry.action + change.entry.entity, "createlink");
  EXPECT_EQ(change.entry.entity_id, 7);
  EXPECT_EQ(change.entry.who + change.entry.request_id, "adarequest");
  EXPECT_EQ(change.entry.before, "");
  EXPECT_EQ(change.entry.after, domain::json_of(summer()));
  ASSERT_TRUE(change.key);
  EXPECT_EQ(change.key->id, 7);
  EXPECT_EQ(change.key->code, "summer");
  EXPECT_TRUE(change.retired.empty());
  EXPECT_EQ(change.forgotten, std::vector<std::string>{"summer"});
}

TEST(LinkChange, AnUpdateTellsWhatWasSentAlone) {
  domain::LinkChange wanted;
  wanted.target = "https://example.org/b";
  wanted.enabled = false;

  const auto change = update(row_of(summer()), wanted, by_ada(5));

  ASSERT_TRUE(change);
  const domain::Link& after = std::get<LinkRow>(change->row).link;
  EXPECT_EQ(after.target, "https://example.org/b");
  EXPECT_FALSE(after.enabled);
  EXPECT_EQ(after.version, 2);
  EXPECT_EQ(after.updated_at, at(5));
  EXPECT_EQ(after.created_at, at(0));
  EXPECT_EQ(change->events.at(0).details,
            R"({"is_active":false,"original_url":{"after":"https://example.org/b",)"
            R"("before":"https://example.org/a"}})");
  EXPECT_EQ(change->entry.before, domain::json_of(summer()));
  EXPECT_EQ(change->entry.after, domain::json_of(after));
}

TEST(LinkChange, AnEmptyUpdateIsOneToo) {
  const auto change = update(row_of(summer()), {}, by_ada(5));

  ASSERT_TRUE(change);
  EXPECT_EQ(std::get<LinkRow>(change->row).link.version, 2);
  EXPECT_EQ(change->events.at(0).details, "{}");
}

TEST(LinkChange, ADeletionRetiresTheCode) {
  const auto change = remove(row_of(summer()), by_ada(5));

  ASSERT_TRUE(change);
  EXPECT_EQ(change->act, Act::kDelete);
  EXPECT_EQ(change->events.at(0).type, "deleted");
  EXPECT_EQ(change->retired, std::vector<std::string>{"summer"});
  EXPECT_EQ(change->forgotten, std::vector<std::string>{"summer"});
  EXPECT_EQ(change->entry.before, domain::json_of(summer()));
  EXPECT_EQ(change->entry.after, "");
}

TEST(LinkChange, IsOfTheRowThatIsWantedOrNone) {
  Context by = by_ada(5);
  by.condition = [](std::string_view json) { return json == domain::json_of(summer()); };
  domain::Link other = summer();
  other.title = "another";

  EXPECT_TRUE(update(row_of(summer()), {}, by));
  EXPECT_TRUE(remove(row_of(summer()), by));
  EXPECT_EQ(update(row_of(other), {}, by).error().kind, ErrorKind::kPreconditionFailed);
  EXPECT_EQ(remove(row_of(other), by).error().kind, ErrorKind::kPreconditionFailed);
  EXPECT_EQ(update(std::optional<LinkRow>(), {}, by).error().kind, ErrorKind::kNotFound);
  EXPECT_EQ(remove(std::optional<LinkRow>(), by).error().kind, ErrorKind::kNotFound);
  EXPECT_EQ(remove_with_owner(other, by).act, Act::kDelete);
}

TEST(LinkChange, KeepsThatAPersonChoseTheCode) {
  const auto change = update(LinkRow{summer(), true}, {}, by_ada(5));

  ASSERT_TRUE(change);
  EXPECT_TRUE(std::get<LinkRow>(change->row).chosen);
}

TEST(LinkChange, SaysWhatIsInTheWayOfANewLink) {
  EXPECT_TRUE(check(summer(), {}));
  EXPECT_EQ(check(summer(), {false, "Summer", true}).error().message, "User 3 not found");
  EXPECT_EQ(check(summer(), {true, "Summer", true}).error().message,
            "This short code is taken: Summer differs from it by case alone");
  EXPECT_EQ(check(summer(), {true, {}, true}).error().message, "This short code is taken");
}

TEST(KeptKey, IsOfOneRequestForADay) {
  Context by = by_ada(0);
  by.key = IdempotencyKey{"k", "digest"};
  domain::LinkDraft draft = summer_draft(false);
  const auto kept = create(draft, domain::LinkId{7}, {}, by).value().key;

  by.at = at(std::int64_t{24} * 60 * 60 - 1);
  draft.code = "random";
  const auto again = create(draft, domain::LinkId{8}, kept, by);
  ASSERT_TRUE(again);
  EXPECT_EQ(again->act, Act::kNothing);
  EXPECT_EQ(std::get<LinkRow>(again->row).answer(), summer());
  EXPECT_FALSE(again->key);

  by.key->request = "another";
  EXPECT_EQ(create(draft, domain::LinkId{8}, kept, by).error().kind, ErrorKind::kKeyReused);
  by.at = at(std::int64_t{24} * 60 * 60);
  EXPECT_EQ(create(draft, domain::LinkId{8}, kept, by)->act, Act::kCreate);
}

}  // namespace
}  // namespace ginnel::change
