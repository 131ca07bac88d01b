// SPDX-License-Identifier: MIT
#include "storage/sqlite/imports/import_store.h"

#include <optional>
#include <utility>
#include <variant>
#include <vector>

#include "storage/sqlite/imports/row_importer.h"
#include "storage/sqlite/rows/trail.h"

namespace ginnel::storage::sqlite {

namespace {

/// Events take their numbers from this sequence; users' and links' are raised by SQLite itself.
Result<Done> raise_event_sequence(Connection& database) {
  return database.run(
      "UPDATE sequences SET value = max(value, (SELECT coalesce(max(id), 0) FROM events)) "
      "WHERE name = 'event'");
}

/// What the batches of an import share, on the writer's thread.
struct State {
  change::ImportOrigin origin;
  std::optional<RowImporter> importer;  ///< from the first batch on
  change::ImportTally tally;
};

Result<std::vector<change::ImportVerdict>> add_rows(Transaction& transaction,
                                                    State& state,
                                                    const std::vector<change::ImportRow>& rows) {
  if (!state.importer) {
    state.importer.emplace(transaction.database());
  }
  return state.tally.add_all(rows, [&](const change::ImportRow& row) {
    auto verdict = std::visit(*state.importer, row);
    const auto* const link = std::get_if<domain::Link>(&row);
    if (link != nullptr && verdict && verdict->outcome == change::ImportOutcome::kInserted) {
      transaction.forget(link->code);
    }
    return verdict;
  });
}

/// Leaves the trail of what was inserted.
Result<change::ImportCounts> conclude(Transaction& transaction,
                                      const State& state,
                                      const change::Context& by) {
  if (state.tally.counts().inserted == 0) {
    return state.tally.counts();
  }
  if (auto raised = raise_event_sequence(transaction.database()); !raised) {
    return std::move(raised).error();
  }
  if (auto told = add_audit(transaction.database(), state.tally.entry(state.origin, by)); !told) {
    return std::move(told).error();
  }
  return state.tally.counts();
}

class Import final : public storage::Import {
 public:
  Import(std::unique_ptr<OpenTransaction> transaction, change::ImportOrigin origin)
      : transaction_(std::move(transaction)) {
    state_->origin = std::move(origin);
  }

  Task<Result<change::ImportCounts>> commit(change::Context by) override {
    return transaction_->commit([state = state_, by = std::move(by)](Transaction& transaction) {
      return conclude(transaction, *state, by);
    });
  }

 private:
  Task<Result<std::vector<change::ImportVerdict>>> bring(
      std::vector<change::ImportRow> rows) override {
    return transaction_->run([state = state_, rows = std::move(rows)](Transaction& transaction) {
      return add_rows(transaction, *state, rows);
    });
  }

  std::unique_ptr<OpenTransaction> transaction_;
  std::shared_ptr<State> state_ = std::make_shared<State>();
};

}  // namespace

Task<Result<std::unique_ptr<storage::Import>>> ImportStore::begin(change::ImportOrigin origin) {
  auto opening = engine_.open_transaction();
  auto transaction = co_await std::move(opening);
  if (!transaction) {
    co_return std::move(transaction).error();
  }
  co_return std::make_unique<Import>(std::move(*transaction), std::move(origin));
}

}  // namespace ginnel::storage::sqlite
