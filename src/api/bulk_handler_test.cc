// SPDX-License-Identifier: MIT
#include "api/bulk_handler.h"

#include <filesystem>
#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <gtest/gtest.h>

#include "base/run_blocking_task.h"
#include "storage/change_listener.h"
#include "support/open_stores.h"
#include "support/sent_request.h"

namespace ginnel::api {
namespace {

class NothingCached final : public storage::ChangeListener {
 public:
  void forget(change::Forgotten, storage::Position, std::function<void()> then) override { then(); }
};

constexpr std::string_view kCsv = "Content-Type: text/csv\r\n";
constexpr std::string_view kForm = "Content-Type: multipart/form-data; boundary=b\r\n";
constexpr std::string_view kUsers =
    "id,username,email,created_at\n"
    "1,ada,ada@b.cd,2025-01-01 00:00:00\n"
    "2,bob,bob@b.cd,2025-01-01 00:00:00\n";

std::string form(std::string_view file, const std::string& name = "file") {
  return "--b\r\nContent-Disposition: form-data; name=\"" + name +
         "\"; filename=\"C:\\\\my files\\\\users.csv\"\r\n\r\n" + std::string(file) +
         "\r\n--b--\r\n";
}

class Bulk : public testing::Test {
 protected:
  /// Sends a body in pieces of a few bytes, or cuts it when it is all there.
  http::Response send(std::string_view fields, std::string_view body, bool cut = false) {
    return send(handler_, fields, body, cut);
  }

  static http::Response send(BulkHandler& handler,
                             std::string_view fields,
                             std::string_view body,
                             bool cut = false) {
    const support::SentRequest request("POST /users/bulk", fields);
    auto run = [&]() -> Task<http::Response> {
      http::BodyStream* waiting = nullptr;
      std::size_t sent = 0;
      auto send_on = [&] {
        std::string piece(body.substr(sent, 7));
        sent += piece.size();
        if (!piece.empty()) {
          waiting->put(piece);
        } else if (cut) {
          waiting->cut();
        } else {
          waiting->end();
        }
      };
      const asio::any_io_executor loop = co_await asio::this_coro::executor;
      http::BodyStream stream(loop, send_on);
      waiting = &stream;
      auto answer = handler.upload(change::RowKind::kUser, *request, stream);
      co_return co_await std::move(answer);
    };
    return run_blocking_task(run());
  }

  NothingCached listener_;
  std::unique_ptr<storage::Stores> stores_ =
      std::move(*support::open_stores({.url = "sqlite::memory:"}, listener_));
  service::BulkOptions options_{.folder = std::filesystem::temp_directory_path().string()};
  service::BulkService bulk_{*stores_, options_, {}};
  BulkHandler handler_{bulk_};
};

TEST_F(Bulk, TakesAFormsFileAndABareOne) {
  EXPECT_EQ(send(kForm, form(kUsers)).body,
            "{\"count\":2,\"imported\":2,\"skipped\":0,\"skipped_rows\":[],\"unchanged\":0}\n");
  const auto again = send(kCsv, kUsers);
  EXPECT_EQ(again.status, 200);
  EXPECT_EQ(again.body,
            "{\"count\":2,\"imported\":0,\"skipped\":0,\"skipped_rows\":[],\"unchanged\":2}\n");
}

TEST_F(Bulk, NamesTheFileInTheAuditTrailWithoutItsFolders) {
  ASSERT_EQ(send(kForm, form(kUsers)).status, 200);
  const auto trail =
      run_blocking_task(stores_->events().audit(storage::AuditQuery{.after = {}, .limit = 1}, {}));
  ASSERT_TRUE(trail);
  EXPECT_NE(trail->rows.at(0).after.find(R"("file":"users.csv")"), std::string::npos)
      << trail->rows.at(0).after;
}

TEST_F(Bulk, CountsNoRowsOfAHeaderAlone) {
  EXPECT_EQ(send(kForm, form(kUsers.substr(0, 29))).body,
            "{\"count\":0,\"imported\":0,\"skipped\":0,\"skipped_rows\":[],\"unchanged\":0}\n");
}

TEST_F(Bulk, TellsTheFaultsRowByRow) {
  const auto response = send(kCsv, std::string(kUsers) + "x,,e@b.cd,2025-01-01 00:00:00\n5,a\n");
  EXPECT_EQ(response.status, 422);
  EXPECT_EQ(response.body,
            R"({"details":{"file":"3 faults in 4 rows; nothing was imported"},)"
            R"("error":"Validation failed","error_count":3,"errors":[)"
            R"({"column":"id","line":4,"reason":"must be a whole number from 1 to )"
            R"(9007199254740991"},{"column":"username","line":4,)"
            R"("reason":"Username must be a non-empty string"},)"
            R"({"column":null,"line":5,"reason":"has 2 columns, the header has 4"}]})"
            "\n");
}

