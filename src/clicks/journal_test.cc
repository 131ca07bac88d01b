// SPDX-License-Identifier: MIT
#include "clicks/journal.h"

#include <atomic>
#include <cstdio>
#include <filesystem>
#include <functional>
#include <map>
#include <memory>
#include <string>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <thread>
#include <unistd.h>
#include <vector>

#include <gtest/gtest.h>

#include "clicks/journal_fixture.h"
#include "support/temporary_folder.h"

namespace ginnel::clicks {
namespace {

using namespace std::chrono_literals;

class JournalTest : public testing::Test {
 protected:
  JournalOptions options() const {
    JournalOptions options;
    options.folder = folder_.file("journal");
    options.segment_bytes = kSegmentBytes;
    options.sync_interval = 1ms;
    return options;
  }

  std::unique_ptr<Journal> open(const JournalOptions& options, std::size_t cores = 1) {
    auto journal = Journal::open(options, kOurs, cores, log_);
    EXPECT_TRUE(journal) << journal.error().message;
    return std::move(*journal);
  }
  std::unique_ptr<Journal> open(std::size_t cores = 1) { return open(options(), cores); }

  static void write(Journal& journal, std::uint64_t first, std::uint64_t last) {
    for (std::uint64_t number = first; number <= last; ++number) {
      journal.writer(0).append(usual_click(number));
      journal.writer(0).flush();
    }
  }

  static std::vector<std::uint64_t> visitors(Journal& journal) {
    std::vector<std::uint64_t> all;
    for (const SegmentToShip& segment : journal.segments()) {
      for (const std::uint64_t visitor : visitors_in(segment)) {
        all.push_back(visitor);
      }
    }
    return all;
  }

  static void ship_all(Journal& journal) {
    for (const SegmentToShip& segment : journal.segments()) {
      journal.remove(segment);
    }
  }

  /// Makes room as the shipper does, and tells whether clicks are kept now.
  static bool keeps_more(Journal& journal) {
    for (const SegmentToShip& segment : journal.segments()) {
      if (segment.sealed) {
        journal.remove(segment);
      }
    }
    const std::uint64_t before = journal.figures().dropped;
    write(journal, 1, 100);
    return journal.figures().dropped == before;
  }

  static int times_in(std::string_view text, std::string_view part) {
    int times = 0;
    for (std::size_t at = text.find(part); at != std::string_view::npos;
         at = text.find(part, at + 1)) {
      ++times;
    }
    return times;
  }

  /// Puts a file into the folder of a process that is gone.
  std::string leave(const std::string& name, std::string_view bytes) {
    const std::string folder = folder_.file("journal");
    std::filesystem::create_directories(folder + "/" + name.substr(0, name.find('/')));
    write_file(folder + "/" + name, bytes);
    return folder + "/" + name;
  }

