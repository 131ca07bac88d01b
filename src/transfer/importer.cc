// SPDX-License-Identifier: MIT
#include "transfer/importer.h"

#include <memory>
#include <optional>
#include <utility>

#include "transfer/import_rows.h"

namespace ginnel::transfer {
namespace {

constexpr std::uint64_t kProgressRows = 1'000;

/// One import under way. The store's callbacks share it: a store that gave up waiting (kTimeout)
/// may still be calling them.
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

  /// The next good row; the bad ones before it are set aside.
  Result<std::optional<change::ImportRow>> next_row();

  /// Hears what became of the row that next_row gave last.
  void observe(const change::ImportVerdict& verdict);

  /// What next_row and observe counted.
  ImportReport report() const;

 private:
  Result<Done> set_aside(std::string_view reason);
  Result<std::optional<change::ImportRow>> end();

  InputFile file_;
  OnProgress on_progress_;
  OnLeftOut on_left_out_;
  std::function<bool()> stopped_;
  RejectsFile rejects_;
  ImportRows rows_;
  NumberedRow* current_ = nullptr;  ///< given last
  ImportReport counts_;
  std::optional<Error> failure_;  ///< of observe, which has no other way to tell
};

Result<std::optional<change::ImportRow>> ImportRun::next_row() {
  while (!failure_) {
    if (stopped_ && stopped_()) {
      return import_stopped();
    }
    auto found = rows_.next();
    if (!found) {
      return std::move(found).error();
    }
    current_ = *found;
    if (current_ == nullptr) {
      return end();
    }
    ++counts_.read;
    if (on_progress_ && counts_.read % kProgressRows == 0) {
      on_progress_({counts_.read, rows_.bytes_read()});
    }
    if (current_->row) {
      return std::optional<change::ImportRow>(std::move(*current_->row));
    }
    ++counts_.rejected;
    if (auto kept = set_aside(reason_of(current_->row.error())); !kept) {
      return std::move(kept).error();
    }
  }
  return *failure_;
}

Result<std::optional<change::ImportRow>> ImportRun::end() {
  if (rejects_.is_open()) {
    if (auto flushed = rejects_.flush(); !flushed) {
      return std::move(flushed).error();
    }
  }
  if (on_progress_) {
    on_progress_({counts_.read, rows_.bytes_read()});
  }
  return std::optional<change::ImportRow>();
}

void ImportRun::observe(const change::ImportVerdict& verdict) {
  switch (verdict.outcome) {
    case change::ImportOutcome::kInserted:
      ++counts_.inserted;
      return;
    case change::ImportOutcome::kUnchanged:
      ++counts_.unchanged;
      return;
    case change::ImportOutcome::kDiffers:
    case change::ImportOutcome::kDeleted:
    case change::ImportOutcome::kRefused:
      ++counts_.skipped;
      break;
  }
  if (auto kept = set_aside(verdict.reason); !kept) {
    failure_ = std::move(kept).error();
  }
}

Result<Done> ImportRun::set_aside(std::string_view reason) {
  if (on_left_out_) {
    on_left_out_({current_->line, reason, current_->cells});
    return Done();
  }
  if (!rejects_.is_open()) {
    if (auto opened = rejects_.open(file_, rows_.header()); !opened) {
      return opened;
    }
  }
  return rejects_.add({current_->line, reason, current_->cells});
}

ImportReport ImportRun::report() const {
  ImportReport report = counts_;
  report.rejects_path = rejects_.is_open() ? rejects_.path() : "";
  return report;
}

}  // namespace

Task<Result<ImportReport>> import_file(InputFile file,
                                       ImportPlan plan,
                                       storage::ImportStore& store,
                                       change::Context by) {
  change::ImportOrigin origin;
  origin.entity = to_text(plan.kind);
  origin.file = file.name();
  origin.sha256 = file.sha256();
  auto run = std::make_shared<ImportRun>(std::move(file), std::move(plan));
  storage::ImportSource source = [run] { return run->next_row(); };
  storage::ImportObserver observer = [run](const change::ImportVerdict& verdict) {
    run->observe(verdict);
  };
  auto imported = co_await store.import(
      std::move(origin), std::move(source), std::move(observer), std::move(by));
  if (!imported) {
    co_return std::move(imported).error();
  }
  co_return run->report();
}

}  // namespace ginnel::transfer