TEST_F(Bulk, TellsTheRowsThatWereSkipped) {
  ASSERT_EQ(send(kCsv, kUsers).status, 200);
  const auto response = send(kCsv, std::string(kUsers) + "3,ADA,e@b.cd,2025-01-01 00:00:00\n");
  EXPECT_EQ(response.status, 422) << "that is twice in the file itself";
  EXPECT_EQ(
      send(kCsv, std::string(kUsers.substr(0, 29)) + "3,ADA,e@b.cd,2025-01-01 00:00:00\n").body,
      "{\"count\":1,\"imported\":0,\"skipped\":1,\"skipped_rows\":[{\"column\":null,"
      "\"line\":2,\"reason\":\"username is taken by user 1\"}],\"unchanged\":0}\n");
}

TEST_F(Bulk, TellsWhatIsNoTable) {
  const auto response = send(kCsv, "hello\n");
  EXPECT_EQ(response.status, 422);
  EXPECT_EQ(response.body,
            "{\"details\":{\"file\":\"line 1: the header lacks id, username, email, "
            "created_at\"},\"error\":\"Validation failed\"}\n");
}

TEST_F(Bulk, NeedsAFile) {
  const std::string none = "{\"error\":\"No file provided\"}\n";
  for (const auto& [fields, body] : std::vector<std::pair<std::string_view, std::string>>{
           {"", ""},
           {kCsv, ""},
           {kForm, ""},
           {kForm, "--b--\r\n"},
           {kForm, form(kUsers, "other")},
           {"Content-Type: application/json\r\n", "{}"},
           {"Content-Type: application/x-www-form-urlencoded\r\n", "file=x"}}) {
    const auto response = send(fields, body);
    EXPECT_EQ(response.status, 400) << fields << body;
    EXPECT_EQ(response.body, none) << fields << body;
  }
}

TEST_F(Bulk, RefusesWhatItCannotRead) {
  for (const char* fields : {"Content-Type: application/zip\r\n",
                             "Content-Type: text/csv; charset=iso-8859-1\r\n",
                             "Content-Type: text/csv\r\nContent-Encoding: gzip\r\n"}) {
    EXPECT_EQ(send(fields, "x").status, 415) << fields;
  }
  EXPECT_EQ(send("Content-Type: multipart/form-data\r\n", "x").status, 400);
  EXPECT_EQ(send(kForm, "--b\r\nnonsense\r\n\r\n").status, 400);
  EXPECT_EQ(send(kForm, form(kUsers).substr(0, 120)).body,
            "{\"error\":\"The multipart body ends before its last boundary\"}\n");
}

TEST_F(Bulk, LetsGoOfAnUploadThatDoesNotCome) {
  EXPECT_EQ(send(kCsv, kUsers.substr(0, 40), true).status, 503);
  EXPECT_EQ(bulk_.uploads(), 0U);
  EXPECT_EQ(send(kCsv, kUsers).status, 200);
}

TEST_F(Bulk, HasALimitedTime) {
  options_.upload_timeout = std::chrono::milliseconds(-1);
  service::BulkService hasty(*stores_, options_, {});
  BulkHandler handler(hasty);
  EXPECT_EQ(send(handler, kCsv, kUsers).status, 408);
}

}  // namespace
}  // namespace ginnel::api
