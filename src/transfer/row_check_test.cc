// SPDX-License-Identifier: MIT
#include "transfer/row_check.h"

#include <string>

#include <gtest/gtest.h>

#include "base/file_io.h"
#include "transfer/upload_file.h"

namespace ginnel::transfer {
namespace {

constexpr std::string_view kUserHeader = "id,username,email,created_at\n";
constexpr std::string_view kLinkHeader =
    "id,user_id,short_code,original_url,title,is_active,created_at,updated_at\n";
constexpr std::string_view kEventHeader = "id,url_id,user_id,event_type,timestamp,details\n";
constexpr std::string_view kTime = ",2025-07-13 12:40:57\n";

Result<CheckReport> check(change::RowKind kind, const std::string& text, CheckPlan plan = {}) {
  auto upload = UploadFile::make(temporary_folder());
  if (!upload || !upload->append(text)) {
    return Error(ErrorKind::kInternal, "no upload");
  }
  auto input = upload->input("rows.csv");
  if (!input) {
    return std::move(input).error();
  }
  plan.kind = kind;
  plan.folder = temporary_folder();
  return check_rows(std::move(*input), plan);
}

/// Every fault as `line column: reason`.
std::string faults_of(const Result<CheckReport>& report) {
  if (!report) {
    return "error: " + report.error().message;
  }
  std::string text;
  for (const RowFault& fault : report->faults) {
    text += std::to_string(fault.line) + " " + fault.column + ": " + fault.reason + "\n";
  }
  return text;
}

std::string user(const std::string& id, const std::string& name) {
  return id + "," + name + "," + name + "@b.cd" + std::string(kTime);
}

TEST(RowCheck, FindsNothingInAGoodFile) {
  const auto report =
      check(change::RowKind::kUser, std::string(kUserHeader) + user("1", "ada") + user("2", "bob"));
  EXPECT_EQ(faults_of(report), "");
  EXPECT_EQ(report->rows, 2U);
  EXPECT_EQ(report->fault_count, 0U);
  EXPECT_EQ(check(change::RowKind::kUser, std::string(kUserHeader))->rows, 0U)
      << "a header alone is a good file";
}

TEST(RowCheck, NamesLineColumnAndReason) {
  const auto report = check(change::RowKind::kUser,
                            std::string(kUserHeader) + user("x", "ada") + "1,,nobody" +
                                std::string(kTime) + "2,bob\n\n" + user("3", "eve\xff"));
  EXPECT_EQ(faults_of(report),
            "2 id: must be a whole number from 1 to 9007199254740991\n"
            "3 username: Username must be a non-empty string\n"
            "3 email: Email must be a valid email address\n"
            "4 : has 2 columns, the header has 4\n"
            "6 username: is not valid UTF-8\n"
            "6 email: is not valid UTF-8\n");
  EXPECT_EQ(report->rows, 4U);
  EXPECT_EQ(report->fault_count, 6U);
}

TEST(RowCheck, FindsWhatAFileHoldsTwice) {
  EXPECT_EQ(faults_of(check(change::RowKind::kUser,
                            std::string(kUserHeader) + user("1", "ada") + user("2", "ADA") +
                                user("1", "bob") + user("01", "eve"))),
            "3 username: is in line 2 already\n"
            "3 email: is in line 2 already\n"
            "4 id: is in line 2 already\n"
            "5 id: is in line 2 already\n");
  const std::string rest = ",https://b.cd/,t,True,2025-01-01 00:00:00,2025-01-01 00:00:00\n";
  EXPECT_EQ(faults_of(check(change::RowKind::kLink,
                            std::string(kLinkHeader) + "1,1,aaaaaa" + rest + "2,1,AAAAAA" + rest +
                                "3,1,aaaaaa" + rest + "2,1,bbbbbb" + rest)),
            "4 short_code: is in line 2 already\n"
            "5 id: is in line 3 already\n");
  EXPECT_EQ(faults_of(check(change::RowKind::kEvent,
                            std::string(kEventHeader) + "1,1,1,created,2025-01-01 00:00:00,{}\n" +
                                "2,1,1,created,2025-01-01 00:00:00,{}\n" +
                                "1,1,1,created,2025-01-01 00:00:00,{}\n")),
            "4 id: is in line 2 already\n");
}

TEST(RowCheck, RefusesIdsThatLeaveNoneForOthers) {
  const std::string most = std::to_string(change::kMaxImportedId);
  const std::string over = std::to_string(change::kMaxImportedId + 1);
  EXPECT_EQ(faults_of(check(change::RowKind::kUser, std::string(kUserHeader) + user(most, "ada"))),
            "");
  EXPECT_EQ(faults_of(check(change::RowKind::kUser, std::string(kUserHeader) + user(over, "ada"))),
            "2 id: must be at most " + most + "\n");
}

TEST(RowCheck, KeepsTheFaultsOfTheFirstLinesAndCountsAll) {
  std::string text(kUserHeader);
  text += user("1", "ada") + user("1", "bob");
  for (int i = 0; i < 1'000; ++i) {
    text += user("x", "name" + std::to_string(i));
  }
  text += user("1", "eve");
  const auto report = check(change::RowKind::kUser, text);
  ASSERT_TRUE(report);
  EXPECT_EQ(report->fault_count, 1'002U);
  ASSERT_EQ(report->faults.size(), 100U);
  EXPECT_EQ(report->faults.front().line, 3U) << "a duplicate is found last, but stands first";
  for (std::size_t i = 1; i < 100; ++i) {
    EXPECT_EQ(report->faults[i].line, i + 3);
  }
}

TEST(RowCheck, FailsWhereThereIsNoGoingOn) {
  EXPECT_EQ(faults_of(check(change::RowKind::kUser, "")),
            "error: the file is empty: its first line must name the columns");
  EXPECT_EQ(faults_of(check(change::RowKind::kUser, "id,username\n1,ada\n")),
            "error: line 1: the header lacks email, created_at");
  EXPECT_EQ(faults_of(check(change::RowKind::kUser, std::string(kUserHeader) + "1,\"ada")),
            "error: line 2: a quote that opens here is never closed");
  EXPECT_EQ(faults_of(check(change::RowKind::kUser, std::string("\xff\xfei\0d\0", 6))),
            "error: line 1: the file is UTF-16; save it as UTF-8");
}

TEST(RowCheck, EndsWhenItIsTold) {
  CheckPlan plan;
  plan.stopped = [] { return true; };
  EXPECT_EQ(
      faults_of(check(change::RowKind::kUser, std::string(kUserHeader) + user("1", "ada"), plan)),
      "error: The import was stopped; nothing was imported");
}

}  // namespace
}  // namespace ginnel::transfer
