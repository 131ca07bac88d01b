// SPDX-License-Identifier: MIT
#pragma once

#include <atomic>
#include <optional>
#include <string>
#include <string_view>

#include "base/error.h"
#include "observability/log.h"
#include "storage/sqlite/engine/connection.h"
#include "storage/stop_reason.h"

namespace ginnel::storage::sqlite {

/// Whether a database takes changes, and why not: it hears of the faults of every connection, and
/// of what is found out about the files (DatabaseFiles). Reads go on as far as they can.
///
/// Safe to call from any thread. Each turn for the worse or the better is logged once.
class Soundness final : public FaultListener {
 public:
  /// `log` may be null; it must outlive this. `database` is what it is called there.
  explicit Soundness(observability::Log* log, std::string database = {})
      : log_(log), database_(std::move(database)) {}

  /// CORRUPT and NOTADB are damage; after IOERR and FULL, and where a file may not be
  /// opened or written, the disk has to prove itself.
  void on_fault(int code) override;

  void note_damage(std::string_view what);

  /// A commit for trial succeeded.
  void note_disk_works();

  /// What is not where it was and what is to be done, or that everything is.
  void note_moved(std::string_view what, std::string_view cure);
  void note_in_place();

  StopReason reason() const noexcept;

  /// What everybody hears who wants to change something, or nothing when he may.
  std::optional<Error> refusal() const;

 private:
  void say_again(StopReason reason) const;

  observability::Log* log_;
  const std::string database_;
  std::atomic<bool> is_damaged_{false};
  std::atomic<bool> is_moved_{false};
  std::atomic<bool> disk_failed_{false};
};

}  // namespace ginnel::storage::sqlite
