// SPDX-License-Identifier: MIT
#include "transfer/exporter.h"

#include <cstddef>
#include <optional>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include "domain/timestamp.h"
#include "transfer/csv_writer.h"

namespace ginnel::transfer {
namespace {

constexpr std::size_t kFlushedBytes = 65'536;

/// `2025-07-13 12:40:57`: the API's form with a space, as spreadsheets and the real files have it.
std::string time_cell(domain::Timestamp at) {
  std::string text = domain::to_text(at);
  text[text.find('T')] = ' ';
  return text;
}

template <class Id>
std::string id_cell(const std::optional<Id>& id) {
  return id ? std::to_string(id->value) : std::string();
}

/// Turns rows into lines and hands them on, a piece at a time.
class LineWriter final {
 public:
  LineWriter(bool spreadsheet_safe, const ByteSink& sink)
      : spreadsheet_safe_(spreadsheet_safe), sink_(sink) {}

  Result<Done> add(const domain::User& user) {
    const std::string id = std::to_string(user.id.value);
    const std::string created_at = time_cell(user.created_at);
    const std::string_view cells[] = {id, user.username, user.email, created_at};
    return add_row(cells);
  }

  Result<Done> add(const domain::Link& link) {
    const std::string id = std::to_string(link.id.value);
    const std::string user = std::to_string(link.user.value);
    const std::string created_at = time_cell(link.created_at);
    const std::string updated_at = time_cell(link.updated_at);
    const std::string_view cells[] = {id,
                                      user,
                                      link.code,
                                      link.target,
                                      link.title,
                                      link.enabled ? "True" : "False",
                                      created_at,
                                      updated_at};
    return add_row(cells);
  }

  Result<Done> add(const domain::Event& event) {
    const std::string id = std::to_string(event.id.value);
    const std::string link = id_cell(event.link);
    const std::string user = id_cell(event.user);
    const std::string at = time_cell(event.at);
    const std::string_view cells[] = {id, link, user, event.type, at, event.details};
    return add_row(cells);
  }

  void add_header(change::RowKind kind) { append_csv_line(piece_, columns_of(kind)); }

  /// Hands on what is left.
  Result<Done> flush() {
    auto done = sink_(piece_);
    piece_.clear();
    return done;
  }

  std::uint64_t rows() const noexcept { return rows_; }

 private:
  Result<Done> add_row(std::span<const std::string_view> cells) {
    ++rows_;
    if (spreadsheet_safe_) {
      append_safe_line(cells);
    } else {
      append_csv_line(piece_, cells);
    }
    return piece_.size() < kFlushedBytes ? Result<Done>(Done()) : flush();
  }

  void append_safe_line(std::span<const std::string_view> cells) {
    std::vector<std::string> texts;
    for (const std::string_view cell : cells) {
      texts.push_back(spreadsheet_safe(cell));
    }
    append_csv_line(piece_, std::vector<std::string_view>(texts.begin(), texts.end()));
  }

  bool spreadsheet_safe_;
  const ByteSink& sink_;
  std::string piece_;
  std::uint64_t rows_ = 0;
};

Result<Done> add_all(storage::Snapshot& snapshot, const ExportPlan& plan, LineWriter& lines) {
  const auto add = [&lines](const auto& row) { return lines.add(row); };
  switch (plan.kind) {
    case change::RowKind::kUser:
      return snapshot.each_user(add);
    case change::RowKind::kLink:
      return snapshot.each_link(add);
    case change::RowKind::kEvent:
      return snapshot.each_event(plan.clicks, add);
  }
  return Error(ErrorKind::kInternal, "no such kind of row");
}

}  // namespace

Result<std::uint64_t> export_rows(storage::Snapshot& snapshot,
                                  const ExportPlan& plan,
                                  const ByteSink& sink) {
  LineWriter lines(plan.spreadsheet_safe, sink);
  lines.add_header(plan.kind);
  auto done = add_all(snapshot, plan, lines);
  if (done) {
    done = lines.flush();
  }
  if (!done) {
    return std::move(done).error();
  }
  return lines.rows();
}

}  // namespace ginnel::transfer
