// SPDX-License-Identifier: MIT
#include "storage/sqlite/imports/import_store.h"

#include <string>
#include <utility>

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

Result<change::ImportCounts> import_all(Transaction& transaction,
                                        const change::ImportOrigin& origin,
                                        const ImportSource& source,
                                        const ImportObserver& observer,
                                        const change::Context& by) {
  RowImporter importer(transaction);
  auto tally = import_rows(importer, source, observer);
  if (!tally) {
    return std::move(tally).error();
  }
  if (tally->counts().inserted > 0) {
    auto done = raise_event_sequence(transaction.database());
    if (done) {
      done = add_audit(transaction.database(), tally->entry(origin, by));
    }
    if (!done) {
      return std::move(done).error();
    }
  }
  return tally->counts();
}

}  // namespace

Task<Result<change::ImportCounts>> ImportStore::import(change::ImportOrigin origin,
                                                       ImportSource source,
                                                       ImportObserver observer,
                                                       change::Context by) {
  auto work = [origin = std::move(origin),
               source = std::move(source),
               observer = std::move(observer),
               by = std::move(by)](Transaction& transaction) {
    return import_all(transaction, origin, source, observer, by);
  };
  return engine_.import(std::move(work));
}

}  // namespace ginnel::storage::sqlite
