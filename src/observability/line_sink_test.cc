// SPDX-License-Identifier: MIT
#include "observability/line_sink.h"

#include <array>
#include <atomic>
#include <fcntl.h>
#include <thread>
#include <unistd.h>
#include <vector>

#include <gtest/gtest.h>

namespace ginnel::observability {
namespace {

using namespace std::chrono_literals;

class Pipe final {
 public:
  Pipe() { EXPECT_EQ(::pipe(ends_.data()), 0); }
  ~Pipe() {
    close_writer();
    ::close(ends_[0]);
  }
  Pipe(const Pipe&) = delete;
  Pipe& operator=(const Pipe&) = delete;

  int writer() const { return ends_[1]; }

  void close_writer() {
    if (ends_[1] >= 0) {
      ::close(ends_[1]);
      ends_[1] = -1;
    }
  }

  /// Everything until the writer is closed.
  std::string read_all() const {
    std::string text;
    std::array<char, 4096> piece;
    for (ssize_t length = 0; (length = ::read(ends_[0], piece.data(), piece.size())) > 0;) {
      text.append(piece.data(), static_cast<std::size_t>(length));
    }
    return text;
  }

  /// Writes until nothing more fits.
  void fill() const {
    ::fcntl(writer(), F_SETFL, O_NONBLOCK);
    const std::string piece(4096, '.');
    while (::write(writer(), piece.data(), piece.size()) > 0) {
    }
    ::fcntl(writer(), F_SETFL, 0);
  }

 private:
  std::array<int, 2> ends_{-1, -1};
};

void log(LineSink& sink, std::string_view text) {
  sink.log(spdlog::details::log_msg("test", spdlog::level::info, {text.data(), text.size()}));
}

TEST(LineSink, WritesLines) {
  Pipe pipe;
  LineSink sink(pipe.writer(), {});
  log(sink, "one");
  log(sink, "");
  log(sink, "three");
  pipe.close_writer();
  EXPECT_EQ(pipe.read_all(), "one\n\nthree\n");
}

TEST(LineSink, WaitsForASlowReaderAndLosesNothing) {
  Pipe pipe;
  const std::string text(1'000'000, 'x');  // far more than a pipe holds
  std::thread writer([&] {
    LineSink sink(pipe.writer(), {});
    log(sink, text);
    pipe.close_writer();
  });
  EXPECT_EQ(pipe.read_all(), text + "\n");
  writer.join();
}

TEST(LineSink, DoesNotWaitForAStuckReaderOnceItIsTimeToEnd) {
  Pipe pipe;
  pipe.fill();
  LineSink sink(pipe.writer(), {});
  sink.end_by(LineSink::Clock::now());
  log(sink, std::string(10'000, 'x'));  // the test ends, or hangs
  pipe.close_writer();
  EXPECT_EQ(pipe.read_all().find('x'), std::string::npos);
}

TEST(LineSink, NoticesThatItIsTimeToEndWhileItWaits) {
  Pipe pipe;
  pipe.fill();
  LineSink sink(pipe.writer(), {});
  std::thread writer([&sink] { log(sink, "x"); });
  sink.end_by(LineSink::Clock::now() + 1ms);
  writer.join();
}

TEST(LineSink, WritesAtTheEndWhatCanBeWrittenAtOnce) {
  Pipe pipe;
  LineSink sink(pipe.writer(), {});
  sink.end_by(LineSink::Clock::now());
  log(sink, "last");
  pipe.close_writer();
  EXPECT_EQ(pipe.read_all(), "last\n");
}

TEST(LineSink, AdmitsWhatThereIsRoomForUntilItIsWritten) {
  Pipe pipe;
  LineSink sink(pipe.writer(), {.lines = 2, .bytes = 10});
  EXPECT_TRUE(sink.admit(4));
  EXPECT_FALSE(sink.admit(7)) << "eleven bytes";
  EXPECT_TRUE(sink.admit(6));
  EXPECT_FALSE(sink.admit(0)) << "three lines";
  EXPECT_EQ(sink.dropped(), 2U);
  log(sink, "four");
  EXPECT_FALSE(sink.admit(5)) << "eleven bytes again";
  EXPECT_TRUE(sink.admit(4));
  log(sink, "sixsix");
  log(sink, "four");
  EXPECT_TRUE(sink.admit(10)) << "nothing waits";
  EXPECT_EQ(sink.dropped(), 3U);
}

/// Many threads find the last of the room: no more than there is is given, and all of it comes
/// back.
TEST(LineSink, GivesNoMoreRoomThanThereIsWhoeverAsks) {
  constexpr int kThreads = 4;
  Pipe pipe;
  LineSink sink(pipe.writer(), {.lines = 1'000'000, .bytes = 100});
  std::atomic<int> admitted{0};
  std::vector<std::thread> threads;
  for (int thread = 0; thread < kThreads; ++thread) {
    threads.emplace_back([&] {
      for (int i = 0; i < 1'000; ++i) {
        admitted += sink.admit(7) ? 1 : 0;
      }
    });
  }
  for (std::thread& thread : threads) {
    thread.join();
  }
  EXPECT_LE(admitted * 7, 100);
  EXPECT_EQ(static_cast<int>(sink.dropped()) + admitted, kThreads * 1'000);
}

TEST(LineSink, GivesUpALineThatNobodyCanTake) {
  LineSink sink(-1, {});
  sink.end_by(LineSink::Clock::now());
  log(sink, "x");
  SUCCEED();
}

}  // namespace
}  // namespace ginnel::observability
