// SPDX-License-Identifier: MIT
#include "cache/tiered_link_cache.h"

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <deque>
#include <memory>
#include <optional>
#include <stdexcept>
#include <string>
#include <utility>
#include <vector>

#include <gtest/gtest.h>

#include "base/task.h"
#include "support/deadline.h"

namespace ginnel::cache {
namespace {

using Kind = HotAnswer::Kind;
using Row = std::optional<domain::Link>;
using Answer = Result<std::optional<domain::Redirect>>;
using std::chrono::milliseconds;

domain::Link link(std::string target) {
  domain::Link row;
  row.id = domain::LinkId{7};
  row.user = domain::UserId{9};
  row.target = std::move(target);
  return row;
}

/// A test fails by what it did not get.
void ignore_defect(const std::exception_ptr& /*thrown*/) {}

/// A store that answers when the test says so, in the order it was asked.
class HeldStore final : public storage::RedirectSource {
 public:
  /// How many were asked since start.
  std::size_t asked() const { return asked_; }
  std::size_t waiting() const { return held_.size(); }

  /// A change is committed; gives its position. Who has asked before does not see it.
  storage::Position commit() { return {++commits_}; }

  /// Answers the oldest question; it lands when the loop next runs. A link without a code has the
  /// one that was asked for.
  void answer(Result<Row> row) {
    held_.front()->row = with_code(std::move(row), held_.front()->code);
    held_.front()->released.cancel();
    held_.pop_front();
  }

  /// The oldest question is asked for what is there now.
  void read_late() { held_.front()->position = {commits_}; }

  /// The youngest is asked for what was there before the last change.
  void read_early() { held_.back()->position = {commits_ - 1}; }

  /// Answers at once from now on.
  void answer_always(Row row) { always_ = std::move(row); }

  /// Throws from now on: a defect.
  void break_down() { broken_ = true; }

  Task<Result<storage::RedirectAnswer>> find(std::string code, CallContext /*call*/) override {
    ++asked_;
    if (broken_) {
      throw std::logic_error("a defect");
    }
    if (always_) {
      co_return answer_of(with_code(*always_, code), {commits_});
    }
    const auto loop = co_await asio::this_coro::executor;
    const auto question = std::make_shared<Question>(loop, code, storage::Position{commits_});
    held_.push_back(question);
    auto wait = question->released.async_wait(asio::as_tuple(asio::use_awaitable));
    co_await std::move(wait);
    co_return answer_of(std::move(question->row), question->position);
  }

 private:
  struct Question {
    Question(const asio::any_io_executor& loop, std::string asked, storage::Position at)
        : code(std::move(asked)),
          position(at),
          released(loop, asio::steady_timer::time_point::max()) {}

    std::string code;
    storage::Position position;
    asio::steady_timer released;
    Result<Row> row;
  };

  static Result<Row> with_code(Result<Row> row, const std::string& code) {
    if (row && *row && (*row)->code.empty()) {
      (*row)->code = code;
    }
    return row;
  }

  static Result<storage::RedirectAnswer> answer_of(Result<Row> row, storage::Position position) {
    if (!row) {
      return std::move(row).error();
    }
    storage::RedirectAnswer answer;
    if (*row) {
      answer.redirect = domain::redirect_of(**row);
    }
    answer.position = position;
    return answer;
  }

  std::size_t asked_ = 0;
  std::uint64_t commits_ = 0;
  bool broken_ = false;
  std::optional<Row> always_;
  std::deque<std::shared_ptr<Question>> held_;
};

class TieredLinkCacheTest : public ::testing::Test {
 protected:
  /// A request under way: empty until it has its answer.
  using Request = std::shared_ptr<std::optional<Answer>>;

  Request ask(std::string code) {
    auto request = std::make_shared<std::optional<Answer>>();
    spawn(loop_.get_executor(), keep(*cache_, std::move(code), request), ignore_defect);
    run();
    return request;
  }

  /// A request that leaves as soon as it has asked; see `await`.
  Request ask_impatiently(std::string code) {
    auto request = std::make_shared<std::optional<Answer>>();
    spawn(loop_.get_executor(), keep_in_time(*cache_, std::move(code), request), ignore_defect);
    return request;
  }

