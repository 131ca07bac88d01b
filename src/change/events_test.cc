// SPDX-License-Identifier: MIT
#include "change/events.h"

#include <variant>

#include <gtest/gtest.h>

namespace ginnel::change {
namespace {

/// Of a link that is gone.
EventRow note() {
  domain::Event event;
  event.id.value = 9;
  event.link = domain::LinkId{7};
  event.user = domain::UserId{3};
  event.type = "note";
  event.details = "{}";
  EventRow row = {event, event};
  row.shown.link.reset();
  return row;
}

TEST(EventChange, KeepsWhatIsGoneAndShowsItNot) {
  domain::EventChange wanted;
  wanted.type = "remark";

  const auto change = update(note(), wanted, Context());

  ASSERT_TRUE(change);
  const auto& row = std::get<EventRow>(change->row);
  EXPECT_EQ(row.event.link, domain::LinkId{7});
  EXPECT_EQ(row.shown.link, std::nullopt);
  EXPECT_EQ(row.shown.type, "remark");
  EXPECT_EQ(change->entry.before, domain::json_of(note().shown));
  EXPECT_EQ(change->entry.after, domain::json_of(row.shown));
}

TEST(EventChange, IsNothingWhenItIsShownAsBefore) {
  domain::EventChange wanted;
  wanted.details = "{}";
  const auto change = update(note(), wanted, Context());
  ASSERT_TRUE(change);
  EXPECT_EQ(change->act, Act::kNothing);
  EXPECT_EQ(std::get<EventRow>(change->row).answer(), note().shown);
}

TEST(EventChange, IsOfAnEventThatIsThereAndNoClick) {
  EXPECT_EQ(update(std::optional<EventRow>(), {}, Context()).error().kind, ErrorKind::kNotFound);
  EventRow click = note();
  click.event.origin = domain::EventOrigin::kClick;
  EXPECT_EQ(update(click, {}, Context()).error().kind, ErrorKind::kConflict);
}

TEST(EventChange, AsksTheConditionOfWhatIsShown) {
  Context by;
  by.condition = [](std::string_view json) { return json == domain::json_of(note().shown); };
  EXPECT_TRUE(update(note(), {}, by));
  by.condition = [](std::string_view json) { return json == domain::json_of(note().event); };
  EXPECT_EQ(update(note(), {}, by).error().kind, ErrorKind::kPreconditionFailed);
}

TEST(EventChange, NamesTheLinkFirst) {
  EXPECT_TRUE(check_names(true, true));
  EXPECT_EQ(check_names(false, false).error().faults.at(0).field, "url_id");
  EXPECT_EQ(check_names(true, false).error().faults.at(0).field, "user_id");
}

}  // namespace
}  // namespace ginnel::change
