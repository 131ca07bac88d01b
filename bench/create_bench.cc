// SPDX-License-Identifier: MIT
// Creates links on SQLite, synchronous=FULL, three ways in turn: by many clients at once, by one
// client (so that every link has a commit of its own), and one plain row a commit in a table that
// has nothing but that row. Prints one JSON object; bench/run.py makes ratios of it.
#include <chrono>
#include <cstdint>
#include <cstdio>
#include <exception>
#include <functional>
#include <memory>
#include <stdexcept>
#include <string>
#include <utility>
#include <vector>

#include <CLI/CLI.hpp>
#include <boost/asio/io_context.hpp>
#include <sqlite3.h>

#include "base/task.h"
#include "domain/code_generator.h"
#include "domain/timestamp.h"
#include "storage/backend.h"
#include "storage/change_listener.h"

namespace {

using namespace ginnel;  // NOLINT(google-build-using-namespace): a program, not a header
using Clock = std::chrono::steady_clock;

struct Options {
  std::string folder = ".";
  double seconds = 3;
  int rounds = 3;
  int clients = 64;
};

/// What some seconds of creating came to.
struct Rate {
  double per_second = 0;
  double per_commit = 1;
};

struct Round {
  Rate many;
  Rate one;
  Rate plain;
};

/// There is no cache to tell.
class NobodyListens final : public storage::ChangeListener {
 public:
  void forget(change::Forgotten, storage::Position, std::function<void()> then) override { then(); }
};

domain::LinkDraft draft_of(domain::UserId owner) {
  domain::LinkDraft draft;
  draft.user = owner;
  draft.code = domain::random_code(8).text();
  draft.target = "https://example.org/news/2024/05/an-article-about-" + draft.code;
  draft.title = "An article about " + draft.code;
  return draft;
}

change::Context context_now() {
  change::Context by;
  by.request_id = "0123456789abcdef0123456789abcdef";
  by.at = domain::now();
  return by;
}

/// One client: asks for the next link when it has the last.
Task<void> create_until(storage::LinkStore& links,
                        domain::UserId owner,
                        Clock::time_point end,
                        std::uint64_t& created) {
  while (Clock::now() < end) {
    auto insertion = links.insert(draft_of(owner), context_now());
    const auto link = co_await std::move(insertion);
    if (!link) {
      throw std::runtime_error("insert: " + link.error().message + ' ' + link.error().detail);
    }
    ++created;
  }
}

Task<void> make_owner(storage::UserStore& users, domain::UserId& owner) {
  domain::UserDraft draft;
  draft.username = "bench";
  draft.email = "bench@example.org";
  auto insertion = users.insert(std::move(draft), context_now());
  const auto user = co_await std::move(insertion);
  if (!user) {
    throw std::runtime_error("user: " + user.error().message + ' ' + user.error().detail);
  }
  owner = user->id;
}

/// Runs tasks to their ends on one loop; the first exception leaves this call.
void run_all(std::vector<Task<void>> tasks) {
  asio::io_context loop(1);
  std::exception_ptr failed;
  for (Task<void>& task : tasks) {
    spawn(loop.get_executor(), std::move(task), [&failed](const std::exception_ptr& thrown) {
      failed = failed ? failed : thrown;
    });
  }
  loop.run();
  if (failed) {
    std::rethrow_exception(failed);
  }
}

double seconds_since(Clock::time_point start) {
  return std::chrono::duration<double>(Clock::now() - start).count();
}

/// The store that is measured, with a user to own the links.
class CreateBench final {
 public:
  explicit CreateBench(const std::string& folder) {
    storage::StoreOptions options;
    options.url = "sqlite:" + folder + "/create.db";
    auto opened = storage::backend_of(options).open_stores(options, nobody_, {}, nullptr);
    if (!opened) {
      throw std::runtime_error(opened.error().message + ' ' + opened.error().detail);
    }
    stores_ = std::move(*opened);
    std::vector<Task<void>> tasks;
    tasks.push_back(make_owner(stores_->users(), owner_));
    run_all(std::move(tasks));
  }

  Rate run(int clients, double seconds) {
    const double commits_before = commits();
    const Clock::time_point start = Clock::now();
    const auto end =
        start + std::chrono::duration_cast<Clock::duration>(std::chrono::duration<double>(seconds));
    std::uint64_t created = 0;
    std::vector<Task<void>> tasks;
    tasks.reserve(static_cast<std::size_t>(clients));
    for (int i = 0; i < clients; ++i) {
      tasks.push_back(create_until(stores_->links(), owner_, end, created));
    }
    run_all(std::move(tasks));
    const auto links = static_cast<double>(created);
    return {links / seconds_since(start), links / (commits() - commits_before)};
  }

