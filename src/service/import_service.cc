// SPDX-License-Identifier: MIT
#include "service/import_service.h"

#include <optional>

#include "transfer/importer.h"
#include "transfer/upload_file.h"

namespace ginnel::service {

struct Upload::State {
  std::optional<transfer::UploadFile> file;
  std::vector<RowFault> skipped_rows;  ///< of the import under way
};

namespace {

/// A file that was checked can be read: whatever is invalid now is so on our side.
Error not_ours_to_tell(Error error) {
  if (error.kind != ErrorKind::kInvalid) {
    return error;
  }
  return Error(
      ErrorKind::kUnavailable, "The upload could not be read; try again", std::move(error.message));
}

}  // namespace

Upload::Upload(ImportService& service, std::shared_ptr<State> state)
    : service_(&service), state_(std::move(state)) {}

Upload::~Upload() {
  if (state_) {
    service_->disk_.let_go(std::move(state_));
    service_->taken_.store(false);
  }
}

Task<Result<Done>> Upload::append(std::string_view bytes) {
  return service_->disk_.run([state = state_, bytes] { return state->file->append(bytes); });
}

Task<Result<UploadReport>> Upload::import(ImportOrder order, change::Context caller) {
  transfer::CheckPlan plan;
  plan.kind = order.kind;
  plan.targets = service_->targets_;
  plan.folder = service_->options_.folder;
  plan.stopped = order.stopped;
  auto check = [state = state_, plan = std::move(plan)]() -> Result<transfer::CheckReport> {
    auto input = state->file->input("");
    if (!input) {
      return std::move(input).error();
    }
    return transfer::check_rows(std::move(*input), plan);
  };
  auto checked = co_await service_->disk_.run(std::move(check));
  if (!checked) {
    co_return std::move(checked).error();
  }
  UploadReport report;
  report.rows = checked->rows;
  report.fault_count = checked->fault_count;
  report.faults = std::move(checked->faults);
  if (report.fault_count > 0) {
    co_return report;
  }
  auto input = state_->file->input(std::move(order.file_name));
  if (!input) {
    co_return std::move(input).error();
  }
  transfer::ImportPlan importing;
  importing.kind = order.kind;
  importing.targets = service_->targets_;
  importing.stopped = std::move(order.stopped);
  importing.on_left_out = [state = state_](const transfer::RejectedRow& row) {
    if (state->skipped_rows.size() < UploadReport::kMostSkipped) {
      state->skipped_rows.push_back({row.line, "", std::string(row.reason)});
    }
  };
  auto imported = co_await transfer::import_file(std::move(*input),
                                                 std::move(importing),
                                                 service_->disk_,
                                                 service_->stores_.imports(),
                                                 std::move(caller));
  if (!imported) {
    co_return not_ours_to_tell(std::move(imported).error());
  }
  report.inserted = imported->inserted;
  report.unchanged = imported->unchanged;
  report.skipped = imported->skipped;
  report.skipped_rows = std::move(state_->skipped_rows);
  service_->inserted_.fetch_add(report.inserted, std::memory_order_relaxed);
  co_return report;
}

ImportService::ImportService(storage::Stores& stores,
                             UploadOptions options,
                             domain::TargetRules targets)
    : stores_(stores), options_(std::move(options)), targets_(std::move(targets)) {}

Task<Result<Upload>> ImportService::begin() {
  if (taken_.exchange(true)) {
    co_return Error(ErrorKind::kUnavailable, "Another upload is under way; try again");
  }
  Upload upload(*this, std::make_shared<Upload::State>());
  auto make = [state = upload.state_, folder = options_.folder]() -> Result<Done> {
    auto file = transfer::UploadFile::make(folder);
    if (!file) {
      return std::move(file).error();
    }
    state->file.emplace(std::move(*file));
    return Done();
  };
  auto made = co_await disk_.run(std::move(make));
  if (!made) {
    co_return std::move(made).error();
  }
  co_return upload;
}

}  // namespace ginnel::service
