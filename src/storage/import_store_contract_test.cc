// SPDX-License-Identifier: MIT
#include "storage/import_store_contract.h"

namespace ginnel::storage {

TEST_P(ImportStoreContract, KeepsNumbersAndTimes) {
  this->import("user", {this->user(10, "ada"), this->user(4, "bea")});
  this->import("link", {this->link(20, 4, "abc123")});
  this->import("event", {this->event(30, 20, 10)});

  EXPECT_EQ(this->find_user(10), this->user(10, "ada"));
  EXPECT_EQ(*run_blocking_task(this->links().find(domain::LinkId{20}, {})),
            this->link(20, 4, "abc123"));
  auto event = this->event(30, 20, 10);
  event.origin = domain::EventOrigin::kImport;
  EXPECT_EQ(*run_blocking_task(this->events().find(domain::EventId{30}, {})), event);
}

TEST_P(ImportStoreContract, TakesACodeForChosenWhereTheGeneratorCannotHaveMadeIt) {
  this->import("user", {this->user(1, "ada")});
  this->import("link",
               {this->link(1, 1, "abCdef"),
                this->link(2, 1, "Sale"),
                this->link(3, 1, "Spring-2026"),
                this->link(4, 1, "sevenAB"),
                this->link(5, 1, "Two-X"),
                this->link(6, 1, "two-x"),
                this->link(600'000'000, 1, "SEVENab")});

  EXPECT_EQ(this->typed("abCdef"), 1);
  EXPECT_EQ(this->typed("abcdef"), 0);
  EXPECT_EQ(this->typed("SALE"), 2);
  EXPECT_EQ(this->typed("spring-2026"), 3);
  EXPECT_EQ(this->typed("two-x"), 6);
  EXPECT_EQ(this->typed("TWO-X"), 0) << "rows are taken as they are, and none of two is guessed";
  EXPECT_EQ(this->typed("sevenab"), 0) << "a random one differs by case alone";
}

TEST_P(ImportStoreContract, NotesWhereARandomCodeDiffersFromAChosenOneByCaseAlone) {
  const auto owner = this->add_user("ada").id;
  auto draft = this->draft_of(owner, "Summer");
  draft.chosen = true;
  const auto chosen = run_blocking_task(this->links().insert(std::move(draft), this->by(2)));
  ASSERT_TRUE(chosen);

  this->import("link", {this->link(20, owner.value, "sUMMER")});

  EXPECT_EQ(this->typed("Summer"), chosen->id.value);
  EXPECT_EQ(this->typed("sUMMER"), 20);
  EXPECT_EQ(this->typed("summer"), 0);
}

TEST_P(ImportStoreContract, CountsRowsByWhatBecameOfThem) {
  this->import("user", {this->user(1, "ada")});

  const auto counts =
      this->import("user", {this->user(1, "ada"), this->user(1, "eve"), this->user(2, "bea")});

  EXPECT_EQ(counts.rows, 3U);
  EXPECT_EQ(counts.inserted, 1U);
  EXPECT_EQ(counts.unchanged, 1U);
  EXPECT_EQ(counts.skipped, 1U);
  EXPECT_EQ(this->outcomes(),
            (std::vector<change::ImportOutcome>{change::ImportOutcome::kUnchanged,
                                                change::ImportOutcome::kDiffers,
                                                change::ImportOutcome::kInserted}));
  EXPECT_EQ(this->reasons(),
            (std::vector<std::string>{"", "user 1 is there already, with other content", ""}));
  EXPECT_EQ(this->find_user(1)->username, "ada");
}

TEST_P(ImportStoreContract, LeavesNewNumbersAboveImportedOnes) {
  this->import("user", {this->user(10, "ada")});
  this->import("link", {this->link(20, 10, "abc123")});
  this->import("event", {this->event(30, 20, 10), this->event(29, 20, 10)});

  EXPECT_EQ(this->add_user("bea").id.value, 11);
  EXPECT_EQ(this->add_link(domain::UserId{10}, "second").id.value, 21);
  EXPECT_EQ(this->all_events().back().id.value, 31);
}

TEST_P(ImportStoreContract, WritesNoEventsAndOneAuditRow) {
  this->import("user", {this->user(7, "ada"), this->user(3, "bea"), this->user(3, "bea")});

  EXPECT_TRUE(this->all_events().empty());
  const auto trail = this->trail();
  ASSERT_EQ(trail.size(), 1U);
  EXPECT_EQ(trail[0].action, "import");
  EXPECT_EQ(trail[0].entity, "user");
  EXPECT_EQ(trail[0].entity_id, 0);
  EXPECT_EQ(trail[0].who, "import");
  EXPECT_EQ(trail[0].before, "");
  EXPECT_EQ(trail[0].after,
            R"({"counts":{"inserted":2,"rows":3,"skipped":0,"unchanged":1},)"
            R"("file":"users.csv","first_id":3,"last_id":7,"sha256":"0123abcd"})");
}

TEST_P(ImportStoreContract, LeavesNoTraceWhenNothingWasInserted) {
  this->import("user", {this->user(1, "ada")});

  this->import("user", {this->user(1, "ada")});

  EXPECT_EQ(this->trail().size(), 1U);
}

TEST_P(ImportStoreContract, RefusesNumbersOutOfRange) {
  this->import("user",
               {this->user(0, "a"), this->user(-1, "b"), this->user(domain::kMaxId + 1, "c")});

  EXPECT_EQ(this->outcomes(),
            std::vector<change::ImportOutcome>(3, change::ImportOutcome::kRefused));
  EXPECT_EQ(this->reasons()[0].find("id must be between 1 and "), 0U);
}

// In an export of a time when names were compared by their ASCII letters alone.
TEST_P(ImportStoreContract, TakesUsersWhoseNamesWereTwoInAnyOrder) {
  const std::vector<std::string> names = {
      "J\u00fcrgen", "J\u00dcRGEN", "Ju\u0308rgen", "ada", "ada\u200b"};
  std::vector<std::size_t> order = {0, 1, 2, 3, 4};
  std::int64_t id = 0;
  do {
    std::vector<change::ImportRow> rows;
    std::vector<std::int64_t> ids;
    for (const std::size_t i : order) {
      auto row = this->user(++id, names[i]);
      row.email = std::to_string(id) + "@example.org";
      rows.emplace_back(row);
      ids.push_back(id);
    }
    ASSERT_EQ(this->import("user", rows).inserted, order.size()) << id;
    for (std::size_t i = 0; i < order.size(); ++i) {
      UserQuery query;
      query.username = names[order[i]];
      const auto found = run_blocking_task(this->users().list(query, {})).value();
      EXPECT_EQ(each(found.rows, &domain::User::username),
                std::vector<std::string>{names[order[i]]});
    }
    for (const std::int64_t each : ids) {
      EXPECT_TRUE(run_blocking_task(this->users().remove(domain::UserId{each}, this->by(200))));
    }
  } while (std::next_permutation(order.begin(), order.end()));
}

TEST_P(ImportStoreContract, RefusesNamesThatWereOneAtAllTimes) {
  auto row = this->user(1, "J\u00dcRGEN");
  auto beside = this->user(2, "J\u00fcrgen");
  beside.email = "beside@example.org";
  this->import("user", {row, beside});
  auto same = this->user(3, "j\u00dcrgen");
  auto same_beside = this->user(4, "j\u00fcRGEN");

  this->import("user", {same, same_beside});

  EXPECT_EQ(
      this->reasons(),
      (std::vector<std::string>{"username is taken by user 1", "username is taken by user 2"}));
}

TEST_P(ImportStoreContract, LetsAUserKeepAnOldNameUntilItIsChanged) {
  auto old = this->user(1, "J\u00dcRGEN");
  auto other = this->user(2, "J\u00fcrgen");
  other.email = "other@example.org";
  this->import("user", {old, other});
  const auto change = [&](std::int64_t id, const char* name, const char* email) {
    domain::UserChange to;
    to.username = name;
    to.email = email;
    return run_blocking_task(this->users().change(domain::UserId{id}, to, this->by(300)));
  };

  EXPECT_TRUE(change(1, "J\u00dcRGEN", "new@example.org")) << "the name stays";
  const auto refused = change(1, "j\u00fcRGen", "new@example.org");
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().message, "Username is taken");
  EXPECT_TRUE(change(2, "jo", "other@example.org"));
  const auto draft = domain::UserDraft{"j\u00dcRGEN", "third@example.org"};
  EXPECT_FALSE(run_blocking_task(this->users().insert(draft, this->by(301)))) << "of user 1";
  EXPECT_TRUE(change(1, "j\u00fcRGen", "new@example.org")) << "free now";
  EXPECT_FALSE(run_blocking_task(this->users().insert(draft, this->by(302))));
}

