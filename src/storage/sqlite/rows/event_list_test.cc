// SPDX-License-Identifier: MIT
#include "storage/sqlite/rows/event_list.h"

#include <cstdint>
#include <cstdio>
#include <random>
#include <string>
#include <utility>
#include <vector>

#include <gtest/gtest.h>

#include "storage/sqlite/clicks/click_fixture.h"
#include "storage/sqlite/clicks/click_shipping.h"
#include "storage/sqlite/clicks/click_summing.h"
#include "storage/sqlite/file/schema.h"

namespace ginnel::storage::sqlite {
namespace {

/// Two users and three links: the first has nearly all clicks, its owner another link that has few.
class EventListTest : public testing::Test {
 protected:
  void SetUp() override {
    apply_migrations(database_, all_migrations(), {}).value();
    database_
        .execute(
            "INSERT INTO users (id, username, email, username_key, email_key, created_at) "
            "VALUES (1, 'a', 'a', 'a', 'a', 1), (2, 'b', 'b', 'b', 'b', 1);"
            "INSERT INTO links (id, user_id, code, target, title, enabled, created_at, "
            "updated_at, version) VALUES (1, 1, 'x', 't', '', 1, 1, 1, 1), "
            "(2, 2, 'y', 't', '', 1, 1, 1, 1), (3, 1, 'z', 't', '', 1, 1, 1, 1)")
        .value();
  }

  void ship(std::size_t count) {
    std::vector<domain::Click> clicks(count, known_click());
    for (domain::Click& click : clicks) {
      const auto die = random_() % 20;
      click.link.value = die < 18 ? 1 : die == 18 ? 2 : 3;
      click.user.value = click.link.value == 2 ? 2 : 1;
    }
    const ClickBatch batch = {std::to_string(++segment_), 0, 64, false, std::move(clicks)};
    ship_clicks(database_, texts_, summing_.tail(), batch).value();
  }

  void add_event() {
    const auto link = static_cast<std::int64_t>(1 + random_() % 3);
    database_.execute("UPDATE sequences SET value = value + 1 WHERE name = 'event'").value();
    database_
        .run(
            "INSERT INTO events (id, link_id, user_id, type, at, details, origin) "
            "SELECT value, ?, ?, 'opened', 1, '{}', 1 FROM sequences WHERE name = 'event'",
            link,
            std::int64_t{link == 2 ? 2 : 1})
        .value();
  }

  EventQuery any_query() {
    EventQuery query;
    query.after.value = static_cast<std::int64_t>(random_() % 6'000);
    query.limit = static_cast<std::uint32_t>(1 + random_() % 150);
    if (random_() % 2 == 0) {
      query.link = domain::LinkId{static_cast<std::int64_t>(1 + random_() % 4)};
    }
    if (random_() % 2 == 0) {
      query.user = domain::UserId{static_cast<std::int64_t>(1 + random_() % 3)};
    }
    if (random_() % 3 == 0) {
      query.type = random_() % 2 == 0 ? "redirect" : "opened";
    }
    return query;
  }

  /// The ids that a page has, found without an index.
  std::vector<std::int64_t> ids_of(const EventQuery& query) {
    const std::string owners = "(?2 IS NULL OR link_id = ?2) AND (?3 IS NULL OR user_id = ?3) ";
    return database_
        .all(
            "SELECT id FROM (SELECT id, link_id, user_id, type FROM events UNION ALL "
            "SELECT id, link_id, user_id, 'redirect' FROM clicks) WHERE id > ?1 AND " +
                owners + "AND (?4 = '' OR type = ?4) ORDER BY id LIMIT ?5",
            [](const Row& row) { return row.integer(0); },
            query.after.value,
            query.link ? std::optional(query.link->value) : std::nullopt,
            query.user ? std::optional(query.user->value) : std::nullopt,
            std::string_view(query.type ? *query.type : std::string()),
            std::int64_t{query.limit})
        .value();
  }

  Connection database_ = std::move(*Connection::open({}, Connection::Mode::kMemory));
  ClickTexts texts_{1'000};
  ClickSumming summing_{700};
  std::mt19937_64 random_{7};
  int segment_ = 0;
};

TEST_F(EventListTest, HasWhatItsFiltersAskForWhoeverHasHowManyClicks) {
  constexpr int kLists = 1'500;
  std::size_t rows = 0;
  for (int list = 0; list < kLists; ++list) {
    if (list % 15 == 0) {
      ship(50);
      add_event();
    }
    if (list % 100 == 0) {
      std::size_t owners = 1 + random_() % 4;
      summing_.sum_up(database_, [&owners] { return --owners == 0; }).value();
      renew_older_clicks(database_, [] { return true; }).value();
    }
    const EventQuery query = any_query();
    std::vector<std::int64_t> ids;
    const auto page = list_events(database_, query);
    for (const domain::Event& event : page->rows) {
      ids.push_back(event.id.value);
    }
    ASSERT_EQ(ids, ids_of(query)) << "list " << list;
    rows += ids.size();
  }
  std::printf("%d lists compared, %zu rows in them\n", kLists, rows);
}

}  // namespace
}  // namespace ginnel::storage::sqlite
