// SPDX-License-Identifier: MIT
// One core's end of the journal, without the keeper: the tests hand it its segments.
#include "clicks/journal_writer.h"

#include <atomic>
#include <csignal>
#include <cstdio>
#include <fcntl.h>
#include <memory>
#include <sys/resource.h>
#include <thread>
#include <vector>

#include <gtest/gtest.h>

#include "clicks/journal_fixture.h"
#include "clicks/segment_check.h"
#include "support/temporary_folder.h"

namespace ginnel::clicks {
namespace {

constexpr std::uint64_t kNoLimit = ~std::uint64_t{0};

/// While it lives, files of this process end at `bytes`: write(2) is short there, and then refused,
/// as on a disk that is full.
class DiskThatEnds final {
 public:
  explicit DiskThatEnds(std::uint64_t bytes) : heeded_(std::signal(SIGXFSZ, SIG_IGN)) {
    ::getrlimit(RLIMIT_FSIZE, &before_);
    const rlimit now{bytes, before_.rlim_max};
    ::setrlimit(RLIMIT_FSIZE, &now);
  }
  DiskThatEnds(const DiskThatEnds&) = delete;
  DiskThatEnds& operator=(const DiskThatEnds&) = delete;
  ~DiskThatEnds() {
    ::setrlimit(RLIMIT_FSIZE, &before_);
    std::signal(SIGXFSZ, heeded_);
  }

 private:
  void (*heeded_)(int);
  rlimit before_{};
};

class JournalWriterTest : public testing::Test {
 protected:
  void start(std::uint64_t max_bytes = kNoLimit, SyncPolicy sync = SyncPolicy::kNever) {
    JournalOptions options;
    options.segment_bytes = kSegmentBytes;
    options.sync = sync;
    disk_ = std::make_unique<DiskUse>(max_bytes);
    writer_ = std::make_unique<JournalWriter>(options, *disk_);
  }

  /// A prepared segment, given to the writer as its next.
  OpenSegment& give_segment() {
    auto made = make_segment(folder_.path(), kOurs, kSegmentBytes);
    EXPECT_TRUE(made) << made.error().detail;
    segments_.push_back(std::move(*made));
    disk_->bytes += kSegmentBytes;
    writer_->give_next(*segments_.back());
    return *segments_.back();
  }

  /// Writes clicks `first` to `last`, each in a flush of its own.
  void write(std::uint64_t first, std::uint64_t last) {
    for (std::uint64_t number = first; number <= last; ++number) {
      writer_->append(usual_click(number));
      writer_->flush();
    }
  }

  std::vector<std::uint64_t> visitors(const OpenSegment& segment) {
    SegmentToShip to_read = sealed(segment.path, segment.written);
    to_read.header = segment.header;
    return visitors_in(to_read);
  }

