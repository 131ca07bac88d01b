// SPDX-License-Identifier: MIT
#include "storage/link_store_contract.h"

namespace ginnel::storage {

TEST_P(LinkStoreContract, GivesBackWhatWasInserted) {
  const auto link = this->insert(this->draft_of(this->owner_, "abc123"));

  ASSERT_TRUE(link);
  EXPECT_EQ(link->user, this->owner_);
  EXPECT_EQ(link->code, "abc123");
  EXPECT_EQ(link->target, "https://example.org/abc123");
  EXPECT_EQ(link->title, "Title of abc123");
  EXPECT_TRUE(link->enabled);
  EXPECT_EQ(link->created_at, this->at(2));
  EXPECT_EQ(link->updated_at, this->at(2));
  EXPECT_EQ(link->version, 1);
  EXPECT_EQ(**run_blocking_task(this->links().find(link->id, {})), *link);
  EXPECT_EQ(this->by_code("abc123"), *link);
}

TEST_P(LinkStoreContract, TellsCodesApartByCase) {
  this->add_link(this->owner_, "abcdef");
  const auto upper = this->add_link(this->owner_, "ABCDEF");

  EXPECT_EQ(this->by_code("ABCDEF")->id, upper.id);
  EXPECT_FALSE(this->by_code("Abcdef"));
}

TEST_P(LinkStoreContract, FindsAChosenCodeInAnyCase) {
  const auto chosen = this->choose("Spring-Sale_1");
  const auto short_one = this->choose("aBc");

  for (const char* typed : {"Spring-Sale_1", "spring-sale_1", "SPRING-SALE_1", "sPRING-sALE_1"}) {
    EXPECT_EQ(this->typed(typed), chosen) << typed;
  }
  EXPECT_EQ(this->typed("ABC"), short_one);
  EXPECT_FALSE(this->typed("spring_sale_1"));
  EXPECT_FALSE(this->by_code("spring-sale_1")) << "who names a code names it exactly";
}

TEST_P(LinkStoreContract, FindsARandomCodeInItsOwnCaseOnly) {
  const auto link = this->add_link(this->owner_, "xYz123");

  EXPECT_EQ(this->typed("xYz123"), link);
  EXPECT_FALSE(this->typed("xyz123"));
  EXPECT_FALSE(this->typed("XYZ123"));
}

TEST_P(LinkStoreContract, PrefersTheExactCodeAndGuessesNoneOfTwo) {
  const auto random = this->add_link(this->owner_, "summer");
  const auto chosen = this->choose("Summer");

  EXPECT_EQ(this->typed("summer"), random);
  EXPECT_EQ(this->typed("Summer"), chosen);
  EXPECT_FALSE(this->typed("SUMMER"));
  ASSERT_TRUE(this->remove(random.id));
  EXPECT_EQ(this->typed("SUMMER"), chosen) << "nothing else is left";
  EXPECT_EQ(this->typed("summer"), chosen);
  ASSERT_TRUE(this->remove(chosen.id));
  EXPECT_FALSE(this->typed("SUMMER"));
}

TEST_P(LinkStoreContract, RefusesACodeThatDiffersByCaseAloneFromAChosenOne) {
  this->choose("Summer");
  this->choose("a-b");
  const auto events = this->all_events().size();

  for (const bool chosen : {true, false}) {
    for (const char* code : {"summer", "SUMMER", "sUmMeR", "A-B", "a-B"}) {
      auto draft = this->draft_of(this->owner_, code);
      draft.chosen = chosen;
      const auto made = this->insert(std::move(draft));
      ASSERT_FALSE(made) << code;
      EXPECT_EQ(made.error().kind, ErrorKind::kConflict);
      const std::string other = std::string(code).size() == 3 ? "a-b" : "Summer";
      EXPECT_EQ(made.error().message,
                "This short code is taken: " + other + " differs from it by case alone");
    }
  }
  EXPECT_EQ(this->all_events().size(), events);
}

TEST_P(LinkStoreContract, LetsAPersonChooseWhatARandomCodeIsInAnotherCase) {
  this->add_link(this->owner_, "aBcDeF");

  EXPECT_EQ(this->choose("ABCDEF").code, "ABCDEF");
}

TEST_P(LinkStoreContract, GivesTheCaseOfADeletedCodeFree) {
  const auto link = this->choose("Summer");
  ASSERT_TRUE(this->remove(link.id));

  EXPECT_EQ(this->choose("summer").code, "summer");
}

TEST_P(LinkStoreContract, FindsACodeWithoutTheHyphensAndUnderscoresAtItsEnds) {
  const auto link = this->add_link(this->owner_, "abc123");

  for (const char* typed :
       {"abc123-", "abc123_", "abc123--", "abc123_-_", "abc123-----", "_abc123_", "--abc123"}) {
    EXPECT_EQ(this->typed(typed), link) << typed;
  }
  for (const char* typed : {"abc123-x", "abc12-", "abc-123", "-", "---", "ABC123-"}) {
    EXPECT_FALSE(this->typed(typed)) << typed;
  }
}

TEST_P(LinkStoreContract, FindsTheLongestOfTheCodesThatMayBeMeant) {
  const auto bare = this->choose("code");
  const auto hyphen = this->choose("code-");
  const auto both = this->choose("_code-");

  EXPECT_EQ(this->typed("code"), bare);
  EXPECT_EQ(this->typed("code-"), hyphen);
  EXPECT_EQ(this->typed("code--"), hyphen);
  EXPECT_EQ(this->typed("code_"), bare);
  EXPECT_EQ(this->typed("_code-"), both);
  EXPECT_EQ(this->typed("_code-_"), both);
  EXPECT_EQ(this->typed("CODE-"), hyphen);
  EXPECT_EQ(this->typed("CODE-_"), hyphen);
  EXPECT_EQ(this->typed("CODE_"), bare);
  EXPECT_EQ(this->typed("-CODE--"), hyphen);
}

TEST_P(LinkStoreContract, FindsOfTwoCodesThatAreAsLongTheOneThatBeginsEarlier) {
  const auto later = this->choose("tie-");
  EXPECT_EQ(this->typed("-tie-"), later);
  const auto earlier = this->choose("-tie");

  EXPECT_EQ(this->typed("-tie-"), earlier);
  EXPECT_EQ(this->typed("-TIE-"), earlier);
  EXPECT_EQ(this->typed("_tie-"), later);
}

TEST_P(LinkStoreContract, FindsACodeThatHasHyphensAndUnderscoresAmongOthers) {
  for (const char* code : {"____", "-_-_-", "---", "--lead", "lead2--", "_-lead3", "lead5-"}) {
    const auto link = this->choose(code);
    for (const char* before : {"", "-", "_", "__"}) {
      for (const char* behind : {"", "-", "_", "--"}) {
        EXPECT_EQ(this->typed(std::string(before) + code + behind), link)
            << before << code << behind;
      }
    }
    ASSERT_TRUE(this->remove(link.id));
  }
}

TEST_P(LinkStoreContract, LeavesACreatedEvent) {
  const auto link = this->add_link(this->owner_, "abc123", 4);

  const auto events = this->all_events();

  ASSERT_EQ(events.size(), 1U);
  EXPECT_EQ(events[0].type, "created");
  EXPECT_EQ(events[0].link, link.id);
  EXPECT_EQ(events[0].user, this->owner_);
  EXPECT_EQ(events[0].at, link.created_at);
  EXPECT_EQ(events[0].origin, domain::EventOrigin::kService);
  EXPECT_EQ(events[0].details,
            R"({"original_url":"https://example.org/abc123","short_code":"abc123"})");
}

TEST_P(LinkStoreContract, RefusesATakenCode) {
  this->add_link(this->owner_, "abc123");

  const auto second = this->insert(this->draft_of(this->owner_, "abc123"));

  ASSERT_FALSE(second);
  EXPECT_EQ(second.error().kind, ErrorKind::kConflict);
  EXPECT_EQ(second.error().message, "This short code is taken");
  EXPECT_EQ(this->all_events().size(), 1U);
  EXPECT_EQ(this->codes({}).size(), 1U);
}

TEST_P(LinkStoreContract, RefusesAnUnknownOwner) {
  const auto link = this->insert(this->draft_of(domain::UserId{77}, "abc123"));

  ASSERT_FALSE(link);
  EXPECT_EQ(link.error().kind, ErrorKind::kNotFound);
  EXPECT_EQ(link.error().message, "User 77 not found");
}

TEST_P(LinkStoreContract, NeverGivesARandomCodeOutTwice) {
  const auto link = this->add_link(this->owner_, "abc123");
  ASSERT_TRUE(this->remove(link.id));

  const auto again = this->insert(this->draft_of(this->owner_, "abc123"));

  ASSERT_FALSE(again);
  EXPECT_EQ(again.error().kind, ErrorKind::kConflict);
}

TEST_P(LinkStoreContract, LetsAPersonChooseTheCodeOfADeletedLink) {
  const auto link = this->add_link(this->owner_, "abc123");
  ASSERT_TRUE(this->remove(link.id));
  auto draft = this->draft_of(this->owner_, "abc123");
  draft.chosen = true;

  const auto again = this->insert(draft);

  ASSERT_TRUE(again);
  EXPECT_GT(again->id, link.id);
  EXPECT_TRUE(this->remove(again->id));
}

TEST_P(LinkStoreContract, FindsNothingForAnUnknownNumberOrCode) {
  const auto found = run_blocking_task(this->links().find(domain::LinkId{77}, {}));

  ASSERT_TRUE(found);
  EXPECT_FALSE(found->has_value());
  EXPECT_FALSE(this->by_code("nosuch"));
}

TEST_P(LinkStoreContract, ChangesWhatIsSentAndRaisesTheVersion) {
  const auto link = this->add_link(this->owner_, "abc123");

  const auto changed = this->change(link.id, domain::LinkChange{{}, "New title", false}, 7);

  ASSERT_TRUE(changed);
  EXPECT_EQ(changed->title, "New title");
  EXPECT_FALSE(changed->enabled);
  EXPECT_EQ(changed->target, link.target);
  EXPECT_EQ(changed->created_at, link.created_at);
  EXPECT_EQ(changed->updated_at, this->at(7));
  EXPECT_EQ(changed->version, 2);
  EXPECT_EQ(this->by_code("abc123"), *changed);
}

TEST_P(LinkStoreContract, LeavesAnUpdatedEventWithTheFieldsThatWereSent) {
  const auto link = this->add_link(this->owner_, "abc123");

  this->change(link.id, domain::LinkChange{{}, "T\"", false}, 7).value();
  this->change(link.id, domain::LinkChange{"https://new.example/", {}, {}}, 8).value();

  const auto events = this->all_events();
  ASSERT_EQ(events.size(), 3U);
  EXPECT_EQ(events[1].type, "updated");
  EXPECT_EQ(events[1].at, this->at(7));
  EXPECT_EQ(events[1].user, this->owner_);
  EXPECT_EQ(events[1].details, R"({"is_active":false,"title":"T\""})");
  EXPECT_EQ(events[2].details,
            R"({"original_url":{"after":"https://new.example/",)"
            R"("before":"https://example.org/abc123"}})");
}

TEST_P(LinkStoreContract, MovesTheTimeOfAnEmptyChange) {
  const auto link = this->add_link(this->owner_, "abc123");

  const auto changed = this->change(link.id, {}, 7);

  ASSERT_TRUE(changed);
  EXPECT_EQ(changed->updated_at, this->at(7));
  EXPECT_EQ(changed->version, 2);
  EXPECT_EQ(this->all_events().back().details, "{}");
}

TEST_P(LinkStoreContract, ChangesNothingThatIsNotThere) {
  const auto changed = this->change(domain::LinkId{77}, {}, 7);

  ASSERT_FALSE(changed);
  EXPECT_EQ(changed.error().kind, ErrorKind::kNotFound);
  EXPECT_EQ(changed.error().message, "URL not found");
}

TEST_P(LinkStoreContract, ChangesAndDeletesOnlyWhatIsAsTheCallerWantsIt) {
  const auto old = this->add_link(this->owner_, "abc123");
  const auto now = run_blocking_task(this->links().change(old.id, {}, this->by_who_wants(old)));
  ASSERT_TRUE(now);
  const auto rows = this->trail().size();
  this->listener().take();

  const auto changed = run_blocking_task(this->links().change(old.id, {}, this->by_who_wants(old)));
  const auto removed = run_blocking_task(this->links().remove(old.id, this->by_who_wants(old)));

  ASSERT_FALSE(changed);
  EXPECT_EQ(changed.error().kind, ErrorKind::kPreconditionFailed);
  ASSERT_FALSE(removed);
  EXPECT_EQ(removed.error().kind, ErrorKind::kPreconditionFailed);
  EXPECT_EQ(this->by_code("abc123"), *now);
  EXPECT_EQ(this->trail().size(), rows);
  EXPECT_TRUE(this->listener().take().empty());
  EXPECT_TRUE(run_blocking_task(this->links().remove(old.id, this->by_who_wants(*now))));
}

TEST_P(LinkStoreContract, DeletesALinkOnce) {
  const auto link = this->add_link(this->owner_, "abc123");

  EXPECT_TRUE(this->remove(link.id));
  EXPECT_FALSE(this->by_code("abc123"));
  const auto again = this->remove(link.id);
  ASSERT_FALSE(again);
  EXPECT_EQ(again.error().kind, ErrorKind::kNotFound);
}

TEST_P(LinkStoreContract, KeepsTheEventsOfADeletedLinkWithoutItsNumber) {
  const auto link = this->add_link(this->owner_, "abc123");
  EventQuery query;
  query.link = link.id;
  ASSERT_EQ(this->all_events(query).size(), 1U);

  ASSERT_TRUE(this->remove(link.id, 9));

  const auto events = this->all_events();
  ASSERT_EQ(events.size(), 2U);
  EXPECT_EQ(events[1].type, "deleted");
  EXPECT_EQ(events[1].at, this->at(9));
  EXPECT_EQ(events[1].user, this->owner_);
  EXPECT_FALSE(events[0].link);
  EXPECT_FALSE(events[1].link);
  EXPECT_TRUE(this->all_events(query).empty());
}

TEST_P(LinkStoreContract, LeavesOneAuditRowForEachChange) {
  const auto link = this->add_link(this->owner_, "abc123", 2);
  const auto changed = this->change(link.id, domain::LinkChange{{}, {}, false}, 7);
  this->remove(link.id).value();

  auto trail = this->trail();

  ASSERT_EQ(trail.size(), 4U);
  const std::string before =
      R"({"created_at":"2027-01-15T08:00:02","id":1,"is_active":true,)"
      R"("original_url":"https://example.org/abc123","short_code":"abc123",)"
      R"("title":"Title of abc123","updated_at":"2027-01-15T08:00:02","user_id":1})";
  EXPECT_EQ(trail[1].action, "create");
  EXPECT_EQ(trail[1].entity, "link");
  EXPECT_EQ(trail[1].entity_id, link.id.value);
  EXPECT_EQ(trail[1].before, "");
  EXPECT_EQ(trail[1].after, before);
  EXPECT_EQ(trail[2].action, "update");
  EXPECT_EQ(trail[2].before, before);
  EXPECT_NE(trail[2].after.find(R"("is_active":false)"), std::string::npos);
  EXPECT_EQ(trail[3].action, "delete");
  EXPECT_EQ(trail[3].before, trail[2].after);
  EXPECT_EQ(trail[3].after, "");
}

TEST_P(LinkStoreContract, TellsTheListenerOfEveryCommittedChange) {
  const auto link = this->add_link(this->owner_, "abc123");
  EXPECT_EQ(this->listener().take(), (std::vector<std::vector<std::string>>{{"abc123"}}));

  this->change(link.id, {}, 7).value();
  EXPECT_EQ(this->listener().take(), (std::vector<std::vector<std::string>>{{"abc123"}}));

  this->remove(link.id).value();
  EXPECT_EQ(this->listener().take(), (std::vector<std::vector<std::string>>{{"abc123"}}));
}

TEST_P(LinkStoreContract, TellsTheListenerNothingOfARefusal) {
  this->add_link(this->owner_, "abc123");
  this->listener().take();

  ASSERT_FALSE(this->insert(this->draft_of(this->owner_, "abc123")));
  ASSERT_FALSE(this->remove(domain::LinkId{77}));
  this->add_user("another");

  EXPECT_TRUE(this->listener().take().empty());
}

TEST_P(LinkStoreContract, ListsByOwnerStateAndCursor) {
  const auto other = this->add_user("other").id;
  const auto first = this->add_link(this->owner_, "first1");
  this->add_link(other, "second");
  const auto third = this->add_link(this->owner_, "third3");
  this->change(third.id, domain::LinkChange{{}, {}, false}, 7).value();
  LinkQuery own;
  own.user = this->owner_;
  LinkQuery disabled;
  disabled.enabled = false;
  LinkQuery own_enabled = own;
  own_enabled.enabled = true;
  LinkQuery after;
  after.after = first.id;
  after.limit = 1;

  EXPECT_EQ(this->codes({}), (std::vector<std::string>{"first1", "second", "third3"}));
  EXPECT_EQ(this->codes(own), (std::vector<std::string>{"first1", "third3"}));
  EXPECT_EQ(this->codes(disabled), (std::vector<std::string>{"third3"}));
  EXPECT_EQ(this->codes(own_enabled), (std::vector<std::string>{"first1"}));
  EXPECT_EQ(this->codes(after), (std::vector<std::string>{"second"}));
}

TEST_P(LinkStoreContract, ListsTheNewestFirstFromACursorDownwards) {
  const auto other = this->add_user("other").id;
  this->add_link(this->owner_, "first1");
  this->add_link(other, "second");
  const auto third = this->add_link(this->owner_, "third3");
  LinkQuery all;
  all.newest_first = true;
  LinkQuery first = all;
  first.limit = 1;
  LinkQuery before = all;
  before.after = third.id;
  LinkQuery own = all;
  own.user = this->owner_;
  LinkQuery disabled = all;
  disabled.enabled = false;

  EXPECT_EQ(this->codes(all), (std::vector<std::string>{"third3", "second", "first1"}));
  EXPECT_EQ(this->codes(first), (std::vector<std::string>{"third3"}));
  EXPECT_EQ(this->codes(before), (std::vector<std::string>{"second", "first1"}));
  EXPECT_EQ(this->codes(own), (std::vector<std::string>{"third3", "first1"}));
  EXPECT_TRUE(this->codes(disabled).empty());
}

TEST_P(LinkStoreContract, EndsAPageWhereItsRowsOrItsBytesEnd) {
  for (const char* code : {"one", "two", "six", "ten"}) {
    domain::LinkDraft draft = this->draft_of(this->owner_, code);
    draft.target = "https://example.org/" + std::string(480, 'x');
    draft.title = std::string(497, 't');
    this->insert(std::move(draft)).value();  // of 1,000 bytes
  }
  LinkQuery query;

  query.max_bytes = 3'000;
  EXPECT_EQ(this->link_pages(query), (Pages{{1, 2, 3}, {4}}));
  query.user = this->owner_;
  query.max_bytes = 2'999;
  EXPECT_EQ(this->link_pages(query), (Pages{{1, 2}, {3, 4}}));
  query.newest_first = true;
  EXPECT_EQ(this->link_pages(query), (Pages{{4, 3}, {2, 1}}));
  query.enabled = true;
  query.max_bytes = 1;
  EXPECT_EQ(this->link_pages(query), (Pages{{4}, {3}, {2}, {1}}));
  query.max_bytes = kMaxPageBytes;
  query.limit = 3;
  EXPECT_EQ(this->link_pages(query), (Pages{{4, 3, 2}, {1}}));
}

TEST_P(LinkStoreContract, ListsTheLinkWithACodeWhenTheRestFitsToo) {
  this->add_link(this->owner_, "first1");
  const auto second = this->add_link(this->owner_, "second");
  LinkQuery query;
  query.code = "second";
  EXPECT_EQ(this->codes(query), (std::vector<std::string>{"second"}));
  query.user = this->owner_;
  query.enabled = true;
  EXPECT_EQ(this->codes(query), (std::vector<std::string>{"second"}));
  query.after = second.id;
  EXPECT_TRUE(this->codes(query).empty());
  query.after = {};
  query.enabled = false;
  EXPECT_TRUE(this->codes(query).empty());
  query.enabled = std::nullopt;
  query.code = "Second";
  EXPECT_TRUE(this->codes(query).empty());
}

TEST_P(LinkStoreContract, CountsLinks) {
  const auto count = [this] { return *run_blocking_task(this->links().count({})); };
  EXPECT_EQ(count(), 0U);
  const auto link = this->add_link(this->owner_, "first1");
  this->add_link(this->owner_, "second");
  EXPECT_EQ(count(), 2U);
  this->remove(link.id).value();
  EXPECT_EQ(count(), 1U);
}

TEST_P(LinkStoreContract, FindsTheLinksThatWordsWouldShadow) {
  for (const char* code : {"Health", "health1", "EVENTS", "events", "heal", "other-1"}) {
    this->add_link(this->owner_, code);
  }

  EXPECT_EQ(this->codes_like({"events", "HEALTH", "other-1", "missing", "events"}),
            (std::vector<std::string>{"Health", "EVENTS", "events", "other-1"}));
  EXPECT_TRUE(this->codes_like({}).empty());
}

}  // namespace ginnel::storage
