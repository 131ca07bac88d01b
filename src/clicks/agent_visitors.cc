// SPDX-License-Identifier: MIT
#include "clicks/agent_visitors.h"

#include <algorithm>
#include <cstddef>
#include <iterator>
#include <string>
#include <vector>

namespace ginnel::clicks {
namespace {

using domain::BotClass;

/// Where the word stands in the agent. At the end of a word: no letter or digit follows, and no
/// colon (`User-Agent: Mozilla/5.0...` is what some people's browsers were told to send).
enum class Place { kAnywhere, kBegin, kWordEnd };

struct Visitor {
  std::string_view word;  ///< in lower case
  BotClass bot;
  Place place = Place::kAnywhere;
};

constexpr BotClass kHuman = BotClass::kHuman;
constexpr BotClass kBot = BotClass::kBot;
constexpr BotClass kPreview = BotClass::kPreview;
constexpr BotClass kMonitor = BotClass::kMonitor;
constexpr Place kBegin = Place::kBegin;
constexpr Place kWordEnd = Place::kWordEnd;

/// The first row whose word is there counts: who watches or previews stands before the bots, as
/// most of them have `bot` or a library's name in their agents, too. Words are as long as it takes
/// to be in no browser's agent: none of those without a name is in the 16,000 agents of devices and
/// browsers of uap-core's tests, but in CUBOT's and Spider's, which are not looked at
/// (agent_shape.h).
constexpr Visitor kVisitors[] = {
    // People whose agents have a word of those below.
    {"mozilladeveloperpreview", kHuman},
    {"qrscan", kHuman},  // an app that shows the page of a code
    {"qr scan", kHuman},
    {"qr-scan", kHuman},
    {"barcode", kHuman},

    // Uptime checks, by a service somebody pays for.
    {"uptimerobot", kMonitor},
    {"pingdom", kMonitor},
    {"statuscake", kMonitor},
    {"better uptime", kMonitor},
    {"better stack", kMonitor},
    {"betterstack", kMonitor},
    {"site24x7", kMonitor},
    {"datadog", kMonitor},   // Datadog/Synthetics, and its agent's HTTP check
    {"newrelic", kMonitor},  // NewRelicPinger, NewRelicSynthetics
    {"hetrixtools", kMonitor},
    {"updown.io", kMonitor},
    {"checkly", kMonitor},
    {"freshping", kMonitor},
    {"uptime.com", kMonitor},
    {"uptimebot", kMonitor},  // Sentry's is SentryUptimeBot
    {"uptimia", kMonitor},
    {"uptrends", kMonitor},
    {"oh dear", kMonitor},
    {"ohdear", kMonitor},
    {"cronitor", kMonitor},
    {"nodeping", kMonitor},
    {"montastic", kMonitor},
    {"catchpoint", kMonitor},
    {"thousandeyes", kMonitor},
    {"dynatracesynthetic", kMonitor},
    {"ruxitsynthetic", kMonitor},  // Dynatrace's older name
    {"digitalocean uptime", kMonitor},
    // Uptime checks that one runs oneself.
    {"uptime-kuma", kMonitor},
    {"gatus/", kMonitor},
    {"blackbox exporter", kMonitor},
    {"blackbox-exporter", kMonitor},
    {"prometheus/", kMonitor},  // a scrape, or the blackbox exporter before it had its own agent
    {"check_http", kMonitor},   // Nagios, Icinga
    {"zabbix", kMonitor},
    {"monit/", kMonitor, kBegin},
    // Load balancers and orchestrators that ask whether we live.
    {"kube-probe", kMonitor},
    {"googlehc", kMonitor},
    {"googlestackdrivermonitoring", kMonitor},
    {"elb-healthchecker", kMonitor},
    {"amazon-route53-health-check", kMonitor},
    {"cloudflare-healthchecks", kMonitor},
    {"cloudflare-traffic-manager", kMonitor},
    {"azure traffic manager", kMonitor},
    {"edge health probe", kMonitor},    // Azure Front Door
    {"load balancer agent", kMonitor},  // Azure
    {"consul health check", kMonitor},
    // What watchers have in common, of sites and of pages.
    {"uptime", kMonitor},
    {"monitor", kMonitor},
    {"monitis", kMonitor},
    {"healthcheck", kMonitor},
    {"health-check", kMonitor},
    {"health check", kMonitor},
    {"heartbeat", kMonitor},
    {"synthetic", kMonitor},
    {"pinger", kMonitor},
    {"pingability", kMonitor},
    {"statuspage", kMonitor},
    {"downnotifier", kMonitor},
    {"downdetector", kMonitor},
    {"websitepulse", kMonitor},
    {"host-tracker", kMonitor},
    {"hosttracker", kMonitor},
    {"appinsights", kMonitor},  // Azure's availability tests
    {"ghost inspector", kMonitor},
    {"rigor)", kMonitor},
    {"panopta", kMonitor},
    {"watcher", kMonitor},
    {"watchdog", kMonitor},
    {"watchmouse", kMonitor},
    {"urlwatch", kMonitor},
    {"changedetection", kMonitor},
    {"visualping", kMonitor},

    // Cards of social networks. iMessage has Safari's agent with facebookexternalhit and Twitterbot
    // behind it; KakaoTalk's and LINE's begin with facebookexternalhit.
    {"facebookexternalhit", kPreview},
    {"facebookcatalog", kPreview},
    {"twitterbot", kPreview},
    {"linkedinbot", kPreview},
    {"redditbot", kPreview},
    {"pinterestbot", kPreview},
    {"pinterest/0.", kPreview},  // the app's browser has [Pinterest/iOS]
    {"tumblr/", kPreview},
    {"vkshare", kPreview},
    {"odklbot", kPreview},
    {"xing-contenttabreceiver", kPreview},
    {"bluesky cardyb", kPreview},
    {"mastodon/", kPreview},  // a card is made by each server of the Fediverse that has a reader
    {"pleroma", kPreview},
    {"akkoma", kPreview},
    {"misskey", kPreview},
    {"lemmy/", kPreview},
    {"friendica", kPreview},
    // Cards of messengers. Signal calls itself WhatsApp/2.
    {"whatsapp/", kPreview},
    {"telegrambot", kPreview},
    {"slackbot", kPreview},  // Slackbot-LinkExpanding, and the one that fetches icons
    {"slack-imgproxy", kPreview},
    {"discordbot", kPreview},
    {"skypeuripreview", kPreview},  // Teams, too
    {"viber/", kPreview, kBegin},
    {"snap url preview", kPreview},
    {"mattermost-bot", kPreview},
    {"rocket.chat", kPreview},
    {"synapse (bot", kPreview},         // Matrix
    {"google-pagerenderer", kPreview},  // Google Chat and Messages
    {"line-poker", kPreview},
    {"kakaotalk-scrap", kPreview},
    {"zoombot", kPreview},
    // Services that make cards for others.
    {"embedly", kPreview},
    {"iframely", kPreview},
    {"google web preview", kPreview},
    {"bingpreview", kPreview},
    {"flipboardproxy", kPreview},
    {"notionembedder", kPreview},
    {"nuzzel", kPreview},
    {"matrix-media-repo", kPreview},
    {"mattermost-", kPreview, kBegin},
    {"revolt-january", kPreview},
    {"summaly", kPreview},  // Misskey's
    {"discourse/", kPreview, kBegin},
    {"wakelet", kPreview},
    // What cards have in common.
    {"preview", kPreview},
    {"unfurl", kPreview},
    {"onebox", kPreview},
    {"oembed", kPreview},
    {"opengraph", kPreview},
    {"open graph", kPreview},
    {"linkexpand", kPreview},
    {"link expand", kPreview},
    {"link-expand", kPreview},
    {"richlink", kPreview},
    {"rich link", kPreview},
    {"link card", kPreview},
    {"linkcard", kPreview},
    {"metadataretriever", kPreview},

    // Crawlers by what they have in common. Applebot is one: it fills Siri and Spotlight, and the
    // cards of Messages come from the phone itself.
    {"+http", kBot},          // the convention of crawlers: (+https://example.org/bot.html)
    {"bot", kBot, kWordEnd},  // SomeBot, bot@example.org, feed_bot
    {"bots", kBot, kWordEnd},
    {"robot", kBot},
    {"crawl", kBot},
    {"spider", kBot},
    {"spyder", kBot},
    {"slurp", kBot},
    {"scrap", kBot},  // scrapers, Scrapy, scraping
    {"fetch", kBot},  // fetchers, FeedFetcher
    {"grabber", kBot},
    {"harvest", kBot},
    {"archiver", kBot},
    {"archivebox", kBot},
    {"indexer", kBot},
    {"extractor", kBot},
    {"downloader", kBot},
    {"httrack", kBot},
    {"webcopier", kBot},
    {"offline explorer", kBot},
    {"screenshot", kBot},
    {"thumbnail", kBot},
    {"webcapture", kBot},
    {"favicon", kBot},
    {"optimizer", kBot},
    {"analyzer", kBot},
    {"agent", kBot, kWordEnd},    // Nitro-Optimizer-Agent
    {"-google", kBot, kWordEnd},  // Storebot-Google, PlayStore-Google, FeedFetcher-Google
    {"google-", kBot},
    {"googleother", kBot},
    {"googleimageproxy", kBot},
    {"meta-external", kBot},
    {"amazonproduct", kBot},
    {"brandverity", kBot},
    {"siteimprove", kBot},
    {"silktide", kBot},
    {"newsnow/", kBot},
    // Agents of language models: a page that a model reads for somebody, who does not see it.
    {"-user/", kBot},  // ChatGPT-User/1.0, Perplexity-User/1.0
    {"chatgpt-", kBot},
    {"gptbot", kBot},
    {"oai-", kBot},  // OpenAI's
    {"openai", kBot},
    {"claude-", kBot},
    {"anthropic", kBot},
    {"deepseek", kBot},
    {"cohere-", kBot},
    {"gemini-", kBot},
    {"googleagent", kBot},
    {"novaact", kBot},
    {"manus-", kBot},
    {"copilot-", kBot},
    {"duckassist", kBot},
    {"huggingface", kBot},
    {"langchain", kBot},
    {"llamaindex", kBot},
    {"llm-", kBot},
    {"-llm", kBot},
    {"tavily", kBot},
    {"browser-use", kBot},
    {"modelcontextprotocol", kBot},
    {"ai agent", kBot},
    {"ai-agent", kBot},
    // Feed readers, which ask for a feed at its short address, and podcatchers.
    {"feed", kBot},  // Feedly, Feedbin, feedparser, Feed Fetcher
    {"rss", kBot, kWordEnd},
    {"rss reader", kBot},
    {"rssreader", kBot},
    {"rss-", kBot},
    {"rssowl", kBot},
    {"rssguard", kBot},
    {"simplepie", kBot},
    {"newsblur", kBot},
    {"netnewswire", kBot},
    {"miniflux", kBot},
    {"inoreader", kBot},
    {"theoldreader", kBot},
    {"bazqux", kBot},
    {"liferea", kBot},
    {"akregator", kBot},
    {"bloglovin", kBot},
    {"newsboat", kBot},
    {"newsbeuter", kBot},
    {"newsgator", kBot},
    {"subscriber", kBot},
    {"podcast/", kBot},
    {"podcast ", kBot},
    {"podcatcher", kBot},
    // Link checkers and validators.
    {"linkcheck", kBot},
    {"link check", kBot},
    {"link-check", kBot},
    {"checklink", kBot},
    {"checker", kBot},
    {"check", kBot, kWordEnd},
    {"checkup", kBot},
    {"linktiger", kBot},
    {"linkwalker", kBot},
    {"link sleuth", kBot},
    {"linklint", kBot},
    {"linkinator", kBot},
    {"lychee", kBot},
    {"muffet", kBot},
    {"dead link", kBot},
    {"deadlink", kBot},
    {"broken link", kBot},
    {"brokenlink", kBot},
    {" dlc/", kBot},  // Dead Link Checker
    {"validator", kBot},
    {"verif", kBot},  // CookieHubVerify, Google-Site-Verification
    {"w3c", kBot, kBegin},
    // Browsers that nobody looks at.
    {"headlesschrome", kBot},
    {"phantomjs", kBot},
    {"puppeteer", kBot},
    {"playwright", kBot},
    {"selenium", kBot},
    {"chrome-lighthouse", kBot},
    {"gtmetrix", kBot},
    {"dareboost", kBot},
    {"debugbear", kBot},
    {"pagespeed", kBot},
    {"page speed", kBot},
    {" ylt ", kBot},     // YellowLab Tools
    {" splash ", kBot},  // of Scrapinghub
    {" ptst/", kBot},    // WebPageTest
    {"prerender", kBot},
    // Office opens a link itself, to see whether it is a document of its own, before it lets the
    // browser do so: the click is the browser's.
    {"ms-office", kBot},
    {"microsoft office", kBot},
    // HTTP libraries. An app that shows a page has a browser's agent; one that has a library's
    // looks for itself: a card, a download, a redirect to follow.
    {"cfnetwork/", kBot},       // macOS and iOS
    {"dalvik/", kBot, kBegin},  // Android's HttpURLConnection
    {"okhttp/", kBot, kBegin},
    {"curl", kBot, kBegin},
    {"libcurl", kBot},
    {"wget", kBot, kBegin},
    {"aria2/", kBot, kBegin},
    {"python", kBot, kBegin},  // python-requests, Python-urllib, Python/3.11 aiohttp/3.9
    {"aiohttp/", kBot},
    {"httpx/", kBot},
    {"urllib", kBot},
    {"go-resty", kBot},
    {"fasthttp", kBot},
    {"java/", kBot, kBegin},
    {"jakarta", kBot, kBegin},
    {"httpclient", kBot},
    {"http-client", kBot},
    {"http client", kBot},
    {"apache-httpasyncclient", kBot},
    {"httpurlconnection", kBot},
    {"reactornetty", kBot},
    {"ktor-client", kBot},
    {"unirest", kBot},
    {"node-fetch", kBot},
    {"node.js", kBot, kBegin},
    {"node", kBot, kBegin},  // `node` is what Node's own fetch says
    {"undici", kBot, kBegin},
    {"axios/", kBot},
    {"got (", kBot, kBegin},
    {"got/", kBot, kBegin},
    {"superagent", kBot},
    {"deno/", kBot, kBegin},
    {"bun/", kBot, kBegin},
    {"php/", kBot, kBegin},
    {"guzzlehttp", kBot},
    {"symfony", kBot, kBegin},
    {"wordpress/", kBot},
    {"ruby", kBot, kBegin},
    {"faraday", kBot, kBegin},
    {"rest-client/", kBot, kBegin},
    {"http.rb/", kBot, kBegin},
    {"mechanize", kBot},
    {"libwww-perl", kBot},
    {"lwp", kBot, kBegin},
    {"reqwest", kBot, kBegin},
    {"hyper/", kBot, kBegin},
    {"ureq/", kBot, kBegin},
    {"dart/", kBot, kBegin},
    {"restsharp", kBot},
    {"winhttp", kBot},
    {"windowspowershell", kBot},
    {"powershell/", kBot},
    {"microsoft bits", kBot},
    {"postmanruntime", kBot},
    {"insomnia/", kBot},
    {"httpie/", kBot, kBegin},
    {"wrk/", kBot, kBegin},
    {"apachebench", kBot, kBegin},
    {"k6/", kBot, kBegin},
    // Scanners that say so.
    {"scan", kBot, kWordEnd},
    {"scanner", kBot},
    {"scanning", kBot},
    {"vulnerab", kBot},
    {"pentest", kBot},
    {"internet-measurement", kBot},
    {"nessus", kBot},
    {"openvas", kBot},
    {"qualys", kBot},
    {"acunetix", kBot},
    {"netsparker", kBot},
    {"invicti", kBot},
    {"burp", kBot},
    {"zaproxy", kBot},
    {"owasp", kBot},
    {"arachni", kBot},
    {"wapiti", kBot},
    {"skipfish", kBot},
    {"whatweb", kBot},
    {"wpscan", kBot},
    {"dirbuster", kBot},
    {"gobuster", kBot},
    {"feroxbuster", kBot},
    {"fuzz faster u fool", kBot},
    {"leakix", kBot},
    {"l9explore", kBot},
    {"shodan", kBot},
    {"detectify", kBot},
    {"rapid7", kBot},
    {"hardenize", kBot},
    {"foregenix", kBot},
    {"securityheaders", kBot},
    {"testssl", kBot},
    {"sslyze", kBot},
    {"watchtowr", kBot},
    {"netcraft", kBot},
    {"masscan", kBot},
    {"zgrab", kBot},
    {"nmap", kBot},
    {"nikto", kBot},
    {"sqlmap", kBot},
    {"nuclei", kBot},
    {"censys", kBot},
    {"expanse", kBot},
};

bool is_word_character(char character) {
  return (character >= 'a' && character <= 'z') || (character >= '0' && character <= '9');
}

bool ends_a_word(std::string_view agent, std::string_view word) {
  for (auto i = agent.find(word); i != std::string_view::npos; i = agent.find(word, i + 1)) {
    const auto rest = agent.substr(i + word.size());
    if (rest.empty() || (!is_word_character(rest.front()) && rest.front() != ':')) {
      return true;
    }
  }
  return false;
}

/// Whether the word of `visitor`, which is in `agent`, is at its place.
bool stands(const Visitor& visitor, std::string_view agent) {
  switch (visitor.place) {
    case Place::kAnywhere:
      return true;
    case Place::kBegin:
      return agent.starts_with(visitor.word);
    case Place::kWordEnd:
      return ends_a_word(agent, visitor.word);
  }
  return false;
}

}  // namespace

AgentVisitors::AgentVisitors() {
  std::vector<std::string> words;
  words.reserve(std::size(kVisitors));
  for (const Visitor& visitor : kVisitors) {
    words.emplace_back(visitor.word);
  }
  words_ = AgentLiterals(std::move(words));
}

std::optional<domain::BotClass> AgentVisitors::find(std::string_view lower_agent) const {
  std::size_t first = std::size(kVisitors);
  for (const int number : words_.found_in(lower_agent)) {
    const auto candidate = static_cast<std::size_t>(number);
    if (candidate < first && stands(kVisitors[candidate], lower_agent)) {
      first = candidate;
    }
  }
  return first == std::size(kVisitors) ? std::nullopt : std::optional(kVisitors[first].bot);
}

}  // namespace ginnel::clicks
