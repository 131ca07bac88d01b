// SPDX-License-Identifier: MIT
#include "storage/event_store_contract.h"

namespace ginnel::storage {

TEST_P(EventStoreContract, GivesBackWhatWasInserted) {
  const auto event = this->insert(this->link_, this->user_, "click", R"({"a": 1.0, "b":[ ]})");

  ASSERT_TRUE(event);
  EXPECT_EQ(event->link, this->link_);
  EXPECT_EQ(event->user, this->user_);
  EXPECT_EQ(event->type, "click");
  EXPECT_EQ(event->at, this->at(5));
  EXPECT_EQ(event->details, R"({"a": 1.0, "b":[ ]})");
  EXPECT_EQ(event->origin, domain::EventOrigin::kClient);
  EXPECT_EQ(**this->find(event->id), *event);
}

TEST_P(EventStoreContract, NumbersGrowWhoeverWritesTheEvent) {
  const auto first = this->insert(this->link_, this->user_)->id;
  this->add_link(this->user_, "second");
  EXPECT_LT(first.value + 1, this->insert(this->link_, this->user_)->id.value);
}

TEST_P(EventStoreContract, RefusesUnknownNamesTheLinkFirst) {
  const auto neither = this->insert(domain::LinkId{77}, domain::UserId{77});
  const auto no_user = this->insert(this->link_, domain::UserId{77});

  ASSERT_FALSE(neither);
  EXPECT_EQ(neither.error().kind, ErrorKind::kNotFound);
  EXPECT_EQ(neither.error().message, "URL not found");
  EXPECT_EQ(each(neither.error().faults, &FieldFault::field), std::vector<std::string>{"url_id"});
  ASSERT_FALSE(no_user);
  EXPECT_EQ(no_user.error().message, "User not found");
  EXPECT_EQ(each(no_user.error().faults, &FieldFault::field), std::vector<std::string>{"user_id"});
}

TEST_P(EventStoreContract, FindsNothingForAnUnknownNumber) {
  const auto found = this->find(domain::EventId{77});

  ASSERT_TRUE(found);
  EXPECT_FALSE(found->has_value());
}

TEST_P(EventStoreContract, ListsByEveryCombinationOfFilters) {
  const auto other_user = this->add_user("other").id;
  const auto other_link = this->add_link(other_user, "second").id;  // event 2
  this->insert(this->link_, other_user, "click").value();           // 3
  this->insert(other_link, this->user_, "click").value();           // 4
  this->insert(this->link_, this->user_, "view").value();           // 5
  this->insert(this->link_, this->user_, "click").value();          // 6
  EventQuery link;
  link.link = this->link_;
  EventQuery user;
  user.user = this->user_;
  EventQuery type;
  type.type = "click";
  EventQuery all = link;
  all.user = this->user_;
  all.type = "click";
  EventQuery user_type = user;
  user_type.type = "click";
  EventQuery link_type = link;
  link_type.type = "click";
  EventQuery page;
  page.after = domain::EventId{2};
  page.limit = 2;

  EXPECT_EQ(this->ids({}), (std::vector<std::int64_t>{1, 2, 3, 4, 5, 6}));
  EXPECT_EQ(this->ids(link), (std::vector<std::int64_t>{1, 3, 5, 6}));
  EXPECT_EQ(this->ids(user), (std::vector<std::int64_t>{1, 4, 5, 6}));
  EXPECT_EQ(this->ids(type), (std::vector<std::int64_t>{3, 4, 6}));
  EXPECT_EQ(this->ids(user_type), (std::vector<std::int64_t>{4, 6}));
  EXPECT_EQ(this->ids(link_type), (std::vector<std::int64_t>{3, 6}));
  EXPECT_EQ(this->ids(all), (std::vector<std::int64_t>{6}));
  EXPECT_EQ(this->ids(page), (std::vector<std::int64_t>{3, 4}));
}

TEST_P(EventStoreContract, FindsNothingByATypeOrNumberThatNoEventHas) {
  EventQuery empty_type;
  empty_type.type = "";
  EventQuery unknown_link;
  unknown_link.link = domain::LinkId{77};

  EXPECT_TRUE(this->ids(empty_type).empty());
  EXPECT_TRUE(this->ids(unknown_link).empty());
}

TEST_P(EventStoreContract, ChangesWhatIsGivenButNeverTheTime) {
  const auto event = this->insert(this->link_, this->user_);

  const auto changed = this->change(event->id, domain::EventChange{{}, {}, "view", "{\"x\":1}"});

  ASSERT_TRUE(changed);
  EXPECT_EQ(changed->type, "view");
  EXPECT_EQ(changed->details, "{\"x\":1}");
  EXPECT_EQ(changed->at, event->at);
  EXPECT_EQ(changed->link, this->link_);
  EXPECT_EQ(**this->find(event->id), *changed);
}

TEST_P(EventStoreContract, MovesAnEventToAnotherLinkAndUser) {
  const auto other_user = this->add_user("other").id;
  const auto other_link = this->add_link(other_user, "second").id;
  const auto event = this->insert(this->link_, this->user_);

  const auto changed = this->change(event->id, domain::EventChange{other_link, other_user, {}, {}});

  ASSERT_TRUE(changed);
  EventQuery query;
  query.link = other_link;
  query.user = other_user;
  query.type = "click";
  EXPECT_EQ(this->ids(query), (std::vector<std::int64_t>{event->id.value}));
}

TEST_P(EventStoreContract, RefusesAChangeOfOrToWhatIsNotThere) {
  const auto event = this->insert(this->link_, this->user_);

  const auto no_event =
      this->change(domain::EventId{77}, domain::EventChange{domain::LinkId{77}, {}, {}, {}});
  const auto no_link =
      this->change(event->id, domain::EventChange{domain::LinkId{77}, domain::UserId{77}, {}, {}});
  const auto no_user =
      this->change(event->id, domain::EventChange{{}, domain::UserId{77}, "x", {}});

  EXPECT_EQ(no_event.error().message, "Event not found");
  EXPECT_EQ(no_link.error().message, "URL not found");
  EXPECT_EQ(no_user.error().message, "User not found");
  EXPECT_EQ(no_user.error().kind, ErrorKind::kNotFound);
  EXPECT_EQ(**this->find(event->id), *event);
}

TEST_P(EventStoreContract, ChangesOnlyWhatIsAsTheCallerWantsIt) {
  const auto old = this->insert(this->link_, this->user_);
  domain::EventChange change;
  change.type = "seen";
  const auto now =
      run_blocking_task(this->events().change(old->id, change, this->by_who_wants(*old)));
  ASSERT_TRUE(now);
  const auto rows = this->trail().size();

  change.type = "missed";
  const auto again =
      run_blocking_task(this->events().change(old->id, change, this->by_who_wants(*old)));

  ASSERT_FALSE(again);
  EXPECT_EQ(again.error().kind, ErrorKind::kPreconditionFailed);
  EXPECT_EQ(**this->find(old->id), *now);
  EXPECT_EQ(this->trail().size(), rows);
}

TEST_P(EventStoreContract, AsksTheConditionOfWhatIsShown) {
  const auto event = this->insert(this->link_, this->user_);
  ASSERT_TRUE(run_blocking_task(this->links().remove(this->link_, this->by(6))));
  const auto shown = **this->find(event->id);
  ASSERT_NE(shown, *event) << "the link is gone, so the event shows null";

  const auto stale =
      run_blocking_task(this->events().change(event->id, {}, this->by_who_wants(*event)));
  const auto fresh =
      run_blocking_task(this->events().change(event->id, {}, this->by_who_wants(shown)));

  EXPECT_FALSE(stale);
  EXPECT_TRUE(fresh);
}

TEST_P(EventStoreContract, LeavesOneAuditRowForEachChange) {
  const auto event = this->insert(this->link_, this->user_);
  const auto created = this->last_of_trail();
  this->change(event->id, domain::EventChange{{}, {}, "view", {}}).value();
  const auto changed = this->last_of_trail();

  const std::string before =
      R"({"details":{},"event_type":"click","id":2,"timestamp":"2027-01-15T08:00:05",)"
      R"("url_id":1,"user_id":1})";
  EXPECT_EQ(created.action, "create");
  EXPECT_EQ(created.entity, "event");
  EXPECT_EQ(created.entity_id, 2);
  EXPECT_EQ(created.before, "");
  EXPECT_EQ(created.after, before);
  EXPECT_EQ(changed.action, "update");
  EXPECT_EQ(changed.before, before);
  EXPECT_NE(changed.after.find(R"("event_type":"view")"), std::string::npos);
}

TEST_P(EventStoreContract, LeavesNoTraceOfAChangeThatChangesNothing) {
  const auto event = this->insert(this->link_, this->user_);
  const auto rows = this->trail().size();

  ASSERT_TRUE(this->change(event->id, domain::EventChange{{}, {}, "click", {}}));

  EXPECT_EQ(this->trail().size(), rows);
}

TEST_P(EventStoreContract, AmendsAnEventOfADeletedLink) {
  const auto event = this->insert(this->link_, this->user_);
  run_blocking_task(this->links().remove(this->link_, this->by(6))).value();

  const auto changed = this->change(event->id, domain::EventChange{{}, {}, "view", {}});

  ASSERT_TRUE(changed);
  EXPECT_FALSE(changed->link);
  EXPECT_EQ(changed->user, this->user_);
  EXPECT_EQ(**this->find(event->id), *changed);
}

TEST_P(EventStoreContract, TellsNoListenerOfEvents) {
  this->listener().take();

  this->insert(this->link_, this->user_).value();

  EXPECT_TRUE(this->listener().take().empty());
}

TEST_P(EventStoreContract, ReadsTheTrailFromACursor) {
  AuditQuery query;
  query.after = domain::AuditId{1};
  query.limit = 1;

  const auto page = this->trail(query);

  ASSERT_EQ(page.size(), 1U);
  EXPECT_EQ(page[0].id.value, 2);
  EXPECT_EQ(page[0].entity, "link");
}

TEST_P(EventStoreContract, EndsAPageOfEventsWhereItsRowsOrItsBytesEnd) {
  const std::string text(1'000, 'x');
  for (int i = 0; i < 4; ++i) {
    this->insert(this->link_, this->user_, "click", text).value();  // 2 to 5
  }
  this->insert(this->link_, this->user_, "click").value();  // 6
  this->ship_click();                                       // 7
  EventQuery query;
  query.after = domain::EventId{1};

  query.max_bytes = 2 * (text.size() + 5);
  EXPECT_EQ(this->event_pages(query), (Pages{{2, 3}, {4, 5}, {6, 7}}));
  query.max_bytes -= 1;
  EXPECT_EQ(this->event_pages(query), (Pages{{2}, {3}, {4}, {5, 6, 7}}));
  query.max_bytes = 0;
  EXPECT_EQ(this->event_pages(query), (Pages{{2}, {3}, {4}, {5}, {6}, {7}}));
  query.max_bytes = kMaxPageBytes;
  query.limit = 4;
  EXPECT_EQ(this->event_pages(query), (Pages{{2, 3, 4, 5}, {6, 7}}));
  query.limit = 6;
  EXPECT_EQ(this->event_pages(query), (Pages{{2, 3, 4, 5, 6, 7}}));
}

TEST_P(EventStoreContract, CountsEveryFilteredListByItsBytes) {
  const std::string text(1'000, 'x');
  for (int i = 0; i < 2; ++i) {
    this->insert(this->link_, this->user_, "click", text).value();  // 2, 4
    this->insert(this->link_, this->user_, "other", text).value();  // 3, 5
  }
  EventQuery query;
  query.max_bytes = text.size();
  query.type = "click";
  EXPECT_EQ(this->event_pages(query), (Pages{{2}, {4}}));
  query.user = this->user_;
  EXPECT_EQ(this->event_pages(query), (Pages{{2}, {4}}));
  query.link = this->link_;
  query.type.reset();
  EXPECT_EQ(this->event_pages(query), (Pages{{1}, {2}, {3}, {4}, {5}}));
}

TEST_P(EventStoreContract, TellsTheBytesOfAPageAndWhetherOthersFollow) {
  this->insert(this->link_, this->user_, "click", "{\"a\":1}").value();
  EventQuery query;
  query.after = domain::EventId{1};
  const auto last = run_blocking_task(this->events().list(query, {})).value();
  query.after = domain::EventId{};
  query.limit = 1;
  const auto first = run_blocking_task(this->events().list(query, {})).value();
  query.after = domain::EventId{2};
  const auto none = run_blocking_task(this->events().list(query, {})).value();

  EXPECT_EQ(last.bytes, std::string("click{\"a\":1}").size());
  EXPECT_FALSE(last.more);
  EXPECT_TRUE(first.more);
  EXPECT_TRUE(none.rows.empty());
  EXPECT_FALSE(none.more);
}

TEST_P(EventStoreContract, EndsAPageOfTheTrailWhereItsBytesEnd) {
  const auto id = this->insert(this->link_, this->user_, "click", std::string(1'000, 'x'))->id;
  this->change(id, domain::EventChange{{}, {}, "one", {}}).value();  // 4: before and after
  this->change(id, domain::EventChange{{}, {}, "two", {}}).value();  // 5
  AuditQuery query;
  query.after = domain::AuditId{2};

  query.max_bytes = 5'000;
  EXPECT_EQ(this->trail_pages(query), (Pages{{3, 4}, {5}}));
  query.max_bytes = 2'000;
  EXPECT_EQ(this->trail_pages(query), (Pages{{3}, {4}, {5}}));
  query.max_bytes = kMaxPageBytes;
  query.limit = 2;
  EXPECT_EQ(this->trail_pages(query), (Pages{{3, 4}, {5}}));
}

TEST_P(EventStoreContract, ShowsAClickAsAnEvent) {
  const domain::EventId id = {this->ship_click(100)};

  const auto event = this->find(id);

  ASSERT_TRUE(event->has_value());
  EXPECT_EQ(id.value, 2);
  EXPECT_EQ((*event)->id, id);
  EXPECT_EQ((*event)->link, this->link_);
  EXPECT_EQ((*event)->user, this->user_);
  EXPECT_EQ((*event)->type, "redirect");
  EXPECT_EQ((*event)->at, this->at(100));
  EXPECT_EQ((*event)->details, R"({"short_code":"abc123"})");
  EXPECT_EQ((*event)->origin, domain::EventOrigin::kClick);
  EXPECT_EQ(this->all_events().back(), **event);
}

TEST_P(EventStoreContract, ListsClicksAmongEventsByEveryCombinationOfFilters) {
  const auto other_user = this->add_user("other").id;
  const auto other_link = this->add_link(other_user, "second");                  // event 2
  this->ship({this->click_of(this->known_link()), this->click_of(other_link)});  // 3, 4
  this->insert(this->link_, this->user_, "redirect").value();                    // 5
  this->ship_click();                                                            // 6
  this->insert(other_link.id, this->user_, "redirect").value();                  // 7
  EventQuery link;
  link.link = this->link_;
  EventQuery user;
  user.user = this->user_;
  EventQuery type;
  type.type = "redirect";
  EventQuery all = link;
  all.user = this->user_;
  all.type = "redirect";
  EventQuery strangers = link;
  strangers.user = other_user;
  EventQuery other_type = link;
  other_type.type = "created";
  EventQuery page;
  page.after = domain::EventId{2};
  page.limit = 3;

  using Ids = std::vector<std::int64_t>;
  EXPECT_EQ(this->ids({}), (Ids{1, 2, 3, 4, 5, 6, 7}));
  EXPECT_EQ(this->ids(link), (Ids{1, 3, 5, 6}));
  EXPECT_EQ(this->ids(user), (Ids{1, 3, 5, 6, 7}));
  EXPECT_EQ(this->ids(type), (Ids{3, 4, 5, 6, 7}));
  EXPECT_EQ(this->ids(all), (Ids{3, 5, 6}));
  EXPECT_EQ(this->ids(strangers), Ids{});
  EXPECT_EQ(this->ids(other_type), (Ids{1}));
  EXPECT_EQ(this->ids(page), (Ids{3, 4, 5}));
}

TEST_P(EventStoreContract, RefusesToChangeAClickButNotAClientsEventOfItsType) {
  const domain::EventId click = {this->ship_click()};
  const auto event = this->insert(this->link_, this->user_, "redirect");
  const auto rows = this->trail().size();

  const auto refused = this->change(click, domain::EventChange{domain::LinkId{77}, {}, {}, {}});
  const auto changed = this->change(event->id, domain::EventChange{{}, {}, {}, "{\"a\":1}"});

  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().kind, ErrorKind::kConflict);
  EXPECT_EQ(refused.error().message, "Redirect events cannot be changed");
  EXPECT_TRUE(changed);
  EXPECT_EQ(this->trail().size(), rows + 1);
}

TEST_P(EventStoreContract, ShowsClicksOfWhatIsGoneWithoutItsNumbers) {
  const domain::EventId id = {this->ship_click()};
  EventQuery link;
  link.link = this->link_;
  EventQuery user;
  user.user = this->user_;

  run_blocking_task(this->links().remove(this->link_, this->by(6))).value();
  const auto without_link = **this->find(id);
  run_blocking_task(this->users().remove(this->user_, this->by(7))).value();
  const auto without_both = **this->find(id);

  EXPECT_FALSE(without_link.link);
  EXPECT_EQ(without_link.user, this->user_);
  EXPECT_FALSE(without_both.user);
  EXPECT_EQ(without_both.details, R"({"short_code":"abc123"})");
  EXPECT_TRUE(this->ids(link).empty());
  EXPECT_TRUE(this->ids(user).empty());
  EXPECT_EQ(this->ids({}).size(), 3U);
}

TEST_P(EventStoreContract, MissesNoRowWhoeverWritesBesideAClientThatPages) {
  constexpr int kWriters = 3;
  constexpr int kEvents = 100;
  constexpr int kBatches = 40;
  CursorReader<domain::EventId> events([this](domain::EventId after) {
    EventQuery query;
    query.after = after;
    query.limit = 50;
    return each(run_blocking_task(this->events().list(query, {})).value().rows, &domain::Event::id);
  });
  CursorReader<domain::AuditId> trail([this](domain::AuditId after) {
    return each(run_blocking_task(this->events().audit({after, 50}, {})).value().rows,
                &domain::AuditEntry::id);
  });
  std::atomic<bool> done = false;
  std::thread read_events([&] { events.read_until(done); });
  std::thread read_trail([&] { trail.read_until(done); });
  std::vector<std::thread> writers;
  for (int writer = 0; writer < kWriters; ++writer) {
    writers.emplace_back([this] {
      for (int event = 0; event < kEvents; ++event) {
        EXPECT_TRUE(this->insert(this->link_, this->user_));
        EXPECT_FALSE(this->insert(domain::LinkId{77}, this->user_)) << "a number that is given up";
      }
    });
  }
  writers.emplace_back([this] {
    for (int batch = 0; batch < kBatches; ++batch) {
      this->ship(std::vector<domain::Click>(20, this->click_of(this->known_link())));
    }
  });
  for (std::thread& writer : writers) {
    writer.join();
  }
  done = true;
  read_events.join();
  read_trail.join();

  EXPECT_EQ(events.count_missed(), 0U);
  EXPECT_EQ(trail.count_missed(), 0U);
  EXPECT_EQ(events.shown().size(), 1U + kWriters * kEvents + 20 * kBatches);
  EXPECT_GE(trail.shown().size(), std::size_t{kWriters} * kEvents);
  std::printf("%zu events and %zu entries of the trail shown, none missed\n",
              events.shown().size(),
              trail.shown().size());
}

TEST(CursorReader, MissesARowThatAppearsBelowOneThatWasShown) {
  std::vector<domain::EventId> rows = {domain::EventId{1}, domain::EventId{3}};
  CursorReader<domain::EventId> reader([&rows](domain::EventId after) {
    return std::vector<domain::EventId>(std::upper_bound(rows.begin(), rows.end(), after),
                                        rows.end());
  });
  reader.read_until(true);
  EXPECT_EQ(reader.count_missed(), 0U);
  rows.insert(rows.begin() + 1, domain::EventId{2});  // its writer commits last
  reader.read_until(true);
  EXPECT_EQ(reader.count_missed(), 1U);
}

}  // namespace ginnel::storage
