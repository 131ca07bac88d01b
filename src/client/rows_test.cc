// SPDX-License-Identifier: MIT
#include "client/rows.h"

#include <sstream>

#include <gtest/gtest.h>

namespace ginnel::client {
namespace {

namespace json = boost::json;
using Kind = Column::Kind;

const std::vector<Column> kColumns = {{"id", "id", Kind::kNumber},
                                      {"state", "on", Kind::kState},
                                      {"title", "title", Kind::kLongText}};

json::array rows(const char* text) {
  return json::parse(text).as_array();
}

class Rows : public testing::Test {
 protected:
  Console console(Format format, std::size_t width = 80) {
    Console console{in_, out_, err_};
    console.format = format;
    console.width = width;
    return console;
  }

  std::string written(Format format, std::initializer_list<const char*> pages, std::size_t width) {
    const Console here = console(format, width);
    RowWriter writer(here, kColumns);
    for (const char* page : pages) {
      writer.add(rows(page));
    }
    writer.end();
    return out_.str();
  }

  std::istringstream in_;
  std::ostringstream out_;
  std::ostringstream err_;
};

TEST_F(Rows, AreATableWithAHead) {
  EXPECT_EQ(written(Format::kTable,
                    {R"([{"id":9,"on":true,"title":"a\u001bb"},{"id":10,"on":false,"title":""}])"},
                    80),
            "ID  STATE     TITLE\n"
            " 9  active    a\\u001bb\n"
            "10  disabled  \n");
}

TEST_F(Rows, AreCutWhereTheTerminalIsNarrow) {
  EXPECT_EQ(written(Format::kTable,
                    {R"([{"id":1,"on":true,"title":"a title of thirty characters.."}])",
                     R"([{"id":22222,"on":false,"title":"a title of thirty characters.."}])"},
                    25),
            "ID  STATE   TITLE\n"
            " 1  active  a title of t\u2026\n"
            "22222  disabled  a title of t\u2026\n");
}

TEST_F(Rows, SetTextFromRightToLeftApartOnATerminalAlone) {
  const char* const rows = R"([{"id":1,"on":true,"title":"\u05d0"}])";
  EXPECT_EQ(written(Format::kTable, {rows}, 80),
            "ID  STATE   TITLE\n"
            " 1  active  \u2068\u05d0\u2069\n");
  out_.str("");
  EXPECT_EQ(written(Format::kTabs, {rows}, 80), "1\tactive\t\u05d0\n");
}

TEST_F(Rows, AreLinesWithTabs) {
  EXPECT_EQ(written(Format::kTabs,
                    {R"([{"id":1,"on":true,"title":"a\tb"},{"id":2,"on":false,"title":null}])"},
                    10),
            "1\tactive\ta\\tb\n2\tdisabled\t\n");
}

TEST_F(Rows, AreOneDocumentOverAllPages) {
  EXPECT_EQ(written(Format::kJson, {R"([{"id":1}])", R"([{"id":2},{"id":3}])"}, 80),
            "[{\"id\":1},{\"id\":2},{\"id\":3}]\n");
}

TEST_F(Rows, AreEscapedInADocumentAsTheServerHasThem) {
  for (const char* row : {R"({"title":"a\u009b31mred"})",
                          R"({"title":"\u202egpj\u2066\u200f\u061c"})",
                          R"({"title":"\u0085\u2028\u007f\u001b[0m\u0000"})",
                          R"({"title":"\u00fc \ud83d\ude00 \\ \" /"})",
                          R"({"k\u00e9y":["\u009c",{"\u202a":1}]})"}) {
    const std::string text(row);
    EXPECT_EQ(written(Format::kJson, {("[" + text + "]").c_str()}, 80), "[" + text + "]\n");
    out_.str("");
    write_row(console(Format::kJson), kColumns, json::parse(text));
    EXPECT_EQ(out_.str(), text + "\n");
    out_.str("");
  }
}

TEST_F(Rows, ThatAreNoneAreAnEmptyDocument) {
  EXPECT_EQ(written(Format::kJson, {"[]"}, 80), "[]\n");
}

TEST_F(Rows, ThatAreNoneHaveNoHead) {
  EXPECT_EQ(written(Format::kTable, {"[]"}, 80), "");
}

TEST_F(Rows, AreShownAloneALineAColumn) {
  const json::value row = json::parse(R"({"id":1,"on":true,"title":"a\nb"})");
  write_row(console(Format::kTable), kColumns, row);
  write_row(console(Format::kTabs), kColumns, row);
  write_row(console(Format::kJson), kColumns, row);
  EXPECT_EQ(out_.str(),
            "id     1\nstate  active\ntitle  a\\nb\n"
            "id\t1\nstate\tactive\ntitle\ta\\nb\n"
            "{\"id\":1,\"on\":true,\"title\":\"a\\nb\"}\n");
}

TEST(Widths, AreTakenFromTheWidestThatMayBeCut) {
  const std::vector<Column> columns = {
      {"a", "a"}, {"b", "b", Kind::kLongText}, {"c", "c", Kind::kLongText}};
  EXPECT_EQ(fitted_widths(columns, {10, 20, 40}, 80), (std::vector<std::size_t>{10, 20, 40}));
  EXPECT_EQ(fitted_widths(columns, {10, 20, 40}, 64), (std::vector<std::size_t>{10, 20, 30}));
  EXPECT_EQ(fitted_widths(columns, {10, 20, 40}, 44), (std::vector<std::size_t>{10, 15, 15}));
  EXPECT_EQ(fitted_widths(columns, {10, 20, 40}, 5), (std::vector<std::size_t>{10, 8, 8}));
}

TEST_F(Rows, OfRefusedFieldsAreALineEach) {
  Error error(ErrorKind::kInvalid, "Validation failed");
  EXPECT_EQ(report(error, console(Format::kTabs)), kRefused);
  error.faults = {{"title", "title is required"}, {"code", "code is\ttaken"}};
  EXPECT_EQ(report(error, console(Format::kTabs)), kRefused);
  EXPECT_EQ(report(Error(ErrorKind::kUnavailable, "away"), console(Format::kTabs)), kUnreached);
  EXPECT_EQ(err_.str(),
            "ginnel: Validation failed\n"
            "ginnel: title is required\nginnel: code is\\ttaken\n"
            "ginnel: away\n");
}

TEST_F(Rows, AreDeletedAfterAYesOnly) {
  in_.str("y\nno\n");
  EXPECT_EQ(confirm("Delete it?", console(Format::kTable)), kDone);
  EXPECT_EQ(confirm("Delete it?", console(Format::kTable)), kRefused);
  EXPECT_EQ(confirm("Delete it?", console(Format::kTable)), kRefused) << "end of the input";
  Console alone = console(Format::kTabs);
  alone.is_attended = false;
  in_.clear();
  in_.str("y\n");
  EXPECT_EQ(confirm("Delete it?", alone), kWantsMore);
  EXPECT_NE(err_.str().find("Say so by --yes"), std::string::npos);
}

}  // namespace
}  // namespace ginnel::client
