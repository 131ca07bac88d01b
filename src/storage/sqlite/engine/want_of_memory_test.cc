// SPDX-License-Identifier: MIT
// What becomes of a call of the store when any one allocation on its way fails.
#include <cstddef>
#include <cstdlib>
#include <exception>
#include <memory>
#include <new>
#include <string>

#include <gtest/gtest.h>

#include "storage/sqlite/engine/writer_fixture.h"

namespace {

/// Allocations of this thread that succeed before `failing` of them fail.
thread_local std::size_t t_before = 0;
thread_local std::size_t t_failing = 0;

bool fails_now() noexcept {
  if (t_failing == 0) {
    return false;
  }
  if (t_before > 0) {
    --t_before;
    return false;
  }
  --t_failing;
  return true;
}

}  // namespace

void* operator new(std::size_t size) {
  void* const block = fails_now() ? nullptr : std::malloc(size);
  if (block == nullptr) {
    throw std::bad_alloc();
  }
  return block;
}

void* operator new(std::size_t size, const std::nothrow_t&) noexcept {
  return fails_now() ? nullptr : std::malloc(size);
}

void operator delete(void* block) noexcept {
  std::free(block);
}

void operator delete(void* block, std::size_t) noexcept {
  std::free(block);
}

namespace ginnel::storage::sqlite {
namespace {

class WantOfMemoryTest : public SqliteWriterTest {
 protected:
  static void fail(std::size_t after, std::size_t count) {
    t_before = after;
    t_failing = count;
  }

  /// The caller's part, with want of memory at its `after`-th allocation; the call itself where
  /// that ends by an exception, which is an answer of the request too.
  Outcome call_with_want_after(std::size_t after) {
    auto outcome = std::make_shared<Outcome>();
    auto task = [this, after]() -> Task<Result<std::int64_t>> {
      auto change = [](Transaction&) -> Result<std::int64_t> { return 7; };
      fail(after, 1);
      auto answer = writer_->change(std::move(change));
      auto given = co_await std::move(answer);
      co_return given;
    };
    spawn(loop_.get_executor(), keep(task(), outcome), [&](const std::exception_ptr& thrown) {
      fail(0, 0);
      if (thrown) {
        outcome->emplace(Error(ErrorKind::kUnavailable, "thrown"));
      }
    });
    run();
    fail(0, 0);
    return std::move(*outcome);
  }
};

TEST_F(WantOfMemoryTest, OfACallerIsAnErrorOfItsCallAlone) {
  start(listener_, patient());
  std::size_t refused = 0;
  std::size_t after = 0;
  for (; after < 200; ++after) {
    const Outcome outcome = call_with_want_after(after);
    ASSERT_TRUE(outcome) << "after " << after;
    if (!*outcome) {
      EXPECT_EQ(outcome->error().kind, ErrorKind::kUnavailable);
      ++refused;
    }
  }
  EXPECT_GT(refused, 3U);
  const auto later = begin_insert(1);
  wait_for(later);
  EXPECT_TRUE(**later) << "nothing is left behind";
  std::printf("want of memory: %zu of 200 calls refused\n", refused);
}

TEST_F(WantOfMemoryTest, OfTheWriterIsAnErrorOfItsTransactionOrWaits) {
  start(listener_, patient());
  std::size_t saved = 0;
  for (const std::size_t count : {1, 2, 5}) {
    for (std::size_t after = 0; after < 30; ++after) {
      const auto value = static_cast<std::int64_t>(after * 100 + count);
      const auto outcome =
          begin(writer_->change([=](Transaction& transaction) -> Result<std::int64_t> {
            auto inserted = insert(transaction, value);
            transaction.forget("a-code-that-is-longer-than-short-texts");
            fail(after, count);
            return inserted;
          }));
      wait_for(outcome);
      saved += **outcome ? 1 : 0;
    }
  }
  const auto later = begin(writer_->change([](Transaction& transaction) {
    fail(0, 0);
    return insert(transaction, 1);
  }));
  wait_for(later);
  EXPECT_TRUE(**later);
  EXPECT_EQ(rows(), static_cast<std::int64_t>(saved) + 1) << "what was said is so";
  std::printf("want of memory: %zu of 90 changes saved\n", saved);
}

}  // namespace
}  // namespace ginnel::storage::sqlite