  support::TemporaryFolder folder_;
  observability::Log log_{
      {.level = observability::LogLevel::kError, .format = observability::LogFormat::kText}};
};

TEST_F(JournalTest, ShowsWhatIsWrittenInALiveSegment) {
  const auto journal = open();
  write(*journal, 1, 5);
  const auto segments = journal->segments();

  ASSERT_EQ(segments.size(), 1U);
  EXPECT_FALSE(segments[0].sealed);
  EXPECT_FALSE(segments[0].earlier);
  EXPECT_EQ(segments[0].header.database, kOurs);
  EXPECT_EQ(visitors_in(segments[0]), numbers_to(5));
}

TEST_F(JournalTest, GivesNothingWhenNobodyClicked) {
  const auto journal = open(4);
  EXPECT_TRUE(journal->segments().empty());
}

TEST_F(JournalTest, SealsWhatIsWrittenAndDeletesWhatIsEmpty) {
  const auto journal = open(2);
  write(*journal, 1, 5);
  journal->seal();
  const auto segments = journal->segments();

  ASSERT_EQ(segments.size(), 1U);
  EXPECT_TRUE(segments[0].sealed);
  EXPECT_EQ(segments[0].end, std::filesystem::file_size(segments[0].path));
  EXPECT_EQ(visitors_in(segments[0]), numbers_to(5));
  EXPECT_EQ(journal->figures().segments, 1U);
  EXPECT_EQ(journal->figures().disk_bytes, segments[0].end);
}

TEST_F(JournalTest, MayBeSealedTwice) {
  const auto journal = open();
  write(*journal, 1, 5);
  journal->seal();
  journal->seal();
  EXPECT_EQ(visitors(*journal), numbers_to(5));
}

TEST_F(JournalTest, DropsWhatComesAfterTheSeal) {
  const auto journal = open();
  journal->seal();
  write(*journal, 1, 2);
  EXPECT_EQ(journal->figures().dropped, 2U);
  EXPECT_TRUE(journal->segments().empty());
}

TEST_F(JournalTest, RotatesThroughSegmentsThatItsKeeperPrepares) {
  const auto journal = open();
  std::uint64_t written = 0;
  ASSERT_TRUE(becomes_true([&] {
    write(*journal, written + 1, written + 100);
    written += 100;
    return journal->segments().size() >= 5;
  }));
  journal->seal();

  EXPECT_EQ(visitors(*journal), numbers_to(written));
  EXPECT_EQ(journal->figures().records, written);
  EXPECT_EQ(journal->figures().dropped, 0U);
  std::printf("%llu clicks in %zu segments\n",
              static_cast<unsigned long long>(written),
              journal->segments().size());
}

TEST_F(JournalTest, DeletesASegmentThatIsRemoved) {
  const auto journal = open();
  write(*journal, 1, 5);
  journal->seal();
  const std::string path = journal->segments().at(0).path;
  ship_all(*journal);

  EXPECT_FALSE(std::filesystem::exists(path));
  EXPECT_TRUE(journal->segments().empty());
  EXPECT_EQ(journal->figures().disk_bytes, 0U);
}

TEST_F(JournalTest, ForcesWhatIsWrittenToTheDiskSoon) {
  const auto journal = open();
  write(*journal, 1, 1);
  EXPECT_TRUE(becomes_true([&] { return journal->figures().syncs >= 1; }));
  EXPECT_EQ(journal->figures().sync_failures, 0U);
}

/// What SIGKILL leaves: live segments with their reserved room, and one that was only prepared.
TEST_F(JournalTest, GivesWhatAnEarlierLifeLeft) {
  leave("0/a.clicks", segment_of(3) + std::string(10'000, '\0'));
  leave("0/b.clicks", segment_of(0) + std::string(10'000, '\0'));
  const auto journal = open();
  const auto segments = journal->segments();

  ASSERT_EQ(segments.size(), 2U);
  EXPECT_TRUE(segments[0].sealed);
  EXPECT_TRUE(segments[0].earlier);
  EXPECT_EQ(visitors(*journal), numbers_to(3));
  EXPECT_EQ(journal->folder(), folder_.file("journal/0"));
}

TEST_F(JournalTest, HasAFolderOfItsOwnBesideAnother) {
  const auto one = open();
  const auto other = open();
  write(*one, 1, 1);
  write(*other, 2, 2);

  EXPECT_NE(one->folder(), other->folder());
  EXPECT_EQ(visitors(*one), numbers_to(1));
  EXPECT_EQ(visitors(*other), std::vector<std::uint64_t>{2});
}

TEST_F(JournalTest, TakesOverAFolderThatNobodyHoldsAndDeletesItAtLast) {
  const auto journal = open();
  leave("1/a.clicks", segment_of(3));
  EXPECT_EQ(visitors(*journal), numbers_to(3));
  const auto rival = JournalFolder::hold(folder_.file("journal/1"));
  EXPECT_TRUE(rival && !*rival) << "it is held while it is shipped";

  ship_all(*journal);
  EXPECT_FALSE(std::filesystem::exists(folder_.file("journal/1")));
}

TEST_F(JournalTest, LeavesTheFolderOfAnotherProcessAlone) {
  const auto journal = open();
  const auto other = open();
  write(*other, 1, 1);
  other->seal();
  EXPECT_TRUE(journal->segments().empty());
}

TEST_F(JournalTest, NeitherShipsNorDeletesTheSegmentsOfAnotherDatabase) {
  const std::string own = leave("0/a.clicks", segment_of(1, kTheirs));
  const auto journal = open();
  const std::string orphan = leave("1/b.clicks", segment_of(1, kTheirs));

  EXPECT_TRUE(journal->segments().empty());
  EXPECT_EQ(journal->figures().foreign_segments, 2U);
  EXPECT_TRUE(std::filesystem::exists(own));
  EXPECT_TRUE(std::filesystem::exists(orphan));
  const auto free = JournalFolder::hold(folder_.file("journal/1"));
  EXPECT_TRUE(free && *free) << "the other database's process must be able to take it";
}

TEST_F(JournalTest, LeavesASegmentOfANewerFormWhereItIs) {
  std::string bytes = segment_of(1);
  bytes[8] = 2;
  const std::string path = leave("0/a.clicks", bytes);
  const auto journal = open();

  EXPECT_TRUE(journal->segments().empty());
  EXPECT_EQ(journal->figures().unreadable_segments, 1U);
  EXPECT_EQ(file_text(path), bytes);
}

/// Opening a pipe waits for whoever writes to it: nobody does.
TEST_F(JournalTest, StartsWhateverLiesInTheFolderUnderTheNameOfASegment) {
  const std::string folder = folder_.file("journal");
  for (const char* process : {"/0", "/7"}) {
    const std::string path = folder + process;
    std::filesystem::create_directories(path);
    ASSERT_EQ(::mkfifo((path + "/pipe.clicks").c_str(), 0640), 0);
    ASSERT_EQ(::mkfifo((path + "/half.clicks.new").c_str(), 0640), 0);
    ASSERT_EQ(::symlink("nowhere", (path + "/dead.clicks").c_str()), 0);
    ASSERT_EQ(::symlink("circle.clicks", (path + "/circle.clicks").c_str()), 0);
    ASSERT_EQ(::symlink("/dev/zero", (path + "/device.clicks").c_str()), 0);
    ASSERT_EQ(::mkdir((path + "/folder.clicks").c_str(), 0750), 0);
    write_file(path + "/empty.clicks", "");
    write_file(path + "/good.clicks", segment_of(3));
    const int socket = ::socket(AF_UNIX, SOCK_STREAM, 0);
    sockaddr_un address{.sun_family = AF_UNIX, .sun_path = {}};
    std::snprintf(address.sun_path, sizeof address.sun_path, "%s/s.clicks", path.c_str());
    ASSERT_EQ(::bind(socket, reinterpret_cast<const sockaddr*>(&address), sizeof address), 0);
    ::close(socket);
  }
  const auto journal = open();

  EXPECT_EQ(journal->segments().size(), 2U);
  EXPECT_EQ(journal->figures().unreadable_segments, 14U);
  write(*journal, 4, 4);
  EXPECT_EQ(journal->figures().dropped, 0U);
}

TEST_F(JournalTest, TakesTheNextFolderWhereOneIsNoFolderOrItsLockNoFile) {
  const std::string folder = folder_.file("journal");
  std::filesystem::create_directories(folder + "/2/lock");
  ASSERT_EQ(::mkfifo((folder + "/0").c_str(), 0640), 0);
  ASSERT_EQ(::symlink("nowhere", (folder + "/1").c_str()), 0);
  const auto journal = open();
  EXPECT_EQ(journal->folder(), folder + "/3");
}

TEST_F(JournalTest, KeepsASegmentThatIsDamagedBeforeItsEnd) {
  std::string bytes = segment_of(3);
  bytes[segment_of(1).size() + 20] ^= 1;
  const std::string path = leave("0/a.clicks", bytes);
  const auto journal = open();
  EXPECT_EQ(visitors(*journal), numbers_to(1));
  ship_all(*journal);

  EXPECT_FALSE(std::filesystem::exists(path));
  EXPECT_EQ(file_text(path + ".damaged"), bytes);
  EXPECT_EQ(journal->figures().unreadable_segments, 1U);
  EXPECT_EQ(journal->figures().disk_bytes, kSegmentBytes);
}

TEST_F(JournalTest, DeletesASegmentThatIsTornAtItsEnd) {
  const std::string bytes = segment_of(3);
  const std::string path = leave("0/a.clicks", bytes.substr(0, bytes.size() - 1));
  const auto journal = open();
  EXPECT_EQ(visitors(*journal), numbers_to(2));
  ship_all(*journal);
  EXPECT_FALSE(std::filesystem::exists(path));
  EXPECT_FALSE(std::filesystem::exists(path + ".damaged"));
}

TEST_F(JournalTest, GoesOnWithinItsLimitAndRecovers) {
  JournalOptions limited = options();
  limited.max_bytes = 2 * kSegmentBytes;
  const auto journal = open(limited);
  std::uint64_t written = 0;
  const auto write_more = [&] {
    write(*journal, written + 1, written + 100);
    written += 100;
  };
  ASSERT_TRUE(becomes_true([&] {
    write_more();
    return journal->figures().dropped > 100;
  }));
  EXPECT_LE(journal->figures().disk_bytes, limited.max_bytes);
  EXPECT_EQ(journal->figures().records + journal->figures().dropped, written);

  EXPECT_TRUE(becomes_true([&] { return keeps_more(*journal); }));
}

/// How often room comes and goes on the way follows from who is scheduled when, and so does how
/// large the segment in use is: the keeper finds no room for the next one as long as that takes it
/// all.
TEST_F(JournalTest, SaysOnceThatRoomRanOutAndOnceThatItIsBack) {
  constexpr std::string_view kNoRoom = "the journal has no room";
  constexpr std::string_view kRoomAgain = "the journal has room again";
  testing::internal::CaptureStderr();
  {
    observability::Log log({.format = observability::LogFormat::kText});
    JournalOptions limited = options();
    limited.max_bytes = 2 * kSegmentBytes;
    auto opened = Journal::open(limited, kOurs, 1, log);
    ASSERT_TRUE(opened);
    Journal& journal = **opened;
    EXPECT_TRUE(becomes_true([&] {
      write(journal, 1, 10);
      return journal.figures().dropped > 5'000;
    }));
    // Until there are two segments of the usual size: the one in use, and the next.
    EXPECT_TRUE(becomes_true([&] {
      return keeps_more(journal) && journal.segments().size() == 1 &&
             journal.figures().disk_bytes == limited.max_bytes / 2;
    }));
    // Each sync is of a later turn of the keeper. It looks before it syncs, perhaps before the
    // write too, and at the first look of all clicks may have been dropped since the last.
    for (int turn = 0; turn < 4; ++turn) {
      const std::uint64_t syncs = journal.figures().syncs;
      write(journal, 1, 1);
      EXPECT_TRUE(becomes_true([&] { return journal.figures().syncs > syncs; }));
    }
  }
  const std::string logged = testing::internal::GetCapturedStderr();
  EXPECT_GE(times_in(logged, kNoRoom), 1) << logged;
  EXPECT_EQ(times_in(logged, kNoRoom), times_in(logged, kRoomAgain)) << "by turns: " << logged;
  EXPECT_LT(logged.find(kNoRoom), logged.find(kRoomAgain)) << logged;
  EXPECT_LT(logged.rfind(kNoRoom), logged.rfind(kRoomAgain)) << logged;
}

TEST_F(JournalTest, MakesItsSegmentsSmallerWhereItsLimitIsSmall) {
  JournalOptions limited = options();
  limited.max_bytes = kSegmentBytes;
  const auto journal = open(limited, 2);
  EXPECT_EQ(journal->figures().disk_bytes, 2 * kSegmentBytes / 8);
}

TEST_F(JournalTest, OpensAndDropsWhereNotOneSegmentHasRoom) {
  JournalOptions limited = options();
  limited.max_bytes = 100;
  const auto journal = open(limited);
  write(*journal, 1, 10);
  EXPECT_EQ(journal->figures().dropped, 10U);
  EXPECT_EQ(journal->figures().disk_bytes, 0U);
}

TEST_F(JournalTest, DoesNotOpenWhereItsFolderCannotBe) {
  write_file(folder_.file("journal"), "a file in its place");
  const auto journal = Journal::open(options(), kOurs, 1, log_);
  ASSERT_FALSE(journal);
  EXPECT_EQ(journal.error().kind, ErrorKind::kUnavailable);
  EXPECT_NE(journal.error().message.find("journal.folder"), std::string::npos);
}

/// Every core writes, the shipper reads and deletes, somebody reads the figures: what is read is
/// what was written, once.
TEST_F(JournalTest, LosesAndRepeatsNothingWhileAllItsThreadsWork) {
  constexpr std::size_t kCores = 3;
  constexpr std::uint64_t kClicks = 4'000;
  const auto journal = open(kCores);
  std::atomic<std::size_t> writing{kCores};
  std::vector<std::thread> cores;
  for (std::size_t core = 0; core < kCores; ++core) {
    cores.emplace_back([&, core] {
      for (std::uint64_t number = 1; number <= kClicks; ++number) {
        journal->writer(core).append(usual_click(kClicks * core + number));
        if (number % 7 == 0 || number == kClicks) {
          journal->writer(core).flush();
        }
      }
      --writing;
    });
  }
  std::map<std::string, std::uint64_t> next;
  std::vector<int> times(kCores * kClicks + 1, 0);
  const auto ship = [&] {
    for (const SegmentToShip& segment : journal->segments()) {
      const auto part = read_part(segment, next[segment.header.id], 500);
      ASSERT_TRUE(part && !part->torn);
      for (const ClickRecord& record : part->records) {
        ++times.at(record.visitor);
      }
      next[segment.header.id] = part->next;
      if (segment.sealed && part->complete) {
        journal->remove(segment);
      }
    }
  };
  while (writing > 0) {
    ship();
    EXPECT_EQ(journal->figures().dropped, 0U);
  }
  for (std::thread& core : cores) {
    core.join();
  }
  journal->seal();
  while (!journal->segments().empty()) {
    ship();
  }
  std::printf("%zu clicks in %zu segments\n", times.size() - 1, next.size());
  times.erase(times.begin());
  EXPECT_EQ(times, std::vector<int>(kCores * kClicks, 1));
  EXPECT_EQ(journal->figures().disk_bytes, 0U);
}

}  // namespace
}  // namespace ginnel::clicks
