// SPDX-License-Identifier: MIT
#include "client/imports.h"

#include <string_view>
#include <utility>

namespace ginnel::client {
namespace {

std::uint64_t number_of(const boost::json::object& object, std::string_view name) {
  const auto* const value = object.if_contains(name);
  boost::system::error_code fault;
  const auto number = value == nullptr ? 0 : value->to_number<std::uint64_t>(fault);
  return fault ? 0 : number;
}

std::vector<std::string> lines_of(const boost::json::value* rows) {
  std::vector<std::string> lines;
  if (rows == nullptr || !rows->is_array()) {
    return lines;
  }
  for (const auto& value : rows->get_array()) {
    const auto* const row = value.if_object();
    const auto* const reason = row == nullptr ? nullptr : row->if_contains("reason");
    if (reason != nullptr && reason->is_string()) {
      lines.push_back("line " + std::to_string(number_of(*row, "line")) + ": " +
                      std::string(reason->get_string()));
    }
  }
  return lines;
}

}  // namespace

Result<ImportReport> import_rows(Server& server,
                                 const std::string& rows,
                                 const ByteSource& read,
                                 std::uint64_t bytes) {
  auto answer = server.upload("/" + rows + "/bulk", read, bytes);
  if (!answer) {
    return std::move(answer).error();
  }
  const auto* const told = answer->document.if_object();
  if (told == nullptr) {
    return Error(ErrorKind::kUnavailable, server.url() + " does not answer as Ginnel does");
  }
  ImportReport report;
  report.rows = number_of(*told, "count");
  report.inserted = number_of(*told, "imported");
  report.unchanged = number_of(*told, "unchanged");
  report.skipped = number_of(*told, "skipped");
  report.skipped_rows = lines_of(told->if_contains("skipped_rows"));
  return report;
}

}  // namespace ginnel::client
