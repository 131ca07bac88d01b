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

UserRow row_of_ada() {
  return UserRow{ada(), "key"};
}

TEST(UserChange, ACreationLeavesAnEntryAndNoEvent) {
  Context by;
  by.at = ada().user.created_at;
  const Change change = create({" ada ", "ada@example.org"}, domain::UserId{3}, {}, by).value();

  EXPECT_EQ(change.act, Act::kCreate);
  EXPECT_EQ(std::get<UserRow>(change.row).name_key, "ada");
  EXPECT_EQ(change.entry.action + change.entry.entity, "createuser");
  EXPECT_EQ(change.entry.after, domain::json_of(ada()));
  EXPECT_TRUE(change.events.empty());
  EXPECT_FALSE(change.key);
}

TEST(UserChange, TrimsAndKeepsTheKeyOfANameThatStays) {
  domain::UserChange wanted;
  wanted.email = " lovelace@example.org ";
  const auto address = update(row_of_ada(), wanted, Context());
  wanted.username = "\tlovelace ";
  const auto name = update(row_of_ada(), wanted, Context());

  ASSERT_TRUE(address && name);
  EXPECT_EQ(std::get<UserRow>(address->row).record.user.email, "lovelace@example.org");
  EXPECT_EQ(std::get<UserRow>(address->row).name_key, "key");
  EXPECT_EQ(std::get<UserRow>(name->row).record.user.username, "lovelace");
  EXPECT_EQ(std::get<UserRow>(name->row).name_key, "lovelace");
}

TEST(UserChange, IsNothingWhenNothingIsAnother) {
  domain::UserChange wanted;
  wanted.username = " ada";
  wanted.metadata = "{}";
  const auto nothing = update(row_of_ada(), wanted, Context());
  ASSERT_TRUE(nothing);
  EXPECT_EQ(nothing->act, Act::kNothing);
  EXPECT_EQ(std::get<UserRow>(nothing->row).answer(), ada().user);

  wanted.metadata = R"({"a":1})";
  EXPECT_EQ(update(row_of_ada(), wanted, Context())->act, Act::kUpdate);
}

TEST(UserChange, IsOfAUserWhoIsThere) {
  EXPECT_EQ(update(std::optional<UserRow>(), {}, Context()).error().kind, ErrorKind::kNotFound);
  EXPECT_EQ(remove(std::optional<UserRow>(), {}, false, Context()).error().kind,
            ErrorKind::kNotFound);
}

TEST(UserChange, ADeletionTakesTheLinksAlongWhateverTheConditionIs) {
  Context by;
  by.condition = [](std::string_view json) { return json == domain::json_of(ada().user); };
  domain::Link link;
  link.code = "summer";

  const auto some = remove(row_of_ada(), {link, link}, true, by);
  const auto all = remove(row_of_ada(), {link}, false, by);

  ASSERT_TRUE(some && all);
  EXPECT_EQ(some->size(), 2U);
  EXPECT_EQ(some->back().entry.entity, "link");
  ASSERT_EQ(all->size(), 2U);
  EXPECT_EQ(all->front().retired, std::vector<std::string>{"summer"});
  EXPECT_EQ(all->back().entry.action + all->back().entry.entity, "deleteuser");

  by.condition = [](std::string_view) { return false; };
  EXPECT_EQ(remove(row_of_ada(), {link}, false, by).error().kind, ErrorKind::kPreconditionFailed);
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