TEST_P(ImportStoreContract, RefusesNamesThatOthersHave) {
  this->import("user", {this->user(1, "ada")});
  auto same_email = this->user(3, "bea");
  same_email.email = "ADA@example.org";

  this->import("user", {this->user(2, "ADA"), same_email});

  EXPECT_EQ(this->outcomes(),
            std::vector<change::ImportOutcome>(2, change::ImportOutcome::kRefused));
  EXPECT_EQ(this->reasons(),
            (std::vector<std::string>{"username is taken by user 1", "email is taken by user 1"}));
}

TEST_P(ImportStoreContract, RefusesLinksThatBreakARule) {
  this->import("user", {this->user(1, "ada")});

  this->import("link",
               {this->link(1, 1, "abc123"),
                this->link(2, 1, "abc123"),
                this->link(3, 77, "second"),
                this->link(4, 1, "Events"),
                this->link(5, 1, "a/b"),
                this->link(0, 1, "third3")});

  std::vector<change::ImportOutcome> expected(6, change::ImportOutcome::kRefused);
  expected[0] = change::ImportOutcome::kInserted;
  EXPECT_EQ(this->outcomes(), expected);
  EXPECT_EQ(this->reasons()[1], "short_code is taken by link 1");
  EXPECT_EQ(this->reasons()[2], "user 77 does not exist");
  EXPECT_EQ(this->reasons()[3], "short_code is reserved");
  EXPECT_EQ(this->reasons()[4], "short_code is not a valid code");
}

