// SPDX-License-Identifier: MIT
#include "storage/sqlite/sqlite_engine.h"

#include <algorithm>
#include <filesystem>
#include <system_error>
#include <vector>

namespace ginnel::storage {

namespace {

std::uint64_t size_of(const std::string& path) {
  std::error_code failed;
  const auto size = std::filesystem::file_size(path, failed);
  return failed ? 0 : size;
}

}  // namespace

Result<std::unique_ptr<SqliteEngine>> SqliteEngine::open(const SqliteLocation& location,
                                                         const StoreOptions& options,
                                                         ChangeListener& listener) {
  auto database = open_sqlite(location, options.migrate);
  if (!database) {
    return std::move(database).error();
  }
  std::unique_ptr<SqliteEngine> engine(new SqliteEngine(location, std::move(database->lock)));
  auto started = engine->start(std::move(database->connection), options, listener);
  if (!started) {
    return std::move(started).error();
  }
  return engine;
}

Result<Done> SqliteEngine::start(SqliteConnection connection,
                                 const StoreOptions& options,
                                 ChangeListener& listener) {
  WriterOptions writing;
  writing.limit = options.operation_timeout;
  writing.queue_limit = options.write_queue_limit;
  writer_.emplace(std::move(connection), writing, listener, gate_);
  if (location_.in_memory()) {
    return Done();
  }
  std::vector<SqliteConnection> connections;
  for (std::uint32_t index = 0; index < std::max(options.readers, 1U); ++index) {
    auto reader = open_sqlite_reader(location_);
    if (!reader) {
      return std::move(reader).error();
    }
    connections.push_back(std::move(*reader));
  }
  const ReaderOptions reading = {options.operation_timeout, options.read_queue_limit};
  readers_.emplace(std::move(connections), reading, gate_);
  return Done();
}

StoreFigures SqliteEngine::figures() const {
  StoreFigures figures;
  figures.write_queue = writer_->queued();
  figures.writes = writer_->writes();
  figures.commits = writer_->commits();
  figures.refused = writer_->refused();
  figures.checkpoints = writer_->checkpoints();
  if (readers_) {
    figures.read_queue = readers_->queued();
    figures.refused += readers_->refused();
    figures.wal_bytes = size_of(location_.path + "-wal");
  }
  return figures;
}

}  // namespace ginnel::storage
