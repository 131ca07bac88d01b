// SPDX-License-Identifier: MIT
// Kinds of agents, each by instances of which most are invented: what is known of a kind is its
// words and its shape, and that has to be enough. tests/data/user_agents.tsv has agents as they
// are.
#include <initializer_list>
#include <string>
#include <string_view>

#include <gtest/gtest.h>

#include "clicks/agent_parser.h"

namespace ginnel::clicks {
namespace {

using domain::BotClass;

constexpr std::string_view kDesktop =
    "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/131.0.0.0 "
    "Safari/537.36";

BotClass kind_of(std::string_view agent) {
  static const AgentParser kParser;  // compiled once: it takes a while
  return kParser.parse(agent).bot;
}

void expect_all(BotClass kind, std::initializer_list<std::string_view> agents) {
  for (const std::string_view agent : agents) {
    EXPECT_EQ(to_text(kind_of(agent)), to_text(kind)) << agent;
  }
}

/// A desktop's agent with `word` behind it, as crawlers write that want to be shown what people
/// see.
std::string behind_a_browser(std::string_view word) {
  return std::string(kDesktop).append(" ").append(word);
}

/// A phone's agent with a model in its place.
std::string phone(std::string_view model) {
  return "Mozilla/5.0 (Linux; Android 11; " + std::string(model) +
         ") AppleWebKit/537.36 (KHTML, like Gecko) Chrome/107.0.0.0 Mobile Safari/537.36";
}

TEST(AgentKinds, AToolsBareNameIsABots) {
  expect_all(BotClass::kBot,
             {"curl",
              "Curl",
              "wget",
              "lftp",
              "AHC/2.0",
              "Jersey/3.1 (HttpUrlConnection 17)",
              "rclone/v1.64",
              "Stringer",
              "S3Gof3r",
              "Evolution/3.46",
              "okhttp",
              "HTTPie",
              "transmit/5.9",
              "fetchmail",
              "linkding/1.31",
              "ModularThing/1.0 (Linux)",
              "BIGTOOL (Beta 2; GNU/Linux)",
              "some tool of mine 1.0 (macOS)"});
}

TEST(AgentKinds, AWordThatEndsInBotIsABotsWhereverItStands) {
  expect_all(BotClass::kBot,
             {"AcmeBot",
              "acme_bot",
              "Acme Bot",
              "Mozilla/5.0 (compatible; AcmeBot)",
              "Mozilla/5.0 (Windows NT 10.0; AcmeBot; rv:128.0) Gecko/20100101 Firefox/128.0",
              "acmebots/2 (Windows NT 10.0)"});
  for (const char* word : {"AcmeBot",
                           "acmebot",
                           "Acme-Bot",
                           "(acmebot)",
                           "acme_spiderbot",
                           "Acme-robots/2.0",
                           "AcmeCrawl",
                           "FarSpider"}) {
    EXPECT_EQ(kind_of(behind_a_browser(word)), BotClass::kBot) << word;
  }
}

TEST(AgentKinds, FeedReadersAreBots) {
  expect_all(BotClass::kBot,
             {"Tiny Tiny RSS/24.1 (https://tt-rss.org/)",
              "FreshRSS/1.24.0 (Linux; x)",
              "SimplePie/1.8 (Feed Parser; Allow like Gecko)",
              "Feedbin feed-id:7 - 2 subscribers",
              ("NewsBlur Feed Fetcher - 3 subscribers - (Mozilla/5.0 (Macintosh; Intel Mac OS X "
               "10_15_7) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/14.0.1 Safari/605.1.15)"),
              "MyFeedReader/1.0 (Macintosh)",
              "NetNewsWire (RSS Reader; macOS)",
              ("Mozilla/5.0 (feedthing.example; Macintosh; Intel Mac OS X 10_15_7) "
               "AppleWebKit/537.36 (KHTML, like Gecko) Chrome/106.0.0.0 Safari/537.36"),
              "Mozilla/5.0 (Windows NT 10.0; rv:89.0) Gecko/20100101 Firefox/89.0 SomeRSS/1.0",
              "AcmePodcast/3.1 (Linux)"});
}

TEST(AgentKinds, WatchersAreMonitors) {
  expect_all(BotClass::kMonitor,
             {"Acme Monitoring/1.1",
              "AcmeMonitor",
              "Uptime-Check",
              "sitewatcher/2 (Linux)",
              "Mozilla/5.0 (compatible; AcmeUptime/1.0)",
              "acme-healthcheck/1",
              "Elastic-Heartbeat/8",
              "urlwatch/2.28 (+https://thp.io/2008/urlwatch/info.html)"});
  for (const char* word : {"AcmeMonitor",
                           "(Acme-Monitor)",
                           "AcmeSynthetics",
                           "PageWatcher/3",
                           "www.acmeuptime.example",
                           "changedetection"}) {
    EXPECT_EQ(kind_of(behind_a_browser(word)), BotClass::kMonitor) << word;
  }
}

TEST(AgentKinds, LinkCheckersAndScannersAreBots) {
  expect_all(BotClass::kBot,
             {"lychee/0.15",
              "LinkChecker/10.2 (Linux)",
              "W3C-checklink/5.0",
              "W3C-mobileOK/1",
              "Mozilla/5.0 (Windows NT 5.1) brokenlinkcheck.com/1.2",
              "www.deadlinks.example LinkCheck Mozilla/5.0 (Windows NT 6.1) Chrome/46.0",
              "Mozilla/5.0 (compatible; MSIE 10.0; Windows NT 6.1; Trident/6.0) LinkCheck by Acme",
              "Mozilla/5.0 (Windows NT 6.1; WOW64) Acme Web Vulnerability Scanner",
              "Mozilla/5.0 [en] (X11, U; OpenVAS 22)",
              "acme.example/scan Mozilla/5.0 (Linux)"});
  for (const char* word : {"AcmeScan/3.0",
                           "(Acme ContentScan)",
                           "acme-scanner",
                           "acmeVerify/2",
                           "LinkTiger",
                           "Acme-Validator",
                           "SecurityHeaders"}) {
    EXPECT_EQ(kind_of(behind_a_browser(word)), BotClass::kBot) << word;
  }
}

TEST(AgentKinds, AgentsOfLanguageModelsAreBots) {
  expect_all(BotClass::kBot,
             {("Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko; compatible; "
               "Acme-Agent)"),
              ("Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko; compatible; "
               "AcmeAI/1.0) Chrome/142.0.0.0 Safari/537.36"),
              "Claude-User (claude-code/2.1)",
              "ModelContextProtocol/1.0 (Autonomous)"});
  for (const char* word : {"Acme-User/1.0",
                           "; Manus-User/1.0",
                           "claude-web",
                           "Acme-AI-Agent",
                           "DeepSeekBot",
                           "chatgpt-operator",
                           "langchain/0.3"}) {
    EXPECT_EQ(kind_of(behind_a_browser(word)), BotClass::kBot) << word;
  }
}

TEST(AgentKinds, MessengersPreviewsArePreviews) {
  expect_all(BotClass::kPreview,
             {"AcmeChat LinkPreview v1",
              "Acme link preview",
              "AcmeLinkPreviewBot/1.0",
              "ZulipURLPreview/1.0",
              "ChatUnfurl/1.0 (+https://example.org)",
              "AcmeUnfurler",
              "Forum Onebox v3",
              "BeeperBot/0 Matrix-Media-Repo/1",
              "AcmeLinkExpander/0.1",
              "python-opengraph/0.2",
              "Acme/1 WebsiteMetadataRetriever"});
  for (const char* word : {"AcmePreview/2.0", "(acme-link-preview)", "UrlUnfurler"}) {
    EXPECT_EQ(kind_of(behind_a_browser(word)), BotClass::kPreview) << word;
  }
}

TEST(AgentKinds, WhoNamesAnOwnerIsABot) {
  for (const char* word : {"(+ops@acme.example.org)",
                           "https://acme.example/why",
                           "acme.com/policy",
                           "AcmePage.io/6.0",
                           "mailto:noc@acme.example",
                           "me(at)acme.com"}) {
    EXPECT_EQ(kind_of(behind_a_browser(word)), BotClass::kBot) << word;
  }
}

TEST(AgentKinds, TextBrowsersArePeople) {
  expect_all(BotClass::kHuman,
             {"w3m/0.5.3+git20230121",
              "w3m",
              "Lynx/2.9.0dev.12 libwww-FM/2.14 SSL-MM/1.4.1",
              "Lynx (textmode)",
              "Links (2.28; Linux 6.1.0 x86_64; GNU C 12.2; text)",
              "ELinks/0.16.1.1 (textmode; Linux 6.1.0; 80x24-2)",
              "ELinks (0.4.2; Linux; )",
              "URL/Emacs Emacs/29.1 (X11; x86_64-pc-linux-gnu)",
              "edbrowse/3.8.0",
              "Dillo/3.1.1",
              "Mozilla/5.0 (compatible; Dillo 3.0)",
              "NetSurf/3.10 (Linux)"});
  expect_all(BotClass::kBot, {"lynxbot/1.0", "w3mir/1.0.10", "LinksThing/1.0", "elinkscrawler"});
}

TEST(AgentKinds, PeopleHoldDevicesThatAreCalledLikeMachines) {
  for (const char* model : {"CUBOT KINGKONG 5 Pro",
                            "CUBOT_X18_Plus",
                            "CUBOT",
                            "Cubot Note 20",
                            "Spider X3",
                            "SPIDER X5 Pro Build/RP1A.200720.011",
                            "DROID SPYDER Build/JRO03R",
                            "Robot 7",
                            "Acme Bot One",
                            "Acme Scanner X",
                            "TC52 Scan",
                            "Monitor M1"}) {
    EXPECT_EQ(kind_of(phone(model)), BotClass::kHuman) << model;
  }
  expect_all(BotClass::kHuman,
             {"Mozilla/5.0 (Android 9; Mobile; Spider X3; rv:68.0) Gecko/68.0 Firefox/68.0",
              ("Mozilla/5.0 (Linux; Android 9; CUBOT X19 Build/P; wv) AppleWebKit/537.36 (KHTML, "
               "like Gecko) Version/4.0 Chrome/114.0 Mobile Safari/537.36 Instagram 257.1 Android "
               "(28/9; 480dpi; 1080x2400; CUBOT; CUBOT_X19; Spider X3; mt6763)")});
  for (const char* model : {"Pixel 2 Build/OPD3; Storebot-Google/1.0",
                            "AcmeSpider",
                            "Spider/1.0",
                            "Nexus 5X) Safari/537.36 (compatible; Acmebot"}) {
    EXPECT_EQ(kind_of(phone(model)), BotClass::kBot) << model;
  }
}

TEST(AgentKinds, PeopleStayPeopleWhoseAgentsHaveUnusualWords) {
  expect_all(
      BotClass::kHuman,
      {("Mozilla/5.0 (Linux; Android 10; K) AppleWebKit/537.36 (KHTML, like Gecko) "
        "Chrome/111.0.0.0 Mobile Safari/537.36 (Ecosia android@111.0.5563.116)"),
       ("Mozilla/5.0 (iPhone; CPU iPhone OS 16_5 like Mac OS X) AppleWebKit/605.1.15 (KHTML, "
        "like Gecko) Mobile/15E148 KAKAOTALK 10.4.5"),
       ("Mozilla/5.0 (iPhone; CPU iPhone OS 16_5 like Mac OS X) AppleWebKit/605.1.15 (KHTML, "
        "like Gecko) Mobile/15E148 QRScanner/4.2"),
       ("Mozilla/4.0 (compatible; MSIE 7.0; Windows NT 6.0; Embedded Web Browser from: "
        "http://bsalsa.com/; .NET CLR 2.0.50727)"),
       ("Mozilla/4.0 (compatible; MSIE 8.0; Windows NT 6.1; Trident/4.0; .NET4.0C; .NET CLR "
        "3.5.30729)"),
       "Mozilla/5.0 (compatible; Konqueror/4.5; FreeBSD) KHTML/4.5.4 (like Gecko)",
       ("Mozilla/5.0 (Linux; Android 14; wv) AppleWebKit/537.36 (KHTML, like Gecko) "
        "Version/4.0 Chrome/124.0 Mobile Safari/537.36 com.example.app"),
       "NokiaC3-00/5.0 (08.63) Profile/MIDP-2.1 Configuration/CLDC-1.1",
       "LG-KF600D OBIGO",
       "SAMSUNG-SGH-A157/A157UCLD1 SHP/VPP/R5 NetFront/4.2"});
}

}  // namespace
}  // namespace ginnel::clicks
