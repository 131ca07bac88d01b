// SPDX-License-Identifier: MIT
#include "transfer/row_parser.h"

#include <stdexcept>
#include <string>
#include <utility>
#include <vector>

#include <gtest/gtest.h>

namespace ginnel::transfer {
namespace {

using Cells = std::vector<std::string_view>;

RowParser parser_of(change::RowKind kind) {
  auto parser = RowParser::from_header(kind, columns_of(kind), {{"ginnel.example"}});
  if (!parser) {
    throw std::logic_error(parser.error().message);
  }
  return std::move(*parser);
}

const Cells kUser = {"7", "ada", "ada@example.com", "2025-07-13 12:40:57"};
const Cells kLink = {"9",
                     "7",
                     "UeWfmJ",
                     "https://example.com/a?b=1",
                     "Spring, 50%",
                     "True",
                     "2025-12-29 00:57:12",
                     "2026-01-21T06:47:26.5"};
const Cells kEvent = {"3", "9", "7", "created", "2025-12-29 00:57:12", "{ \"a\" : 1.0 }"};

const Cells& good_row(change::RowKind kind) {
  switch (kind) {
    case change::RowKind::kUser:
      return kUser;
    case change::RowKind::kLink:
      return kLink;
    case change::RowKind::kEvent:
      break;
  }
  return kEvent;
}

/// Why a good row is refused with `cell` in `column`, or `none`.
std::string reason_with(change::RowKind kind, std::size_t column, std::string_view cell) {
  Cells cells = good_row(kind);
  cells[column] = cell;
  const auto row = parser_of(kind).parse(cells);
  return row ? "none" : reason_of(row.error());
}

domain::Timestamp time_of(std::string_view text) {
  return *domain::parse_timestamp(text);
}

TEST(RowParser, ReadsAUser) {
  const auto row = parser_of(change::RowKind::kUser).parse(kUser);
  ASSERT_TRUE(row);
  EXPECT_EQ(std::get<domain::User>(*row),
            (domain::User{{7}, "ada", "ada@example.com", time_of("2025-07-13 12:40:57")}));
}

TEST(RowParser, ReadsALink) {
  const auto row = parser_of(change::RowKind::kLink).parse(kLink);
  ASSERT_TRUE(row) << reason_of(row.error());
  domain::Link expected;
  expected.id = {9};
  expected.user = {7};
  expected.code = "UeWfmJ";
  expected.target = "https://example.com/a?b=1";
  expected.title = "Spring, 50%";
  expected.enabled = true;
  expected.created_at = time_of("2025-12-29 00:57:12");
  expected.updated_at = time_of("2026-01-21 06:47:26.500000");
  expected.version = 1;
  EXPECT_EQ(std::get<domain::Link>(*row), expected);
}

TEST(RowParser, ReadsAnEventAndKeepsItsDetailsAsTheyAre) {
  const auto row = parser_of(change::RowKind::kEvent).parse(kEvent);
  ASSERT_TRUE(row) << reason_of(row.error());
  domain::Event expected;
  expected.id = {3};
  expected.link = domain::LinkId{9};
  expected.user = domain::UserId{7};
  expected.type = "created";
  expected.at = time_of("2025-12-29 00:57:12");
  expected.details = "{ \"a\" : 1.0 }";
  expected.origin = domain::EventOrigin::kImport;
  EXPECT_EQ(std::get<domain::Event>(*row), expected);
}

TEST(RowParser, TakesColumnsInAnyOrderAndIgnoresOthers) {
  const Cells header = {"line", "email", "reason", "created_at", "id", "username"};
  const auto parser = RowParser::from_header(change::RowKind::kUser, header, {});
  ASSERT_TRUE(parser);
  const auto row =
      parser->parse(Cells{"x", "ada@example.com", "", "2025-07-13 12:40:57", "7", "ada"});
  ASSERT_TRUE(row) << reason_of(row.error());
  EXPECT_EQ(std::get<domain::User>(*row).id.value, 7);
  EXPECT_EQ(std::get<domain::User>(*row).username, "ada");
}

TEST(RowParser, HeadersThatWillNotDoAreNamed) {
  const auto message = [](change::RowKind kind, const Cells& header) {
    const auto parser = RowParser::from_header(kind, header, {});
    return parser ? "none" : parser.error().message;
  };
  EXPECT_EQ(message(change::RowKind::kUser, {"id", "username", "created_at"}),
            "the header lacks email");
  EXPECT_EQ(message(change::RowKind::kUser, {"number", "username", "e mail", "created_at"}),
            "the header lacks id, email");
  EXPECT_EQ(message(change::RowKind::kUser, {"Id", "username", "email", "created_at", "ID"}),
            "the header names id twice");
  EXPECT_EQ(message(change::RowKind::kUser, {"id", "username", "email", "created_at", "id"}),
            "the header names id twice");
  EXPECT_EQ(message(change::RowKind::kUser, {"id", "username", "email", "created_at", "\xe9t\xe9"}),
            "the header is not valid UTF-8");
  EXPECT_EQ(message(change::RowKind::kUser, {"id", "username", "email", "created_at", {"\0", 1}}),
            "the header holds a NUL byte");
  EXPECT_EQ(message(change::RowKind::kLink, {}),
            "the header lacks id, user_id, short_code, original_url, title, is_active, created_at, "
            "updated_at");
  EXPECT_EQ(message(change::RowKind::kEvent, {"id", "url_id", "user_id", "timestamp", "details"}),
            "the header lacks event_type");
  EXPECT_EQ(message(change::RowKind::kUser, {"x", "x", "id", "username", "email", "created_at"}),
            "none")
      << "columns that are ignored may repeat";
}

constexpr std::string_view kIdReason = "must be a whole number from 1 to 9007199254740991";
constexpr std::string_view kTimeReason = "must be a UTC time like 2025-07-13 12:40:57";
constexpr std::string_view kFlagReason = "must be True or False";

TEST(RowParser, TakesColumnsAsSpreadsheetsNameThem) {
  const std::vector<Cells> headers = {{"ID", "USERNAME", "Email", "Created_At"},
                                      {" id", "username ", "\temail", "created_at"},
                                      {"\xef\xbb\xbfid", "username", "email", "Created At"},
                                      {"\xc2\xa0id\xc2\xa0", "username", "email", "created-at"},
                                      {"\xef\xbb\xbf ID", "UserName", "EMAIL", " created at "}};
  for (const Cells& header : headers) {
    const auto parser = RowParser::from_header(change::RowKind::kUser, header, {});
    ASSERT_TRUE(parser) << parser.error().message;
    const auto row = parser->parse(kUser);
    ASSERT_TRUE(row) << header.back();
    EXPECT_EQ(std::get<domain::User>(*row).username, "ada");
    EXPECT_EQ(parser->header().back(), header.back()) << "a file of rejects has them as they are";
  }
}

TEST(RowParser, PrefersAColumnThatHasTheVeryName) {
  const Cells header = {"ID", "id", "username", "email", "Email", "created_at"};
  const auto parser = RowParser::from_header(change::RowKind::kUser, header, {});
  ASSERT_TRUE(parser);
  const auto row =
      parser->parse(Cells{"1", "7", "ada", "ada@example.com", "x", "2025-07-13 12:40:57"});
  ASSERT_TRUE(row) << reason_of(row.error());
  EXPECT_EQ(std::get<domain::User>(*row).id.value, 7);
  EXPECT_EQ(std::get<domain::User>(*row).email, "ada@example.com");
}

TEST(RowParser, PassesOverEmptyCellsBeyondTheHeader) {
  const auto columns = [](std::vector<std::string_view> surplus) {
    Cells cells = kUser;
    cells.insert(cells.end(), surplus.begin(), surplus.end());
    const auto row = parser_of(change::RowKind::kUser).parse(cells);
    return row ? "none" : reason_of(row.error());
  };
  EXPECT_EQ(columns({"", "", ""}), "none");
  EXPECT_EQ(columns({"", "x"}), "has 6 columns, the header has 4");
  EXPECT_EQ(columns({" "}), "has 5 columns, the header has 4");
}

TEST(RowParser, ConvertsTimesThatSayTheirZone) {
  const auto at = [](std::string_view cell) {
    Cells cells = kUser;
    cells[3] = cell;
    const auto row = parser_of(change::RowKind::kUser).parse(cells);
    return row ? domain::to_text(std::get<domain::User>(*row).created_at) : "none";
  };
  EXPECT_EQ(at("2025-07-13T12:40:57Z"), "2025-07-13T12:40:57");
  EXPECT_EQ(at(" 2025-07-13 14:40:57+02:00 "), "2025-07-13T12:40:57");
  EXPECT_EQ(at("2025-07-13 14:40:57.5+02"), "2025-07-13T12:40:57.500000");
  EXPECT_EQ(at("2025-07-13T12:40:57.123456789Z"), "2025-07-13T12:40:57.123456");
  EXPECT_EQ(at("2025-07-12 22:10:57 -1430"), "2025-07-13T12:40:57");
  EXPECT_EQ(at("2025-07-13 12:40:57 UTC"), "2025-07-13T12:40:57");
  EXPECT_EQ(at("0001-01-01 00:00:00+01:00"), "none");
}

TEST(RowParser, EveryBadIdIsNamed) {
  for (const std::string_view cell : {"",
                                      " ",
                                      "0",
                                      "-1",
                                      "+1",
                                      "1.0",
                                      "1e3",
                                      "0x10",
                                      "12a",
                                      "a",
                                      "1 2",
                                      "9007199254740992",
                                      "9223372036854775808",
                                      "99999999999999999999"}) {
    EXPECT_EQ(reason_with(change::RowKind::kUser, 0, cell), "id: " + std::string(kIdReason))
        << cell;
  }
  EXPECT_EQ(reason_with(change::RowKind::kLink, 0, "x"), "id: " + std::string(kIdReason));
  EXPECT_EQ(reason_with(change::RowKind::kLink, 1, "x"), "user_id: " + std::string(kIdReason));
  EXPECT_EQ(reason_with(change::RowKind::kLink, 1, ""), "user_id: " + std::string(kIdReason));
  EXPECT_EQ(reason_with(change::RowKind::kEvent, 0, "x"), "id: " + std::string(kIdReason));
  EXPECT_EQ(reason_with(change::RowKind::kEvent, 1, "x"), "url_id: " + std::string(kIdReason));
  EXPECT_EQ(reason_with(change::RowKind::kEvent, 2, "0"), "user_id: " + std::string(kIdReason));
  for (const std::string_view cell : {"1", " 12 ", "\t7", "007", "9007199254740991"}) {
    EXPECT_EQ(reason_with(change::RowKind::kUser, 0, cell), "none") << cell;
  }
}

TEST(RowParser, EveryBadTimeIsNamed) {
  for (const std::string_view cell : {"",
                                      "2025-07-13",
                                      "2025-02-30 00:00:00",
                                      "13/07/2025 12:40",
                                      "2025-07-13 12:40:57 CEST",
                                      "2025-07-13 25:00:00",
                                      "now"}) {
    EXPECT_EQ(reason_with(change::RowKind::kUser, 3, cell),
              "created_at: " + std::string(kTimeReason))
        << cell;
  }
  EXPECT_EQ(reason_with(change::RowKind::kLink, 6, "x"), "created_at: " + std::string(kTimeReason));
  EXPECT_EQ(reason_with(change::RowKind::kLink, 7, "x"), "updated_at: " + std::string(kTimeReason));
  EXPECT_EQ(reason_with(change::RowKind::kEvent, 4, "x"), "timestamp: " + std::string(kTimeReason));
  EXPECT_EQ(reason_with(change::RowKind::kUser, 3, " 2025-07-13T12:40:57.25 "), "none");
}

TEST(RowParser, NamesAndAddressesFollowTheRulesOfUsers) {
  EXPECT_EQ(reason_with(change::RowKind::kUser, 1, "  "),
            "username: Username must be a non-empty string");
  EXPECT_EQ(reason_with(change::RowKind::kUser, 1, std::string(151, 'a')),
            "username: Username must not exceed 150 characters");
  EXPECT_EQ(reason_with(change::RowKind::kUser, 1, "a\nb"),
            "username: Username must not contain control characters");
  EXPECT_EQ(reason_with(change::RowKind::kUser, 2, "notanemail"),
            "email: Email must be a valid email address");
  const auto row =
      parser_of(change::RowKind::kUser).parse(Cells{"7", " ada ", " a@b.c ", kUser[3]});
  ASSERT_TRUE(row);
  EXPECT_EQ(std::get<domain::User>(*row).username, "ada");
  EXPECT_EQ(std::get<domain::User>(*row).email, "a@b.c");
}

TEST(RowParser, CodesMustBeCodesAndFree) {
  for (const std::string_view cell : {"", " UeWfmJ", "a/b", "a b", "\xc3\xa9"}) {
    EXPECT_TRUE(reason_with(change::RowKind::kLink, 2, cell).starts_with("short_code: ")) << cell;
  }
  EXPECT_TRUE(
      reason_with(change::RowKind::kLink, 2, std::string(33, 'a')).starts_with("short_code: "));
  EXPECT_EQ(reason_with(change::RowKind::kLink, 2, "Events"),
            "short_code: is reserved for a page of the service");
  EXPECT_EQ(reason_with(change::RowKind::kLink, 2, "a"), "none")
      << "short ones may have been given out";
}

TEST(RowParser, TargetsFollowTheRulesOfNewLinks) {
  EXPECT_EQ(reason_with(change::RowKind::kLink, 3, "ftp://example.com/"),
            "original_url: URL must start with http:// or https://");
  for (const std::string_view cell : {"http://127.0.0.1/",
                                      "https://ginnel.example/x",
                                      "http://localhost/",
                                      "https://a:b@c.de/"}) {
    EXPECT_TRUE(reason_with(change::RowKind::kLink, 3, cell).starts_with("original_url: URL "))
        << cell;
  }
}

TEST(RowParser, TitlesEndAtTheLimitInCharacters) {
  std::string title;
  for (int i = 0; i < 500; ++i) {
    title += "\xc3\xa9";
  }
  EXPECT_EQ(reason_with(change::RowKind::kLink, 4, title), "none");
  EXPECT_EQ(reason_with(change::RowKind::kLink, 4, title + "x"),
            "title: must not exceed 500 characters");
  EXPECT_EQ(reason_with(change::RowKind::kLink, 4, ""), "none");
}

TEST(RowParser, FlagsHaveSixSpellings) {
  for (const std::string_view cell : {"True", "true", "1", "False", "false", "0", " True "}) {
    Cells cells = kLink;
    cells[5] = cell;
    const auto row = parser_of(change::RowKind::kLink).parse(cells);
    ASSERT_TRUE(row) << cell;
    EXPECT_EQ(std::get<domain::Link>(*row).enabled,
              cell == " True " || cell == "True" || cell == "true" || cell == "1")
        << cell;
  }
  for (const std::string_view cell : {"TRUE", "tRUE", " TRUE ", "FALSE", "fALSE"}) {
    Cells cells = kLink;
    cells[5] = cell;
    const auto row = parser_of(change::RowKind::kLink).parse(cells);
    ASSERT_TRUE(row) << cell;
    EXPECT_EQ(std::get<domain::Link>(*row).enabled, cell.ends_with("RUE") || cell == " TRUE ")
        << cell;
  }
  for (const std::string_view cell : {"", "yes", "2", "t", "TRUE.", "1.0"}) {
    EXPECT_EQ(reason_with(change::RowKind::kLink, 5, cell),
              "is_active: " + std::string(kFlagReason));
  }
}

TEST(RowParser, EventTypesAreShortAndNotBlank) {
  EXPECT_EQ(reason_with(change::RowKind::kEvent, 3, " "), "event_type: must not be blank");
  EXPECT_EQ(reason_with(change::RowKind::kEvent, 3, std::string(51, 'x')),
            "event_type: must not exceed 50 characters");
  EXPECT_EQ(reason_with(change::RowKind::kEvent, 3, std::string(50, 'x')), "none");
  EXPECT_EQ(reason_with(change::RowKind::kEvent, 3, "a\tb"),
            "event_type: must not contain control characters");
}

TEST(RowParser, DetailsMustBeAnObject) {
  EXPECT_EQ(reason_with(change::RowKind::kEvent, 5, ""), "details must be a JSON object");
  EXPECT_EQ(reason_with(change::RowKind::kEvent, 5, "[1]"), "details must be a JSON object");
  EXPECT_EQ(reason_with(change::RowKind::kEvent, 5, R"({"a":[1e400]})"),
            "details.a[0] is a number beyond what a double can hold");
}

TEST(RowParser, EventsMayNameWhatIsGone) {
  Cells cells = kEvent;
  cells[1] = "";
  cells[2] = " ";
  const auto row = parser_of(change::RowKind::kEvent).parse(cells);
  ASSERT_TRUE(row);
  EXPECT_FALSE(std::get<domain::Event>(*row).link);
  EXPECT_FALSE(std::get<domain::Event>(*row).user);
}

TEST(RowParser, ForeignEncodingsAreTheFaultOfTheirColumn) {
  EXPECT_EQ(reason_with(change::RowKind::kUser, 1, "Andr\xe9"), "username: is not valid UTF-8");
  EXPECT_EQ(reason_with(change::RowKind::kLink, 4, "\xff\xfe"), "title: is not valid UTF-8");
  EXPECT_EQ(reason_with(change::RowKind::kLink, 4, {"a\0b", 3}), "title: holds a NUL byte");
  const Cells header = {"id", "username", "email", "created_at", "notes"};
  const auto parser = RowParser::from_header(change::RowKind::kUser, header, {});
  ASSERT_TRUE(parser);
  const auto row = parser->parse(Cells{kUser[0], kUser[1], kUser[2], kUser[3], "caf\xe9"});
  ASSERT_FALSE(row) << "an ignored column too tells that the file is not UTF-8";
  EXPECT_EQ(reason_of(row.error()), "notes: is not valid UTF-8");
}

TEST(RowParser, ShortAndLongRowsAreRefused) {
  const RowParser parser = parser_of(change::RowKind::kUser);
  EXPECT_EQ(parser.parse(Cells{"1", "a"}).error().message, "has 2 columns, the header has 4");
  EXPECT_EQ(parser.parse(Cells{"1", "a", "b", "c", "d"}).error().message,
            "has 5 columns, the header has 4");
}

TEST(RowParser, EveryFaultOfARowIsNamed) {
  const auto row = parser_of(change::RowKind::kUser).parse(Cells{"x", "", "y", "z"});
  ASSERT_FALSE(row);
  EXPECT_EQ(row.error().kind, ErrorKind::kInvalid);
  EXPECT_EQ(reason_of(row.error()),
            "id: " + std::string(kIdReason) + "; created_at: " + std::string(kTimeReason) +
                "; username: Username must be a non-empty string"
                "; email: Email must be a valid email address");
}

}  // namespace
}  // namespace ginnel::transfer
