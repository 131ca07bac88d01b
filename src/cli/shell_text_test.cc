// SPDX-License-Identifier: MIT
#include "cli/shell_text.h"

#include <array>
#include <cstdio>
#include <string>

#include <gtest/gtest.h>

namespace ginnel::cli {
namespace {

// What a shell makes of `word`.
std::string read_by_shell(const std::string& word) {
  std::FILE* output = ::popen(("printf %s " + word).c_str(), "r");
  EXPECT_NE(output, nullptr);
  std::array<char, 256> bytes{};
  const std::size_t length = std::fread(bytes.data(), 1, bytes.size(), output);
  EXPECT_EQ(::pclose(output), 0);
  return {bytes.data(), length};
}

TEST(ShellText, IsReadByAShellAsItWas) {
  const std::array texts = {
      "users.csv", "", "a b", "it's", "'", "$(exit 3)`exit 4`", "*", "~", "a\\n\"b"};
  for (const std::string text : texts) {
    EXPECT_EQ(read_by_shell(shell_word(text)), text);
  }
}

TEST(ShellText, IsQuotedOnlyWhereItHasToBe) {
  EXPECT_EQ(shell_word("sqlite:/var/lib/ginnel/a-b_c.db"), "sqlite:/var/lib/ginnel/a-b_c.db");
  EXPECT_EQ(shell_word("my file.csv"), "'my file.csv'");
  EXPECT_EQ(shell_word(""), "''");
}

}  // namespace
}  // namespace ginnel::cli
