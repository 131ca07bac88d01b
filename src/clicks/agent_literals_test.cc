// SPDX-License-Identifier: MIT
#include "clicks/agent_literals.h"

#include <algorithm>
#include <cstdio>
#include <random>
#include <stdexcept>
#include <string>
#include <vector>

#include <gtest/gtest.h>

namespace ginnel::clicks {
namespace {

TEST(AgentLiterals, AreFoundWhereverTheyStand) {
  const AgentLiterals literals({"bot", "chrome", "chrome/1"});

  EXPECT_EQ(literals.found_in("chrome/131 a bot"), (std::vector<int>{1, 2, 0}));
  EXPECT_EQ(literals.found_in("bot"), (std::vector<int>{0}));
}

TEST(AgentLiterals, AreNotFoundInWhatIsAlmostThem) {
  const AgentLiterals literals({"bot", "chrome"});

  EXPECT_TRUE(literals.found_in("").empty());
  EXPECT_TRUE(literals.found_in("bo").empty());
  EXPECT_TRUE(literals.found_in("chrom").empty());
  EXPECT_TRUE(literals.found_in("Chrome").empty());
}

TEST(AgentLiterals, MayHaveAnyBytes) {
  const std::string bytes("\xff\0\x80", 3);
  const AgentLiterals literals({bytes});

  EXPECT_EQ(literals.found_in("a" + bytes), (std::vector<int>{0}));
}

TEST(AgentLiterals, RefuseOnesThatAreTooShort) {
  EXPECT_THROW(AgentLiterals({"bot", "ab"}), std::invalid_argument);
}

TEST(AgentLiterals, FindWhatASlowSearchFinds) {
  std::mt19937 random(7);
  const auto text_of = [&random](std::size_t length) {
    std::string text;
    for (std::size_t i = 0; i < length; ++i) {
      text += static_cast<char>('a' + random() % 3);
    }
    return text;
  };
  int found = 0;
  for (int round = 0; round < 2'000; ++round) {
    std::vector<std::string> texts(8);
    for (std::string& literal : texts) {
      literal = text_of(3 + random() % 4);
    }
    const std::string text = text_of(random() % 60);
    std::vector<int> expected;
    for (int i = 0; i < 8; ++i) {
      if (text.find(texts[static_cast<std::size_t>(i)]) != std::string::npos) {
        expected.push_back(i);
      }
    }

    std::vector<int> numbers = AgentLiterals(texts).found_in(text);

    std::sort(numbers.begin(), numbers.end());
    numbers.erase(std::unique(numbers.begin(), numbers.end()), numbers.end());
    ASSERT_EQ(numbers, expected) << text;
    found += static_cast<int>(expected.size());
  }
  std::printf("2,000 texts, %d of 16,000 literals found in them\n", found);
}

}  // namespace
}  // namespace ginnel::clicks
