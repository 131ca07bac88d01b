// SPDX-License-Identifier: MIT
#include "storage/sqlite/engine/engine.h"

#include <algorithm>
#include <filesystem>
#include <system_error>
#include <utility>

namespace ginnel::storage::sqlite {

namespace {

/// A file that is read so far in a few milliseconds is checked from end to end at the start.
constexpr std::uint64_t kQuicklyChecked = std::uint64_t{16} << 20;

std::uint64_t size_of(const std::string& path) {
  std::error_code failed;
  const auto size = std::filesystem::file_size(path, failed);
  return failed ? 0 : size;
}

}  // namespace

Result<std::unique_ptr<Engine>> Engine::open(const Location& location,
                                             const StoreOptions& options,
                                             ChangeListener& listener,
                                             observability::Log* log) {
  auto database = open_database(location, options.migrate);
  if (!database) {
    return std::move(database).error();
  }
  if (database->is_alone && log != nullptr) {
    log->warn(
        "the disk has no room for the index of the database's log: it is in memory, so no other "
        "process can open the database until a restart",
        {{"database", location.path}});
  }
  std::unique_ptr<Engine> engine(new Engine(location, std::move(database->lock), log));
  auto started = engine->start(std::move(database->connection), options, listener);
  if (!started) {
    return std::move(started).error();
  }
  return engine;
}

Result<Done> Engine::start(Connection connection,
                           const StoreOptions& options,
                           ChangeListener& listener) {
  WriterOptions writing;
  writing.limit = options.operation_timeout;
  writing.queue_limit = options.write_queue_limit;
  if (location_.in_memory()) {
    writer_.emplace(std::move(connection), writing, listener, gate_, soundness_);
    return Done();
  }
  check_quickly(connection);
  DatabaseFiles files(connection.handle(), location_.path);
  if (auto link = FileMark::of(location_.link)) {
    files.watch(std::move(*link));  // the next start follows it
  }
  writing.note_log = [this](std::int64_t name) { lock_->note_log(name); };
  auto connections = open_readers(std::max(options.readers, 1U));
  if (!connections) {
    return std::move(connections).error();
  }
  writer_.emplace(std::move(connection), writing, listener, gate_, soundness_, std::move(files));
  const ReaderOptions reading = {options.operation_timeout, options.read_queue_limit};
  readers_.emplace(std::move(*connections), reading, gate_);
  return Done();
}

/// Each reads at once: only then does SQLite open the log that is there now.
Result<std::vector<Connection>> Engine::open_readers(std::uint32_t count) {
  std::vector<Connection> connections;
  while (connections.size() < count) {
    auto reader = open_reader(location_);
    if (!reader) {
      return std::move(reader).error();
    }
    reader->report_faults_to(soundness_);
    if (auto read = reader->number("SELECT count(*) FROM sqlite_schema"); !read) {
      return std::move(read).error();
    }
    connections.push_back(std::move(*reader));
  }
  return connections;
}

void Engine::check_quickly(Connection& connection) {
  if (size_of(location_.path) > kQuicklyChecked) {
    return;
  }
  const auto text = [](const Row& row) { return row.text(0); };
  const auto found = connection.first("PRAGMA quick_check(1)", text);
  if (!found) {
    soundness_.note_damage(found.error().detail);
  } else if (found->value_or("") != "ok") {
    soundness_.note_damage(found->value_or("no answer"));
  }
}

std::vector<observability::Figure> Engine::figures() {
  using Kind = observability::MetricKind;
  std::vector<observability::Figure> figures;
  const auto add = [&figures](Kind kind, const char* name, const char* help, auto read) {
    figures.push_back({name, help, kind, {}, [read] { return static_cast<double>(read()); }});
  };
  add(Kind::kGauge, "ginnel_store_write_queue", "Changes waiting for the writer.", [this] {
    return writer_->queued();
  });
  add(Kind::kGauge, "ginnel_store_read_queue", "Reads waiting for a reader.", [this] {
    return readers_ ? readers_->queued() : 0;
  });
  add(Kind::kCounter, "ginnel_store_writes_total", "Changes committed.", [this] {
    return writer_->writes();
  });
  add(Kind::kCounter, "ginnel_store_commits_total", "Transactions committed.", [this] {
    return writer_->commits();
  });
  add(Kind::kCounter,
      "ginnel_store_refused_total",
      "Calls refused or timed out in a queue.",
      [this] { return writer_->refused() + (readers_ ? readers_->refused() : 0); });
  add(Kind::kCounter,
      "ginnel_store_checkpoints_total",
      "Checkpoints of the write-ahead log.",
      [this] { return writer_->checkpoints(); });
  add(Kind::kGauge, "ginnel_store_wal_bytes", "Size of the write-ahead log.", [this] {
    return location_.in_memory() ? 0 : size_of(location_.path + "-wal");
  });
  add(Kind::kGauge, "ginnel_store_writable", "Whether changes are taken: 1 or 0.", [this] {
    return soundness_.reason() == StopReason::kNone ? 1 : 0;
  });
  for (const StopReason reason : {StopReason::kDisk, StopReason::kMoved, StopReason::kDamaged}) {
    add(Kind::kGauge,
        "ginnel_store_stopped",
        "Why no changes are taken: 1 for the reason, else 0.",
        [this, reason] { return soundness_.reason() == reason ? 1 : 0; });
    figures.back().labels = {{"reason", std::string(to_text(reason))}};
  }
  return figures;
}

}  // namespace ginnel::storage::sqlite
