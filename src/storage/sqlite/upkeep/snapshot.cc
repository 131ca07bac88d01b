// SPDX-License-Identifier: MIT
#include "storage/sqlite/upkeep/snapshot.h"

#include <string>
#include <string_view>
#include <utility>

#include "storage/sqlite/file/schema.h"
#include "storage/sqlite/rows/event_list.h"
#include "storage/sqlite/rows/link_row.h"
#include "storage/sqlite/rows/user_store.h"

namespace ginnel::storage::sqlite {

namespace {

template <class Read, class Row>
Result<Done> each(Connection& database,
                  std::string_view sql,
                  Read read,
                  const Snapshot::Visit<Row>& visit) {
  Statement statement = database.prepare(sql);
  while (true) {
    auto more = statement.step();
    if (!more) {
      return std::move(more).error();
    }
    if (!*more) {
      return Done();
    }
    if (auto done = visit(read(statement.row())); !done) {
      return done;
    }
  }
}

class Snapshot final : public storage::Snapshot {
 public:
  explicit Snapshot(Connection connection) : connection_(std::move(connection)) {}

  Result<Done> each_user(const Visit<domain::User>& visit) override {
    return each(connection_, std::string(kSelectUser) + "ORDER BY id", user_of, visit);
  }

  Result<Done> each_link(const Visit<domain::Link>& visit) override {
    return each(connection_, std::string(kSelectLink) + "ORDER BY id", link_of, visit);
  }

  Result<Done> each_event(bool clicks, const Visit<domain::Event>& visit) override {
    std::string sql = kShownEvent;
    if (clicks) {
      sql += std::string("UNION ALL ") + kShownClick;
    }
    return each(connection_, sql + "ORDER BY 1", shown_event_of, visit);
  }

 private:
  Connection connection_;  ///< in a transaction, which ends with it
};

/// Opens the transaction and reads in it: only then does SQLite keep the state of that instant.
Result<Done> begin(Connection& connection) {
  if (auto begun = connection.execute("BEGIN"); !begun) {
    return begun;
  }
  auto states = migration_states(connection, all_migrations());
  if (!states) {
    return std::move(states).error();
  }
  if (!all_applied(*states)) {
    return lacks_migrations();
  }
  return Done();
}

}  // namespace

Result<std::unique_ptr<storage::Snapshot>> open_snapshot(const Location& location) {
  auto connection = open_beside(location);
  if (!connection) {
    return std::move(connection).error();
  }
  if (auto begun = begin(*connection); !begun) {
    return std::move(begun).error();
  }
  return std::unique_ptr<storage::Snapshot>(std::make_unique<Snapshot>(std::move(*connection)));
}

}  // namespace ginnel::storage::sqlite