TEST_P(ImportStoreContract, RefusesEventsOfUnknownLinksAndUsers) {
  this->import("user", {this->user(1, "ada")});
  this->import("link", {this->link(1, 1, "abc123")});
  auto of_nobody = this->event(3, 1, 1);
  of_nobody.link.reset();
  of_nobody.user.reset();

  this->import("event", {this->event(1, 77, 1), this->event(2, 1, 77), of_nobody});

  EXPECT_EQ(this->reasons(),
            (std::vector<std::string>{"link 77 does not exist", "user 77 does not exist", ""}));
  EXPECT_EQ(this->outcomes()[2], change::ImportOutcome::kInserted);
}

TEST_P(ImportStoreContract, LeavesTheMetadataOfAUserWhoIsThereAlone) {
  domain::UserDraft draft = {"ada", "ada@example.org", R"({"plan":"pro"})"};
  const auto ada = run_blocking_task(this->users().insert(std::move(draft), this->by(3))).value();

  this->import("user", {ada, this->user(2, "bea")});

  EXPECT_EQ(this->outcomes(),
            (std::vector<change::ImportOutcome>{change::ImportOutcome::kUnchanged,
                                                change::ImportOutcome::kInserted}));
  const auto kept = run_blocking_task(this->users().find_profile(ada.id, {})).value();
  EXPECT_EQ(kept->record.metadata, R"({"plan":"pro"})");
  const auto imported =
      run_blocking_task(this->users().find_profile(domain::UserId{2}, {})).value();
  EXPECT_EQ(imported->record.metadata, "{}");
}

TEST_P(ImportStoreContract, FindsLinksAndEventsUnchanged) {
  this->import("user", {this->user(1, "ada")});
  this->import("link", {this->link(1, 1, "abc123")});
  this->import("event", {this->event(1, 1, 1)});
  auto other_details = this->event(1, 1, 1);
  other_details.details = R"({"a":2,"b":1})";

  this->import("link", {this->link(1, 1, "abc123"), this->link(1, 1, "other1")});
  EXPECT_EQ(this->outcomes(),
            (std::vector<change::ImportOutcome>{change::ImportOutcome::kUnchanged,
                                                change::ImportOutcome::kDiffers}));
  this->import("event", {this->event(1, 1, 1), other_details});
  EXPECT_EQ(this->outcomes(),
            (std::vector<change::ImportOutcome>{change::ImportOutcome::kUnchanged,
                                                change::ImportOutcome::kDiffers}));
}

TEST_P(ImportStoreContract, LeavesAloneWhatWasChangedSince) {
  this->import("user", {this->user(1, "ada")});
  this->import("link", {this->link(1, 1, "abc123")});
  run_blocking_task(this->links().change(domain::LinkId{1}, {}, this->by(50))).value();

  this->import("link", {this->link(1, 1, "abc123")});

  EXPECT_EQ(this->outcomes(), std::vector<change::ImportOutcome>{change::ImportOutcome::kDiffers});
}

