// SPDX-License-Identifier: MIT
#include "clicks/agent_visitors.h"

#include <cstddef>
#include <span>
#include <string>
#include <utility>

#include "base/text.h"

namespace ginnel::clicks {
namespace {

using domain::BotClass;

// Words in lower case that tell who comes. A `^` stands for the beginning of the agent. A `$`
// stands for the end of a word: no letter or digit follows, and no colon (`User-Agent:
// Mozilla/5.0...` is what some people's browsers were told to send). They are as long as it takes
// to be in no browser's agent: none of those without a name is in the 16,000 agents of devices and
// browsers of uap-core's tests, but in CUBOT's and Spider's, which are not looked at
// (agent_shape.h).
// clang-format off

constexpr std::string_view kPeople[] = {
    // People whose agents have a word of those below.
    "mozilladeveloperpreview", "qr scan", "qr-scan", "barcode",
    "qrscan",  // an app that shows the page of a code
};

constexpr std::string_view kMonitors[] = {
    // Uptime checks, by a service somebody pays for.
    "uptimerobot", "pingdom", "statuscake", "better uptime", "better stack", "betterstack",
    "site24x7", "hetrixtools", "updown.io", "checkly", "freshping", "uptime.com", "uptimia",
    "uptrends", "oh dear", "ohdear", "cronitor", "nodeping", "montastic", "catchpoint",
    "thousandeyes", "dynatracesynthetic", "digitalocean uptime",
    "datadog",  // Datadog/Synthetics, and its agent's HTTP check
    "newrelic",  // NewRelicPinger, NewRelicSynthetics
    "uptimebot",  // Sentry's is SentryUptimeBot
    "ruxitsynthetic",  // Dynatrace's older name
    // Uptime checks that one runs oneself.
    "uptime-kuma", "gatus/", "blackbox exporter", "blackbox-exporter", "zabbix", "^monit/",
    "prometheus/",  // a scrape, or the blackbox exporter before it had its own agent
    "check_http",  // Nagios, Icinga
    // Load balancers and orchestrators that ask whether we live.
    "kube-probe", "googlehc", "googlestackdrivermonitoring", "elb-healthchecker",
    "amazon-route53-health-check", "cloudflare-healthchecks", "cloudflare-traffic-manager",
    "azure traffic manager", "consul health check",
    "edge health probe",  // Azure Front Door
    "load balancer agent",  // Azure
    // What watchers have in common, of sites and of pages.
    "uptime", "monitor", "monitis", "healthcheck", "health-check", "health check", "heartbeat",
    "synthetic", "pinger", "pingability", "statuspage", "downnotifier", "downdetector",
    "websitepulse", "host-tracker", "hosttracker", "ghost inspector", "rigor)", "panopta",
    "watcher", "watchdog", "watchmouse", "urlwatch", "changedetection", "visualping",
    "appinsights",  // Azure's availability tests
};

constexpr std::string_view kPreviews[] = {
    // Cards of social networks. iMessage has Safari's agent with facebookexternalhit and
    // Twitterbot behind it; KakaoTalk's and LINE's begin with facebookexternalhit.
    "facebookexternalhit", "facebookcatalog", "twitterbot", "linkedinbot", "redditbot",
    "pinterestbot", "tumblr/", "vkshare", "odklbot", "xing-contenttabreceiver",
    "bluesky cardyb", "pleroma", "akkoma", "misskey", "lemmy/", "friendica",
    "pinterest/0.",  // the app's browser has [Pinterest/iOS]
    "mastodon/",  // a card is made by each server of the Fediverse that has a reader
    // Cards of messengers. Signal calls itself WhatsApp/2.
    "whatsapp/", "telegrambot", "slack-imgproxy", "discordbot", "^viber/", "snap url preview",
    "mattermost-bot", "rocket.chat", "line-poker", "kakaotalk-scrap", "zoombot",
    "slackbot",  // Slackbot-LinkExpanding, and the one that fetches icons
    "skypeuripreview",  // Teams, too
    "synapse (bot",  // Matrix
    "google-pagerenderer",  // Google Chat and Messages
    // Services that make cards for others.
    "embedly", "iframely", "google web preview", "bingpreview", "flipboardproxy",
    "notionembedder", "nuzzel", "matrix-media-repo", "^mattermost-", "revolt-january",
    "^discourse/", "wakelet",
    "summaly",  // Misskey's
    // What cards have in common.
    "preview", "unfurl", "onebox", "oembed", "opengraph", "open graph", "linkexpand",
    "link expand", "link-expand", "richlink", "rich link", "link card", "linkcard",
    "metadataretriever",
};

constexpr std::string_view kBots[] = {
    // Crawlers by what they have in common. Applebot is one: it fills Siri and Spotlight, and
    // the cards of Messages come from the phone itself.
    "bots$", "robot", "crawl", "spider", "spyder", "slurp", "grabber", "harvest", "archiver",
    "archivebox", "indexer", "extractor", "downloader", "httrack", "webcopier",
    "offline explorer", "screenshot", "thumbnail", "webcapture", "favicon", "optimizer",
    "analyzer", "google-", "googleother", "googleimageproxy", "meta-external", "amazonproduct",
    "brandverity", "siteimprove", "silktide", "newsnow/",
    "+http",  // the convention of crawlers: (+https://example.org/bot.html)
    "bot$",  // SomeBot, bot@example.org, feed_bot
    "scrap",  // scrapers, Scrapy, scraping
    "fetch",  // fetchers, FeedFetcher
    "agent$",  // Nitro-Optimizer-Agent
    "-google$",  // Storebot-Google, PlayStore-Google, FeedFetcher-Google
    // Agents of language models: a page that a model reads for somebody, who does not see it.
    "chatgpt-", "gptbot", "openai", "claude-", "anthropic", "deepseek", "cohere-", "gemini-",
    "googleagent", "novaact", "manus-", "copilot-", "duckassist", "huggingface", "langchain",
    "llamaindex", "llm-", "-llm", "tavily", "browser-use", "modelcontextprotocol", "ai agent",
    "ai-agent",
    "-user/",  // ChatGPT-User/1.0, Perplexity-User/1.0
    "oai-",  // OpenAI's
    // Feed readers, which ask for a feed at its short address, and podcatchers.
    "rss$", "rss reader", "rssreader", "rss-", "rssowl", "rssguard", "simplepie", "newsblur",
    "netnewswire", "miniflux", "inoreader", "theoldreader", "bazqux", "liferea", "akregator",
    "bloglovin", "newsboat", "newsbeuter", "newsgator", "subscriber", "podcast/", "podcast ",
    "podcatcher",
    "feed",  // Feedly, Feedbin, feedparser, Feed Fetcher
    // Link checkers and validators.
    "linkcheck", "link check", "link-check", "checklink", "checker", "check$", "checkup",
    "linktiger", "linkwalker", "link sleuth", "linklint", "linkinator", "lychee", "muffet",
    "dead link", "deadlink", "broken link", "brokenlink", "validator", "^w3c",
    " dlc/",  // Dead Link Checker
    "verif",  // CookieHubVerify, Google-Site-Verification
    // Browsers that nobody looks at.
    "headlesschrome", "phantomjs", "puppeteer", "playwright", "selenium", "chrome-lighthouse",
    "gtmetrix", "dareboost", "debugbear", "pagespeed", "page speed", "prerender",
    " ylt ",  // YellowLab Tools
    " splash ",  // of Scrapinghub
    " ptst/",  // WebPageTest
    // Office opens a link itself, to see whether it is a document of its own, before it lets
    // the browser do so: the click is the browser's.
    "ms-office", "microsoft office",
    // HTTP libraries. An app that shows a page has a browser's agent; one that has a library's
    // looks for itself: a card, a download, a redirect to follow.
    "^okhttp/", "^curl", "libcurl", "^wget", "^aria2/", "aiohttp/", "httpx/", "urllib",
    "go-resty", "fasthttp", "^java/", "^jakarta", "httpclient", "http-client", "http client",
    "apache-httpasyncclient", "httpurlconnection", "reactornetty", "ktor-client", "unirest",
    "node-fetch", "^node.js", "^undici", "axios/", "^got (", "^got/", "superagent", "^deno/",
    "^bun/", "^php/", "guzzlehttp", "^symfony", "wordpress/", "^ruby", "^faraday",
    "^rest-client/", "^http.rb/", "mechanize", "libwww-perl", "^lwp", "^reqwest", "^hyper/",
    "^ureq/", "^dart/", "restsharp", "winhttp", "windowspowershell", "powershell/",
    "microsoft bits", "postmanruntime", "insomnia/", "^httpie/", "^wrk/", "^apachebench",
    "^k6/",
    "cfnetwork/",  // macOS and iOS
    "^dalvik/",  // Android's HttpURLConnection
    "^python",  // python-requests, Python-urllib, Python/3.11 aiohttp/3.9
    "^node",  // `node` is what Node's own fetch says
    // Scanners that say so.
    "scan$", "scanner", "scanning", "vulnerab", "pentest", "internet-measurement", "nessus",
    "openvas", "qualys", "acunetix", "netsparker", "invicti", "burp", "zaproxy", "owasp",
    "arachni", "wapiti", "skipfish", "whatweb", "wpscan", "dirbuster", "gobuster",
    "feroxbuster", "fuzz faster u fool", "leakix", "l9explore", "shodan", "detectify", "rapid7",
    "hardenize", "foregenix", "securityheaders", "testssl", "sslyze", "watchtowr", "netcraft",
    "masscan", "zgrab", "nmap", "nikto", "sqlmap", "nuclei", "censys", "expanse",
};

// clang-format on

struct Kind {
  BotClass bot;
  std::span<const std::string_view> words;
};

/// The first kind that has a word in the agent counts: who watches or previews stands before the
/// bots, as most of them have `bot` or a library's name in their agents, too.
constexpr Kind kKinds[] = {{BotClass::kHuman, kPeople},
                           {BotClass::kMonitor, kMonitors},
                           {BotClass::kPreview, kPreviews},
                           {BotClass::kBot, kBots}};

bool ends_a_word(std::string_view agent, std::string_view word) {
  for (auto i = agent.find(word); i != std::string_view::npos; i = agent.find(word, i + 1)) {
    const auto rest = agent.substr(i + word.size());
    if (rest.empty() || (!is_letter_or_digit(rest.front()) && rest.front() != ':')) {
      return true;
    }
  }
  return false;
}

/// A word of the table without its mark.
std::string_view unmarked(std::string_view word) {
  word.remove_prefix(word.starts_with('^') ? 1 : 0);
  word.remove_suffix(word.ends_with('$') ? 1 : 0);
  return word;
}

/// Whether `word`, which is in `agent`, is where its mark wants it.
bool stands(std::string_view word, std::string_view agent) {
  if (word.starts_with('^')) {
    return agent.starts_with(unmarked(word));
  }
  return !word.ends_with('$') || ends_a_word(agent, unmarked(word));
}

}  // namespace

AgentVisitors::AgentVisitors() {
  std::vector<std::string> literals;
  for (const Kind& kind : kKinds) {
    for (const std::string_view word : kind.words) {
      words_.push_back({word, kind.bot});
      literals.emplace_back(unmarked(word));
    }
  }
  literals_ = AgentLiterals(std::move(literals));
}

std::optional<domain::BotClass> AgentVisitors::find(std::string_view lower_agent) const {
  std::size_t first = words_.size();
  for (const int number : literals_.found_in(lower_agent)) {
    const auto candidate = static_cast<std::size_t>(number);
    if (candidate < first && stands(words_[candidate].text, lower_agent)) {
      first = candidate;
    }
  }
  return first == words_.size() ? std::nullopt : std::optional(words_[first].bot);
}

}  // namespace ginnel::clicks
