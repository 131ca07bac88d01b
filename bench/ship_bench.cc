// SPDX-License-Identifier: MIT
// Stores clicks in SQLite as the shipper does, batch after batch, and tells how long each holds the
// writer and what it costs. The checkpoints are in it: the next batch waits for them.
#include <algorithm>
#include <array>
#include <chrono>
#include <cmath>
#include <cstdint>
#include <cstdio>
#include <exception>
#include <memory>
#include <random>
#include <stdexcept>
#include <string>
#include <sys/resource.h>
#include <utility>
#include <vector>

#include <CLI/CLI.hpp>
#include <boost/asio/io_context.hpp>

#include "base/task.h"
#include "storage/backend.h"
#include "storage/change_listener.h"

namespace ginnel {
namespace {

using Clock = std::chrono::steady_clock;

struct Options {
  std::string folder = ".";
  std::size_t clicks = 200'000;  ///< of each load and size
  std::size_t warm = 0;          ///< clicks of each load that are stored before, not measured
  std::size_t links = 0;         ///< only the load with so many; 0: all
  std::size_t batch = 0;         ///< only this size; 0: all
};

class NobodyListens final : public storage::ChangeListener {
 public:
  void forget(change::Forgotten, storage::Position, std::function<void()> then) override { then(); }
};

/// Numbers below a limit, the small ones more often: the rank of a thing in its popularity.
class Zipf final {
 public:
  /// `exponent` 0: all are as frequent.
  Zipf(std::size_t limit, double exponent) {
    double sum = 0;
    for (std::size_t rank = 1; rank <= limit; ++rank) {
      sum += std::pow(static_cast<double>(rank), -exponent);
      sums_.push_back(sum);
    }
  }

  std::size_t operator()(std::mt19937_64& random) const {
    std::uniform_real_distribution<double> point(0, sums_.back());
    const auto found = std::upper_bound(sums_.begin(), sums_.end(), point(random));
    return static_cast<std::size_t>(std::min(found - sums_.begin(), std::ssize(sums_) - 1));
  }

