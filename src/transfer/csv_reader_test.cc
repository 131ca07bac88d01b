// SPDX-License-Identifier: MIT
#include "transfer/csv_reader.h"

#include <algorithm>
#include <iostream>
#include <memory>
#include <random>
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "transfer/csv_writer.h"

namespace ginnel::transfer {
namespace {

using OwnedCells = std::vector<std::string>;

/// Gives `text` in pieces of at most `piece` bytes.
ByteSource source_of(std::string text, std::size_t piece = 1 << 20) {
  auto rest = std::make_shared<std::string>(std::move(text));
  return [rest, piece](std::span<char> buffer) -> Result<std::size_t> {
    const std::size_t size = std::min({piece, buffer.size(), rest->size()});
    std::copy_n(rest->begin(), size, buffer.begin());
    rest->erase(0, size);
    return size;
  };
}

/// What a file reads as: one text a record, `LINE: [cell][cell] fault`, and the error last.
std::vector<std::string> read_all(ByteSource source) {
  CsvReader reader(std::move(source));
  std::vector<std::string> lines;
  while (true) {
    auto record = reader.next();
    if (!record) {
      lines.push_back("error: " + record.error().message);
      EXPECT_TRUE(reader.next().has_value() && !reader.next()->has_value());
      return lines;
    }
    if (!record->has_value()) {
      return lines;
    }
    std::string line = std::to_string((*record)->line) + ": ";
    for (const auto cell : (*record)->cells) {
      line += '[' + std::string(cell) + ']';
    }
    if (!(*record)->fault.empty()) {
      line += ' ' + std::string((*record)->fault);
    }
    lines.push_back(line);
  }
}

struct Case {
  const char* name;
  std::string text;
  std::vector<std::string> records;
};

// Names the case in a failure, instead of its bytes.
// NOLINTNEXTLINE(readability-identifier-naming): the name is GoogleTest's
void PrintTo(const Case& example, std::ostream* out) {
  *out << example.name;
}

class CsvReaderCase : public testing::TestWithParam<Case> {};

TEST_P(CsvReaderCase, ReadsAs) {
  EXPECT_EQ(read_all(source_of(GetParam().text)), GetParam().records);
  EXPECT_EQ(read_all(source_of(GetParam().text, 1)), GetParam().records) << "byte by byte";
}

const Case kCases[] = {
    {"Empty", "", {}},
    {"OnlyAMark", "\xef\xbb\xbf", {}},
    {"OnlyBlankLines", "\n\r\n\r \n\t\n", {}},
    {"Simple", "a,b\n1,2\n", {"1: [a][b]", "2: [1][2]"}},
    {"NoFinalNewline", "a,b\n1,2", {"1: [a][b]", "2: [1][2]"}},
    {"FinalCommaAtTheEnd", "a,b\n1,", {"1: [a][b]", "2: [1][]"}},
    {"CrLf", "a,b\r\n1,2\r\n3,4\r\n", {"1: [a][b]", "2: [1][2]", "3: [3][4]"}},
    {"CrAlone", "a,b\r1,2\r", {"1: [a][b]", "2: [1][2]"}},
    {"MixedEnds", "a,b\r1,2\n3,4\r\n\n5,6", {"1: [a][b]", "2: [1][2]", "3: [3][4]", "5: [5][6]"}},
    {"MarkDropped",
     "\xef\xbb\xbf"
     "a,b\n",
     {"1: [a][b]"}},
    {"MarkBeforeAQuote", "\xef\xbb\xbf\"a\",b\n", {"1: [a][b]"}},
    {"MarkLaterIsText",
     "a,\xef\xbb\xbf"
     "b\n",
     {"1: [a][\xef\xbb\xbf"
      "b]"}},
    {"BlankLinesCounted", "\n\na,b\n\n\n1,2\n\n", {"3: [a][b]", "6: [1][2]"}},
    {"SpacesKept", " a , b\n", {"1: [ a ][ b]"}},
    {"EmptyCells", ",,\n", {"1: [][][]"}},
    {"QuotedEmptyCells", "\"\",\"\"\n", {"1: [][]"}},
    {"Quoted", "\"a,b\",\"say \"\"hi\"\"\"\n", {"1: [a,b][say \"hi\"]"}},
    {"QuotedNewlines", "\"a\nb\r\nc\",d\ne,f\n", {"1: [a\nb\r\nc][d]", "4: [e][f]"}},
    {"QuotedSpaces", "\" a \",b\n", {"1: [ a ][b]"}},
    {"OnlyADoubledQuote", "\"\"\"\",b\n", {"1: [\"][b]"}},
    {"QuoteAtTheEndOfTheFile", "a,\"b\"", {"1: [a][b]"}},
    {"NulKept", std::string("a,\0b\n", 5), {std::string("1: [a][\0b]", 10)}},
    {"StrayQuote",
     "5\" disk,b\n1,2\n",
     {"1: [5\" disk][b] has a quote inside an unquoted cell", "2: [1][2]"}},
    {"StrayQuoteAfterASpace",
     "a, \"b,c\"\n1,2\n",
     {"1: [a][ \"b][c\"] has a quote inside an unquoted cell", "2: [1][2]"}},
    {"StrayQuoteThenAQuotedCell",
     "a\"b,\"c\nd\"\n1,2\n",
     {"1: [a\"b][c\nd] has a quote inside an unquoted cell", "3: [1][2]"}},
    {"TextAfterAClosingQuote",
     "a,b\n1,\"2\"3\n4,5\n",
     {"1: [a][b]",
      "error: line 2: text follows a closing quote; quotes inside a cell are doubled"}},
    {"SpaceAfterAClosingQuote",
     "\"2\" ,3\n",
     {"error: line 1: text follows a closing quote; quotes inside a cell are doubled"}},
    {"QuoteLeftOpen",
     "a,b\n1,2\n3,\"4\n5,6\n7,8\n",
     {"1: [a][b]", "2: [1][2]", "error: line 3: a quote that opens here is never closed"}},
    {"SecondQuoteLeftOpen",
     "\"a\nb\",\"c\n",
     {"error: line 2: a quote that opens here is never closed"}},
    {"Utf16",
     std::string("\xff\xfe"
                 "a\0,\0",
                 6),
     {"error: line 1: the file is UTF-16; save it as UTF-8"}},
};

const Case kSpreadsheets[] = {
    {"Semicolons", "a;b\n1;\"2;3\"\n", {"1: [a][b]", "2: [1][2;3]"}},
    {"Tabs", "a\tb\r\n1\t2,3\r\n", {"1: [a][b]", "2: [1][2,3]"}},
    {"TheHeaderAloneDecides", "a,b\n1;2;3,4\n;;,\n", {"1: [a][b]", "2: [1;2;3][4]", "3: [;;][]"}},
    {"AlsoForSemicolons", "a;b\n1,5;2,5\n", {"1: [a][b]", "2: [1,5][2,5]"}},
    {"QuotedDividersDoNotCount", "a;\"b,c,d\"\n1;2\n", {"1: [a][b,c,d]", "2: [1][2]"}},
    {"WhatThereIsMostOf", "a;b;c, d\n1;2;3\n", {"1: [a][b][c, d]", "2: [1][2][3]"}},
    {"CommasWhereBothAre", "a,b;c\n1,2\n", {"1: [a][b;c]", "2: [1][2]"}},
    {"BlankLinesDoNotDecide", "\n;;;;\n\na,b\n1,2\n", {"2: [;;;;]", "4: [a][b]", "5: [1][2]"}},
    {"OneColumn", "a\n1;2\n", {"1: [a]", "2: [1;2]"}},
    {"Sep", "sep=;\na;b\n1;2\n", {"2: [a][b]", "3: [1][2]"}},
    {"SepCrLf", "sep=;\r\na;b\r\n", {"2: [a][b]"}},
    {"SepCr", "sep=;\ra;b\r", {"2: [a][b]"}},
    {"SepAloneDecides", "SEP=;\na,b;c\n", {"2: [a,b][c]"}},
    {"SepOfTab", "sep=\t\na\tb\n", {"2: [a][b]"}},
    {"SepOfBar", "sep=|\na|b\n", {"2: [a][b]"}},
    {"SepQuotedBehindAMark", "\xef\xbb\xbf\"sep=;\"\na;b\n", {"2: [a][b]"}},
    {"SepSavedAgain", "sep=;,,,\na;b\n", {"2: [a][b]"}},
    {"SepAndNothing", "sep=;", {}},
    {"SepOfALetterIsAHeader", "sep=x\na,b\n", {"1: [sep=x]", "2: [a][b]"}},
    {"SepLaterIsARow", "a,b\nsep=;\n", {"1: [a][b]", "2: [sep=;]"}},
    {"EndMark", "a,b\n1,2\n\x1a", {"1: [a][b]", "2: [1][2]"}},
    {"EndMarkBehindACell", "a,b\n1,2\x1a", {"1: [a][b]", "2: [1][2]"}},
    {"EndMarkBehindAQuote", "a,b\n1,\"2\"\x1a", {"1: [a][b]", "2: [1][2]"}},
    {"EndMarkAndItsLine", "a,b\r\n1,2\r\n\x1a\r\n", {"1: [a][b]", "2: [1][2]"}},
    {"EndMarksFillTheBlock", "a,b\n1,2\n" + std::string(120, '\x1a'), {"1: [a][b]", "2: [1][2]"}},
    {"EndMarkAlone", "\x1a", {}},
    {"EndMarkInside", "a,b\n1\x1a,2\n\x1a,3\n", {"1: [a][b]", "2: [1\x1a][2]", "3: [\x1a][3]"}},
};

INSTANTIATE_TEST_SUITE_P(Spreadsheets,
                         CsvReaderCase,
                         testing::ValuesIn(kSpreadsheets),
                         [](const auto& example) { return std::string(example.param.name); });

/// Wherever the pieces that are read at once end.
TEST(CsvReader, AnEndMarkIsDroppedAndAnyOtherByteKept) {
  constexpr std::size_t kPiece = 65'536;
  int tried = 0;
  for (const std::string end : {"\x1a", "\x1a\r\n", "\r\n\x1a\n"}) {
    for (std::size_t size = kPiece - 6; size <= kPiece + 6; ++size) {
      const std::string cell(size - 2, 'x');
      const auto ended = read_all(source_of("a," + cell + end));
      EXPECT_EQ(ended, std::vector<std::string>{"1: [a][" + cell + "]"}) << size;
      const auto followed = read_all(source_of("a,\"" + cell + end + "y\"\n"));
      EXPECT_EQ(followed, std::vector<std::string>{"1: [a][" + cell + end + "y]"}) << size;
      tried += 2;
    }
  }
  const std::string marks(3 * kPiece, '\x1a');
  EXPECT_EQ(read_all(source_of("a," + marks + "b")),
            std::vector<std::string>{"1: [a][" + marks + "b]"});
  std::printf("%d files around the length of a piece\n", tried);
}

INSTANTIATE_TEST_SUITE_P(Table, CsvReaderCase, testing::ValuesIn(kCases), [](const auto& example) {
  return std::string(example.param.name);
});

std::string row_of(std::size_t columns) {
  std::string row = "x";
  for (std::size_t i = 1; i < columns; ++i) {
    row += ",x";
  }
  return row + "\n";
}

TEST(CsvReader, TooManyColumnsAreTheFaultOfTheirRow) {
  const auto records = read_all(
      source_of(row_of(CsvReader::kMaxColumns) + row_of(CsvReader::kMaxColumns + 1) + "1,2\n"));
  ASSERT_EQ(records.size(), 3u);
  EXPECT_TRUE(records[0].ends_with("[x]"));
  EXPECT_TRUE(records[1].ends_with("[x] has more than 64 columns"));
  EXPECT_EQ(records[2], "3: [1][2]");
}

TEST(CsvReader, ARecordEndsAtTheLimit) {
  const auto sized = [](std::size_t bytes) {
    return "a,b\n" + std::string(bytes - 3, 'x') + ",y\n";
  };
  EXPECT_EQ(read_all(source_of(sized(CsvReader::kMaxRecordBytes))).size(), 2u);
  const auto records = read_all(source_of(sized(CsvReader::kMaxRecordBytes + 1)));
  ASSERT_EQ(records.size(), 2u);
  EXPECT_EQ(records[1], "error: line 2: the record that begins here is over 1 MiB");
}

TEST(CsvReader, AQuoteThatSwallowsTheFileEndsAtTheLimit) {
  std::string text = "a,b\n1,\"2\n";
  while (text.size() < 2 * CsvReader::kMaxRecordBytes) {
    text += "3,4\n";
  }
  EXPECT_EQ(read_all(source_of(text)).back(),
            "error: line 2: the record that begins here is over 1 MiB");
}

TEST(CsvReader, ManyBlankLinesAreNoRecord) {
  const std::string blank(2 * CsvReader::kMaxRecordBytes, '\n');
  EXPECT_EQ(read_all(source_of(blank + "a,b")),
            (std::vector<std::string>{std::to_string(blank.size() + 1) + ": [a][b]"}));
}

TEST(CsvReader, AnErrorOfTheSourceIsGivenBack) {
  bool first = true;
  CsvReader reader([&first](std::span<char> buffer) -> Result<std::size_t> {
    if (!std::exchange(first, false)) {
      return Error(ErrorKind::kUnavailable, "the disk is gone");
    }
    buffer[0] = 'a';
    return std::size_t{1};
  });
  const auto record = reader.next();
  ASSERT_FALSE(record);
  EXPECT_EQ(record.error().message, "the disk is gone");
  EXPECT_EQ(record.error().kind, ErrorKind::kUnavailable);
}

TEST(CsvReader, CountsTheBytesOfWhatItGave) {
  CsvReader reader(source_of("a,b\n1,2\n"));
  ASSERT_TRUE(reader.next());
  EXPECT_EQ(reader.bytes_read(), 4u);
  ASSERT_TRUE(reader.next());
  ASSERT_TRUE(reader.next());
  EXPECT_EQ(reader.bytes_read(), 8u);
}

/// Without quotes, a file is its lines split at commas.
std::vector<std::string> split_naively(const std::string& text) {
  std::vector<std::string> records;
  std::size_t begin = 0;
  for (std::size_t line = 1; begin < text.size(); ++line) {
    const std::size_t end = std::min(text.find('\n', begin), text.size());
    std::string row = text.substr(begin, end - begin);
    begin = end + 1;
    if (row.find_first_not_of(" \t") == std::string::npos) {
      continue;
    }
    for (std::size_t comma = row.find(','); comma != std::string::npos;
         comma = row.find(',', comma + 2)) {
      row.replace(comma, 1, "][");
    }
    records.push_back(std::to_string(line) + ": [" + row + "]");
  }
  return records;
}

std::string random_text(std::mt19937& random, std::string_view alphabet, std::size_t size) {
  std::string text;
  while (text.size() < size) {
    text += alphabet[random() % alphabet.size()];
  }
  return text;
}

TEST(CsvReader, UnquotedFilesReadAsTheirLinesSplitAtCommas) {
  std::mt19937 random(20261124);
  std::size_t records = 0;
  for (int round = 0; round < 2'000; ++round) {
    const std::string text = "a,b\n" + random_text(random, "ab \t,,\n\xc3\xa9", random() % 200);
    const auto expected = split_naively(text);
    ASSERT_EQ(read_all(source_of(text, 1 + random() % 17)), expected) << text;
    records += expected.size();
  }
  std::cout << "compared " << records << " records of 2,000 random files\n";
  EXPECT_GT(records, 10'000u);
}

TEST(CsvReader, AnyBytesReadTheSameInAnyPieces) {
  std::mt19937 random(7);
  std::size_t faults = 0;
  for (int round = 0; round < 3'000; ++round) {
    const std::string text = random_text(random, "ab,\"\"\r\n \xff", random() % 60);
    const auto whole = read_all(source_of(text));
    for (const std::size_t piece : {1, 2, 3, 7}) {
      ASSERT_EQ(read_all(source_of(text, piece)), whole) << text;
    }
    faults += !whole.empty() && whole.back().starts_with("error") ? 1 : 0;
  }
  std::cout << "compared 3,000 random files in 4 sizes of pieces, " << faults << " with errors\n";
  EXPECT_GT(faults, 100u);
  EXPECT_LT(faults, 2'900u);
}

TEST(CsvReader, WhatTheWriterWritesIsReadAgainAcrossPieces) {
  std::mt19937 random(11);
  std::string text;
  std::vector<OwnedCells> rows;
  for (int i = 0; i < 20'000; ++i) {  // 1 MB and more: many pieces of 64 KiB
    OwnedCells row = {std::to_string(i)};
    for (int column = 0; column < 3; ++column) {
      row.push_back(random_text(random, "ab,\"\r\n \xc3\xa9", random() % 40));
    }
    std::vector<std::string_view> views(row.begin(), row.end());
    append_csv_line(text, views);
    rows.push_back(std::move(row));
  }
  CsvReader reader(source_of(text, 10'007));
  std::uint64_t line = 1;
  for (const OwnedCells& row : rows) {
    const auto record = reader.next();
    ASSERT_TRUE(record && record->has_value());
    ASSERT_EQ(OwnedCells((*record)->cells.begin(), (*record)->cells.end()), row);
    EXPECT_GE((*record)->line, line);
    line = (*record)->line + 1;
  }
  EXPECT_FALSE(reader.next()->has_value());
  EXPECT_GT(text.size(), 1'000'000u);
}

TEST(CsvWriter, QuotesOnlyWhatNeedsIt) {
  const auto written = [](std::string_view cell) {
    std::string out;
    append_csv_cell(out, cell);
    return out;
  };
  EXPECT_EQ(written("plain text"), "plain text");
  EXPECT_EQ(written(""), "");
  EXPECT_EQ(written("a,b"), "\"a,b\"");
  EXPECT_EQ(written("5\""), "\"5\"\"\"");
  EXPECT_EQ(written("a\rb"), "\"a\rb\"");
  EXPECT_EQ(written(" a"), "\" a\"");
  EXPECT_EQ(written("a "), "\"a \"");
}

}  // namespace
}  // namespace ginnel::transfer
