// SPDX-License-Identifier: MIT
#include "clicks/click_shipper.h"

#include <atomic>
#include <future>
#include <mutex>
#include <optional>
#include <thread>

#include <gtest/gtest.h>

#include "base/run_blocking_task.h"
#include "clicks/click_recorder.h"
#include "clicks/journal_fixture.h"
#include "support/memory_stores.h"
#include "support/temporary_folder.h"

namespace ginnel::clicks {
namespace {

using namespace std::chrono_literals;

/// A store of which the next calls can be made to fail, or to do their work and then fail.
class UnsteadyStore final : public storage::ClickStore {
 public:
  explicit UnsteadyStore(storage::ClickStore& inner) : inner_(inner) {}

  std::atomic<int> away{0};      ///< so many batches are refused
  std::atomic<int> doubtful{0};  ///< so many are stored, and said to have timed out
  std::atomic<int> sums{0};      ///< times it was asked to sum up
  std::promise<void> refused;    ///< the first was

  Task<Result<std::string>> database_id(CallContext call) override {
    return inner_.database_id(std::move(call));
  }
  Task<Result<storage::SegmentCursor>> cursor(std::string segment, CallContext call) override {
    return inner_.cursor(std::move(segment), std::move(call));
  }
  Task<Result<std::vector<storage::ShipOutcome>>> ship(std::vector<storage::ClickBatch> batches,
                                                       CallContext call) override {
    if (away > 0) {
      --away;
      if (!std::exchange(told_, true)) {
        refused.set_value();
      }
      co_return Error(ErrorKind::kUnavailable, "away");
    }
    auto outcome = co_await inner_.ship(std::move(batches), std::move(call));
    if (doubtful > 0) {
      --doubtful;
      co_return Error(ErrorKind::kTimeout, "who knows");
    }
    co_return outcome;
  }
  Task<Result<storage::UnsummedClicks>> sum_up(CallContext call) override {
    ++sums;
    return inner_.sum_up(std::move(call));
  }
  Task<Result<storage::OlderClicks>> renew_older(CallContext call) override {
    return inner_.renew_older(std::move(call));
  }
  Task<Result<std::vector<storage::VisitorSalt>>> salts(std::chrono::sys_days today,
                                                        CallContext call) override {
    return inner_.salts(today, std::move(call));
  }
  Task<Result<domain::ClickStats>> stats(domain::StatsQuery query, CallContext call) override {
    return inner_.stats(std::move(query), std::move(call));
  }
  Task<Result<storage::VerifyReport>> verify(storage::Verification how) override {
    return inner_.verify(how);
  }

 private:
  storage::ClickStore& inner_;
  bool told_ = false;
};

/// A journal, and a shipper that carries what is written to it.
class ClickShipperTest : public testing::Test {
 protected:
  void SetUp() override { open_journal(); }

  void open_journal(const std::string& database = std::string(32, 'd')) {
    journal_.reset();
    JournalOptions options;
    options.folder = folder_.file("journal");
    options.segment_bytes = 64 << 10;
    auto journal = Journal::open(options, database, 2, log_);
    ASSERT_TRUE(journal) << journal.error().message;
    journal_ = std::move(*journal);
  }

  void start() {
    ClickOptions options;
    options.ship_interval = 1ms;
    options.patience = patience_;
    shipper_.emplace(*journal_, store_, options, surroundings_, log_);
  }

  void record(int clicks, std::size_t core = 0) {
    ClickRecorder recorder(journal_->writer(core), AddressPolicy::kShortened);
    for (int i = 0; i < clicks; ++i) {
      recorder.record({"code", {1}, {1}}, Visit());
    }
    recorder.flush();
  }

  bool finish() {
    journal_->seal();
    return shipper_->finish(30s);
  }

  std::size_t stored() {
    storage::EventQuery query;
    query.limit = 100'000;
    const auto events = run_blocking_task(stores_.events().list(query, {}));
    EXPECT_TRUE(events);
    return events->rows.size();
  }

