// SPDX-License-Identifier: MIT
#include "service/bulk_service.h"

#include <filesystem>
#include <fstream>
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "base/run_blocking_task.h"
#include "storage/change_listener.h"
#include "support/open_stores.h"

namespace ginnel::service {
namespace {

class NothingCached final : public storage::ChangeListener {
 public:
  void forget(change::Forgotten, storage::Position, std::function<void()> then) override { then(); }
};

constexpr std::string_view kUsers =
    "id,username,email,created_at\n"
    "1,ada,ada@b.cd,2025-01-01 00:00:00\n"
    "2,bob,bob@b.cd,2025-01-01 00:00:00\n";

/// `text` and another row.
std::string with(std::string_view text, std::string_view row) {
  std::string both(text);
  both.append(row).append(",2025-01-01 00:00:00\n");
  return both;
}

class BulkServiceTest : public testing::Test {
 protected:
  /// Uploads this text as one file and imports it.
  Result<BulkReport> import(std::string_view text, std::function<bool()> stopped = {}) {
    auto run = [&]() -> Task<Result<BulkReport>> {
      auto upload = co_await bulk_.begin();
      if (!upload) {
        co_return std::move(upload).error();
      }
      auto kept = co_await upload->append(text);
      if (!kept) {
        co_return std::move(kept).error();
      }
      BulkOrder order;
      order.file_name = "users.csv";
      order.stopped = std::move(stopped);
      change::Context caller;
      caller.who = "somebody";
      caller.request_id = "abc";
      co_return co_await upload->import(std::move(order), std::move(caller));
    };
    return run_blocking_task(run());
  }

  std::vector<domain::AuditEntry> audit() {
    return run_blocking_task(stores_->events().audit({.after = {}, .limit = 10}, {}))->rows;
  }

  NothingCached listener_;
  std::unique_ptr<storage::Stores> stores_ =
      std::move(*support::open_stores({.url = "sqlite::memory:"}, listener_));
  BulkOptions options_{.folder = std::filesystem::temp_directory_path().string()};
  BulkService bulk_{*stores_, options_, {}};
};

TEST_F(BulkServiceTest, ImportsAFileAndTellsWhoBroughtIt) {
  const auto report = import(kUsers);
  ASSERT_TRUE(report);
  EXPECT_EQ(report->rows, 2U);
  EXPECT_EQ(report->inserted, 2U);
  EXPECT_EQ(bulk_.inserted(), 2U);
  const auto trail = audit();
  ASSERT_EQ(trail.size(), 1U);
  EXPECT_EQ(trail[0].action, "import");
  EXPECT_EQ(trail[0].who, "somebody");
  EXPECT_EQ(trail[0].request_id, "abc");
}

TEST_F(BulkServiceTest, ChangesNothingWhenAFileIsRepeated) {
  ASSERT_TRUE(import(kUsers));
  const auto again = import(kUsers);
  ASSERT_TRUE(again);
  EXPECT_EQ(again->rows, 2U);
  EXPECT_EQ(again->inserted, 0U);
  EXPECT_EQ(again->unchanged, 2U);
  EXPECT_EQ(audit().size(), 1U);
}

TEST_F(BulkServiceTest, NamesWhatTheStoreSkips) {
  ASSERT_TRUE(import(kUsers));
  const auto report =
      import(with(with(kUsers.substr(0, 29), "1,eve,eve@b.cd"), "3,Bob,other@b.cd"));
  ASSERT_TRUE(report);
  EXPECT_EQ(report->skipped, 2U);
  ASSERT_EQ(report->skipped_rows.size(), 2U);
  EXPECT_EQ(report->skipped_rows[0].line, 2U);
  EXPECT_EQ(report->skipped_rows[0].reason, "user 1 is there already, with other content");
  EXPECT_EQ(report->skipped_rows[1].reason, "username is taken by user 2");
}

TEST_F(BulkServiceTest, ImportsNothingWhenAnythingIsWrong) {
  const auto report = import(with(kUsers, "x,eve,eve@b.cd"));
  ASSERT_TRUE(report);
  EXPECT_EQ(report->rows, 3U);
  EXPECT_EQ(report->fault_count, 1U);
  EXPECT_EQ(report->inserted, 0U);
  EXPECT_TRUE(audit().empty());
}

TEST_F(BulkServiceTest, TellsOfAFileThatIsNoTable) {
  const auto report = import("hello\n");
  ASSERT_FALSE(report);
  EXPECT_EQ(report.error().kind, ErrorKind::kInvalid);
  EXPECT_EQ(report.error().message, "line 1: the header lacks id, username, email, created_at");
}

TEST_F(BulkServiceTest, GivesUpAtAnyRow) {
  for (int rows = 1; rows <= 6; ++rows) {  // three questions in the check, three in the import
    int asked = 0;
    const auto report = import(kUsers, [&] { return ++asked == rows; });
    ASSERT_FALSE(report) << rows;
    EXPECT_EQ(report.error().kind, ErrorKind::kUnavailable);
    EXPECT_TRUE(audit().empty()) << rows;
  }
}

TEST_F(BulkServiceTest, TakesOneUploadAtATime) {
  auto run = [&]() -> Task<Result<Done>> {
    auto first = co_await bulk_.begin();
    EXPECT_TRUE(first);
    EXPECT_EQ(bulk_.uploads(), 1U);
    const auto second = co_await bulk_.begin();
    EXPECT_FALSE(second);
    EXPECT_EQ(second.error().kind, ErrorKind::kUnavailable);
    EXPECT_EQ(second.error().message, "Another upload is under way; try again");
    co_return Done();
  };
  EXPECT_TRUE(run_blocking_task(run()));
  EXPECT_EQ(bulk_.uploads(), 0U) << "an upload that is given up makes room";
  EXPECT_TRUE(import(kUsers));
}

TEST_F(BulkServiceTest, KeepsItsPlaceFreeWhenTheDiskRefuses) {
  options_.folder = "/nowhere/at/all";
  BulkService homeless(*stores_, options_, {});
  for (int i = 0; i < 2; ++i) {
    const auto upload = run_blocking_task(homeless.begin());
    ASSERT_FALSE(upload);
    EXPECT_EQ(upload.error().message, "The upload could not be kept; try again");
  }
}

}  // namespace
}  // namespace ginnel::service
