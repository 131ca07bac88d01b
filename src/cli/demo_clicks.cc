// SPDX-License-Identifier: MIT
#include "cli/demo_clicks.h"

#include <algorithm>
#include <array>
#include <chrono>
#include <cstdint>
#include <random>
#include <string_view>

#include "clicks/click_classifier.h"
#include "observability/log.h"

namespace ginnel::cli {
namespace {

constexpr std::chrono::hours kSpan{24 * 30};

/// Of the first link; each after it has a share less.
constexpr std::size_t kMostClicks = 240;

/// No journal's: those have random ones. By it the batch is known again.
constexpr const char* kSegment = "de30de30de30de30de30de30de30de30";

/// Those that stand more than once are met more often.
constexpr auto kAgents = std::to_array<std::string_view>({
    "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) "
    "Chrome/131.0.0.0 Safari/537.36",
    "Mozilla/5.0 (Linux; Android 10; K) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/131.0.0.0 "
    "Mobile Safari/537.36",
    "Mozilla/5.0 (iPhone; CPU iPhone OS 18_1 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like "
    "Gecko) Version/18.1 Mobile/15E148 Safari/604.1",
    "Mozilla/5.0 (iPhone; CPU iPhone OS 18_1 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like "
    "Gecko) Version/18.1 Mobile/15E148 Safari/604.1",
    "Mozilla/5.0 (X11; Linux x86_64; rv:132.0) Gecko/20100101 Firefox/132.0",
    "Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/605.1.15 (KHTML, like Gecko) "
    "Version/18.1 Safari/605.1.15",
    "Mozilla/5.0 (compatible; Googlebot/2.1; +http://www.google.com/bot.html)",
    "WhatsApp/2.23.20.0",
});

constexpr auto kReferrers = std::to_array<std::string_view>(
    {"", "", "https://news.example.org/", "https://social.example.com/", "https://mail.example/"});

constexpr auto kCountries = std::to_array<std::string_view>({"", "DE", "FR", "GB", "US", "US"});

template <class List>
std::string_view one_of(const List& list, std::mt19937_64& random) {
  return list[random() % list.size()];
}

domain::Click click_on(const domain::Link& link,
                       domain::Timestamp now,
                       std::mt19937_64& random,
                       clicks::ClickClassifier& classifier) {
  const auto span = static_cast<std::uint64_t>(std::chrono::microseconds(kSpan).count());
  clicks::ClickRecord record;
  record.at = now - std::chrono::microseconds(random() % span);
  record.code = link.code;
  record.link = link.id;
  record.user = link.user;
  record.user_agent = one_of(kAgents, random);
  record.referrer = one_of(kReferrers, random);
  record.visitor = random();
  domain::Click click = classifier.classify(record);
  click.country = std::string(one_of(kCountries, random));
  return click;
}

}  // namespace

storage::ClickBatch demo_clicks(const std::vector<domain::Link>& links, domain::Timestamp now) {
  observability::Log log({.level = observability::LogLevel::kError});
  clicks::ClickClassifier classifier({}, log);
  std::mt19937_64 random(2026);
  storage::ClickBatch batch{.segment = kSegment, .from = 0, .to = 1, .last = true, .clicks = {}};
  for (std::size_t i = 0; i < links.size(); ++i) {
    for (std::size_t count = kMostClicks / (i + 1); count > 0; --count) {
      batch.clicks.push_back(click_on(links[i], now, random, classifier));
    }
  }
  std::ranges::sort(batch.clicks, {}, &domain::Click::at);
  return batch;
}

}  // namespace ginnel::cli