TEST_P(ImportStoreContract, DoesNotBringBackWhatWasDeleted) {
  this->import("user", {this->user(1, "ada"), this->user(2, "bea")});
  this->import("link", {this->link(1, 1, "abc123"), this->link(2, 2, "second")});
  run_blocking_task(this->users().remove(domain::UserId{1}, this->by(50))).value();

  this->import("user", {this->user(1, "ada"), this->user(2, "bea"), this->user(3, "cyd")});
  EXPECT_EQ(this->outcomes(),
            (std::vector<change::ImportOutcome>{change::ImportOutcome::kDeleted,
                                                change::ImportOutcome::kUnchanged,
                                                change::ImportOutcome::kInserted}));
  EXPECT_EQ(this->reasons()[0], "user 1 was deleted");
  this->import("link", {this->link(1, 2, "abc123")});
  EXPECT_EQ(this->reasons(), std::vector<std::string>{"link 1 was deleted"});
}

TEST_P(ImportStoreContract, UndoesEverythingWhenTheSourceFails) {
  const auto counts = this->import_from("user", this->users_then_error(3));

  ASSERT_FALSE(counts);
  EXPECT_EQ(counts.error().message, "line 4: not a number");
  EXPECT_EQ(this->verdicts_.size(), 3U);
  EXPECT_FALSE(this->find_user(1));
  EXPECT_TRUE(this->trail().empty());
  EXPECT_EQ(this->add_user("later").id.value, 1);
}

TEST_P(ImportStoreContract, TellsTheListenerOfImportedCodes) {
  this->import("user", {this->user(1, "ada")});
  EXPECT_TRUE(this->listener().take().empty());

  this->import("link", {this->link(1, 1, "abc123"), this->link(2, 1, "second")});

  EXPECT_EQ(this->listener().take(), (std::vector<std::vector<std::string>>{{"abc123", "second"}}));
}

TEST_P(ImportStoreContract, ClearsWhenThereAreTooManyCodesToName) {
  this->import("user", {this->user(1, "ada")});
  std::vector<change::ImportRow> rows;
  for (std::int64_t id = 1; id <= 1'001; ++id) {
    rows.emplace_back(this->link(id, 1, "code" + std::to_string(id)));
  }

  this->import("link", std::move(rows));

  EXPECT_EQ(this->listener().take(),
            std::vector<std::vector<std::string>>{RecordingListener::kEverything});
}

TEST_P(ImportStoreContract, RefusesAnEventWhoseNumberAClickHas) {
  const auto owner = this->add_user("owner").id;
  const auto link = this->add_link(owner, "abc123");  // event 1
  this->ship({this->click_of(link), this->click_of(link)});

  this->import("event", {this->event(3, link.id.value, owner.value), this->event(30, 1, 1)});

  EXPECT_EQ(this->outcomes(),
            (std::vector<change::ImportOutcome>{change::ImportOutcome::kRefused,
                                                change::ImportOutcome::kInserted}));
  EXPECT_EQ(this->reasons(), (std::vector<std::string>{"id is taken by click 3", ""}));
  EXPECT_EQ(this->all_events()[2].origin, domain::EventOrigin::kClick);
}

TEST_P(ImportStoreContract, FindsWhatIsShownUnchanged) {
  const auto owner = this->add_user("owner").id;
  const auto link = this->add_link(owner, "abc123");
  const auto before = this->all_events();
  this->ship({this->click_of(link)});
  run_blocking_task(this->links().remove(link.id, this->by(50))).value();
  const auto shown = this->all_events();
  ASSERT_EQ(shown.size(), 3U);
  ASSERT_FALSE(shown[0].link || shown[1].link) << "of a link that is gone";

  this->import("event", {before[0], shown[0], shown[1], shown[2]});
  EXPECT_EQ(this->outcomes(),
            std::vector<change::ImportOutcome>(4, change::ImportOutcome::kUnchanged));

  auto other_owner = before[0];
  other_owner.user = domain::UserId{77};
  auto other_code = shown[1];
  other_code.details = R"({"short_code":"other1"})";
  this->import("event", {other_owner, other_code});
  EXPECT_EQ(this->reasons(),
            (std::vector<std::string>{"event 1 is there already, with other content",
                                      "id is taken by click 2"}));
}

TEST_P(ImportStoreContract, RaisesTheNumbersOfClicksPastTheImportedEvents) {
  const auto owner = this->add_user("owner").id;
  const auto link = this->add_link(owner, "abc123");
  this->import("event", {this->event(30, link.id.value, owner.value)});

  this->ship({this->click_of(link)});

  EXPECT_EQ(this->all_events().back().id.value, 31);
}

}  // namespace ginnel::storage
