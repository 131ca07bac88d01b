// SPDX-License-Identifier: MIT
#include "cli/demo_command.h"

#include <algorithm>
#include <array>
#include <chrono>
#include <cstdint>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <optional>
#include <random>
#include <sstream>
#include <string_view>
#include <system_error>
#include <utility>
#include <vector>

#include <fmt/format.h>

#include "base/embedded_file.h"
#include "cli/command.h"
#include "cli/command_stores.h"
#include "clicks/click_classifier.h"
#include "kDemoFiles.h"
#include "observability/log.h"

namespace ginnel::cli {
namespace {

namespace fs = std::filesystem;

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

/// Clicks that were never made, spread over the 30 days before `now`: on the first of `links` the
/// most, of people and of machines, classified by the rules of this binary. The same links at the
/// same time have the same clicks; as a batch they are stored once, however often they are shipped.
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

/// A link of the demo's, by which its database is known again.
constexpr const char* kKnownCode = "UeWfmJ";

/// A folder with a random name; deleted with what is in it.
class OwnFolder final {
 public:
  OwnFolder() : path_((fs::temp_directory_path() / "ginnel-demo-XXXXXX").string()) {
    is_made_ = ::mkdtemp(path_.data()) != nullptr;
  }
  OwnFolder(const OwnFolder&) = delete;
  OwnFolder& operator=(const OwnFolder&) = delete;
  ~OwnFolder() {
    std::error_code ignored;
    if (is_made_) {
      fs::remove_all(path_, ignored);
    }
  }

  const std::string& path() const noexcept { return path_; }

 private:
  std::string path_;
  bool is_made_ = false;
};

/// Fails with kConflict for a database of somebody's.
Result<Done> check_is_ours(const config::Settings& settings) {
  CommandStores stores;
  if (auto opened = stores.open(settings.store); !opened) {
    return opened;
  }
  auto links = stores.wait_for(stores->links().count({}));
  if (!links) {
    return std::move(links).error();
  }
  auto known = stores.wait_for(stores->links().find_by_code(kKnownCode, {}));
  if (!known) {
    return std::move(known).error();
  }
  if (*links > 0 && !known->has_value()) {
    return Error(ErrorKind::kConflict,
                 settings.store.url + " has links of its own: name a file that is not there yet");
  }
  return Done();
}

/// Imports what is in the binary. What is there already stays as it is.
Result<Done> fill(const config::Settings& settings) {
  const OwnFolder folder;
  constexpr change::RowKind kKinds[] = {
      change::RowKind::kUser, change::RowKind::kLink, change::RowKind::kEvent};
  for (std::size_t i = 0; i < std::size(kKinds); ++i) {
    const base::EmbeddedFile& file = embedded::kDemoFiles[i];
    ImportArguments arguments;
    arguments.kind = kKinds[i];
    arguments.file = folder.path() + "/" + std::string(file.name);
    std::ofstream(arguments.file, std::ios::binary) << file.contents;
    std::ostringstream said;
    std::ostringstream failed;
    if (run_import(arguments, settings, {said, failed}) == kImportFailed) {
      return Error(ErrorKind::kInternal, failed.str());
    }
  }
  return Done();
}

/// Clicks of the last 30 days on the link that is named here, and on those that the page shows.
/// A demo that has them keeps its own.
Result<Done> count_clicks(const config::Settings& settings) {
  CommandStores stores;
  if (auto opened = stores.open(settings.store); !opened) {
    return opened;
  }
  auto& links = stores->links();
  storage::LinkQuery newest;
  newest.limit = 10;
  newest.newest_first = true;
  auto listed = stores.wait_for(links.list(newest, {}));
  if (!listed) {
    return std::move(listed).error();
  }
  auto known = stores.wait_for(links.find_by_code(kKnownCode, {}));
  if (!known) {
    return std::move(known).error();
  }
  if (known->has_value()) {
    listed->rows.insert(listed->rows.begin(), **known);
  }
  auto shipped =
      stores.wait_for(stores->clicks().ship_one(demo_clicks(listed->rows, domain::now()), {}));
  if (!shipped) {
    return std::move(shipped).error();
  }
  return Done();
}

std::string welcome(const std::string& file, const std::string& url) {
  const auto line = [&url](std::string_view path, std::string_view what) {
    return fmt::format("  {:<44}{}\n", fmt::format("{}{}", url, path), what);
  };
  return fmt::format("{} has 400 users, 2000 links, their clicks and what happened to them.\n\n",
                     file) +
         line("/", "the page, to be opened in a browser") +
         line("/UeWfmJ", "leads to https://opswise.net/young/uplink/1") +
         line("/urls/1/stats", "counts that visit, and those before") +
         line("/urls?user_id=1", "links of one user") +
         line("/events?url_id=1", "what happened to one link") +
         line("/docs", "the interface, to be tried in a browser") +
         line("/metrics", "what the process measures") +
         fmt::format("\n  ginnel link list --newest --server {}\n\nCtrl-C ends it.\n", url);
}

}  // namespace

const char* const kDemoHelp =
    "Fills FILE with the users, links and events that are in this binary and serves it, as "
    "`ginnel\n"
    "serve` does. Neither database.url nor the folders of journal and uploads are looked at, so a\n"
    "real database is never touched: a FILE that holds other links is refused. What was changed "
    "in\n"
    "a demo is there when it is started again; delete the file to begin anew.\n"
    "\n"
    "Exit status: 0 ended by a signal, 1 failed, 2 wrong usage.\n";

int run_demo(const std::string& file, config::Configuration configuration, Streams streams) {
  config::Settings& settings = configuration.settings;
  settings.store.url = "sqlite:" + file;
  settings.store.migrate = true;
  settings.journal.folder.clear();  // beside the demo's file, as its uploads
  settings.bulk.folder.clear();
  auto done = check_is_ours(settings);
  if (done) {
    done = fill(settings);
  }
  if (done) {
    done = count_clicks(settings);
  }
  if (!done) {
    return fail(done.error(), streams.err);
  }
  return run_serve(configuration, [&](const std::string& url) {
    streams.out << welcome(file, url) << std::flush;
  });
}

}  // namespace ginnel::cli
