// SPDX-License-Identifier: MIT
#include "clicks/agent_parser.h"

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdio>
#include <random>
#include <string>
#include <string_view>
#include <vector>

#include <gtest/gtest.h>

#include "base/utf8.h"
#include "kUserAgents.h"

namespace ginnel::clicks {
namespace {

using domain::BotClass;

/// The rules are compiled once: it takes a while.
const AgentParser& parser() {
  static const AgentParser kCompiled;
  return kCompiled;
}

/// A row of tests/data/user_agents.tsv: kind of visitor, device, browser, system, agent.
using Row = std::array<std::string, 5>;

std::vector<Row> rows() {
  std::vector<Row> rows;
  std::string_view text = embedded::kUserAgents[0].contents;
  for (auto end = text.find('\n'); end != std::string_view::npos; end = text.find('\n')) {
    std::string_view line = text.substr(0, end);
    text.remove_prefix(end + 1);
    if (line.empty() || line.front() == '#') {
      continue;
    }
    Row& row = rows.emplace_back();
    for (std::string& cell : row) {
      const std::string_view read = line.substr(0, line.find('\t'));
      cell = read == "-" ? "" : read;
      line.remove_prefix(std::min(read.size() + 1, line.size()));
    }
  }
  return rows;
}

TEST(AgentParser, ReadsAgentsAsTheyAreMet) {
  std::array<int, domain::kBotClassCount> counts{};
  for (const Row& row : rows()) {
    const auto& [bot, device, browser, system, agent] = row;
    const AgentFacts facts = parser().parse(agent);
    EXPECT_EQ(to_text(facts.bot), bot) << agent;
    EXPECT_EQ(facts.device, device) << agent;
    EXPECT_EQ(facts.browser, browser) << agent;
    EXPECT_EQ(facts.system, system) << agent;
    ++counts[static_cast<std::size_t>(facts.bot)];
  }
  for (std::size_t i = 0; i < counts.size(); ++i) {
    const std::string kind(to_text(static_cast<BotClass>(i)));
    std::printf("%s: %d agents\n", kind.c_str(), counts[i]);
  }
}

TEST(AgentParser, TakesAnAgentThatNamesNothingForAScript) {
  EXPECT_EQ(parser().parse("").bot, BotClass::kBot);
  EXPECT_EQ(parser().parse("no-browser-that-anybody-knows").bot, BotClass::kBot);
}

TEST(AgentParser, PutsThePreviewBeforeTheBotItIsToo) {
  EXPECT_EQ(parser().parse("Twitterbot/1.0 (+https://example.org/bot.html)").bot,
            BotClass::kPreview);
}

TEST(AgentParser, HeedsWhereALibrarysNameStands) {
  EXPECT_EQ(parser().parse("curl/8.0 (X11; Linux x86_64) Chrome/131.0").bot, BotClass::kBot);
  EXPECT_EQ(parser().parse("Mozilla/5.0 (X11; Linux) Chrome/131.0 curl/8.0").bot, BotClass::kHuman);
}

TEST(AgentParser, NamesTheVersionOfItsRules) {
  const std::string version = AgentParser::version();

  EXPECT_TRUE(version.starts_with("uap-core 0.")) << version;
  EXPECT_TRUE(version.ends_with(", own 2")) << version;
}

/// Agents of uap-core's kind with bytes changed, cut and added.
TEST(AgentParser, GivesTextsThatCanBeShownWhateverTheAgentIs) {
  std::mt19937 random(3);
  const std::vector<Row> agents = rows();
  int known = 0;
  for (int round = 0; round < 2'000; ++round) {
    std::string agent = agents[random() % agents.size()][4];
    for (int change = 0; change < 4 && !agent.empty(); ++change) {
      agent[random() % agent.size()] = static_cast<char>(random() % 256);
    }
    const AgentFacts facts = parser().parse(agent);
    for (std::string_view text :
         {std::string_view(facts.browser), std::string_view(facts.system)}) {
      ASSERT_LE(text.size(), 64u);
      known += text.empty() ? 0 : 1;
      while (!text.empty()) {
        const auto character = take_code_point(text);
        ASSERT_TRUE(character && *character >= 0x20 && *character != 0x7f) << agent;
      }
    }
  }
  std::printf("2,000 agents with changed bytes told %d families\n", known);
}

}  // namespace
}  // namespace ginnel::clicks