 private:
  /// Transactions committed since start.
  double commits() {
    for (const observability::Figure& figure : stores_->figures()) {
      if (figure.name == "ginnel_store_commits_total") {
        return figure.read();
      }
    }
    throw std::runtime_error("the store does not count its commits");
  }

  NobodyListens nobody_;
  std::unique_ptr<storage::Stores> stores_;
  domain::UserId owner_;
};

/// The least that SQLite can do: a row of two texts and a commit, on this thread.
class PlainRows final {
 public:
  explicit PlainRows(const std::string& folder) {
    check(sqlite3_open((folder + "/plain.db").c_str(), &database_));
    run_sql("PRAGMA journal_mode=WAL");
    run_sql("PRAGMA synchronous=FULL");
    run_sql("CREATE TABLE plain(id INTEGER PRIMARY KEY, code TEXT NOT NULL, target TEXT NOT NULL)");
    const char* const insert = "INSERT INTO plain(code, target) VALUES(?1, ?2)";
    check(sqlite3_prepare_v2(database_, insert, -1, &insert_, nullptr));
  }
  PlainRows(const PlainRows&) = delete;
  PlainRows& operator=(const PlainRows&) = delete;
  ~PlainRows() {
    sqlite3_finalize(insert_);
    sqlite3_close(database_);
  }

  Rate run(double seconds) {
    const Clock::time_point start = Clock::now();
    double rows = 0;
    while (seconds_since(start) < seconds) {
      const domain::LinkDraft draft = draft_of(domain::UserId{1});
      check(sqlite3_bind_text(insert_, 1, draft.code.c_str(), -1, SQLITE_STATIC));
      check(sqlite3_bind_text(insert_, 2, draft.target.c_str(), -1, SQLITE_STATIC));
      sqlite3_step(insert_);  // commits by itself; a failure comes with the reset
      check(sqlite3_reset(insert_));
      ++rows;
    }
    return {rows / seconds_since(start), 1};
  }

 private:
  void run_sql(const char* sql) { check(sqlite3_exec(database_, sql, nullptr, nullptr, nullptr)); }

  void check(int code) {
    if (code != SQLITE_OK) {
      throw std::runtime_error(std::string("sqlite: ") + sqlite3_errmsg(database_));
    }
  }

  sqlite3* database_ = nullptr;
  sqlite3_stmt* insert_ = nullptr;
};

void print(const Options& options, const std::vector<Round>& rounds) {
  std::printf("{\"clients\": %d, \"rounds\": [", options.clients);
  const char* separator = "";
  for (const Round& round : rounds) {
    std::printf(
        "%s\n  {\"many_per_s\": %.1f, \"many_links_per_commit\": %.2f, \"one_per_s\": %.1f, "
        "\"one_links_per_commit\": %.2f, \"plain_per_s\": %.1f}",
        separator,
        round.many.per_second,
        round.many.per_commit,
        round.one.per_second,
        round.one.per_commit,
        round.plain.per_second);
    separator = ",";
  }
  std::printf("]}\n");
}

void measure(const Options& options) {
  CreateBench bench(options.folder);
  PlainRows plain(options.folder);
  constexpr double kWarmUp = 0.5;
  bench.run(options.clients, kWarmUp);
  plain.run(kWarmUp);
  std::vector<Round> rounds(static_cast<std::size_t>(options.rounds));
  for (Round& round : rounds) {
    round.many = bench.run(options.clients, options.seconds);
    round.one = bench.run(1, options.seconds);
    round.plain = plain.run(options.seconds);
  }
  print(options, rounds);
}

int run(int argc, char** argv) {
  CLI::App app("Measures how fast links are created on SQLite");
  Options options;
  app.add_option("--folder", options.folder, "an empty folder on the disk to measure");
  app.add_option("--seconds", options.seconds, "length of each measurement")
      ->check(CLI::PositiveNumber);
  app.add_option("--rounds", options.rounds, "rounds of all three")->check(CLI::PositiveNumber);
  app.add_option("--clients", options.clients, "clients at once")->check(CLI::Range(1, 4'000));
  CLI11_PARSE(app, argc, argv);
  measure(options);
  return 0;
}

}  // namespace

int main(int argc, char** argv) {
  try {
    return run(argc, argv);
  } catch (const std::exception& error) {
    std::fprintf(stderr, "create_bench: %s\n", error.what());
  }
  return 1;
}
