// SPDX-License-Identifier: MIT
#include "storage/user_store_contract.h"

#include <chrono>
#include <cstddef>
#include <set>
#include <string>
#include <vector>

namespace ginnel::storage {

TEST_P(UserStoreContract, GivesBackWhatWasInserted) {
  const auto user = this->insert("ada", "ada@example.org");

  ASSERT_TRUE(user);
  EXPECT_EQ(user->username, "ada");
  EXPECT_EQ(user->email, "ada@example.org");
  EXPECT_EQ(user->created_at, this->at(1));
  EXPECT_EQ(**this->find(user->id), *user);
}

TEST_P(UserStoreContract, NumbersBeginAtOneAndGrow) {
  EXPECT_EQ(this->add_user("ada").id.value, 1);
  EXPECT_EQ(this->add_user("bea").id.value, 2);
}

TEST_P(UserStoreContract, NeverGivesANumberAgain) {
  const auto user = this->add_user("ada");
  ASSERT_TRUE(this->remove(user.id));

  EXPECT_GT(this->add_user("bea").id, user.id);
}

TEST_P(UserStoreContract, DoesNothingForACallerWhoseTimeIsOver) {
  const domain::User ada = this->add_user("ada");
  CallContext late;
  late.deadline = std::chrono::steady_clock::now() - std::chrono::milliseconds(1);
  const change::Context late_change{late};
  const domain::UserDraft bea = {"bea", "bea@example.org"};

  const auto found = run_blocking_task(this->users().find(ada.id, late));
  const auto listed = run_blocking_task(this->users().list({}, late));
  const auto made = run_blocking_task(this->users().insert(bea, late_change));

  EXPECT_EQ(found.error().kind, ErrorKind::kUnavailable);
  EXPECT_EQ(listed.error().kind, ErrorKind::kUnavailable);
  EXPECT_EQ(made.error().kind, ErrorKind::kUnavailable);
  EXPECT_EQ(run_blocking_task(this->users().list({}, {}))->rows, (std::vector{ada}));
}

TEST_P(UserStoreContract, StoresNamesTrimmed) {
  const auto user = this->insert("  ada ", " ada@example.org\n");

  ASSERT_TRUE(user);
  EXPECT_EQ(user->username, "ada");
  EXPECT_EQ((*this->find(user->id))->email, "ada@example.org");
}

TEST_P(UserStoreContract, RefusesANameThatDiffersOnlyByCase) {
  this->insert("Ada", "ada@example.org").value();

  const auto second = this->insert("aDA", "other@example.org");

  ASSERT_FALSE(second);
  EXPECT_EQ(second.error().kind, ErrorKind::kConflict);
  EXPECT_EQ(second.error().message, "Username is taken");
  ASSERT_EQ(second.error().faults.size(), 1U);
  EXPECT_EQ(second.error().faults[0].field, "username");
}

TEST_P(UserStoreContract, ReportsNameAndAddressTogetherWhenBothAreTaken) {
  this->insert("ada", "ada@example.org").value();

  const auto second = this->insert("ada", "ADA@example.org");

  ASSERT_FALSE(second);
  const auto fields = each(second.error().faults, &FieldFault::field);
  EXPECT_EQ(fields, (std::vector<std::string>{"username", "email"}));
  EXPECT_EQ(second.error().faults[1].message, "Email is taken");
}

TEST_P(UserStoreContract, RefusesANameThatDiffersOnlyByCaseOrCompositionInAnyScript) {
  this->insert("\u00c9mile", "one@example.org").value();
  this->insert("Stra\u00dfe", "two@example.org").value();
  this->insert("\u0410\u043d\u043d\u0430", "three@example.org").value();
  for (const char* name :
       {"\u00e9mile", "E\u0301MILE", "\u00e9mile\u200b", "STRASSE", "\u0430\u041d\u041d\u0410"}) {
    const auto second = this->insert(name, "other@example.org");
    ASSERT_FALSE(second) << name;
    EXPECT_EQ(second.error().message, "Username is taken");
  }
  EXPECT_TRUE(this->insert("Emile", "other@example.org"));
}

TEST_P(UserStoreContract, FoldsOnlyAsciiLettersOfAddresses) {
  this->insert("one", "\u00c9@example.org").value();

  EXPECT_TRUE(this->insert("two", "\u00e9@example.org"));
}

TEST_P(UserStoreContract, FindsNothingForAnUnknownNumber) {
  const auto found = this->find(domain::UserId{77});

  ASSERT_TRUE(found);
  EXPECT_FALSE(found->has_value());
}

TEST_P(UserStoreContract, ListsInOrderOfNumberFromACursor) {
  for (const char* name : {"c", "a", "b"}) {
    this->add_user(name);
  }

  EXPECT_EQ(this->names({}), (std::vector<std::string>{"c", "a", "b"}));
  EXPECT_EQ(this->names(UserQuery{domain::UserId{1}, 0, 20}), (std::vector<std::string>{"a", "b"}));
}

TEST_P(UserStoreContract, ListsAPageAtAnOffset) {
  for (const char* name : {"a", "b", "c", "d"}) {
    this->add_user(name);
  }

  EXPECT_EQ(this->names(UserQuery{{}, 2, 1}), (std::vector<std::string>{"c"}));
  EXPECT_TRUE(this->names(UserQuery{{}, ~std::uint64_t{0}, 20}).empty());
  EXPECT_TRUE(this->names(UserQuery{{}, 0, 0}).empty());
}

TEST_P(UserStoreContract, EndsAPageWhereItsRowsOrItsBytesEnd) {
  for (const char letter : {'a', 'b', 'c', 'd'}) {
    this->insert(std::string(100, letter), std::string(88, letter) + "@example.org").value();
  }
  UserQuery query;

  query.max_bytes = 400;
  EXPECT_EQ(this->user_pages(query), (Pages{{1, 2}, {3, 4}}));
  query.max_bytes = 399;
  EXPECT_EQ(this->user_pages(query), (Pages{{1}, {2}, {3}, {4}}));
  query.max_bytes = kMaxPageBytes;
  query.limit = 3;
  EXPECT_EQ(this->user_pages(query), (Pages{{1, 2, 3}, {4}}));
}

TEST_P(UserStoreContract, EndsAPageAtAnOffsetWhereItsBytesEnd) {
  for (const char* name : {"a", "b", "c", "d"}) {
    this->add_user(name);
  }
  UserQuery query;
  query.offset = 1;
  query.max_bytes = 1;

  const auto page = run_blocking_task(this->users().list(query, {})).value();

  EXPECT_EQ(each(page.rows, &domain::User::username), (std::vector<std::string>{"b"}));
  EXPECT_TRUE(page.more);
}

TEST_P(UserStoreContract, ListsWhoHasAName) {
  for (const char* name : {"Ada", "ada2", "bea", "J\u00fcrgen"}) {
    this->add_user(name);
  }
  const auto named = [this](const char* name) {
    UserQuery query;
    query.username = name;
    return this->names(query);
  };

  EXPECT_EQ(named("ada2"), (std::vector<std::string>{"ada2"}));
  EXPECT_EQ(named(" aDA "), (std::vector<std::string>{"Ada"})) << "as names are unique";
  EXPECT_EQ(named("JU\u0308RGEN\u200b"), (std::vector<std::string>{"J\u00fcrgen"}));
  EXPECT_TRUE(named("ad").empty());
}

TEST_P(UserStoreContract, ListsNobodyOfANameBehindTheCursor) {
  this->add_user("Ada");
  UserQuery after;
  after.username = "Ada";
  after.after = domain::UserId{1};
  EXPECT_TRUE(this->names(after).empty());
}

TEST_P(UserStoreContract, ChangesWhatIsGivenAndKeepsTheRest) {
  const auto user = this->add_user("ada");

  const auto changed = this->change(user.id, domain::UserChange{"Ada L.", {}}, 5);

  ASSERT_TRUE(changed);
  EXPECT_EQ(changed->username, "Ada L.");
  EXPECT_EQ(changed->email, user.email);
  EXPECT_EQ(changed->created_at, user.created_at);
  EXPECT_EQ(**this->find(user.id), *changed);
}

TEST_P(UserStoreContract, LetsAUserKeepHisOwnNameInAnotherCase) {
  const auto user = this->add_user("ada");

  EXPECT_TRUE(this->change(user.id, domain::UserChange{"ADA", user.email}, 5));
}

TEST_P(UserStoreContract, RefusesTheNameOfAnotherUserOnChange) {
  const auto ada = this->add_user("ada");
  this->add_user("bea");

  const auto changed = this->change(ada.id, domain::UserChange{"BEA", {}}, 5);

  ASSERT_FALSE(changed);
  EXPECT_EQ(changed.error().kind, ErrorKind::kConflict);
  EXPECT_EQ((*this->find(ada.id))->username, "ada");
}

TEST_P(UserStoreContract, SaysNotFoundBeforeConflict) {
  this->add_user("ada");

  const auto changed = this->change(domain::UserId{77}, domain::UserChange{"ada", {}}, 5);

  ASSERT_FALSE(changed);
  EXPECT_EQ(changed.error().kind, ErrorKind::kNotFound);
  EXPECT_EQ(changed.error().message, "User not found");
}

TEST_P(UserStoreContract, LeavesOneAuditRowForEachChange) {
  const auto user = this->add_user("ada");
  this->change(user.id, domain::UserChange{"bea", {}}, 5).value();
  this->remove(user.id, 6).value();

  const auto trail = this->trail();

  ASSERT_EQ(trail.size(), 3U);
  const std::string before =
      R"({"created_at":"2027-01-15T08:00:01","email":"ada@example.org","id":1,"username":"ada"})";
  const std::string after =
      R"({"created_at":"2027-01-15T08:00:01","email":"ada@example.org","id":1,"username":"bea"})";
  EXPECT_EQ(each(trail, &domain::AuditEntry::action),
            (std::vector<std::string>{"create", "update", "delete"}));
  EXPECT_EQ(each(trail, &domain::AuditEntry::before),
            (std::vector<std::string>{"", before, after}));
  EXPECT_EQ(each(trail, &domain::AuditEntry::after), (std::vector<std::string>{before, after, ""}));
  EXPECT_EQ(trail[1].entity, "user");
  EXPECT_EQ(trail[1].entity_id, 1);
  EXPECT_EQ(trail[1].who, "tester");
  EXPECT_EQ(trail[1].request_id, "request-5");
  EXPECT_EQ(trail[1].at, this->at(5));
}

TEST_P(UserStoreContract, LeavesNoTraceOfAChangeThatChangesNothing) {
  const auto user = this->add_user("ada");

  const auto same = this->change(user.id, domain::UserChange{"ada", {}}, 5);

  ASSERT_TRUE(same);
  EXPECT_EQ(*same, user);
  EXPECT_EQ(this->trail().size(), 1U);
}

TEST_P(UserStoreContract, LeavesNoTraceOfARefusedChange) {
  this->add_user("ada");
  ASSERT_FALSE(this->insert("ada", "new@example.org"));

  EXPECT_EQ(this->trail().size(), 1U);
  EXPECT_EQ(this->names({}).size(), 1U);
}

TEST_P(UserStoreContract, ChangesAndDeletesOnlyWhatIsAsTheCallerWantsIt) {
  const auto old = this->add_user("ada");
  this->add_link(old.id, "first1");
  domain::UserChange rename;
  rename.username = "eve";
  const auto now = run_blocking_task(this->users().change(old.id, rename, this->by_who_wants(old)));
  ASSERT_TRUE(now);
  const auto rows = this->trail().size();

  rename.username = "zoe";
  const auto changed =
      run_blocking_task(this->users().change(old.id, rename, this->by_who_wants(old)));
  const auto removed = run_blocking_task(this->users().remove(old.id, this->by_who_wants(old)));

  ASSERT_FALSE(changed);
  EXPECT_EQ(changed.error().kind, ErrorKind::kPreconditionFailed);
  ASSERT_FALSE(removed);
  EXPECT_EQ(removed.error().kind, ErrorKind::kPreconditionFailed);
  EXPECT_EQ(**this->find(old.id), *now);
  EXPECT_EQ(this->trail().size(), rows);
  EXPECT_TRUE(run_blocking_task(this->users().remove(old.id, this->by_who_wants(*now))));
}

TEST_P(UserStoreContract, SaysWhatIsNotThereBeforeHowItIs) {
  domain::User nobody;
  nobody.id.value = 77;
  const auto removed =
      run_blocking_task(this->users().remove(nobody.id, this->by_who_wants(nobody)));
  ASSERT_FALSE(removed);
  EXPECT_EQ(removed.error().kind, ErrorKind::kNotFound);
}

TEST_P(UserStoreContract, AddsNoEventForAUser) {
  const auto user = this->add_user("ada");
  this->change(user.id, domain::UserChange{"bea", {}}, 5).value();

  EXPECT_TRUE(this->all_events().empty());
}

TEST_P(UserStoreContract, DeletesAUserOnce) {
  const auto user = this->add_user("ada");

  EXPECT_TRUE(this->remove(user.id));
  EXPECT_FALSE(this->find(user.id)->has_value());
  const auto again = this->remove(user.id);
  ASSERT_FALSE(again);
  EXPECT_EQ(again.error().kind, ErrorKind::kNotFound);
}

TEST_P(UserStoreContract, DeletesTheLinksOfADeletedUser) {
  const auto ada = this->add_user("ada");
  const auto bea = this->add_user("bea");
  this->add_link(ada.id, "first1");
  this->add_link(bea.id, "hers01");
  this->add_link(ada.id, "second");
  this->listener().take();

  ASSERT_TRUE(this->remove(ada.id));

  const auto left = run_blocking_task(this->links().list({}, {}));
  EXPECT_EQ(each(left->rows, &domain::Link::code), (std::vector<std::string>{"hers01"}));
  const auto heard = this->listener().take();
  ASSERT_EQ(heard.size(), 1U);
  EXPECT_EQ(heard[0], (std::vector<std::string>{"first1", "second"}));
}

TEST_P(UserStoreContract, LeavesADeletedEventForEachLinkOfADeletedUser) {
  const auto ada = this->add_user("ada");
  this->add_link(ada.id, "first1");
  this->add_link(ada.id, "second");

  ASSERT_TRUE(this->remove(ada.id, 9));

  const auto events = this->all_events();
  ASSERT_EQ(events.size(), 4U);
  EXPECT_EQ(each(events, &domain::Event::type),
            (std::vector<std::string>{"created", "created", "deleted", "deleted"}));
  EXPECT_EQ(events[3].details,
            R"({"original_url":"https://example.org/second","short_code":"second"})");
  EXPECT_EQ(events[3].at, this->at(9));
  EXPECT_EQ(each(events, &domain::Event::link),
            std::vector<std::optional<domain::LinkId>>(4, std::nullopt));
  EXPECT_EQ(each(events, &domain::Event::user),
            std::vector<std::optional<domain::UserId>>(4, std::nullopt));
}

TEST_P(UserStoreContract, LeavesAnAuditRowForADeletedUserAndEachOfHisLinks) {
  const auto ada = this->add_user("ada");
  this->add_link(ada.id, "first1");
  const auto before = this->trail().size();

  ASSERT_TRUE(this->remove(ada.id));

  auto trail = this->trail();
  trail.erase(trail.begin(), trail.begin() + static_cast<std::ptrdiff_t>(before));
  EXPECT_EQ(each(trail, &domain::AuditEntry::entity), (std::vector<std::string>{"link", "user"}));
  EXPECT_EQ(each(trail, &domain::AuditEntry::action),
            (std::vector<std::string>{"delete", "delete"}));
}

// More than are deleted in one transaction.
TEST_P(UserStoreContract, DeletesAUserOfManyLinksWhole) {
  constexpr std::size_t kLinks = 1'001;
  const auto ada = this->add_user("ada");
  const auto bea = this->add_user("bea");
  std::set<std::string> codes;
  for (std::size_t i = 0; i < kLinks; ++i) {
    codes.insert(this->add_link(ada.id, "many" + std::to_string(i)).code);
  }
  this->add_link(bea.id, "hers01");
  this->listener().take();

  ASSERT_TRUE(this->remove(ada.id, 9));

  EXPECT_FALSE(this->find(ada.id)->has_value());
  EXPECT_EQ(each(run_blocking_task(this->links().list({}, {}))->rows, &domain::Link::code),
            (std::vector<std::string>{"hers01"}));
  EventQuery deleted;
  deleted.type = "deleted";
  deleted.limit = 2 * kLinks;
  EXPECT_EQ(this->all_events(deleted).size(), kLinks);
  bool everything = false;
  std::set<std::string> forgotten;
  for (const auto& of_a_commit : this->listener().take()) {
    everything = everything || of_a_commit == RecordingListener::kEverything;
    forgotten.insert(of_a_commit.begin(), of_a_commit.end());
  }
  EXPECT_TRUE(everything || forgotten == codes);
}

TEST_P(UserStoreContract, FindsNoEventsByTheNumberOfADeletedUser) {
  const auto ada = this->add_user("ada");
  this->add_link(ada.id, "first1");
  EventQuery query;
  query.user = ada.id;
  ASSERT_EQ(this->all_events(query).size(), 1U);

  ASSERT_TRUE(this->remove(ada.id));

  EXPECT_TRUE(this->all_events(query).empty());
}

TEST_P(UserStoreContract, KeepsMetadataAsItWasSent) {
  const std::string metadata = R"({ "b": 1.0, "a":["\u00e9"], "b": 12345678901234567890 })";
  const auto user = this->add_user_with(metadata);

  const auto profile = this->profile(user.id);

  EXPECT_EQ(profile.record, (domain::UserRecord{user, metadata}));
  EXPECT_EQ(this->profile(this->add_user("bea").id).record.metadata, "{}");
}

TEST_P(UserStoreContract, ReplacesMetadataAsAWholeAndOnlyWhenItIsGiven) {
  const auto user = this->add_user_with(R"({"plan":"pro","seats":5})");

  this->change(user.id, domain::UserChange{"bea", {}}, 5).value();
  EXPECT_EQ(this->profile(user.id).record.metadata, R"({"plan":"pro","seats":5})");
  const auto changed = this->change(user.id, this->to_metadata(R"({"plan":"free"})"), 6);

  ASSERT_TRUE(changed);
  EXPECT_EQ(changed->username, "bea");
  EXPECT_EQ(this->profile(user.id).record.metadata, R"({"plan":"free"})");
  EXPECT_EQ(this->profile(user.id).record.user, *changed);
}

TEST_P(UserStoreContract, LeavesMetadataInTheTrail) {
  const auto user = this->add_user_with(R"({"a":1})");
  this->change(user.id, this->to_metadata(R"({"a":1})"), 5).value();  // the same: no row
  this->change(user.id, this->to_metadata("{}"), 6).value();
  this->change(user.id, this->to_metadata(R"({"a":2})"), 7).value();
  this->remove(user.id, 8).value();

  const auto trail = this->trail();

  const auto form = [](const std::string& metadata) {
    return R"({"created_at":"2027-01-15T08:00:01","email":"ada@example.org","id":1,)" + metadata +
           R"("username":"ada"})";
  };
  const std::string one = form(R"("metadata":{"a":1},)");
  const std::string none = form("");
  const std::string two = form(R"("metadata":{"a":2},)");
  EXPECT_EQ(each(trail, &domain::AuditEntry::before),
            (std::vector<std::string>{"", one, none, two}));
  EXPECT_EQ(each(trail, &domain::AuditEntry::after),
            (std::vector<std::string>{one, none, two, ""}));
}

TEST_P(UserStoreContract, HasNoProfileOfAnUnknownUser) {
  const auto user = this->add_user("ada");
  ASSERT_TRUE(this->remove(user.id));

  for (const domain::UserId id : {user.id, domain::UserId{77}, domain::UserId{0}}) {
    const auto found = run_blocking_task(this->users().find_profile(id, {}));
    ASSERT_TRUE(found);
    EXPECT_FALSE(found->has_value());
  }
}

TEST_P(UserStoreContract, CountsTheLinksAndClicksOfTheUserAlone) {
  const auto ada = this->add_user("ada");
  const auto bea = this->add_user("bea");
  const auto first = this->add_link(ada.id, "first1");
  const auto second = this->add_link(ada.id, "second");
  const auto hers = this->add_link(bea.id, "hers01");
  this->ship({this->click_of(first), this->click_of(hers), this->click_of(second)});
  this->ship({this->click_of(first), this->click_of(first)});

  EXPECT_EQ(this->profile(ada.id).links, 2U);
  EXPECT_EQ(this->profile(ada.id).clicks, 4U);
  EXPECT_EQ(this->profile(bea.id).links, 1U);
  EXPECT_EQ(this->profile(bea.id).clicks, 1U);
}

TEST_P(UserStoreContract, CountsTheClicksOfLinksThatAreGone) {
  const auto ada = this->add_user("ada");
  const auto link = this->add_link(ada.id, "first1");
  this->ship({this->click_of(link, 100)});
  run_blocking_task(this->links().remove(link.id, this->by(50))).value();
  this->ship({this->click_of(link, 90)});  // it was on its way

  const auto profile = this->profile(ada.id);

  EXPECT_EQ(profile.links, 0U);
  EXPECT_EQ(profile.clicks, 2U);
  EXPECT_EQ(profile.last_activity, this->at(100));
}

TEST_P(UserStoreContract, KnowsWhenTheNewestOfAUsersEventsHappened) {
  const auto ada = this->add_user("ada");
  EXPECT_EQ(this->profile(ada.id).last_activity, std::nullopt);
  const auto bea = this->add_user("bea");
  const auto link = this->add_link(ada.id, "first1", 2);
  EXPECT_EQ(this->profile(ada.id).last_activity, this->at(2));
  EXPECT_EQ(this->profile(bea.id).last_activity, std::nullopt);

  this->ship({this->click_of(link, 300), this->click_of(link, 200)});
  EXPECT_EQ(this->profile(ada.id).last_activity, this->at(300));

  domain::EventDraft draft = {link.id, bea.id, "share", "{}"};
  run_blocking_task(this->events().insert(std::move(draft), this->by(400))).value();
  EXPECT_EQ(this->profile(ada.id).last_activity, this->at(300));
  EXPECT_EQ(this->profile(bea.id).last_activity, this->at(400));

  run_blocking_task(this->links().remove(link.id, this->by(500))).value();
  EXPECT_EQ(this->profile(ada.id).last_activity, this->at(500));
}

}  // namespace ginnel::storage
