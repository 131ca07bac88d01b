// SPDX-License-Identifier: MIT
#include "api/bulk_handler.h"

#include <chrono>
#include <string>
#include <utility>
#include <variant>
#include <vector>

#include "api/body_reader.h"
#include "api/upload_body.h"
#include "base/json_text.h"
#include "http/problem.h"

namespace ginnel::api {
namespace {

using service::BulkReport;
using service::RowFault;
using Clock = std::chrono::steady_clock;

std::string json_of(const std::vector<RowFault>& faults) {
  std::string out = "[";
  for (const RowFault& fault : faults) {
    out += out.size() > 1 ? "," : "";
    JsonObject object(out);
    if (fault.column.empty()) {
      object.add_raw("column", "null");
    } else {
      object.add("column", fault.column);
    }
    object.add("line", fault.line).add("reason", fault.reason);
    object.end();
  }
  return out + "]";
}

std::string counted(std::uint64_t count, const char* what) {
  return std::to_string(count) + " " + what + (count == 1 ? "" : "s");
}

/// The faults of the file, and of its rows by column.
std::vector<FieldFault> faults_of(const BulkReport& report, const std::string& summary) {
  std::vector<FieldFault> faults = {{"file", summary}};
  for (const RowFault& fault : report.faults) {
    faults.push_back({fault.column.empty() ? "file" : fault.column,
                      "line " + std::to_string(fault.line) + ": " + fault.reason});
  }
  return faults;
}

/// 422 in the shape of every validation, and what is wrong row by row beside it.
http::Response refusal(const BulkReport& report) {
  const std::string summary = counted(report.fault_count, "fault") + " in " +
                              counted(report.rows, "row") + "; nothing was imported";
  std::string details;
  JsonObject fields(details);
  fields.add("file", summary);
  fields.end();
  std::string out;
  JsonObject object(out);
  object.add_raw("details", details).add("error", "Validation failed");
  object.add("error_count", report.fault_count).add_raw("errors", json_of(report.faults));
  object.end();
  http::Response response = http::json(std::move(out), 422);
  response.error = Error::about_fields(faults_of(report, summary));
  return response;
}

http::Response answer(const BulkReport& report) {
  if (report.fault_count > 0) {
    return refusal(report);
  }
  std::string out;
  JsonObject object(out);
  object.add("count", report.rows).add("imported", report.inserted);
  object.add("skipped", report.skipped).add_raw("skipped_rows", json_of(report.skipped_rows));
  object.add("unchanged", report.unchanged);
  object.end();
  return http::json(std::move(out));
}

/// A file that cannot be read as rows is at fault as a field is.
http::Response problem_of_file(const Error& error) {
  if (error.kind != ErrorKind::kInvalid) {
    return http::problem(error);
  }
  const FieldFault fault = {"file", error.message};
  return http::problem(Error::about_fields({fault}), 422);
}

/// Takes the whole body: the file into `upload`. Gives the answer when there can be no import, or
/// the file's name.
Task<std::variant<std::string, http::Response>> receive(UploadBody source,
                                                        service::BulkUpload& upload,
                                                        http::BodyStream& body,
                                                        Clock::time_point deadline) {
  while (true) {
    const auto piece = co_await body.next();
    if (!piece) {
      co_return http::problem(piece.error());
    }
    if (piece->empty()) {
      break;
    }
    if (Clock::now() > deadline) {
      co_return http::problem(408, "The upload took too long");
    }
    const auto bytes = source.read(*piece);
    if (!bytes) {
      co_return http::problem(bytes.error());
    }
    if (!bytes->empty()) {
      const auto kept = co_await upload.append(*bytes);
      if (!kept) {
        co_return http::problem(kept.error());
      }
    }
  }
  auto name = source.finish();
  if (!name) {
    co_return http::problem(name.error());
  }
  co_return std::move(*name);
}

}  // namespace

Task<http::Response> BulkHandler::upload(change::RowKind kind,
                                         const http::Request& request,
                                         http::BodyStream& body) {
  change::Context caller{call_of(request)};
  auto source = UploadBody::of(request);
  if (auto* refused = std::get_if<http::Response>(&source)) {
    co_return std::move(*refused);
  }
  const auto deadline = Clock::now() + bulk_.options().upload_timeout;
  auto upload = co_await bulk_.begin();
  if (!upload) {
    co_return http::problem(upload.error());
  }
  auto receiving = receive(std::move(std::get<UploadBody>(source)), *upload, body, deadline);
  auto received = co_await std::move(receiving);
  if (auto* refused = std::get_if<http::Response>(&received)) {
    co_return std::move(*refused);
  }
  service::BulkOrder order;
  order.kind = kind;
  order.file_name = std::move(std::get<std::string>(received));
  order.stopped = [&body] { return body.is_cut(); };
  const auto report = co_await upload->import(std::move(order), std::move(caller));
  if (!report) {
    co_return problem_of_file(report.error());
  }
  co_return answer(*report);
}

}  // namespace ginnel::api
