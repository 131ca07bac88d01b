// SPDX-License-Identifier: MIT
// Files of a journal that are harmed while they wait: others are stored, and what is lost is
// counted.
#include <atomic>
#include <filesystem>
#include <functional>
#include <future>
#include <optional>
#include <string>
#include <sys/stat.h>
#include <unistd.h>

#include <gtest/gtest.h>

#include "base/run_blocking_task.h"
#include "clicks/click_recorder.h"
#include "clicks/click_shipper.h"
#include "clicks/journal_fixture.h"
#include "support/memory_stores.h"
#include "support/temporary_folder.h"

namespace ginnel::clicks {
namespace {

using namespace std::chrono_literals;
namespace fs = std::filesystem;

/// A store that is away until it is told, and says when it was asked.
class AwayStore final : public storage::ClickStore {
 public:
  explicit AwayStore(storage::ClickStore& inner) : inner_(inner) {}

  std::atomic<bool> away{false};
  std::promise<void> refused;  ///< it was asked for the first time

  Task<Result<std::string>> database_id(CallContext call) override {
    return inner_.database_id(std::move(call));
  }
  Task<Result<storage::SegmentCursor>> cursor(std::string segment, CallContext call) override {
    return inner_.cursor(std::move(segment), std::move(call));
  }
  Task<Result<std::vector<storage::ShipOutcome>>> ship(std::vector<storage::ClickBatch> batches,
                                                       CallContext call) override {
    if (away) {
      if (!std::exchange(told_, true)) {
        refused.set_value();
      }
      co_return Error(ErrorKind::kUnavailable, "away");
    }
    co_return co_await inner_.ship(std::move(batches), std::move(call));
  }
  Task<Result<storage::UnsummedClicks>> sum_up(CallContext call) override {
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

/// What somebody may do to a file.
struct Harm {
  const char* name;
  std::function<void(const std::string&)> does;
  std::uint64_t left = 0;  ///< clicks of a hundred that are stored all the same
};

void in_its_place(const std::string& path, const std::function<void(const char*)>& make) {
  fs::remove(path);
  make(path.c_str());
}

const Harm kHarms[] = {
    {"Deleted", [](const std::string& path) { fs::remove(path); }},
    {"Moved", [](const std::string& path) { fs::rename(path, path + ".moved"); }},
    {"Emptied", [](const std::string& path) { fs::resize_file(path, 0); }},
    {"CutInItsHeader", [](const std::string& path) { fs::resize_file(path, 30); }},
    {"CutBehindOneClick",
     [](const std::string& path) {
       fs::resize_file(path, kSegmentHeaderBytes + bytes_of(ClickRecord()).size() + 4 + 5);
     },
     1},
    {"ReplacedByAFolder",
     [](const std::string& path) { in_its_place(path, [](auto p) { ::mkdir(p, 0750); }); }},
    {"ReplacedByAPipe",
     [](const std::string& path) { in_its_place(path, [](auto p) { ::mkfifo(p, 0640); }); }},
    {"ReplacedByADeadLink",
     [](const std::string& path) { in_its_place(path, [](auto p) { ::symlink("gone", p); }); }},
    {"ReplacedByADevice",
     [](const std::string& path) {
       in_its_place(path, [](auto p) { ::symlink("/dev/zero", p); });
     }},
    {"ReplacedByAnother",
     [](const std::string& path) {
       in_its_place(path, [](auto p) { write_file(p, segment_of(7)); });
     }},
};

class LostSegmentsTest : public testing::TestWithParam<Harm> {
 protected:
  void SetUp() override { open_journal(); }

  void open_journal() {
    journal_.reset();
    JournalOptions options;
    options.folder = folder_.file("journal");
    options.segment_bytes = 64 << 10;
    options.sync_interval = 1ms;
    auto journal = Journal::open(options, kOurs, 2, log_);
    ASSERT_TRUE(journal) << journal.error().message;
    journal_ = std::move(*journal);
  }

  void start() {
    ClickOptions options;
    options.ship_interval = 1ms;
    options.patience = 0ms;  // whatever else this machine does
    shipper_.emplace(*journal_, store_, options, ClickShipper::Surroundings(), log_);
  }

  void record(int clicks, std::size_t core = 0) {
    ClickRecorder recorder(journal_->writer(core), AddressPolicy::kShortened);
    for (int i = 0; i < clicks; ++i) {
      recorder.record({"code", {1}, {1}}, Visit());
    }
    recorder.flush();
  }

  /// The segment with the most clicks.
  std::string largest() {
    SegmentToShip found;
    for (const SegmentToShip& each : journal_->segments()) {
      found = visitors_in(each).size() > visitors_in_if(found) ? each : found;
    }
    return found.path;
  }

  bool finish() {
    journal_->seal();
    return shipper_->finish(30s);
  }

  std::uint64_t stored() {
    storage::EventQuery query;
    query.limit = 10'000'000;  // all: how many there are, time decides
    query.max_bytes = std::size_t{1} << 30u;
    const auto events = run_blocking_task(stores_.events().list(query, {}));
    EXPECT_TRUE(events);
    return events->rows.size();
  }

  observability::Log log_{observability::LogOptions{.level = observability::LogLevel::kError}};
  support::TemporaryFolder folder_;
  support::MemoryStores stores_;
  AwayStore store_{stores_.clicks()};
  std::unique_ptr<Journal> journal_;
  std::optional<ClickShipper> shipper_;

 private:
  static std::size_t visitors_in_if(const SegmentToShip& segment) {
    return segment.path.empty() ? 0 : visitors_in(segment).size();
  }
};

INSTANTIATE_TEST_SUITE_P(Harms, LostSegmentsTest, testing::ValuesIn(kHarms), [](const auto& given) {
  return std::string(given.param.name);
});

TEST_P(LostSegmentsTest, OneThatIsWrittenHoldsUpNoOther) {
  record(100, 0);
  record(50, 1);
  GetParam().does(largest());
  start();

  EXPECT_TRUE(becomes_true([&] { return journal_->figures().lost >= 100 - GetParam().left; }));
  EXPECT_TRUE(becomes_true([&] {
    record(1, 0);  // its core writes to another segment soon
    return shipper_->figures().clicks > 50 + GetParam().left;
  }));
  EXPECT_TRUE(finish());

  const JournalFigures figures = journal_->figures();
  EXPECT_EQ(stored() + figures.lost, figures.records);
  EXPECT_EQ(figures.dropped, figures.lost);
  EXPECT_EQ(shipper_->figures().lag_records, 0U);
}

TEST_P(LostSegmentsTest, OneThatWaitsForTheStoreHoldsUpNoOther) {
  store_.away = true;
  record(100, 0);
  record(50, 1);
  const std::string path = largest();  // before the shipper asks for them, too
  start();
  store_.refused.get_future().wait();
  journal_->seal();
  GetParam().does(path);
  store_.away = false;

  EXPECT_TRUE(finish());

  EXPECT_EQ(stored(), 50 + GetParam().left);
  EXPECT_EQ(journal_->figures().dropped, 100 - GetParam().left);
  EXPECT_EQ(shipper_->figures().lag_records, 0U);
}

TEST_P(LostSegmentsTest, OneOfAnEarlierProcessHoldsUpNoOther) {
  record(100, 0);
  record(50, 1);
  open_journal();
  const std::string path = largest();
  store_.away = true;
  start();
  store_.refused.get_future().wait();  // all were looked at
  GetParam().does(path);
  store_.away = false;

  EXPECT_TRUE(finish());

  EXPECT_EQ(stored(), 50 + GetParam().left);
  EXPECT_EQ(journal_->figures().dropped, 100 - GetParam().left);
  EXPECT_EQ(shipper_->figures().lag_records, 0U);
}

TEST_P(LostSegmentsTest, WhatStandsInItsPlaceIsNotDeleted) {
  store_.away = true;
  record(100, 0);
  const std::string path = largest();  // before the shipper asks for them, too
  start();
  journal_->seal();
  GetParam().does(path);
  const bool is_there = fs::exists(fs::symlink_status(path));
  store_.away = false;

  EXPECT_TRUE(finish());

  const bool is_a_part_of_it = GetParam().left > 0;
  EXPECT_EQ(fs::exists(fs::symlink_status(path)), is_there && !is_a_part_of_it);
}

TEST_F(LostSegmentsTest, OneThatMayNotBeReadWaitsUntilItMay) {
  const bool is_root = ::geteuid() == 0;  // root may read everything
  constexpr uid_t kNobody = 65'534;
  if (is_root) {
    for (const auto& entry : fs::recursive_directory_iterator(folder_.file(""))) {
      ASSERT_EQ(::chown(entry.path().c_str(), kNobody, kNobody), 0);
    }
    ASSERT_EQ(::chown(folder_.file("").c_str(), kNobody, kNobody), 0);
    ASSERT_EQ(::seteuid(kNobody), 0);
  }
  record(100, 0);
  record(50, 1);
  const std::string path = largest();
  fs::permissions(path, fs::perms::none);
  start();

  EXPECT_TRUE(becomes_true([&] { return shipper_->figures().clicks == 50; }));
  EXPECT_TRUE(becomes_true([&] { return shipper_->figures().unreadable == 1; }));
  EXPECT_EQ(journal_->figures().lost, 0U);

  fs::permissions(path, fs::perms::owner_read);
  EXPECT_TRUE(becomes_true([&] { return shipper_->figures().clicks == 150; }));
  EXPECT_EQ(shipper_->figures().unreadable, 0U);
  EXPECT_TRUE(finish());
  EXPECT_EQ(journal_->figures().dropped, 0U);
  shipper_.reset();
  journal_.reset();
  if (is_root) {
    ASSERT_EQ(::seteuid(0), 0);
  }
}

/// Nobody clicked when the file vanished: the next click is not written to it.
TEST_F(LostSegmentsTest, APreparedOneThatVanishesIsMadeAnew) {
  for (const auto& entry : fs::directory_iterator(journal_->folder())) {
    if (entry.path().extension() == ".clicks") {
      fs::remove(entry.path());
    }
  }
  EXPECT_TRUE(becomes_true([&] {
    std::size_t files = 0;
    for (const auto& entry : fs::directory_iterator(journal_->folder())) {
      files += entry.path().extension() == ".clicks" ? 1 : 0;
    }
    return files == 2;
  }));
  record(10);
  start();
  EXPECT_TRUE(finish());
  EXPECT_EQ(stored(), 10U);
  EXPECT_EQ(journal_->figures().dropped, 0U);
}

/// It may be moved, and come back; the watch over its lock has changes refused meanwhile.
TEST_F(LostSegmentsTest, AFolderThatVanishesIsNotMadeAnew) {
  record(100);
  const std::string folder = journal_->folder();
  fs::remove_all(folder);
  start();
  record(10);
  EXPECT_TRUE(finish());
  EXPECT_EQ(stored() + journal_->figures().lost, journal_->figures().records);
  EXPECT_GE(journal_->figures().lost, 100U);
  EXPECT_FALSE(fs::exists(folder));
}

TEST_F(LostSegmentsTest, AFolderThatComesBackIsWrittenOn) {
  record(100);
  const std::string folder = journal_->folder();
  fs::rename(folder, folder + ".away");
  record(10);
  fs::rename(folder + ".away", folder);
  record(10);
  start();
  EXPECT_TRUE(finish());
  EXPECT_EQ(stored(), 120U);
  EXPECT_EQ(journal_->figures().dropped, 0U);
}

/// Another process takes a folder whose lock is gone, and stores and deletes what is in it.
TEST_F(LostSegmentsTest, OneThatAnotherProcessStoresIsNotLost) {
  record(100);
  start();
  ASSERT_TRUE(becomes_true([&] { return shipper_->figures().clicks == 100; }));
  const std::string folder = journal_->folder();
  fs::remove(folder + "/lock");
  record(10);
  EXPECT_TRUE(finish());
  EXPECT_EQ(stored(), 110U);
  EXPECT_EQ(journal_->figures().dropped, 0U);
}

}  // namespace
}  // namespace ginnel::clicks