 private:
  std::vector<double> sums_;
};

/// Which links are clicked how often.
struct Load {
  const char* name;
  std::size_t links;
  double exponent;
};

constexpr std::array kLoads = {
    Load{"one link", 1, 0},
    Load{"Zipf over 1,000 links", 1'000, 1},
    Load{"evenly over 10,000 links", 10'000, 0},
    Load{"evenly over 100,000 links", 100'000, 0},
};
constexpr std::array<std::size_t, 4> kBatches = {100, 1'000, 5'000, 20'000};

/// Makes clicks like those of a busy service: 20,000 a second, a tenth of them by bots.
class ClickSource final {
 public:
  explicit ClickSource(const Load& load) : links_(load.links, load.exponent) {}

  std::vector<domain::Click> take(std::size_t count) {
    std::vector<domain::Click> clicks(count);
    for (domain::Click& click : clicks) {
      fill(click);
    }
    return clicks;
  }

 private:
  static constexpr std::size_t kOwners = 1'000;
  static constexpr std::uint64_t kPeople = 1'000'000;

  /// The finisher of SplitMix64 (Steele, Lea and Flood, 2014).
  static std::uint64_t hash_of(std::uint64_t number) {
    number += 0x9e3779b97f4a7c15;
    number = (number ^ number >> 30u) * 0xbf58476d1ce4e5b9;
    number = (number ^ number >> 27u) * 0x94d049bb133111eb;
    return number ^ number >> 31u;
  }

  void fill(domain::Click& click) {
    const std::size_t link = links_(random_);
    click.at = at_ += std::chrono::microseconds(50);
    click.code = "c" + std::to_string(100'000 + link);
    click.link.value = static_cast<std::int64_t>(link) + 1;
    click.user.value = static_cast<std::int64_t>(link % kOwners) + 1;
    click.referrer = "host" + std::to_string(hosts_(random_)) + ".example.org";
    click.country = "C" + std::to_string(countries_(random_));
    click.device = few_(random_) == 0 ? "mobile" : "desktop";
    click.browser = "Browser " + std::to_string(browsers_(random_));
    click.system = "System " + std::to_string(few_(random_));
    click.bot = random_() % 10 == 0 ? domain::BotClass::kBot : domain::BotClass::kHuman;
    click.visitor = hash_of(random_() % kPeople);
    click.network = "203.0." + std::to_string(random_() % 256) + ".0/24";
    click.rules = "1";
  }

  std::mt19937_64 random_{7};
  Zipf links_;
  Zipf hosts_{200, 1};
  Zipf countries_{60, 1};
  Zipf browsers_{15, 1};
  Zipf few_{6, 1};
  domain::Timestamp at_ = std::chrono::sys_days(std::chrono::year(2026) / 11 / 25);
};

/// Processor time of this process so far, in seconds.
double processor_seconds() {
  rusage usage{};
  getrusage(RUSAGE_SELF, &usage);
  const auto seconds = [](const timeval& time) {
    return static_cast<double>(time.tv_sec) + static_cast<double>(time.tv_usec) / 1e6;
  };
  return seconds(usage.ru_utime) + seconds(usage.ru_stime);
}

template <class T>
T run(Task<Result<T>> task) {
  asio::io_context loop(1);
  std::optional<Result<T>> result;
  auto keep = [](Task<Result<T>> inner, std::optional<Result<T>>& into) -> Task<void> {
    into.emplace(co_await std::move(inner));
  };
  spawn(loop.get_executor(), keep(std::move(task), result), [](const std::exception_ptr&) {});
  loop.run();
  if (!result || !*result) {
    throw std::runtime_error(result ? result->error().message + ' ' + result->error().detail
                                    : "no answer");
  }
  return std::move(**result);
}

/// What a size of batches cost.
struct Figures {
  std::vector<double> batch_ms;  ///< sorted
  double processor_us = 0;       ///< a click
};

Figures measure(storage::ClickStore& store,
                ClickSource& source,
                const Options& options,
                std::size_t batch_clicks) {
  Figures figures;
  double processor = 0;
  const std::string segment = "batches of " + std::to_string(batch_clicks);
  const std::size_t batches = std::max<std::size_t>(options.clicks / batch_clicks, 3);
  for (std::size_t number = 0; number < batches; ++number) {
    storage::ClickBatch batch = {segment, number, number + 1, false, source.take(batch_clicks)};
    const double used = processor_seconds();
    const Clock::time_point begun = Clock::now();
    run(store.ship_one(std::move(batch), {}));
    run(store.salts(std::chrono::sys_days(std::chrono::days(20'000)),
                    {}));  // waits for a checkpoint
    const std::chrono::duration<double, std::milli> took = Clock::now() - begun;
    figures.batch_ms.push_back(took.count());
    processor += processor_seconds() - used;
  }
  std::ranges::sort(figures.batch_ms);
  figures.processor_us = processor * 1e6 / static_cast<double>(batches * batch_clicks);
  return figures;
}

void print(const Load& load, std::size_t batch_clicks, const Figures& figures) {
  const auto at = [&](double share) {
    const auto last = static_cast<double>(figures.batch_ms.size() - 1);
    return figures.batch_ms[static_cast<std::size_t>(share * last)];
  };
  std::printf(
      "{\"load\": \"%s\", \"batch\": %zu, \"median_ms\": %.2f, \"p99_ms\": %.2f, "
      "\"processor_us_a_click\": %.2f}\n",
      load.name,
      batch_clicks,
      at(0.5),
      at(0.99),
      figures.processor_us);
  std::fflush(stdout);
}

void measure(const Options& options, const Load& load) {
  NobodyListens nobody;
  storage::StoreOptions store;
  store.url = "sqlite:" + options.folder + "/ship" + std::to_string(load.links) + ".db";
  auto opened = storage::backend_of(store).open_stores(store, nobody, {}, nullptr);
  if (!opened) {
    throw std::runtime_error(opened.error().message + ' ' + opened.error().detail);
  }
  ClickSource source(load);
  for (std::size_t stored = 0; stored < options.warm; stored += kBatches.back()) {
    const std::string segment = "warm " + std::to_string(stored);
    storage::ClickBatch batch = {segment, 0, 1, true, source.take(kBatches.back())};
    run((*opened)->clicks().ship_one(std::move(batch), {}));
  }
  for (const std::size_t batch_clicks : kBatches) {
    if (options.batch == 0 || options.batch == batch_clicks) {
      print(load, batch_clicks, measure((*opened)->clicks(), source, options, batch_clicks));
    }
  }
}

int run_all(int argc, char** argv) {
  CLI::App app("Measures what clicks cost that are stored in SQLite");
  Options options;
  app.add_option("--folder", options.folder, "an empty folder on the disk to measure");
  app.add_option("--clicks", options.clicks, "clicks of each load and size")
      ->check(CLI::PositiveNumber);
  app.add_option("--warm", options.warm, "clicks of each load that are stored before");
  app.add_option("--links", options.links, "only the load with so many links");
  app.add_option("--batch", options.batch, "only batches of so many clicks");
  CLI11_PARSE(app, argc, argv);
  for (const Load& load : kLoads) {
    if (options.links == 0 || options.links == load.links) {
      measure(options, load);
    }
  }
  return 0;
}

}  // namespace
}  // namespace ginnel

int main(int argc, char** argv) {
  try {
    return ginnel::run_all(argc, argv);
  } catch (const std::exception& error) {
    std::fprintf(stderr, "ship_bench: %s\n", error.what());
  }
  return 1;
}
