// SPDX-License-Identifier: MIT
#include "transfer/row_check.h"

#include <algorithm>
#include <span>
#include <string_view>
#include <utility>
#include <variant>

#include "base/text.h"
#include "transfer/duplicate_finder.h"
#include "transfer/import_rows.h"

namespace ginnel::transfer {
namespace {

constexpr std::string_view kUniqueOfUsers[] = {"id", "username", "email"};
constexpr std::string_view kUniqueOfLinks[] = {"id", "short_code"};
constexpr std::string_view kUniqueOfEvents[] = {"id"};

/// The columns that hold nothing twice.
std::span<const std::string_view> unique_columns(change::RowKind kind) noexcept {
  switch (kind) {
    case change::RowKind::kUser:
      return kUniqueOfUsers;
    case change::RowKind::kLink:
      return kUniqueOfLinks;
    case change::RowKind::kEvent:
      return kUniqueOfEvents;
  }
  return {};  // a value outside the list: a defect
}

/// The check of one file.
class RowCheck final {
 public:
  RowCheck(change::RowKind kind, DuplicateFinder finder)
      : unique_(unique_columns(kind)), finder_(std::move(finder)) {}

  Result<Done> look_at(const NumberedRow& row) {
    ++report_.rows;
    if (!row.row) {
      note_faults(row.line, row.row.error());
      return Done();
    }
    return note_keys(static_cast<std::uint32_t>(row.line), *row.row);
  }

  Result<CheckReport> finish() && {
    auto found = finder_.find([this](const Duplicate& duplicate) {
      add_fault({duplicate.line,
                 std::string(unique_[duplicate.column]),
                 "is in line " + std::to_string(duplicate.first_line) + " already"});
    });
    if (!found) {
      return std::move(found).error();
    }
    return std::move(report_);
  }

 private:
  /// Counts it, and keeps it when it is among those of the lowest lines.
  void add_fault(RowFault fault) {
    ++report_.fault_count;
    std::vector<RowFault>& kept = report_.faults;
    kept.insert(std::ranges::upper_bound(kept, fault.line, {}, &RowFault::line), std::move(fault));
    if (kept.size() > CheckReport::kMostFaults) {
      kept.pop_back();
    }
  }

  void note_faults(std::uint64_t line, const Error& error) {
    if (error.faults.empty()) {
      add_fault({line, "", error.message});
    }
    for (const FieldFault& fault : error.faults) {
      add_fault({line, fault.field, fault.message});
    }
  }

  Result<Done> note_keys(std::uint32_t line, const change::ImportRow& row) {
    if (const auto* user = std::get_if<domain::User>(&row)) {
      // Rows of an older time may differ by that alone (see storage/import_store.h).
      const std::string further[] = {domain::old_username_key(user->username),
                                     domain::email_key(user->email)};
      return note_keys(line, user->id.value, further);
    }
    if (const auto* link = std::get_if<domain::Link>(&row)) {
      return note_keys(line, link->id.value, std::span(&link->code, 1));
    }
    return note_keys(line, std::get<domain::Event>(row).id.value, {});
  }

  Result<Done> note_keys(std::uint32_t line,
                         std::int64_t id,
                         std::span<const std::string> further) {
    if (id > change::kMaxImportedId) {
      add_fault({line, "id", "must be at most " + std::to_string(change::kMaxImportedId)});
    }
    auto noted = finder_.add(0, {reinterpret_cast<const char*>(&id), sizeof id}, line);
    for (std::size_t i = 0; noted && i < further.size(); ++i) {
      noted = finder_.add(i + 1, further[i], line);
    }
    return noted;
  }

  std::span<const std::string_view> unique_;
  DuplicateFinder finder_;
  CheckReport report_;
};

/// The bytes of an upload. That its file cannot be read is no fault of the client's.
ByteSource source_of(InputFile& file) {
  return [&file](std::span<char> buffer) {
    auto count = file.read(buffer);
    if (!count) {
      count = Error(ErrorKind::kUnavailable,
                    "The upload could not be read; try again",
                    std::move(count).error().message);
    }
    return count;
  };
}

}  // namespace

Result<CheckReport> check_rows(InputFile file, const CheckPlan& plan) {
  auto finder = DuplicateFinder::make(plan.folder, unique_columns(plan.kind).size());
  if (!finder) {
    return std::move(finder).error();
  }
  RowCheck check(plan.kind, std::move(*finder));
  ImportRows rows(plan.kind, source_of(file), plan.targets);
  while (true) {
    if (plan.stopped && plan.stopped()) {
      return import_stopped();
    }
    auto row = rows.next();
    if (!row) {
      return std::move(row).error();
    }
    if (*row == nullptr) {
      return std::move(check).finish();
    }
    if (auto looked = check.look_at(**row); !looked) {
      return std::move(looked).error();
    }
  }
}

}  // namespace ginnel::transfer
