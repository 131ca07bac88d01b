// SPDX-License-Identifier: MIT
#include "service/user_service.h"

#include <gtest/gtest.h>

#include "base/run_blocking_task.h"
#include "support/memory_stores.h"

namespace ginnel::service {
namespace {

class UserServiceTest : public testing::Test {
 protected:
  Result<domain::User> create(const std::string& name, const std::string& email) {
    return run_blocking_task(users_.create(domain::UserDraft{name, email}, caller_));
  }

  support::MemoryStores stores_;
  UserService users_{stores_.users()};
  change::Context caller_{{"a key", "request-1"}};
};

TEST_F(UserServiceTest, TrimsWhatANewUserIsCalled) {
  const auto user = create("  ada \n", "\tada@example.org ");
  ASSERT_TRUE(user);
  EXPECT_EQ(user->username, "ada");
  EXPECT_EQ(user->email, "ada@example.org");
  EXPECT_EQ(*run_blocking_task(users_.get(user->id, {})), *user);
}

TEST_F(UserServiceTest, TrimsWhatAUserIsRenamedTo) {
  const auto user = create("ada", "ada@example.org");
  const auto changed =
      run_blocking_task(users_.change(*user, domain::UserChange{" bea ", {}}, caller_));
  ASSERT_TRUE(changed);
  EXPECT_EQ(changed->username, "bea");
  EXPECT_EQ(changed->email, "ada@example.org");
}

TEST_F(UserServiceTest, LeavesTheOwnNameAndAddressAsTheyAre) {
  const std::pair<std::string, std::string> olds[] = {{"\u200bNx\u200b", "\u00a0nx@b.cd\u00a0"},
                                                      {"a\u202eb", "old@b..c"},
                                                      {"c\u009bd", "mailto:n@b.cd"}};
  for (const auto& [name, email] : olds) {
    const domain::User old = *run_blocking_task(stores_.users().insert({name, email}, {}));
    const auto renamed = run_blocking_task(
        users_.change(old, domain::UserChange{"new" + name + "1 ", email}, caller_));
    ASSERT_TRUE(renamed) << name;
    EXPECT_EQ(renamed->email, email);
    EXPECT_EQ(renamed->username, "new" + name + "1") << "what is new is trimmed";
    const domain::User other = *run_blocking_task(stores_.users().insert({name, "x@" + email}, {}));
    const auto moved = run_blocking_task(
        users_.change(other, domain::UserChange{name, "y@" + email + ' '}, caller_));
    ASSERT_TRUE(moved) << name;
    EXPECT_EQ(moved->username, name);
  }
}

TEST_F(UserServiceTest, TakesAnOldValueForTheOwnOnlyAsLongAsItIs) {
  const domain::User old = *run_blocking_task(stores_.users().insert({"a\u202eb", "a@b.cd"}, {}));
  run_blocking_task(users_.change(old, domain::UserChange{"ada", {}}, caller_)).value();
  const auto late =
      run_blocking_task(users_.change(old, domain::UserChange{old.username, {}}, caller_));
  ASSERT_FALSE(late);
  EXPECT_EQ(late.error().kind, ErrorKind::kPreconditionFailed);
  EXPECT_EQ(run_blocking_task(users_.get(old.id, {}))->username, "ada");
  const auto todays =
      run_blocking_task(users_.change(old, domain::UserChange{"bea", old.email}, caller_));
  ASSERT_TRUE(todays) << "what any user may have depends on nothing";
  EXPECT_EQ(todays->username, "bea");
}

TEST_F(UserServiceTest, SaysWhoMadeAChangeAndWhen) {
  const auto user = create("ada", "ada@example.org");
  const auto trail = run_blocking_task(stores_.events().audit({}, {}));
  ASSERT_EQ(trail->rows.size(), 1U);
  EXPECT_EQ(trail->rows.front().who, "a key");
  EXPECT_EQ(trail->rows.front().request_id, "request-1");
  EXPECT_EQ(trail->rows.front().at, caller_.at);
  EXPECT_EQ(user->created_at, trail->rows.front().at);
}

TEST_F(UserServiceTest, NamesTheFieldThatIsTaken) {
  create("ada", "ada@example.org").value();
  const auto second = create(" ADA ", "other@example.org");
  ASSERT_FALSE(second);
  EXPECT_EQ(second.error().kind, ErrorKind::kConflict);
  EXPECT_EQ(second.error().faults.at(0).field, "username");
}

TEST_F(UserServiceTest, KeepsMetadataUntrimmed) {
  domain::UserDraft draft = {"ada", "ada@example.org", R"({ "a": " b " })"};
  const auto user = run_blocking_task(users_.create(std::move(draft), caller_));
  const auto profile = run_blocking_task(users_.profile(user->id, {}));
  ASSERT_TRUE(profile);
  EXPECT_EQ(profile->record, (domain::UserRecord{*user, R"({ "a": " b " })"}));
}

TEST_F(UserServiceTest, AnUnknownUserIsNotFound) {
  for (const Error& error :
       {run_blocking_task(users_.get(domain::UserId{7}, {})).error(),
        run_blocking_task(users_.profile(domain::UserId{7}, {})).error(),
        run_blocking_task(users_.change({domain::UserId{7}, {}, {}, {}}, {}, caller_)).error(),
        run_blocking_task(users_.remove(domain::UserId{7}, caller_)).error()}) {
    EXPECT_EQ(error.kind, ErrorKind::kNotFound);
    EXPECT_EQ(error.message, "User not found");
  }
}

TEST_F(UserServiceTest, AStoreThatFailsIsNoAbsence) {
  const auto user = create("ada", "ada@example.org");
  stores_.fail_with(Error(ErrorKind::kUnavailable, "away"));
  const auto found = run_blocking_task(users_.get(user->id, {}));
  ASSERT_FALSE(found);
  EXPECT_EQ(found.error().kind, ErrorKind::kUnavailable);
}

TEST_F(UserServiceTest, ListsAndRemoves) {
  const auto ada = create("ada", "ada@example.org");
  create("bea", "bea@example.org").value();
  ASSERT_TRUE(run_blocking_task(users_.remove(ada->id, caller_)));
  const auto left = run_blocking_task(users_.list({}, {}));
  ASSERT_EQ(left->rows.size(), 1U);
  EXPECT_EQ(left->rows.front().username, "bea");
}

}  // namespace
}  // namespace ginnel::service
