// SPDX-License-Identifier: MIT
#include "clicks/agent_memory.h"

#include <gtest/gtest.h>

namespace ginnel::clicks {
namespace {

AgentFacts facts_of(const std::string& browser) {
  AgentFacts facts;
  facts.browser = browser;
  return facts;
}

TEST(AgentMemory, RemembersWhatAnAgentTold) {
  AgentMemory memory(2);

  EXPECT_EQ(memory.find("a"), nullptr);
  EXPECT_EQ(memory.insert("a", facts_of("A")).browser, "A");
  ASSERT_NE(memory.find("a"), nullptr);
  EXPECT_EQ(memory.find("a")->browser, "A");
}

TEST(AgentMemory, ForgetsTheAgentThatWasNotMetForLongest) {
  AgentMemory memory(2);
  memory.insert("a", facts_of("A"));
  memory.insert("b", facts_of("B"));
  memory.find("a");

  memory.insert("c", facts_of("C"));

  EXPECT_EQ(memory.find("b"), nullptr);
  EXPECT_NE(memory.find("a"), nullptr);
  EXPECT_NE(memory.find("c"), nullptr);
}

TEST(AgentMemory, HoldsOneAgentAtLeast) {
  AgentMemory memory(0);
  memory.insert("a", facts_of("A"));

  EXPECT_NE(memory.find("a"), nullptr);
}

TEST(AgentMemory, KnowsTheEmptyAgent) {
  AgentMemory memory(2);
  memory.insert("", facts_of("none"));

  ASSERT_NE(memory.find(""), nullptr);
  EXPECT_EQ(memory.find("")->browser, "none");
}

}  // namespace
}  // namespace ginnel::clicks
