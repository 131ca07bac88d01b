// SPDX-License-Identifier: MIT
#include "storage/sqlite/file/soundness.h"

namespace ginnel::storage::sqlite {

void Soundness::on_fault(int code) {
  const std::string what =
      std::string("sqlite ") + std::to_string(code) + ": " + sqlite3_errstr(code);
  switch (code & 0xff) {
    case SQLITE_CORRUPT:
    case SQLITE_NOTADB:
      note_damage(what);
      return;
    case SQLITE_IOERR:
    case SQLITE_FULL:
    case SQLITE_READONLY:
    case SQLITE_CANTOPEN:
    case SQLITE_PERM:
      break;
    default:
      return;
  }
  if (!disk_failed_.exchange(true) && log_ != nullptr) {
    log_->error("the disk failed the database: changes are refused until a commit succeeds",
                {{"database", database_},
                 {"what", what},
                 {"cure",
                  "look at the disk's room, at the files' owner and mode, and at the kernel's log "
                  "(dmesg)"}});
  }
}

void Soundness::note_damage(std::string_view what) {
  if (!is_damaged_.exchange(true) && log_ != nullptr) {
    log_->error("the database is damaged: changes are refused until a restart",
                {{"database", database_},
                 {"what", what},
                 {"cure", "ginnel doctor says what is left of it and how to get it back"}});
  }
}

void Soundness::note_disk_works() {
  if (disk_failed_.exchange(false)) {
    say_again(StopReason::kDisk);
  }
}

void Soundness::note_moved(std::string_view what, std::string_view cure) {
  if (!is_moved_.exchange(true) && log_ != nullptr) {
    log_->error("a file of the database is not where it was: changes are refused until it is back",
                {{"database", database_}, {"what", what}, {"cure", cure}});
  }
}

void Soundness::note_in_place() {
  if (is_moved_.exchange(false)) {
    say_again(StopReason::kMoved);
  }
}

void Soundness::say_again(StopReason reason) const {
  if (log_ != nullptr && this->reason() == StopReason::kNone) {
    log_->info("changes are taken again", {{"database", database_}, {"was", to_text(reason)}});
  }
}

StopReason Soundness::reason() const noexcept {
  if (is_damaged_) {
    return StopReason::kDamaged;
  }
  if (is_moved_) {
    return StopReason::kMoved;
  }
  return disk_failed_ ? StopReason::kDisk : StopReason::kNone;
}

std::optional<Error> Soundness::refusal() const {
  const StopReason why = reason();
  const auto refused = [why](const char* message) {
    return Error(
        ErrorKind::kUnavailable, message, "changes are stopped: " + std::string(to_text(why)));
  };
  switch (why) {
    case StopReason::kNone:
      return std::nullopt;
    case StopReason::kDisk:
      return refused("No change is taken: the database's disk failed or is full; try again");
    case StopReason::kMoved:
      return refused(
          "No change is taken: a file of the database was moved or replaced, and has to "
          "be put back");
    case StopReason::kDamaged:
      return refused("No change is taken: the database is damaged and has to be restored");
  }
  return std::nullopt;  // a value outside the list: a defect
}

}  // namespace ginnel::storage::sqlite
