// SPDX-License-Identifier: MIT
#include "transfer/exporter.h"

#include <algorithm>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <gtest/gtest.h>

#include "transfer/csv_writer.h"
#include "transfer/import_rows.h"

namespace ginnel::transfer {
namespace {

/// Rows in vectors, as the interface says a snapshot gives them.
class VectorSnapshot final : public storage::Snapshot {
 public:
  std::vector<domain::User> users;
  std::vector<domain::Link> links;
  std::vector<domain::Event> events;

  Result<Done> each_user(const Visit<domain::User>& visit) override { return each(users, visit); }
  Result<Done> each_link(const Visit<domain::Link>& visit) override { return each(links, visit); }
  Result<Done> each_event(bool clicks, const Visit<domain::Event>& visit) override {
    std::vector<domain::Event> wanted = events;
    std::erase_if(wanted, [clicks](const domain::Event& event) {
      return !clicks && event.origin == domain::EventOrigin::kClick;
    });
    return each(wanted, visit);
  }

 private:
  template <class Row>
  static Result<Done> each(const std::vector<Row>& rows, const Visit<Row>& visit) {
    for (const Row& row : rows) {
      if (auto done = visit(row); !done) {
        return done;
      }
    }
    return Done();
  }
};

constexpr domain::Timestamp kAt{std::chrono::seconds(1'752'410'457)};  // 2025-07-13 12:40:57

domain::User user(std::int64_t id, std::string name) {
  return {domain::UserId{id}, std::move(name), "a@example.org", kAt};
}

domain::Link link(std::string title) {
  domain::Link row;
  row.id.value = 7;
  row.user.value = 3;
  row.code = "aB3xY9";
  row.target = "https://example.org/a,b?c=\"d\"";
  row.title = std::move(title);
  row.enabled = false;
  row.created_at = kAt;
  row.updated_at = kAt + std::chrono::microseconds(1);
  return row;
}

domain::Event event(std::string details) {
  domain::Event row;
  row.id.value = 9;
  row.user = domain::UserId{3};
  row.type = "updated";
  row.at = kAt;
  row.details = std::move(details);
  row.origin = domain::EventOrigin::kImport;
  return row;
}

std::string exported(storage::Snapshot& snapshot, const ExportPlan& plan) {
  std::string text;
  const auto rows = export_rows(snapshot, plan, [&text](std::string_view piece) -> Result<Done> {
    text += piece;
    return Done();
  });
  EXPECT_TRUE(rows);
  return text;
}

ImportRows reading(change::RowKind kind, std::string text) {
  return ImportRows(kind,
                    [text = std::move(text), at = std::size_t{0}](std::span<char> buffer) mutable {
                      const std::size_t count = text.copy(buffer.data(), buffer.size(), at);
                      at += count;
                      return Result<std::size_t>(count);
                    },
                    {});
}

TEST(Exporter, WritesTheFormOfTheImport) {
  VectorSnapshot snapshot;
  snapshot.users = {user(3, "ada")};
  snapshot.links = {link("one, \"two\"")};
  snapshot.events = {event(R"({"reason":"x"})")};
  EXPECT_EQ(exported(snapshot, {change::RowKind::kUser}),
            "id,username,email,created_at\n"
            "3,ada,a@example.org,2025-07-13 12:40:57\n");
  EXPECT_EQ(exported(snapshot, {change::RowKind::kLink}),
            "id,user_id,short_code,original_url,title,is_active,created_at,updated_at\n"
            "7,3,aB3xY9,\"https://example.org/a,b?c=\"\"d\"\"\",\"one, \"\"two\"\"\",False,"
            "2025-07-13 12:40:57,2025-07-13 12:40:57.000001\n");
  EXPECT_EQ(exported(snapshot, {change::RowKind::kEvent}),
            "id,url_id,user_id,event_type,timestamp,details\n"
            "9,,3,updated,2025-07-13 12:40:57,\"{\"\"reason\"\":\"\"x\"\"}\"\n");
}

TEST(Exporter, AnImportReadsEveryTextBackAsItWas) {
  VectorSnapshot snapshot;
  for (const char* title : {"",
                            " ",
                            " a ",
                            "\"",
                            "\"\"",
                            ",",
                            "a\nb",
                            "a\r\nb",
                            "\r",
                            "\n",
                            "'",
                            "=1+1",
                            "\t",
                            "\xef\xbb\xbf",
                            "Bücher 📚",
                            "\x01"}) {
    snapshot.links.push_back(link(title));
  }
  ImportRows rows = reading(change::RowKind::kLink, exported(snapshot, {change::RowKind::kLink}));
  for (const domain::Link& expected : snapshot.links) {
    const auto row = rows.next();
    ASSERT_TRUE(row && *row != nullptr && (*row)->row) << expected.title;
    EXPECT_EQ(std::get<domain::Link>(*(*row)->row), expected);
  }
  EXPECT_EQ(*rows.next(), nullptr);
}

TEST(Exporter, LeavesClicksOutWhenAsked) {
  VectorSnapshot snapshot;
  snapshot.events = {event("{}"), event("{}")};
  snapshot.events[1].origin = domain::EventOrigin::kClick;
  snapshot.events[1].type = "redirect";
  EXPECT_NE(exported(snapshot, {change::RowKind::kEvent}).find("redirect"), std::string::npos);
  EXPECT_EQ(exported(snapshot, {change::RowKind::kEvent, false}).find("redirect"),
            std::string::npos);
}

TEST(Exporter, ASpreadsheetIsGivenNoFormula) {
  VectorSnapshot snapshot;
  snapshot.users = {user(1, "=cmd|' /C calc'!A0"), user(2, "plain")};
  EXPECT_EQ(exported(snapshot, {change::RowKind::kUser, true, true}),
            "id,username,email,created_at\n"
            "1,'=cmd|' /C calc'!A0,a@example.org,2025-07-13 12:40:57\n"
            "2,plain,a@example.org,2025-07-13 12:40:57\n");
  for (const char* formula : {"=1", "+1", "-1", "@a", "\ta", "\ra", "\na"}) {
    EXPECT_EQ(spreadsheet_safe(formula), std::string("'") + formula);
  }
  for (const char* text : {"", "a=1", " =1", "'=1", "1"}) {
    EXPECT_EQ(spreadsheet_safe(text), text);
  }
}

TEST(Exporter, HandsOnPiecesAndCountsRows) {
  VectorSnapshot snapshot;
  snapshot.users.assign(10'000, user(1, std::string(100, 'a')));
  std::size_t largest = 0;
  std::size_t pieces = 0;
  const auto rows = export_rows(snapshot, {}, [&](std::string_view piece) -> Result<Done> {
    largest = std::max(largest, piece.size());
    ++pieces;
    return Done();
  });
  ASSERT_TRUE(rows);
  EXPECT_EQ(*rows, 10'000U);
  EXPECT_GT(pieces, 10U);
  EXPECT_LT(largest, 66'000U);
}

TEST(Exporter, EndsWhenTheSinkFails) {
  VectorSnapshot snapshot;
  snapshot.users.assign(10'000, user(1, std::string(100, 'a')));
  int calls = 0;
  const auto rows = export_rows(snapshot, {}, [&calls](std::string_view) -> Result<Done> {
    ++calls;
    return Error(ErrorKind::kInvalid, "full");
  });
  ASSERT_FALSE(rows);
  EXPECT_EQ(rows.error().message, "full");
  EXPECT_EQ(calls, 1);
}

}  // namespace
}  // namespace ginnel::transfer
