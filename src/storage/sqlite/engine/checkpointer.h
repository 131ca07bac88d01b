// SPDX-License-Identifier: MIT
#pragma once

#include <atomic>
#include <cstdint>

#include <sqlite3.h>

#include "storage/sqlite/engine/read_gate.h"

namespace ginnel::storage::sqlite {

/// When the write-ahead log is copied into the database file.
struct CheckpointOptions {
  /// Pages that are written between two checkpoints that disturb nobody (PASSIVE).
  std::uint32_t passive_pages = 1'000;

  /// Size of the log above which reads are held back and it is begun anew (RESTART).
  std::uint64_t max_wal_bytes = std::uint64_t{64} << 20;
};

/// Makes every checkpoint of a file, on the thread that makes every write.
///
/// SQLite 3.40 can damage a file when one connection commits while another restarts the log (fixed
/// in 3.51.3): so there is one connection that does either. A PASSIVE checkpoint copies what it may
/// while others read, but the log only begins anew when no read overlaps the next write; under
/// steady reading it grew by 109 MB in 8 s (2 cores, 2026-11). Hence the gate; it is shut for what
/// a PASSIVE one has left over, since copying the log of a large import takes seconds.
class Checkpointer final {
 public:
  /// `connection` and `gate` must outlive this.
  Checkpointer(sqlite3* connection, ReadGate& gate, CheckpointOptions options);
  Checkpointer(const Checkpointer&) = delete;
  Checkpointer& operator=(const Checkpointer&) = delete;
  ~Checkpointer();

  /// Called after a commit: makes the checkpoint that is due, if any, and says whether it tried. A
  /// failure is tried again after some more pages.
  bool run_if_due();

  /// Copies into the file what of the log is not in it, at once.
  void copy() noexcept { checkpoint(SQLITE_CHECKPOINT_PASSIVE); }

  /// Has the next `run_if_due` cut the log to nothing: what was deleted must not be left in it.
  /// When another program reads meanwhile, it is tried again with each later checkpoint.
  void cut_log() noexcept {
    cut_ = true;
    due_ = true;
  }

  /// Checkpoints made so far. Any thread.
  std::uint64_t count() const noexcept { return count_.load(std::memory_order_relaxed); }

 private:
  void restart(bool cut);
  bool checkpoint(int mode) noexcept;

  sqlite3* connection_;
  ReadGate& gate_;
  const CheckpointOptions options_;
  std::uint64_t frame_bytes_;        ///< a page and its header in the log
  std::uint32_t pages_ = 0;          ///< in the log after the last commit
  std::uint32_t checked_pages_ = 0;  ///< of these, at the last checkpoint
  bool cut_ = false;                 ///< the log must be cut
  bool due_ = false;                 ///< at once
  std::atomic<std::uint64_t> count_{0};
};

}  // namespace ginnel::storage::sqlite
