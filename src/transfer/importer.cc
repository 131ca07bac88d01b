// SPDX-License-Identifier: MIT
#include "transfer/importer.h"

#include <cstddef>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "transfer/import_rows.h"

namespace ginnel::transfer {
namespace {

constexpr std::uint64_t kProgressRows = 1'000;

/// A record of the file that waits for its batch to be added.
struct PendingRecord {
  std::uint64_t line = 0;
  std::optional<std::string> fault;  ///< why it is no row; else it is the batch's next one
  std::size_t cells_end = 0;         ///< in Batch::cell_ends
};

/// Records that are read together, in the order of the file, and the rows that they are.
struct Batch {
  std::vector<PendingRecord> records;
  std::string text;                    ///< of all cells
  std::vector<std::size_t> cell_ends;  ///< where each ends in `text`
  std::vector<change::ImportRow> rows;
  std::size_t row_bytes = 0;

  bool is_full() const noexcept;
  void add(NumberedRow& record);
};

/// Half of what a store takes, in bytes: another row, however long, has room then.
bool Batch::is_full() const noexcept {
  constexpr std::size_t kFullBytes = storage::Import::kMaxBytes / 2;
  return records.size() == storage::Import::kMaxRows || text.size() >= kFullBytes ||
         row_bytes >= kFullBytes;
}

void Batch::add(NumberedRow& record) {
  for (const std::string_view cell : record.cells) {
    text += cell;
    cell_ends.push_back(text.size());
  }
  PendingRecord& pending = records.emplace_back();
  pending.line = record.line;
  pending.cells_end = cell_ends.size();
  if (!record.row) {
    pending.fault = reason_of(record.row.error());
    return;
  }
  row_bytes += change::text_bytes(*record.row);
  rows.push_back(std::move(*record.row));
}

/// The file's part of an import. Used by one thread at a time.
class ImportRun final {
 public:
  ImportRun(InputFile file, ImportPlan plan)
      : file_(std::move(file)),
        on_progress_(std::move(plan.on_progress)),
        on_left_out_(std::move(plan.on_left_out)),
        stopped_(std::move(plan.stopped)),
        rejects_(std::move(plan.rejects_path)),
        rows_(
            plan.kind,
            [this](std::span<char> buffer) { return file_.read(buffer); },
            std::move(plan.targets)) {}
  ImportRun(const ImportRun&) = delete;
  ImportRun& operator=(const ImportRun&) = delete;

  /// Sets aside what came to nothing of the rows given last, on which these are the verdicts, and
  /// of the records between them; then reads on. Nothing when the file is at its end. Fails with
  /// what was at fault first, by the order of the file.
  Result<std::optional<std::vector<change::ImportRow>>> next(
      const std::vector<change::ImportVerdict>& verdicts);

  /// What `next` counted.
  ImportReport report() const;

 private:
  Result<Done> tell(const std::vector<change::ImportVerdict>& verdicts);
  std::optional<std::string_view> rejected(std::string_view fault);
  std::optional<std::string_view> left_out(const change::ImportVerdict& verdict);
  Result<Done> set_aside(const RejectedRow& row);
  Result<Done> end();
  Result<bool> read_record();
  void tell_progress() const;