  observability::Log log_{observability::LogOptions()};
  support::TemporaryFolder folder_;
  support::MemoryStores stores_;
  UnsteadyStore store_{stores_.clicks()};
  std::unique_ptr<Journal> journal_;
  ClickShipper::Surroundings surroundings_;
  std::chrono::milliseconds patience_{10'000};
  std::optional<ClickShipper> shipper_;
};

TEST_F(ClickShipperTest, StoresWhatIsInTheJournalOfEveryCoreAndDeletesIt) {
  record(2'500, 0);
  record(10, 1);
  start();

  EXPECT_TRUE(finish());

  EXPECT_EQ(stored(), 2'510u);
  EXPECT_TRUE(journal_->segments().empty());
  EXPECT_EQ(shipper_->figures().clicks, 2'510u);
  EXPECT_EQ(shipper_->figures().lag_records, 0u);
  EXPECT_EQ(shipper_->figures().lag_seconds, 0.0);
}

TEST_F(ClickShipperTest, StoresWhatIsWrittenWhileItRuns) {
  start();
  for (int i = 0; i < 50; ++i) {
    record(100, static_cast<std::size_t>(i % 2));
  }

  EXPECT_TRUE(finish());

  EXPECT_EQ(stored(), 5'000u);
}

TEST_F(ClickShipperTest, GoesOnWhereAnotherLifeOfTheProcessStopped) {
  record(100);
  open_journal();
  record(20);
  start();

  EXPECT_TRUE(finish());

  EXPECT_EQ(stored(), 120u);
}

TEST_F(ClickShipperTest, TriesAgainWhenTheStoreWasAway) {
  store_.away = 2;
  record(100);
  start();
  store_.refused.get_future().wait();
  EXPECT_EQ(shipper_->figures().lag_records, 100u);
  EXPECT_GE(shipper_->figures().lag_seconds, 0.0);

  EXPECT_TRUE(finish());

  EXPECT_EQ(stored(), 100u);
  EXPECT_EQ(shipper_->figures().failures, 2u);
}

TEST_F(ClickShipperTest, StoresOnceWhatItCannotKnowToBeStored) {
  store_.doubtful = 1;
  record(100);
  start();

  EXPECT_TRUE(finish());

  EXPECT_EQ(stored(), 100u);
}

TEST_F(ClickShipperTest, CountsAsStoredWhatWasStoredInDoubt) {
  store_.doubtful = 2;
  record(1'500);
  start();

  EXPECT_TRUE(finish());

  EXPECT_EQ(shipper_->figures().clicks, 1'500u);
  EXPECT_EQ(shipper_->figures().lag_records, 0u);
}

TEST_F(ClickShipperTest, HasSummedUpWhatWasStoredInDoubt) {
  store_.doubtful = 1;
  start();
  EXPECT_TRUE(becomes_true([this] { return store_.sums > 0; }));  // of an earlier process
  const int before = store_.sums;
  record(100);

  EXPECT_TRUE(finish());

  EXPECT_GT(store_.sums, before);
}

TEST_F(ClickShipperTest, GivesWayToVisitorsUntilItsPatienceEnds) {
  std::promise<void> asked;
  surroundings_.busy = [&asked, times = 0]() mutable {
    if (++times == 20) {
      asked.set_value();
    }
    return true;
  };
  patience_ = 10min;
  record(100);
  start();
  asked.get_future().wait();
  EXPECT_EQ(shipper_->figures().clicks, 0u);

  EXPECT_TRUE(finish());

  EXPECT_EQ(stored(), 100u);
}

TEST_F(ClickShipperTest, StoresWhileVisitorsKeepEveryLoopBusyOnceItsPatienceEnds) {
  surroundings_.busy = [] { return true; };
  patience_ = 1ms;
  record(100);
  start();

  while (shipper_->figures().clicks < 100) {
    std::this_thread::yield();
  }

  EXPECT_EQ(stored(), 100u);
}

TEST_F(ClickShipperTest, LeavesInTheJournalWhatItCannotStoreInTime) {
  store_.away = 1'000'000;
  record(100);
  start();
  journal_->seal();

  EXPECT_FALSE(shipper_->finish(20ms));

  shipper_.reset();
  EXPECT_EQ(journal_->segments().size(), 1u);
  store_.away = 0;
  start();
  EXPECT_TRUE(shipper_->finish(30s));
  EXPECT_EQ(stored(), 100u);
}

TEST_F(ClickShipperTest, StoresNothingOfAnotherDatabase) {
  open_journal(std::string(32, 'e'));
  record(100);
  open_journal();
  start();

  EXPECT_TRUE(finish());

  EXPECT_EQ(stored(), 0u);
  EXPECT_EQ(journal_->figures().foreign_segments, 1u);
}

}  // namespace
}  // namespace ginnel::clicks
