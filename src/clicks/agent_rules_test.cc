// SPDX-License-Identifier: MIT
#include "clicks/agent_rules.h"

#include <cstdio>
#include <stdexcept>

#include <gtest/gtest.h>

#include "agent_cases.h"
#include "agent_rule_lists.h"
#include "base/text.h"

namespace ginnel::clicks {
namespace {

std::string family_of(const AgentRules& rules, std::string_view agent) {
  return rules.family({.text = agent, .lower = ascii_lower(agent)});
}

bool tells(const AgentRules& rules, std::string_view agent, std::string_view family) {
  return rules.tells({.text = agent, .lower = ascii_lower(agent)}, family);
}

constexpr AgentRule kRules[] = {
    {R"((Opera) Mini)", "$1 Small"},
    {R"((Opera|Chrome)/(\d+))", ""},
    {R"(Trident)", "IE"},
    {R"((\w+)-(\w+) shell)", " $2 of $1 $3"},
    {R"(my(thing))", "Thing", true},
    {R"(crawl|Chrome/9)", "Spider"},
    {R"(name=(.*))", "$1"},
};

TEST(AgentRules, TakeTheFirstThatMatches) {
  const AgentRules rules(kRules);

  EXPECT_EQ(family_of(rules, "Opera Mini, Opera/9"), "Opera Small");
  EXPECT_EQ(family_of(rules, "Trident Chrome/1"), "Chrome");
  EXPECT_EQ(family_of(rules, "Trident"), "IE");
  EXPECT_EQ(family_of(rules, "Firefox"), "");
}

TEST(AgentRules, FillGroupsIntoTheFamily) {
  EXPECT_EQ(family_of(AgentRules(kRules), "a very-odd shell"), "odd of very");
}

TEST(AgentRules, HeedCaseUnlessTheRuleDoesNot) {
  const AgentRules rules(kRules);

  EXPECT_EQ(family_of(rules, "trident"), "");
  EXPECT_EQ(family_of(rules, "MYTHING"), "Thing");
}

TEST(AgentRules, GiveNoFamilyThatCannotBeShown) {
  const AgentRules rules(kRules);
  const std::string longest(64, 'a');

  EXPECT_EQ(family_of(rules, "name=Caf\xc3\xa9"), "Caf\xc3\xa9");
  EXPECT_EQ(family_of(rules, "name=" + longest), longest);
  EXPECT_EQ(family_of(rules, "name=" + longest + "a"), "");
  EXPECT_EQ(family_of(rules, "name=Caf\xc3"), "");
  EXPECT_EQ(family_of(rules, "name=a\x01"), "");
  EXPECT_EQ(family_of(rules, "name=) Bot"), "");
  EXPECT_EQ(family_of(rules, "name=Other"), "");
  EXPECT_EQ(family_of(rules, "name="), "");
}

TEST(AgentRules, TellAFamilyOnlyWhenNoEarlierRuleMatches) {
  const AgentRules rules(kRules);

  EXPECT_TRUE(tells(rules, "crawl", "Spider"));
  EXPECT_FALSE(tells(rules, "Chrome/9", "Spider"));  // the second rule takes it for Chrome
  EXPECT_FALSE(tells(rules, "nothing", "Spider"));
}

TEST(AgentRules, RefuseAPatternThatIsNone) {
  constexpr AgentRule kBroken[] = {{"(", "x"}};

  EXPECT_THROW(AgentRules{kBroken}, std::invalid_argument);
}

/// Calls `check(agent, family)` with each of uap-core's own tests, and prints how many there were.
template <class Check>
void for_each_case(const char* list, std::string_view cases, Check check) {
  int count = 0;
  for (auto end = cases.find('\n'); end != std::string_view::npos; end = cases.find('\n')) {
    const std::string_view line = cases.substr(0, end);
    const auto tab = line.rfind('\t');
    check(line.substr(0, tab), line.substr(tab + 1));
    cases.remove_prefix(end + 1);
    ++count;
  }
  std::printf("%s: %d user agents of uap-core's tests\n", list, count);
}

/// What our rules say where uap-core expects `family`: `Other` is nothing.
std::string expected_of(std::string_view family) {
  return family == "Other" ? std::string() : std::string(family);
}

TEST(BrowserRules, SayWhatUapCoreExpects) {
  const AgentRules rules(embedded::kBrowserRules);
  for_each_case("browsers", embedded::kBrowserCases, [&](auto agent, auto family) {
    EXPECT_EQ(family_of(rules, agent), expected_of(family)) << agent;
  });
}

TEST(SystemRules, SayWhatUapCoreExpects) {
  const AgentRules rules(embedded::kSystemRules);
  for_each_case("systems", embedded::kSystemCases, [&](auto agent, auto family) {
    EXPECT_EQ(family_of(rules, agent), expected_of(family)) << agent;
  });
}

TEST(DeviceRules, KnowTheSpidersThatUapCoreKnows) {
  const AgentRules rules(embedded::kDeviceRules);
  int spiders = 0;
  for_each_case("devices", embedded::kDeviceCases, [&](auto agent, auto family) {
    EXPECT_EQ(tells(rules, agent, "Spider"), family == "Spider") << agent;
    spiders += family == "Spider" ? 1 : 0;
  });
  std::printf("of the devices %d are spiders\n", spiders);
}

}  // namespace
}  // namespace ginnel::clicks
