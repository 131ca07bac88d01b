// SPDX-License-Identifier: MIT
#include "storage/sqlite/engine/checkpointer.h"

#include <chrono>

#include "storage/sqlite/engine/connection.h"

namespace ginnel::storage::sqlite {

namespace {

constexpr std::uint64_t kFrameHeaderBytes =
    24;                                      // https://www.sqlite.org/fileformat2.html#walformat
constexpr std::uint64_t kPageBytes = 4'096;  // SQLite's default since 3.12; we never set another

/// Only another program (a backup, a shell) can hold a restart up while the gate is shut. Writes
/// stand still meanwhile, so it is not waited for as long as a lock in a change is.
constexpr std::chrono::milliseconds kRestartTimeout{50};

}  // namespace

Checkpointer::Checkpointer(sqlite3* connection, ReadGate& gate, CheckpointOptions options)
    : connection_(connection),
      gate_(gate),
      options_(options),
      frame_bytes_(kPageBytes + kFrameHeaderBytes) {
  sqlite3_wal_hook(
      connection_,
      [](void* self, sqlite3*, const char*, int pages) {
        static_cast<Checkpointer*>(self)->pages_ = static_cast<std::uint32_t>(pages);
        return SQLITE_OK;
      },
      this);
}

Checkpointer::~Checkpointer() {
  sqlite3_wal_hook(connection_, nullptr, nullptr);
}

bool Checkpointer::run_if_due() {
  if (pages_ < checked_pages_) {
    checked_pages_ = 0;  // the log began anew
  }
  if (pages_ - checked_pages_ < options_.passive_pages && !due_) {
    return false;
  }
  checked_pages_ = pages_;
  due_ = false;
  const std::uint64_t bytes = pages_ * frame_bytes_;
  if (bytes > options_.max_wal_bytes || cut_) {
    // A log that a large import has blown up is cut; otherwise its room on the disk is used again.
    restart(cut_ || bytes > 2 * options_.max_wal_bytes);
  } else {
    checkpoint(SQLITE_CHECKPOINT_PASSIVE);
  }
  return true;
}

void Checkpointer::restart(bool cut) {
  {
    // Reads that began before the last commit would keep its pages from being copied.
    const ReadGate::Shut shut(gate_);
  }
  checkpoint(SQLITE_CHECKPOINT_PASSIVE);  // what takes long, while others read
  const ReadGate::Shut shut(gate_);
  sqlite3_busy_timeout(connection_, static_cast<int>(kRestartTimeout.count()));
  if (checkpoint(cut ? SQLITE_CHECKPOINT_TRUNCATE : SQLITE_CHECKPOINT_RESTART) && cut) {
    cut_ = false;
  }
  sqlite3_busy_timeout(connection_, static_cast<int>(kBusyTimeout.count()));
}

bool Checkpointer::checkpoint(int mode) noexcept {
  const int code = sqlite3_wal_checkpoint_v2(connection_, "main", mode, nullptr, nullptr);
  if (code != SQLITE_OK) {
    return false;
  }
  count_.fetch_add(1, std::memory_order_relaxed);
  return true;
}

}  // namespace ginnel::storage::sqlite
