// SPDX-License-Identifier: MIT
#include "storage/sqlite/engine/engine.h"

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "base/run_blocking_task.h"
#include "storage/sqlite/rows/event_store.h"
#include "storage/sqlite/rows/link_store.h"
#include "storage/sqlite/rows/user_store.h"
#include "storage/store_contract.h"

namespace ginnel::storage::sqlite {
namespace {

/// Runs every list with every combination of its filters.
void run_every_list(Engine& engine) {
  UserStore users(engine);
  LinkStore links(engine);
  EventStore events(engine);
  run_blocking_task(users.list({}, {})).value();
  run_blocking_task(users.find_profile(domain::UserId{1}, {})).value();
  run_blocking_task(events.audit({}, {})).value();
  run_blocking_task(links.find_by_codes({"events"}, {})).value();
  for (unsigned filters = 0; filters < 12; ++filters) {
    LinkQuery link_query;
    EventQuery event_query;
    if ((filters & 1U) != 0) {
      link_query.user = domain::UserId{1};
      event_query.user = domain::UserId{1};
    }
    if ((filters & 2U) != 0) {
      link_query.enabled = false;
      event_query.link = domain::LinkId{1};
    }
    if (filters >= 8) {
      event_query.type = "redirect";
    } else if ((filters & 4U) != 0) {
      event_query.type = "click";
    }
    run_blocking_task(links.list(link_query, {})).value();
    run_blocking_task(events.list(event_query, {})).value();
  }
}

/// The texts of all statements that the connection has prepared.
Result<std::vector<std::string>> prepared(Connection& database) {
  std::vector<std::string> texts;
  for (sqlite3_stmt* statement = sqlite3_next_stmt(database.handle(), nullptr);
       statement != nullptr;
       statement = sqlite3_next_stmt(database.handle(), statement)) {
    const std::string text = sqlite3_sql(statement);
    if (text.substr(0, 6) == "SELECT") {
      texts.push_back(text);
    }
  }
  return texts;
}

/// What SQLite says it does for `sql`, but for reading the numbers in a parameter.
std::string plan_of(Connection& database, const std::string& sql) {
  auto steps =
      database.all("EXPLAIN QUERY PLAN " + sql, [](const Row& row) { return row.text(3) + "; "; });
  std::string plan;
  for (const std::string& step : *steps) {
    plan += step.starts_with("SCAN json_each VIRTUAL TABLE") ? "" : step;
  }
  return plan;
}

/// Whether a statement looks at every row, or sorts, or has a filter and no index for it.
bool is_slow(const std::string& text, const std::string& plan) {
  const auto in_plan = [&plan](const char* words) { return plan.find(words) != std::string::npos; };
  const bool filtered = text.find(" AND ") != std::string::npos;
  const bool indexed = in_plan("USING INDEX") || in_plan("USING COVERING INDEX");
  return in_plan("SCAN") || in_plan("TEMP B-TREE") || (filtered && !indexed);
}

/// The slow statements, with their plans.
Result<std::vector<std::string>> slow_statements(Connection& database) {
  auto texts = prepared(database);
  std::vector<std::string> slow;
  for (const std::string& text : *texts) {
    const std::string plan = plan_of(database, text);
    const bool of_ours = text.find("schema") == std::string::npos;
    if (of_ours && is_slow(text, plan)) {
      slow.push_back(text);
      slow.back().append(" -- ").append(plan);
    }
  }
  return slow;
}

class SqliteEngineTest : public testing::Test {
 protected:
  RecordingListener listener_;
  std::unique_ptr<Engine> engine_ = std::move(*Engine::open(Location(), StoreOptions(), listener_));
};

/// Lists must cost the same at ten million rows as at ten thousand.
TEST_F(SqliteEngineTest, AnswersEveryListByAnIndexInItsOrder) {
  run_every_list(*engine_);

  EXPECT_GT(run_blocking_task(engine_->read(prepared, kNoDeadline))->size(), 18U);
  EXPECT_EQ(*run_blocking_task(engine_->read(slow_statements, kNoDeadline)),
            std::vector<std::string>());
}

/// A user has few links, while nearly all links are enabled.
TEST_F(SqliteEngineTest, PrefersTheIndexOfTheOwnerToThatOfTheState) {
  run_every_list(*engine_);
  auto plan = [](Connection& database) -> Result<std::string> {
    auto texts = prepared(database);
    for (const std::string& text : *texts) {
      if (text.find("user_id = ? AND +enabled = ?") != std::string::npos) {
        return plan_of(database, text);
      }
    }
    return Error(ErrorKind::kInternal, "no such statement");
  };

  EXPECT_NE(run_blocking_task(engine_->read(plan, kNoDeadline))->find("links_by_user"),
            std::string::npos);
}

}  // namespace
}  // namespace ginnel::storage::sqlite