  void await(const Request& request) {
    while (!*request) {
      run();
    }
  }

  /// Runs everything that can run without waiting.
  void run() {
    loop_.restart();
    loop_.poll();
  }

  void answer(Result<Row> row) {
    store_.answer(std::move(row));
    run();
  }

  static Task<void> keep(TieredLinkCache& cache, std::string code, Request request) {
    auto search = cache.find(std::move(code));
    request->emplace(co_await std::move(search));
  }

  static Task<void> keep_in_time(TieredLinkCache& cache, std::string code, Request request) {
    auto search = cache.find(std::move(code));
    request->emplace(co_await support::with_deadline(milliseconds(0), std::move(search)));
  }

  /// What the request got, in one word or two.
  static std::string outcome(const Request& request) {
    if (!*request) {
      return "(waits)";
    }
    const Answer& answer = **request;
    if (!answer) {
      return "error " + std::to_string(static_cast<int>(answer.error().kind));
    }
    return *answer ? (*answer)->location : "(absent)";
  }

  static std::string failed(ErrorKind kind) {
    return "error " + std::to_string(static_cast<int>(kind));
  }

  asio::io_context loop_{1};
  HeldStore store_;
  std::chrono::steady_clock::time_point time_{std::chrono::hours(1)};
  std::unique_ptr<TieredLinkCache> cache_ = std::make_unique<TieredLinkCache>(
      store_, LocalCacheOptions{1u << 20u}, [this] { return time_; }, SipKey{1, 2});
};

TEST_F(TieredLinkCacheTest, AsksTheStoreOnceAndRemembers) {
  const Request first = ask("docs");
  EXPECT_EQ(cache_->find_hot("docs").kind, Kind::kUnknown);
  answer(Row(link("https://example.org/a b")));

  EXPECT_EQ(outcome(first), "https://example.org/a%20b");
  const HotAnswer hot = cache_->find_hot("docs");
  ASSERT_EQ(hot.kind, Kind::kFound);
  EXPECT_EQ(hot.redirect.link, domain::LinkId{7});
  EXPECT_EQ(hot.redirect.user, domain::UserId{9});
  EXPECT_EQ(hot.redirect.location, "https://example.org/a%20b");
  EXPECT_EQ(outcome(ask("docs")), "https://example.org/a%20b");
  EXPECT_EQ(store_.asked(), 1u);
}

TEST_F(TieredLinkCacheTest, CountsOnlyTheHotQuestions) {
  cache_->find_hot("docs");
  ask("docs");
  answer(Row(link("https://example.org/")));
  ask("docs");
  cache_->find_hot("docs");

  EXPECT_EQ(cache_->local().figures().misses, 1u);
  EXPECT_EQ(cache_->local().figures().hits, 1u);
}

TEST_F(TieredLinkCacheTest, KeepsThatALinkIsSwitchedOff) {
  domain::Link off = link("https://example.org/");
  off.enabled = false;
  ask("docs");
  answer(Row(off));

  ASSERT_EQ(cache_->find_hot("docs").kind, Kind::kFound);
  EXPECT_FALSE(cache_->find_hot("docs").redirect.enabled);
}

TEST_F(TieredLinkCacheTest, AsksOnceForAHundredWhoWait) {
  std::vector<Request> requests(100);
  for (Request& request : requests) {
    request = ask("docs");
  }
  EXPECT_EQ(store_.asked(), 1u);
  answer(Row(link("https://example.org/")));

  for (const Request& request : requests) {
    EXPECT_EQ(outcome(request), "https://example.org/");
  }
}

TEST_F(TieredLinkCacheTest, AsksForEachCodeByItself) {
  const Request docs = ask("docs");
  const Request blog = ask("blog");
  answer(Row(link("https://example.org/docs")));
  answer(Row(link("https://example.org/blog")));

  EXPECT_EQ(outcome(docs), "https://example.org/docs");
  EXPECT_EQ(outcome(blog), "https://example.org/blog");
}

TEST_F(TieredLinkCacheTest, TakesAnAnswerThatNeedsNoWaiting) {
  store_.answer_always(link("https://example.org/"));

  EXPECT_EQ(outcome(ask("docs")), "https://example.org/");
  EXPECT_EQ(cache_->find_hot("docs").kind, Kind::kFound);
}

TEST_F(TieredLinkCacheTest, KeepsNothingOfAFlightThatAChangeOvertook) {
  const Request before = ask("docs");
  cache_->forget("docs", store_.commit());
  const Request after = ask("docs");
  EXPECT_EQ(store_.asked(), 2u) << "nobody joins the old flight";
  answer(Row(link("https://example.org/old")));

  EXPECT_EQ(outcome(before), "https://example.org/old");
  EXPECT_EQ(outcome(after), "(waits)");
  EXPECT_EQ(cache_->find_hot("docs").kind, Kind::kUnknown);
  answer(Row(link("https://example.org/new")));
  EXPECT_EQ(outcome(after), "https://example.org/new");
  EXPECT_EQ(cache_->find_hot("docs").redirect.location, "https://example.org/new");
}

TEST_F(TieredLinkCacheTest, DoesNotLetAnOvertakenFlightEndTheOneAfterIt) {
  ask("docs");
  cache_->forget("docs", store_.commit());
  ask("docs");
  answer(Row(link("https://example.org/old")));
  const Request third = ask("docs");

  EXPECT_EQ(store_.asked(), 2u) << "the second flight can still be joined";
  answer(Row(link("https://example.org/new")));
  EXPECT_EQ(outcome(third), "https://example.org/new");
}

TEST_F(TieredLinkCacheTest, KeepsTheAnswerOfAnOvertakenFlightThatHasSeenTheChange) {
  const Request before = ask("docs");
  cache_->forget("docs", store_.commit());
  store_.read_late();
  const Request after = ask("docs");
  EXPECT_EQ(store_.asked(), 2u) << "nobody can know that yet";
  answer(Row(link("https://example.org/new")));

  EXPECT_EQ(outcome(before), "https://example.org/new");
  EXPECT_EQ(cache_->find_hot("docs").redirect.location, "https://example.org/new");
  EXPECT_EQ(outcome(after), "(waits)");
}

TEST_F(TieredLinkCacheTest, KeepsNothingThatWasReadBeforeAChangeHoweverLateItWasAsked) {
  for (const bool all : {false, true}) {
    for (const Row& row : {Row(link("https://example.org/old")), Row()}) {
      const storage::Position change = store_.commit();
      if (all) {
        cache_->forget_all(change);
      } else {
        cache_->forget("docs", change);
      }
      cache_->forget("docs", {change.value - 1});  // told late: it moves nothing back
      time_ += milliseconds(1);
      ask("docs");
      store_.read_early();
      answer(row);
      EXPECT_EQ(cache_->find_hot("docs").kind, Kind::kUnknown);
    }
  }
  ask("docs");
  answer(Row(link("https://example.org/new")));
  EXPECT_EQ(cache_->find_hot("docs").kind, Kind::kFound);
}

TEST_F(TieredLinkCacheTest, ForgetsWhatItKeeps) {
  ask("docs");
  answer(Row(link("https://example.org/")));
  cache_->forget("docs", store_.commit());

  EXPECT_EQ(cache_->find_hot("docs").kind, Kind::kUnknown);
}

TEST_F(TieredLinkCacheTest, ForgetsEverythingFlightsIncluded) {
  ask("kept");
  answer(Row(link("https://example.org/")));
  const Request docs = ask("docs");
  const Request blog = ask("blog");
  cache_->forget_all(store_.commit());
  answer(Row(link("https://example.org/docs")));
  answer(Row(link("https://example.org/blog")));

  EXPECT_EQ(outcome(docs), "https://example.org/docs");
  EXPECT_EQ(outcome(blog), "https://example.org/blog");
  EXPECT_EQ(cache_->local().figures().entries, 0u);
  EXPECT_EQ(cache_->flights(), 0u);
}

TEST_F(TieredLinkCacheTest, RemembersAnAbsenceForEightyMillisecondsOfTheQuestion) {
  const Request first = ask("never");
  time_ += milliseconds(50);
  answer(Row());
  EXPECT_EQ(outcome(first), "(absent)");

  time_ += milliseconds(29);
  EXPECT_EQ(cache_->find_hot("never").kind, Kind::kAbsent);
  EXPECT_EQ(outcome(ask("never")), "(absent)");
  time_ += milliseconds(1);
  EXPECT_EQ(cache_->find_hot("never").kind, Kind::kUnknown);
  ask("never");
  EXPECT_EQ(store_.asked(), 2u);
}

TEST_F(TieredLinkCacheTest, ForgetsAnAbsenceWhenTheCodeIsMade) {
  ask("fresh");
  answer(Row());
  ASSERT_EQ(cache_->find_hot("fresh").kind, Kind::kAbsent);
  cache_->forget("fresh", store_.commit());

  EXPECT_EQ(cache_->find_hot("fresh").kind, Kind::kUnknown);
}

/// A link with a code of its own, whatever is asked for.
domain::Link link_with_code(std::string code, std::string target = "https://example.org/") {
  domain::Link row = link(std::move(target));
  row.code = std::move(code);
  return row;
}

TEST_F(TieredLinkCacheTest, KeepsALinkUnderItsOwnCodeHoweverItWasTyped) {
  for (const char* typed : {"SUMMER", "Summer-", "_summer_"}) {
    cache_->forget_all(store_.commit());
    const Request request = ask(typed);
    answer(Row(link_with_code("Summer")));

    EXPECT_EQ((**request)->value().code, "Summer");
    EXPECT_EQ(cache_->find_hot(typed).kind, Kind::kUnknown) << typed;
    EXPECT_EQ(cache_->find_hot("Summer").kind, Kind::kFound) << typed;
    EXPECT_EQ(cache_->local().figures().entries, 1u);
    cache_->forget("Summer", store_.commit());
    EXPECT_EQ(cache_->local().figures().entries, 0u) << "a change misses nothing";
  }
}

TEST_F(TieredLinkCacheTest, KeepsNothingOfAFlightThatAChangeOfWhatItMayMeanOvertook) {
  for (const char* typed : {"SUMMER", "Summer-", "-_sUmMeR_"}) {
    const Request before = ask(typed);
    cache_->forget("Summer", store_.commit());
    const std::size_t asked = store_.asked();
    const Request after = ask(typed);
    EXPECT_EQ(store_.asked(), asked + 1) << "nobody joins the old flight: " << typed;
    answer(Row(link_with_code("Summer", "https://example.org/old")));

    EXPECT_EQ(outcome(before), "https://example.org/old");
    EXPECT_EQ(outcome(after), "(waits)") << typed;
    EXPECT_EQ(cache_->find_hot("Summer").kind, Kind::kUnknown) << typed;
    answer(Row(link_with_code("Summer", "https://example.org/new")));
    EXPECT_EQ(cache_->find_hot("Summer").redirect.location, "https://example.org/new");
    cache_->forget_all(store_.commit());
  }
}

TEST_F(TieredLinkCacheTest, JoinsOnlyThoseWhoTypedTheSame) {
  const Request one = ask("SUMMER");
  const Request other = ask("summer");
  const Request same = ask("SUMMER");
  EXPECT_EQ(store_.asked(), 2u);
  answer(Row(link_with_code("Summer", "https://example.org/upper")));
  answer(Row(link_with_code("summer", "https://example.org/lower")));

  EXPECT_EQ(outcome(one), "https://example.org/upper");
  EXPECT_EQ(outcome(same), "https://example.org/upper");
  EXPECT_EQ(outcome(other), "https://example.org/lower");
}

TEST_F(TieredLinkCacheTest, LeavesFlightsOfOtherCodesToLand) {
  ask("winter");
  cache_->forget("summer", store_.commit());
  answer(Row(link_with_code("winter")));

  EXPECT_EQ(cache_->find_hot("winter").kind, Kind::kFound);
}

TEST_F(TieredLinkCacheTest, ForgetsTheAbsenceOfWhatMayMeanAChangedCode) {
  for (const char* typed : {"SUMMER", "summer", "Summer-", "Summer"}) {
    ask(typed);
    answer(Row());
    ASSERT_EQ(cache_->find_hot(typed).kind, Kind::kAbsent);
    cache_->forget("Summer", store_.commit());
    EXPECT_EQ(cache_->find_hot(typed).kind, Kind::kUnknown) << typed;
    time_ += milliseconds(1);
  }
  ask("winter");
  answer(Row());
  EXPECT_EQ(cache_->find_hot("winter").kind, Kind::kAbsent) << "asked after the last change";
}

TEST_F(TieredLinkCacheTest, GivesAFailureToAllAndKeepsItNot) {
  const Request first = ask("docs");
  const Request second = ask("docs");
  answer(Error(ErrorKind::kUnavailable, "the database is away"));

  EXPECT_EQ(outcome(first), failed(ErrorKind::kUnavailable));
  EXPECT_EQ(outcome(second), failed(ErrorKind::kUnavailable));
  EXPECT_EQ(cache_->find_hot("docs").kind, Kind::kUnknown);
  ask("docs");
  EXPECT_EQ(store_.asked(), 2u);
}

TEST_F(TieredLinkCacheTest, CallsADefectOfTheStoreAnInternalError) {
  store_.break_down();

  EXPECT_EQ(outcome(ask("docs")), failed(ErrorKind::kInternal));
  EXPECT_EQ(cache_->flights(), 0u);
  ask("docs");
  EXPECT_EQ(store_.asked(), 2u) << "the next one asks again";
}

TEST_F(TieredLinkCacheTest, LetsTheFirstWhoAskedLeaveWithoutHarmToTheOthers) {
  const Request impatient = ask_impatiently("docs");
  const Request patient = ask("docs");
  await(impatient);
  EXPECT_EQ(outcome(impatient), failed(ErrorKind::kTimeout));
  answer(Row(link("https://example.org/")));

  EXPECT_EQ(outcome(patient), "https://example.org/");
  EXPECT_EQ(cache_->find_hot("docs").kind, Kind::kFound);
}

TEST_F(TieredLinkCacheTest, KeepsTheAnswerAlthoughNobodyWaitsAnyMore) {
  const Request impatient = ask_impatiently("docs");
  await(impatient);
  ASSERT_EQ(store_.waiting(), 1u);
  answer(Row(link("https://example.org/")));

  EXPECT_EQ(cache_->find_hot("docs").kind, Kind::kFound);
}

TEST_F(TieredLinkCacheTest, RefusesMoreFlightsThanItMayHave) {
  for (std::size_t i = 0; i < TieredLinkCache::kMaxFlights; ++i) {
    ask(std::to_string(i));
  }

  EXPECT_EQ(outcome(ask("0")), "(waits)") << "joining is free";
  EXPECT_EQ(outcome(ask("one more")), failed(ErrorKind::kUnavailable));
  answer(Row(link("https://example.org/")));
  EXPECT_EQ(outcome(ask("one more")), "(waits)") << "there is room again";
}

TEST_F(TieredLinkCacheTest, CountsOvertakenFlightsAgainstTheBound) {
  for (std::size_t i = 0; i < TieredLinkCache::kMaxFlights; ++i) {
    ask("docs");
    cache_->forget("docs", store_.commit());
  }

  EXPECT_EQ(outcome(ask("docs")), failed(ErrorKind::kUnavailable));
}

TEST_F(TieredLinkCacheTest, MayEndWhileSomebodyWaits) {
  const Request request = ask("docs");
  cache_.reset();
  answer(Row(link("https://example.org/")));

  EXPECT_EQ(outcome(request), "https://example.org/");
}

TEST_F(TieredLinkCacheTest, MayEndBeforeItsFlightsDo) {
  ask("docs");
  cache_.reset();

  EXPECT_EQ(store_.waiting(), 1u);  // the loop ends with the question still open
}

}  // namespace
}  // namespace ginnel::cache
