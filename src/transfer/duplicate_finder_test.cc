// SPDX-License-Identifier: MIT
#include "transfer/duplicate_finder.h"

#include <algorithm>
#include <string>
#include <tuple>
#include <vector>

#include <gtest/gtest.h>

#include "base/file_io.h"

namespace ginnel::transfer {
namespace {

using Found = std::vector<std::tuple<std::size_t, std::uint32_t, std::uint32_t>>;

DuplicateFinder a_finder(std::size_t columns) {
  auto finder = DuplicateFinder::make(temporary_folder(), columns);
  EXPECT_TRUE(finder);
  return std::move(*finder);
}

/// Every duplicate as column, line, first line; sorted.
Found found_by(DuplicateFinder& finder) {
  Found found;
  EXPECT_TRUE(finder.find([&found](const Duplicate& duplicate) {
    found.emplace_back(duplicate.column, duplicate.line, duplicate.first_line);
  }));
  std::ranges::sort(found);
  return found;
}

TEST(DuplicateFinder, TellsWhichLineWasFirst) {
  DuplicateFinder finder = a_finder(2);
  for (const auto& [column, cell, line] : {std::tuple{0, "ada", 2},
                                           {1, "ada", 2},
                                           {0, "bob", 3},
                                           {1, "bob", 3},
                                           {0, "ada", 4},
                                           {1, "", 4},
                                           {0, "ada", 5},
                                           {1, "", 5}}) {
    EXPECT_TRUE(finder.add(static_cast<std::size_t>(column), cell, static_cast<unsigned>(line)));
  }
  EXPECT_EQ(found_by(finder), (Found{{0, 4, 2}, {0, 5, 2}, {1, 5, 4}}));
}

TEST(DuplicateFinder, FindsTheFewAmongManyThatWentToTheDisk) {
  DuplicateFinder finder = a_finder(1);
  constexpr std::uint32_t kMany = 300'000;
  for (std::uint32_t line = 0; line < kMany; ++line) {
    EXPECT_TRUE(finder.add(0, std::to_string(line), line));
  }
  EXPECT_TRUE(finder.add(0, "0", kMany));
  EXPECT_TRUE(finder.add(0, "123456", kMany + 1));
  EXPECT_TRUE(finder.add(0, "299999", kMany + 2));
  EXPECT_EQ(found_by(finder),
            (Found{{0, kMany, 0}, {0, kMany + 1, 123'456}, {0, kMany + 2, 299'999}}));
}

/// One bucket gets them all, and is never in memory as a whole.
TEST(DuplicateFinder, TellsOfACellThatIsRepeatedWithoutEnd) {
  DuplicateFinder finder = a_finder(1);
  constexpr std::uint32_t kMany = 200'000;
  for (std::uint32_t line = 1; line <= kMany; ++line) {
    EXPECT_TRUE(finder.add(0, "same", line));
  }
  const Found found = found_by(finder);
  ASSERT_EQ(found.size(), kMany - 1);
  for (std::uint32_t i = 0; i < found.size(); ++i) {
    EXPECT_EQ(found[i], (Found::value_type{0, i + 2, 1}));
  }
}

TEST(DuplicateFinder, NeedsAFolderThatIsThere) {
  const auto finder = DuplicateFinder::make("/nowhere/at/all", 1);
  ASSERT_FALSE(finder);
  EXPECT_EQ(finder.error().kind, ErrorKind::kUnavailable);
  EXPECT_EQ(finder.error().message.find("nowhere"), std::string::npos) << "for the log alone";
  EXPECT_EQ(finder.error().detail, "cannot make the file of cells: No such file or directory");
}

}  // namespace
}  // namespace ginnel::transfer
