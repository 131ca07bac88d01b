// SPDX-License-Identifier: MIT
#pragma once

#include <atomic>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <type_traits>
#include <utility>
#include <vector>

#include "base/result.h"
#include "base/task.h"
#include "storage/options.h"
#include "storage/sqlite/engine/read_gate.h"
#include "storage/sqlite/engine/readers.h"
#include "storage/sqlite/engine/writer.h"
#include "storage/sqlite/file/database.h"
#include "storage/sqlite/file/soundness.h"
#include "storage/stores.h"

namespace ginnel::storage::sqlite {

/// The threads of one SQLite database: one that writes, and several that read. A database in memory
/// has the writing one alone. The stores are what they run.
class Engine final {
 public:
  /// Opens the database and starts the threads. `listener`, and `log` unless it is null, must
  /// outlive the engine. Fails as open_stores does.
  static Result<std::unique_ptr<Engine>> open(const Location& location,
                                              const StoreOptions& options,
                                              ChangeListener& listener,
                                              observability::Log* log = nullptr);

  Engine(const Engine&) = delete;
  Engine& operator=(const Engine&) = delete;

  /// Runs `work(Connection&)`, which gives a Result and changes nothing. Here and below the caller
  /// waits until `until`, or for the store's own limit if that ends earlier.
  template <class Work>
  auto read(Work work, Deadline until) -> Task<std::invoke_result_t<Work, Connection&>> {
    if (readers_) {
      return readers_->read(std::move(work), until);
    }
    return writer_->read(std::move(work), until);
  }

  /// Runs `work(Transaction&)`; see Writer::change.
  template <class Work>
  auto change(Work work, Deadline until) -> Task<std::invoke_result_t<Work, Transaction&>> {
    return writer_->change(std::move(work), until);
  }

  /// Runs `work(Transaction&)`; see Writer::import.
  template <class Work>
  auto import(Work work) -> Task<std::invoke_result_t<Work, Transaction&>> {
    return writer_->import(std::move(work));
  }

  /// Runs `work(Transaction&)`; see Writer::ship.
  template <class Work>
  auto ship(Work work, Deadline until) -> Task<std::invoke_result_t<Work, Transaction&>> {
    return writer_->ship(std::move(work), until);
  }

  /// Writer::position.
  Position position() const noexcept { return writer_->position(); }

  /// Stores::figures.
  std::vector<observability::Figure> figures();

  /// Why no change is taken, or nothing.
  std::optional<Error> refusal() const { return soundness_.refusal(); }

  /// A further file without which no change is taken.
  void watch(FileMark mark) { writer_->watch(std::move(mark)); }

  /// Stores::announce.
  void announce(std::string_view url) {
    if (lock_) {
      lock_->announce(url);
    }
  }

  /// Whether what takes many transactions is to be broken off. From any thread.
  bool hurries() const noexcept { return hurries_.load(std::memory_order_relaxed); }
  void hurry() noexcept { hurries_.store(true, std::memory_order_relaxed); }

 private:
  Engine(Location location, std::optional<FileLock> lock, observability::Log* log)
      : location_(std::move(location)), lock_(std::move(lock)), soundness_(log, location_.path) {}

  Result<Done> start(Connection connection, const StoreOptions& options, ChangeListener& listener);
  Result<std::vector<Connection>> open_readers(std::uint32_t count);
  void check_quickly(Connection& connection);

  Location location_;
  std::optional<FileLock> lock_;  ///< let go after the last write
  Soundness soundness_;
  std::atomic<bool> hurries_{false};
  ReadGate gate_;
  std::optional<Writer> writer_;
  std::optional<Readers> readers_;  ///< closed first: the last to close empties the log
};

}  // namespace ginnel::storage::sqlite
