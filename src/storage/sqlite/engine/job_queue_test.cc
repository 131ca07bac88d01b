// SPDX-License-Identifier: MIT
#include "storage/sqlite/engine/job_queue.h"

#include <chrono>
#include <memory>
#include <vector>

#include <gtest/gtest.h>

namespace ginnel::storage::sqlite {
namespace {

using Kinds = std::vector<JobKind>;

constexpr std::chrono::milliseconds kForever = std::chrono::hours(1);
constexpr std::chrono::milliseconds kNotAtAll{0};

class IdleJob final : public Job<int> {
 public:
  using Job::Job;

  bool take() noexcept override { return true; }
  bool run(int&) noexcept override { return true; }
  void answer() noexcept override {}
  void refuse(const Error&) noexcept override {}
};

void push(JobQueue<int>& queue, const Kinds& kinds) {
  for (const JobKind kind : kinds) {
    EXPECT_TRUE(queue.push(std::make_shared<IdleJob>(kind)));
  }
}

/// The kinds of all that is left, in the order it is given out.
Kinds drain(JobQueue<int>& queue) {
  queue.close();
  Kinds kinds;
  while (const auto job = queue.wait()) {
    kinds.push_back(job->kind());
  }
  return kinds;
}

TEST(JobQueue, GivesOutWhatCameFirst) {
  JobQueue<int> queue(10);
  push(queue, {JobKind::kRead, JobKind::kChange, JobKind::kImport});

  EXPECT_EQ(drain(queue), (Kinds{JobKind::kRead, JobKind::kChange, JobKind::kImport}));
}

TEST(JobQueue, LetsEverythingElseGoBeforeAShipment) {
  JobQueue<int> queue(10, kForever);
  push(queue, {JobKind::kShip, JobKind::kChange, JobKind::kShip, JobKind::kRead});

  EXPECT_EQ(drain(queue),
            (Kinds{JobKind::kChange, JobKind::kRead, JobKind::kShip, JobKind::kShip}));
}

TEST(JobQueue, GivesOutAShipmentFirstWhenItHasWaitedLongEnough) {
  JobQueue<int> queue(10, kNotAtAll);
  push(queue, {JobKind::kChange, JobKind::kShip});

  EXPECT_EQ(drain(queue), (Kinds{JobKind::kShip, JobKind::kChange}));
}

TEST(JobQueue, AddsNoShipmentToATransactionOfOthers) {
  JobQueue<int> queue(10, kNotAtAll);
  push(queue, {JobKind::kShip, JobKind::kChange});

  EXPECT_EQ(queue.take_if(JobKind::kChange)->kind(), JobKind::kChange);
  EXPECT_EQ(queue.take_if(JobKind::kShip), nullptr);
  EXPECT_EQ(queue.size(), 1U);
}

TEST(JobQueue, LimitsEachLaneByItself) {
  JobQueue<int> queue(2);
  push(queue, {JobKind::kChange, JobKind::kRead, JobKind::kShip, JobKind::kShip});

  EXPECT_FALSE(queue.push(std::make_shared<IdleJob>(JobKind::kRead)));
  EXPECT_FALSE(queue.push(std::make_shared<IdleJob>(JobKind::kShip)));
  EXPECT_EQ(queue.size(), 4U);
}

}  // namespace
}  // namespace ginnel::storage::sqlite
