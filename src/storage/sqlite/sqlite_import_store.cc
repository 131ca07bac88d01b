// SPDX-License-Identifier: MIT
#include "storage/sqlite/sqlite_import_store.h"

#include <string>
#include <utility>

#include "base/json_text.h"
#include "storage/sqlite/row_importer.h"
#include "storage/sqlite/sqlite_trail.h"

namespace ginnel::storage {

namespace {

std::string summary_of(const ImportOrigin& origin,
                       const ImportCounts& counts,
                       const RowImporter& importer) {
  std::string numbers;
  JsonObject inner(numbers);
  inner.add("inserted", counts.inserted)
      .add("rows", counts.rows)
      .add("skipped", counts.skipped)
      .add("unchanged", counts.unchanged);
  inner.end();
  std::string summary;
  JsonObject outer(summary);
  outer.add_raw("counts", numbers)
      .add("file", origin.file)
      .add("first_id", importer.first_id())
      .add("last_id", importer.last_id())
      .add("sha256", origin.sha256);
  outer.end();
  return summary;
}

/// Events take their numbers from this sequence; users' and links' are raised by SQLite itself.
Result<Done> raise_event_sequence(SqliteConnection& database, std::int64_t last_id) {
  return database.run("UPDATE sequences SET value = max(value, ?) WHERE name = 'event'", last_id);
}

Result<ImportCounts> import_all(SqliteTransaction& transaction,
                                const ImportOrigin& origin,
                                const ImportSource& source,
                                const ImportObserver& observer,
                                const change::Context& by) {
  SqliteConnection& database = transaction.database();
  RowImporter importer(transaction);
  auto counts = import_rows(importer, source, observer);
  if (!counts || counts->inserted == 0) {
    return counts;
  }
  auto done = raise_event_sequence(database, importer.last_event_id());
  if (done) {
    const AuditRow row = {"import", origin.entity, 0, {}, summary_of(origin, *counts, importer)};
    done = add_audit(database, by, row);
  }
  if (!done) {
    return std::move(done).error();
  }
  return counts;
}

}  // namespace

Task<Result<ImportCounts>> SqliteImportStore::import(ImportOrigin origin,
                                                     ImportSource source,
                                                     ImportObserver observer,
                                                     change::Context by) {
  auto work = [origin = std::move(origin),
               source = std::move(source),
               observer = std::move(observer),
               by = std::move(by)](SqliteTransaction& transaction) {
    return import_all(transaction, origin, source, observer, by);
  };
  return engine_.import(std::move(work));
}

}  // namespace ginnel::storage