  support::TemporaryFolder folder_;
  std::unique_ptr<DiskUse> disk_;
  std::vector<std::unique_ptr<OpenSegment>> segments_;
  std::unique_ptr<JournalWriter> writer_;
};

// The keeper takes room for the next file while a loop takes some beyond its present one.
TEST(DiskUse, NeverPassesItsLimitWhoeverTakesAtTheSameTime) {
  constexpr std::uint64_t kLimit = 1'000;
  constexpr int kRounds = 200;
  for (int round = 0; round < kRounds; ++round) {
    DiskUse disk(kLimit);
    std::atomic<bool> go = false;
    std::vector<std::thread> takers;
    for (std::uint64_t share : {1U, 2U, 3U}) {
      takers.emplace_back([&disk, &go, share] {
        while (!go) {
        }
        while (disk.take(share)) {
        }
      });
    }
    go = true;
    for (std::thread& taker : takers) {
      taker.join();
    }
    ASSERT_EQ(disk.bytes, kLimit) << "round " << round;
  }
  std::printf("%d rounds of three threads\n", kRounds);
}

TEST_F(JournalWriterTest, WritesNothingBeforeItIsFlushed) {
  start();
  const OpenSegment& segment = give_segment();
  writer_->append(usual_click());
  EXPECT_TRUE(segment.empty());

  writer_->flush();
  EXPECT_EQ(visitors(segment), numbers_to(1));
  EXPECT_EQ(writer_->records(), 1U);
  EXPECT_EQ(writer_->bytes(), bytes_of(usual_click()).size());
}

TEST_F(JournalWriterTest, WritesItsFullBufferByItself) {
  start();
  const OpenSegment& segment = give_segment();
  for (std::uint64_t number = 1; number <= 2'000; ++number) {
    writer_->append(usual_click(number));
  }
  EXPECT_GT(writer_->records(), 1'000U);

  writer_->flush();
  EXPECT_EQ(visitors(segment), numbers_to(2'000));
}

TEST_F(JournalWriterTest, ChangesToTheNextSegmentWhenItsOwnIsFull) {
  start();
  OpenSegment& first = give_segment();
  write(1, 1);
  OpenSegment& second = give_segment();
  std::uint64_t number = 1;
  while (writer_->current() == &first) {
    ++number;
    write(number, number);
  }

  EXPECT_EQ(writer_->take_full(), &first);
  EXPECT_EQ(writer_->take_full(), nullptr);
  EXPECT_LE(first.written, kSegmentBytes);
  EXPECT_EQ(visitors(first), numbers_to(number - 1));
  EXPECT_EQ(visitors(second), std::vector<std::uint64_t>{number});
}

TEST_F(JournalWriterTest, ExtendsItsSegmentWhileNoOtherIsReady) {
  start();
  OpenSegment& segment = give_segment();
  write(1, 1'000);

  EXPECT_GT(segment.written, 3 * kSegmentBytes);
  EXPECT_EQ(segment.allocated, segment.written);
  EXPECT_EQ(disk_->bytes, segment.written);
  EXPECT_EQ(writer_->dropped(), 0U);

  const OpenSegment& next = give_segment();
  write(1'001, 1'001);
  EXPECT_EQ(writer_->current(), &next);
  EXPECT_EQ(visitors(segment), numbers_to(1'000));
}

TEST_F(JournalWriterTest, KeepsItsSegmentUntilTheFullOneBeforeItIsTaken) {
  start();
  OpenSegment& first = give_segment();
  write(1, 300);
  give_segment();
  write(301, 600);
  OpenSegment& third = give_segment();
  write(601, 900);
  EXPECT_NE(writer_->current(), &third);

  EXPECT_EQ(writer_->take_full(), &first);
  write(901, 901);
  EXPECT_EQ(writer_->current(), &third);
  EXPECT_EQ(writer_->dropped(), 0U);
}

TEST_F(JournalWriterTest, DropsAndCountsWhatComesWithoutASegment) {
  start();
  write(1, 3);
  EXPECT_EQ(writer_->dropped(), 3U);

  const OpenSegment& segment = give_segment();
  write(1, 1);
  EXPECT_EQ(writer_->dropped(), 3U);
  EXPECT_EQ(visitors(segment), numbers_to(1));
}

TEST_F(JournalWriterTest, DropsAndCountsWhatIsOverTheLimit) {
  start(kSegmentBytes);
  const OpenSegment& segment = give_segment();
  write(1, 1'000);

  EXPECT_LE(segment.written, kSegmentBytes);
  EXPECT_EQ(writer_->take_full(), &segment) << "so that its room can be had when it is shipped";
  EXPECT_EQ(disk_->bytes, kSegmentBytes);
  EXPECT_GT(writer_->dropped(), 500U);
  EXPECT_EQ(writer_->records() + writer_->dropped(), 1'000U);
  EXPECT_EQ(visitors(segment), numbers_to(writer_->records()));
}

/// The limit of the file size makes a write that is short, then one that is refused.
TEST_F(JournalWriterTest, NeverShowsHalfARecordWhenTheDiskIsFull) {
  start();
  const OpenSegment& segment = give_segment();
  write(1, 300);
  const std::uint64_t before = segment.written;
  {
    const DiskThatEnds disk(before + 300);
    writer_->append(usual_click(1'001));
    writer_->append(usual_click(1'002));
    writer_->append(usual_click(1'003));
    writer_->flush();
    EXPECT_EQ(segment.written, before);
    EXPECT_EQ(writer_->dropped(), 3U);
  }
  EXPECT_EQ(check_segment(segment.path)->ending, SegmentEnding::kClean)
      << "nothing of them is left behind";

  write(301, 301);
  EXPECT_EQ(visitors(segment), numbers_to(301));
  EXPECT_EQ(check_segment(segment.path)->records, 301U);
}

/// In use it would grow for ever, and what it takes could never be had back.
TEST_F(JournalWriterTest, GivesUpAFullSegmentThatTakesNoMore) {
  start();
  OpenSegment& segment = give_segment();
  write(1, 400);
  {
    const DiskThatEnds disk(segment.written);
    write(401, 402);
  }
  EXPECT_EQ(writer_->dropped(), 2U);
  EXPECT_EQ(writer_->current(), nullptr);
  EXPECT_EQ(writer_->take_full(), &segment);

  const OpenSegment& next = give_segment();
  write(1, 2);
  EXPECT_EQ(visitors(next), numbers_to(2));
}

TEST_F(JournalWriterTest, GoesOnWhenTheDiskTakesNothingAtAll) {
  start();
  OpenSegment& segment = give_segment();
  write(1, 1);
  const FileDescriptor good =
      std::exchange(segment.file, FileDescriptor(::open("/dev/full", O_WRONLY)));
  write(2, 5);

  EXPECT_EQ(writer_->dropped(), 4U);
  EXPECT_EQ(visitors(segment), numbers_to(1));
}

TEST_F(JournalWriterTest, ForcesEveryFlushToTheDiskWhenItIsToldTo) {
  start(kNoLimit, SyncPolicy::kFlush);
  give_segment();
  write(1, 3);
  EXPECT_EQ(writer_->syncs(), 3U);
}

/// /dev/null takes every byte and cannot be synced.
TEST_F(JournalWriterTest, DropsWhatCannotBeForcedToTheDisk) {
  start(kNoLimit, SyncPolicy::kFlush);
  OpenSegment& segment = give_segment();
  write(1, 1);
  segment.file = FileDescriptor(::open("/dev/null", O_WRONLY));
  write(2, 2);

  EXPECT_EQ(writer_->sync_failures(), 1U);
  EXPECT_EQ(writer_->dropped(), 1U);
  EXPECT_EQ(visitors(segment), numbers_to(1));
}

/// A reader on another thread sees whole records only, each once and in order, while the writer
/// flushes one to nine at a time.
TEST_F(JournalWriterTest, CanBeReadWhileItWrites) {
  constexpr std::uint64_t kClicks = 20'000;
  start();
  const OpenSegment& segment = give_segment();
  write(1, 1);
  std::thread writing([this] {
    for (std::uint64_t number = 2; number <= kClicks; ++number) {
      writer_->append(usual_click(number));
      if (number % 9 < 4 || number == kClicks) {
        writer_->flush();
      }
    }
  });

  std::uint64_t seen = 0;
  std::uint64_t from = 0;
  std::uint64_t looks = 0;
  bool in_order = true;
  while (seen < kClicks && in_order) {
    SegmentToShip live = sealed(segment.path, segment.written.load(std::memory_order_acquire));
    live.header = segment.header;
    live.sealed = false;
    const auto part = read_part(live, from, 1'000);
    in_order = part && !part->torn;
    for (std::size_t i = 0; in_order && i < part->records.size(); ++i) {
      ++seen;
      in_order = part->records[i] == usual_click(seen);
    }
    from = part ? part->next : from;
    ++looks;
  }
  writing.join();
  std::printf("%llu records in %llu looks\n",
              static_cast<unsigned long long>(seen),
              static_cast<unsigned long long>(looks));
  EXPECT_TRUE(in_order) << "record " << seen;
  EXPECT_EQ(seen, kClicks);
}

}  // namespace
}  // namespace ginnel::clicks
