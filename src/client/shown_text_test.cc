// SPDX-License-Identifier: MIT
#include "client/shown_text.h"

#include <gtest/gtest.h>

namespace ginnel::client {
namespace {

TEST(PrintableText, LeavesTextAsItIs) {
  EXPECT_EQ(printable_text("B\u00fccher \U0001f4da \\n"), "B\u00fccher \U0001f4da \\n");
}

TEST(PrintableText, ShowsWhatATerminalWouldObey) {
  EXPECT_EQ(printable_text("a\x1b[2Jb\nc\td\re\x7f"), "a\\u001b[2Jb\\nc\\td\\re\\u007f");
  EXPECT_EQ(printable_text("\u009b2J"), "\\u009b2J");
  EXPECT_EQ(printable_text("\u202egpj.exe"), "\\u202egpj.exe");
}

TEST(Isolated, IsTextWithLettersFromRightToLeft) {
  EXPECT_EQ(isolated("\u05d0\u05d1 a"), "\u2068\u05d0\u05d1 a\u2069");
  EXPECT_EQ(isolated("\u0645"), "\u2068\u0645\u2069");
  EXPECT_EQ(isolated("B\u00fccher"), "B\u00fccher");
  EXPECT_EQ(columns_of(isolated("\u05d0")), 1U);
}

TEST(PrintableText, ReplacesBytesThatAreNoText) {
  EXPECT_EQ(printable_text("a\xff"
                           "b"),
            "a\ufffdb");
}

TEST(Columns, AreThoseOfATerminal) {
  EXPECT_EQ(columns_of(""), 0U);
  EXPECT_EQ(columns_of("abc"), 3U);
  EXPECT_EQ(columns_of("B\u00fc"), 2U);
  EXPECT_EQ(columns_of("e\u0301"), 1U) << "a combining accent";
  EXPECT_EQ(columns_of("\u65e5\u672c"), 4U) << "wide characters";
}

TEST(Cutting, MarksWhatIsMissing) {
  EXPECT_EQ(cut_to("abcdef", 6), "abcdef");
  EXPECT_EQ(cut_to("abcdef", 5), "abcd\u2026");
  EXPECT_EQ(cut_to("abcdef", 1), "\u2026");
  EXPECT_EQ(cut_to("abcdef", 0), "");
}

TEST(Cutting, NeverCutsACharacter) {
  EXPECT_EQ(cut_to("\u65e5\u672c\u8a9e", 5), "\u65e5\u672c\u2026");
  EXPECT_EQ(cut_to("\u65e5\u672c\u8a9e", 4), "\u65e5\u2026");
  EXPECT_EQ(cut_to("e\u0301e\u0301e", 2), "e\u0301\u2026");
}

TEST(Cells, KeepLinesAndTabsApart) {
  EXPECT_EQ(cell_text("a\tb\nc\rd\\n"), "a\\tb\\nc\\rd\\\\n");
  EXPECT_EQ(cell_text("\u00fc\x1b"), "\u00fc\x1b");
}

}  // namespace
}  // namespace ginnel::client
