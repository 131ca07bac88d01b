// SPDX-License-Identifier: MIT
#pragma once

#include <atomic>
#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/blocking_thread.h"
#include "base/result.h"
#include "base/task.h"
#include "change/context.h"
#include "service/options.h"
#include "storage/stores.h"
#include "transfer/row_check.h"

namespace ginnel::service {

using RowFault = transfer::RowFault;

/// What to do with an upload that is there.
struct ImportOrder {
  change::RowKind kind = change::RowKind::kUser;
  std::string file_name;          ///< for the audit trail
  std::function<bool()> stopped;  ///< whether to give up; asked at every row, on another thread
};

/// What became of an upload. With faults nothing was imported; otherwise `rows` is the sum of the
/// other counts.
struct UploadReport {
  /// How many of the skipped rows are named.
  static constexpr std::size_t kMostSkipped = 100;

  std::uint64_t rows = 0;
  std::uint64_t fault_count = 0;
  std::vector<RowFault> faults;  ///< the first 100, by line
  std::uint64_t inserted = 0;
  std::uint64_t unchanged = 0;
  std::uint64_t skipped = 0;           ///< by the store; see change::ImportOutcome
  std::vector<RowFault> skipped_rows;  ///< the first kMostSkipped, without a column
};

class ImportService;

/// One upload under way: it holds the one place there is, and its file, until it is destroyed. The
/// file is closed on the service's own thread, since giving much room back to a disk takes a while;
/// that of the next upload is made after it there.
class Upload final {
 public:
  Upload(Upload&&) = default;
  Upload& operator=(Upload&&) = delete;
  Upload(const Upload&) = delete;
  Upload& operator=(const Upload&) = delete;
  ~Upload();

  /// Keeps more of the file; `bytes` must last until the answer. Fails with kUnavailable when the
  /// disk refuses.
  Task<Result<Done>> append(std::string_view bytes);

  /// Checks the whole file, and if nothing is wrong imports it in one transaction: all that the
  /// store does not skip, or nothing. Other changes wait for that transaction, not for the check.
  /// Fails with kInvalid for a file that cannot be read as rows, with kUnavailable when the disk
  /// refuses, the database has no time or `stopped` said so, and as storage::Import.
  Task<Result<UploadReport>> import(ImportOrder order, change::Context caller);

 private:
  friend class ImportService;
  struct State;

  Upload(ImportService& service, std::shared_ptr<State> state);

  ImportService* service_;
  std::shared_ptr<State> state_;
};

/// Brings files of rows, one at a time. The files are kept without a name in a folder until they
/// are imported, so none is left behind. Used by all loops.
class ImportService final {
 public:
  /// `stores` must outlive this. Links of an upload lead where `targets` lets them.
  ImportService(storage::Stores& stores, UploadOptions options, domain::TargetRules targets);
  ImportService(const ImportService&) = delete;
  ImportService& operator=(const ImportService&) = delete;

  /// Takes the one place. Fails with kUnavailable when another upload has it, or the disk refuses.
  Task<Result<Upload>> begin();

  const UploadOptions& options() const noexcept { return options_; }

  /// Uploads under way now: 0 or 1. From any thread, as what follows.
  std::uint64_t uploads() const noexcept { return taken_.load() ? 1 : 0; }

  /// Rows inserted since start.
  std::uint64_t inserted() const noexcept { return inserted_.load(std::memory_order_relaxed); }

 private:
  friend class Upload;

  storage::Stores& stores_;
  UploadOptions options_;
  domain::TargetRules targets_;
  std::atomic<bool> taken_{false};
  std::atomic<std::uint64_t> inserted_{0};
  BlockingThread disk_{"ginnel-bulk"};  ///< last: its work uses everything above
};

}  // namespace ginnel::service
