// SPDX-License-Identifier: MIT
#pragma once

#include <cstdint>
#include <ctime>
#include <optional>
#include <string>
#include <vector>

#include <sqlite3.h>

#include "base/file_descriptor.h"
#include "base/file_mark.h"
#include "storage/stop_reason.h"

namespace ginnel::storage::sqlite {

/// What was found out about a database's files, for the log.
struct FilesFault {
  StopReason reason = StopReason::kMoved;  ///< or kDamaged
  std::string what;
  std::string cure;
  bool log_has_no_name = false;  ///< what the database does not have yet ends with the process
};

/// Looks whether the files of an open database are still where they were, and still what SQLite
/// made of them. SQLite itself would go on with files that nobody finds any more, with a log that
/// somebody emptied, and with pages that were overwritten.
///
/// A look costs a few calls of stat(2), so every change can afford it. Nothing is opened or closed
/// that SQLite has locks on: they would end. Used by the thread that writes.
class DatabaseFiles final {
 public:
  /// Of a connection in WAL mode that has read from the file at `path`, and must outlive this.
  DatabaseFiles(sqlite3* connection, std::string path);

  /// A further file that has to stay where it is.
  void watch(FileMark mark) { marks_.push_back(std::move(mark)); }

  std::optional<FilesFault> look();

  /// To be said after each checkpoint: nothing else of ours writes to the database's file.
  void note_checkpoint();

  /// The two random numbers that name the log now, or nothing when no change is in it.
  std::optional<std::uint64_t> log_salts() const;

 private:
  /// From the index that all connections share
  /// (https://www.sqlite.org/walformat.html#the_wal_index_header).
  struct LogIndex {
    std::uint32_t frames = 0;
    std::uint32_t page_bytes = 0;
    std::uint64_t salts = 0;
    std::uint32_t copied = 0;   ///< frames that are in the database's file
    std::uint32_t copying = 0;  ///< or are on their way there

    bool operator==(const LogIndex&) const = default;
  };

  /// The state of the database's file after the last checkpoint.
  struct Seen {
    std::int64_t bytes = 0;
    timespec changed{};
    LogIndex index;
  };

  std::optional<FilesFault> look_at_places() const;
  std::optional<FilesFault> look_at_contents(const LogIndex& index);
  bool log_is_whole(const LogIndex& index) const;
  bool was_overwritten(const LogIndex& index);
  bool index_was_cut();
  volatile void* region() const;  ///< where the index is mapped, or null
  std::optional<LogIndex> index() const;

  sqlite3_file* file_ = nullptr;  ///< SQLite's own
  const std::string path_;
  std::vector<FileMark> marks_;
  FileDescriptor log_;            ///< SQLite has no locks on it
  std::int64_t index_bytes_ = 0;  ///< the index grows only, as long as anybody has it open
  Seen seen_;
};

}  // namespace ginnel::storage::sqlite
