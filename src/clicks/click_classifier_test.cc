// SPDX-License-Identifier: MIT
#include "clicks/click_classifier.h"

#include <gtest/gtest.h>

#include "clicks/agent_parser.h"
#include "clicks/country_file_fixture.h"

namespace ginnel::clicks {
namespace {

using domain::BotClass;

constexpr std::string_view kPhone =
    "Mozilla/5.0 (iPhone; CPU iPhone OS 18_1 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like "
    "Gecko) Version/18.1 Mobile/15E148 Safari/604.1";

ClickRecord record() {
  ClickRecord record;
  record.at = domain::Timestamp(std::chrono::microseconds(1'795'521'600'000'001));
  record.link = domain::LinkId{7};
  record.user = domain::UserId{3};
  record.visitor = 99;
  record.network = {{203, 0, 113}, 3};
  record.code = "abc";
  record.user_agent = kPhone;
  record.referrer = "https://News.example.org/today";
  return record;
}

/// One classifier for all tests: compiling its rules takes a while.
class ClickClassifierTest : public testing::Test {
 protected:
  static ClickClassifier& classifier() {
    static observability::Log log({.level = observability::LogLevel::kError});
    static ClickClassifier classifier(options(), log);
    return classifier;
  }

 private:
  static ClickOptions options() {
    static const CountryFilePlace kPlace;
    kPlace.replace(CountryFileBytes({{"203.0.113.0", 24, "DE"}}).bytes());
    ClickOptions options;
    options.country_file = kPlace.path();
    options.agents_remembered = 2;
    return options;
  }
};

TEST_F(ClickClassifierTest, KeepsWhatTheRecordTells) {
  const domain::Click click = classifier().classify(record());

  domain::Click expected;
  expected.at = record().at;
  expected.code = "abc";
  expected.link = domain::LinkId{7};
  expected.user = domain::UserId{3};
  expected.referrer = "news.example.org";
  expected.country = "DE";
  expected.device = "mobile";
  expected.browser = "Mobile Safari";
  expected.system = "iOS";
  expected.bot = BotClass::kHuman;
  expected.visitor = 99;
  expected.network = "203.0.113.0/24";
  expected.rules = AgentParser::version();
  EXPECT_EQ(click, expected);
}

TEST_F(ClickClassifierTest, WritesANetworkOfIpv6) {
  ClickRecord click = record();
  click.network = {{0x20, 0x01, 0x0d, 0xb8, 0, 1}, 6};

  EXPECT_EQ(classifier().classify(click).network, "2001:db8:1::/48");
}

TEST_F(ClickClassifierTest, LeavesEmptyWhatIsNotKnown) {
  ClickRecord click = record();
  click.network = {};
  click.referrer = "";

  const domain::Click classified = classifier().classify(click);

  EXPECT_EQ(classified.network, "");
  EXPECT_EQ(classified.country, "");
  EXPECT_EQ(classified.referrer, "");
}

TEST_F(ClickClassifierTest, CountsAPrefetchAsOneOnThePersonsDevice) {
  ClickRecord click = record();
  click.prefetch = true;

  const domain::Click classified = classifier().classify(click);

  EXPECT_EQ(classified.bot, BotClass::kPrefetch);
  EXPECT_EQ(classified.device, "mobile");
}

TEST_F(ClickClassifierTest, RemembersAgentsButNotThePrefetch) {
  ClickRecord click = record();
  click.prefetch = true;
  classifier().classify(click);
  const ClassifierFigures before = classifier().figures();

  const domain::Click classified = classifier().classify(record());

  EXPECT_EQ(classified.bot, BotClass::kHuman);
  EXPECT_EQ(classifier().figures().agents_known, before.agents_known + 1);
  EXPECT_EQ(classifier().figures().agents_new, before.agents_new);
}

TEST_F(ClickClassifierTest, TriesTheRulesAgainOnAnAgentThatWasForgotten) {
  for (const std::string_view agent : {"curl/1", "curl/2", "curl/3"}) {
    ClickRecord click = record();
    click.user_agent = agent;
    classifier().classify(click);
  }
  const ClassifierFigures before = classifier().figures();

  classifier().classify(record());

  EXPECT_EQ(classifier().figures().agents_new, before.agents_new + 1);
}

}  // namespace
}  // namespace ginnel::clicks
