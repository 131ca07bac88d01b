// SPDX-License-Identifier: MIT
#include "change/users.h"

#include <variant>

#include <gtest/gtest.h>

namespace ginnel::change {
namespace {

domain::UserRecord ada() {
  domain::UserRecord record;
  record.user.id.value = 3;
  record.user.username = "ada";
  record.user.email = "ada@example.org";
  return record;
}

TEST(UserChange, ACreationLeavesAnEntryAndNoEvent) {
  const Change change = create(ada(), Context());

  EXPECT_EQ(change.entry.action + change.entry.entity, "createuser");
  EXPECT_EQ(change.entry.after, domain::json_of(ada()));
  EXPECT_TRUE(change.events.empty());
  EXPECT_FALSE(change.key);
}

TEST(UserChange, TrimsAndTellsWhetherTheNameIsNew) {
  domain::UserChange wanted;
  wanted.email = " lovelace@example.org ";
  const auto address = update(ada(), wanted, Context());
  wanted.username = "\tlovelace ";
  const auto name = update(ada(), wanted, Context());

  ASSERT_TRUE(address && *address && name && *name);
  EXPECT_EQ(std::get<UserRow>((*address)->row).record.user.email, "lovelace@example.org");
  EXPECT_FALSE(std::get<UserRow>((*address)->row).has_new_name);
  EXPECT_EQ(std::get<UserRow>((*name)->row).record.user.username, "lovelace");
  EXPECT_TRUE(std::get<UserRow>((*name)->row).has_new_name);
}

TEST(UserChange, IsNothingWhenNothingIsAnother) {
  domain::UserChange wanted;
  wanted.username = " ada";
  wanted.metadata = "{}";
  EXPECT_EQ(update(ada(), wanted, Context()).value(), std::nullopt);

  wanted.metadata = R"({"a":1})";
  EXPECT_TRUE(update(ada(), wanted, Context()).value());
}

TEST(UserChange, ADeletionTakesTheLinksAlongWhateverTheConditionIs) {
  Context by;
  by.condition = [](std::string_view json) { return json == domain::json_of(ada().user); };
  domain::Link link;
  link.code = "summer";

  const auto some = remove(ada(), {link, link}, true, by);
  const auto all = remove(ada(), {link}, false, by);

  ASSERT_TRUE(some && all);
  EXPECT_EQ(some->size(), 2U);
  EXPECT_EQ(some->back().entry.entity, "link");
  ASSERT_EQ(all->size(), 2U);
  EXPECT_EQ(all->front().retired, std::vector<std::string>{"summer"});
  EXPECT_EQ(all->back().entry.action + all->back().entry.entity, "deleteuser");

  by.condition = [](std::string_view) { return false; };
  EXPECT_EQ(remove(ada(), {link}, false, by).error().kind, ErrorKind::kPreconditionFailed);
}

TEST(UserChange, NamesEachTextThatIsTaken) {
  EXPECT_TRUE(check_free(false, false));
  const Error both = check_free(true, true).error();
  EXPECT_EQ(both.kind, ErrorKind::kConflict);
  EXPECT_EQ(both.message, "Username is taken");
  ASSERT_EQ(both.faults.size(), 2U);
  EXPECT_EQ(both.faults[1].field, "email");
}

}  // namespace
}  // namespace ginnel::change