  InputFile file_;
  OnProgress on_progress_;
  OnLeftOut on_left_out_;
  std::function<bool()> stopped_;
  RejectsFile rejects_;
  ImportRows rows_;
  Batch batch_;                   ///< given last
  Result<bool> reads_on_ = true;  ///< false at the end of the file
  ImportReport counts_;
};

Result<std::optional<std::vector<change::ImportRow>>> ImportRun::next(
    const std::vector<change::ImportVerdict>& verdicts) {
  if (auto told = tell(verdicts); !told) {
    return std::move(told).error();
  }
  if (!reads_on_) {
    return std::move(reads_on_).error();
  }
  if (!*reads_on_) {
    if (auto ended = end(); !ended) {
      return std::move(ended).error();
    }
    return std::optional<std::vector<change::ImportRow>>();
  }
  batch_ = Batch();
  while (reads_on_ && *reads_on_ && !batch_.is_full()) {
    reads_on_ = read_record();
  }
  return std::optional(std::move(batch_.rows));
}

/// Adds the next record to the batch; false when there is none.
Result<bool> ImportRun::read_record() {
  if (stopped_ && stopped_()) {
    return import_stopped();
  }
  auto found = rows_.next();
  if (!found) {
    return std::move(found).error();
  }
  if (*found == nullptr) {
    return false;
  }
  ++counts_.read;
  if (counts_.read % kProgressRows == 0) {
    tell_progress();
  }
  batch_.add(**found);
  return true;
}

Result<Done> ImportRun::end() {
  if (rejects_.is_open()) {
    if (auto flushed = rejects_.flush(); !flushed) {
      return flushed;
    }
  }
  tell_progress();
  return Done();
}

void ImportRun::tell_progress() const {
  if (on_progress_) {
    on_progress_({counts_.read, rows_.bytes_read()});
  }
}

Result<Done> ImportRun::tell(const std::vector<change::ImportVerdict>& verdicts) {
  std::vector<std::string_view> cells;
  std::size_t cell = 0;
  std::size_t begin = 0;
  auto verdict = verdicts.begin();
  for (const PendingRecord& record : batch_.records) {
    cells.clear();
    for (; cell < record.cells_end; begin = batch_.cell_ends[cell++]) {
      cells.push_back(std::string_view(batch_.text).substr(begin, batch_.cell_ends[cell] - begin));
    }
    const auto why = record.fault ? rejected(*record.fault) : left_out(*verdict++);
    if (!why) {
      continue;
    }
    if (auto kept = set_aside({record.line, *why, cells}); !kept) {
      return kept;
    }
  }
  return Done();
}

std::optional<std::string_view> ImportRun::rejected(std::string_view fault) {
  ++counts_.rejected;
  return fault;
}

/// Why the row is not in, if that is so.
std::optional<std::string_view> ImportRun::left_out(const change::ImportVerdict& verdict) {
  switch (verdict.outcome) {
    case change::ImportOutcome::kInserted:
      ++counts_.inserted;
      return std::nullopt;
    case change::ImportOutcome::kUnchanged:
      ++counts_.unchanged;
      return std::nullopt;
    case change::ImportOutcome::kDiffers:
    case change::ImportOutcome::kDeleted:
    case change::ImportOutcome::kRefused:
      break;
  }
  ++counts_.skipped;
  return verdict.reason;
}

Result<Done> ImportRun::set_aside(const RejectedRow& row) {
  if (on_left_out_) {
    on_left_out_(row);
    return Done();
  }
  if (!rejects_.is_open()) {
    if (auto opened = rejects_.open(file_, rows_.header()); !opened) {
      return opened;
    }
  }
  return rejects_.add(row);
}

ImportReport ImportRun::report() const {
  ImportReport report = counts_;
  report.rejects_path = rejects_.is_open() ? rejects_.path() : "";
  return report;
}

/// Adds the file's rows, batch by batch.
Task<Result<Done>> add_rows(ImportRun& run, BlockingThread& disk, storage::Import& import) {
  std::vector<change::ImportVerdict> verdicts;
  while (true) {
    auto reading = disk.run([&run, &verdicts] { return run.next(verdicts); });
    auto rows = co_await std::move(reading);
    if (!rows) {
      co_return std::move(rows).error();
    }
    if (!*rows) {
      co_return Done();
    }
    auto adding = import.add(std::move(**rows));
    auto added = co_await std::move(adding);
    if (!added) {
      co_return std::move(added).error();
    }
    verdicts = std::move(*added);
  }
}

}  // namespace

Task<Result<ImportReport>> import_file(InputFile file,
                                       ImportPlan plan,
                                       BlockingThread& disk,
                                       storage::ImportStore& store,
                                       change::Context by) {
  change::ImportOrigin origin;
  origin.entity = to_text(plan.kind);
  origin.file = file.name();
  origin.sha256 = file.sha256();
  auto begun = co_await store.begin(std::move(origin));
  if (!begun) {
    co_return std::move(begun).error();
  }
  ImportRun run(std::move(file), std::move(plan));
  auto added = co_await add_rows(run, disk, **begun);
  if (!added) {
    co_return std::move(added).error();
  }
  auto counts = co_await (*begun)->commit(std::move(by));
  if (!counts) {
    co_return std::move(counts).error();
  }
  co_return run.report();
}

}  // namespace ginnel::transfer
