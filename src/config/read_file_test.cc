// SPDX-License-Identifier: MIT
#include "config/read_file.h"

#include <array>
#include <string>
#include <unistd.h>

#include <gtest/gtest.h>

#include "config/temporary_file_fixture.h"

namespace ginnel::config {
namespace {

std::string fault(const std::string& path) {
  const auto text = read_file(path);
  EXPECT_FALSE(text) << path;
  return text ? "" : text.error().message;
}

TEST(ReadFile, GivesEveryByte) {
  const std::string bytes = std::string("a\0b\n", 4) + std::string(10'000, 'x');
  const TemporaryFile file(bytes);
  const auto text = read_file(file.path());
  ASSERT_TRUE(text);
  EXPECT_EQ(*text, bytes);
}

/// As `API_KEY_FILE=<(pass show ginnel)` of a shell names one.
TEST(ReadFile, ReadsAPipeToItsEnd) {
  std::array<int, 2> ends{};
  ASSERT_EQ(::pipe(ends.data()), 0);
  ASSERT_EQ(::write(ends[1], "secret\n", 7), 7);
  ::close(ends[1]);
  const auto text = read_file("/dev/fd/" + std::to_string(ends[0]));
  ::close(ends[0]);
  ASSERT_TRUE(text) << text.error().message;
  EXPECT_EQ(*text, "secret\n");
}

TEST(ReadFile, SaysWhatCannotBeRead) {
  EXPECT_EQ(fault("/nowhere/at/all"), "No such file or directory");
  EXPECT_EQ(fault("/tmp"), "Is a directory");
}

TEST(ReadFile, TakesNoMoreThanAFileOfSettingsMayHave) {
  EXPECT_NE(fault("/dev/zero").find("more than 1 MiB"), std::string::npos);
}

}  // namespace
}  // namespace ginnel::config
