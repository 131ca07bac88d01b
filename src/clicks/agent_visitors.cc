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

/// Where the word stands in the agent.
enum class Place { kAnywhere, kBegin };

struct Visitor {
  std::string_view word;  ///< in lower case
  BotClass bot;
  Place place = Place::kAnywhere;
};

constexpr BotClass kBot = BotClass::kBot;
constexpr BotClass kPreview = BotClass::kPreview;
constexpr BotClass kMonitor = BotClass::kMonitor;
constexpr Place kBegin = Place::kBegin;

/// The first row whose word is there counts: who watches or previews stands before the bots, as
/// most of them have `bot` or a library's name in their agents, too. Words are as long as it takes
/// to be in no browser's agent.
constexpr Visitor kVisitors[] = {
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

    // Crawlers by what they have in common. Applebot is one: it fills Siri and Spotlight, and the
    // cards of Messages come from the phone itself.
    {"+http", kBot},  // the convention of crawlers: (+https://example.org/bot.html)
    {"bot/", kBot},
    {"bot@", kBot},  // ClaudeBot's +claudebot@anthropic.com stands where uap-core looks no more
    {"crawler", kBot},
    {"spider", kBot},
    {"scrapy", kBot},
    {"googleother", kBot},
    {"google-read-aloud", kBot},
    {"google-inspectiontool", kBot},
    {"googleimageproxy", kBot},
    {"mediapartners-google", kBot},
    {"chatgpt-user", kBot},  // a page that a model reads for somebody: nobody sees it
    {"meta-external", kBot},
    // Browsers that nobody looks at.
    {"headlesschrome", kBot},
    {"phantomjs", kBot},
    {"puppeteer", kBot},
    {"playwright", kBot},
    {"selenium", kBot},
    {"chrome-lighthouse", kBot},
    {"gtmetrix", kBot},
    {" ptst/", kBot},  // WebPageTest
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
    {"curl/", kBot, kBegin},
    {"libcurl", kBot},
    {"wget", kBot, kBegin},
    {"aria2/", kBot, kBegin},
    {"python", kBot, kBegin},  // python-requests, Python-urllib, Python/3.11 aiohttp/3.9
    {"aiohttp/", kBot},
    {"httpx/", kBot},
    {"urllib", kBot},
    {"go-http-client", kBot},
    {"go-resty", kBot},
    {"fasthttp", kBot},
    {"java/", kBot, kBegin},
    {"java-http-client", kBot},
    {"jakarta", kBot, kBegin},
    {"apache-httpclient", kBot},
    {"apache-httpasyncclient", kBot},
    {"google-http-java-client", kBot},
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
    {"masscan", kBot},
    {"zgrab", kBot},
    {"nmap", kBot},
    {"nikto", kBot},
    {"sqlmap", kBot},
    {"nuclei", kBot},
    {"censysinspect", kBot},
    {"expanse", kBot},
};

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
    const Visitor& visitor = kVisitors[candidate];
    if (visitor.place == Place::kAnywhere || lower_agent.starts_with(visitor.word)) {
      first = std::min(first, candidate);
    }
  }
  return first == std::size(kVisitors) ? std::nullopt : std::optional(kVisitors[first].bot);
}

}  // namespace ginnel::clicks
