// SPDX-License-Identifier: MIT
#include "client/uploads.h"

#include <utility>

namespace ginnel::client {

Result<UploadReport> upload_rows(Server& server,
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
  UploadReport report;
  report.rows = number_at(*told, "count");
  report.inserted = number_at(*told, "imported");
  report.unchanged = number_at(*told, "unchanged");
  report.skipped = number_at(*told, "skipped");
  for (const auto& value : array_at(*told, "skipped_rows")) {
    const boost::json::object& row = as_object(value);
    report.skipped_rows.push_back("line " + text_at(row, "line") + ": " + text_at(row, "reason"));
  }
  return report;
}

}  // namespace ginnel::client
