// SPDX-License-Identifier: MIT
// The threads that read, the gate, and the checkpoints: what keeps the write-ahead log small.
#include <atomic>
#include <barrier>
#include <chrono>
#include <cstdint>
#include <filesystem>
#include <future>
#include <memory>
#include <optional>
#include <string>
#include <thread>
#include <vector>

#include <gtest/gtest.h>

#include "base/run_blocking_task.h"
#include "storage/sqlite/engine/checkpointer.h"
#include "storage/sqlite/engine/read_gate.h"
#include "storage/sqlite/engine/readers.h"
#include "storage/sqlite/file/database.h"
#include "support/temporary_folder.h"

namespace ginnel::storage::sqlite {
namespace {

/// A file with a table `t`, and a connection that writes to it.
class OpenFile final {
 public:
  OpenFile() : location_{folder_.file("a.db")}, database_(open_database(location_, true)) {
    // What is tested here is the size of the log: no need to wait for the disk.
    database_->connection
        .execute("PRAGMA synchronous = OFF; CREATE TABLE t (id INTEGER PRIMARY KEY, text TEXT)")
        .value();
  }

  Connection& writer() { return database_->connection; }

  Connection reader() const { return std::move(*open_reader(location_)); }

  std::vector<Connection> readers(std::size_t count) const {
    std::vector<Connection> connections;
    connections.reserve(count);
    for (std::size_t index = 0; index < count; ++index) {
      connections.push_back(reader());
    }
    return connections;
  }

  void insert(std::size_t bytes) {
    writer().run("INSERT INTO t (text) VALUES (?)", std::string(bytes, 'x')).value();
  }

  std::uintmax_t wal_bytes() const { return std::filesystem::file_size(location_.path + "-wal"); }

 private:
  support::TemporaryFolder folder_;
  Location location_;
  Result<Database> database_;
};

TEST(SqliteReaders, ReadOnSeveralThreadsAtOnce) {
  OpenFile file;
  ReadGate gate;
  Readers readers(file.readers(2), {}, gate);
  std::barrier both(2);  // nobody passes it alone
  auto meet = [&both](Connection&) -> Result<std::int64_t> {
    both.arrive_and_wait();
    return 1;
  };

  auto other =
      std::async(std::launch::async, [&] { return run_blocking_task(readers.read(meet)); });
  EXPECT_TRUE(run_blocking_task(readers.read(meet)));

  EXPECT_TRUE(other.get());
}

TEST(SqliteReaders, SeeWhatWasCommitted) {
  OpenFile file;
  ReadGate gate;
  Readers readers(file.readers(1), {}, gate);
  auto count = [](Connection& database) { return database.number("SELECT count(*) FROM t"); };
  EXPECT_EQ(*run_blocking_task(readers.read(count)), 0);

  file.insert(10);

  EXPECT_EQ(*run_blocking_task(readers.read(count)), 1);
}

/// One reader with room for one more call, both taken until `open`.
class BusyReader final {
 public:
  BusyReader() : readers_(file_.readers(1), ReaderOptions{std::chrono::minutes(1), 1}, gate_) {
    std::promise<void> begun;
    first_ = std::async(std::launch::async, [this, &begun] {
      return run_blocking_task(readers_.read([this, &begun](Connection&) {
        begun.set_value();
        open_.get_future().wait();
        return Result<std::int64_t>(1);
      }));
    });
    begun.get_future().wait();
    second_ = std::async(std::launch::async, [this] { return read(); });
    while (readers_.queued() == 0) {
      std::this_thread::yield();
    }
  }

  Result<std::int64_t> read() {
    return run_blocking_task(readers_.read([](Connection&) { return Result<std::int64_t>(2); }));
  }

  /// Lets the reader go on; whether both calls got their answers.
  bool open() {
    open_.set_value();
    return first_.get().has_value() && second_.get().has_value();
  }

  std::uint64_t refused() const { return readers_.refused(); }

 private:
  OpenFile file_;
  ReadGate gate_;
  Readers readers_;
  std::promise<void> open_;
  std::future<Result<std::int64_t>> first_;
  std::future<Result<std::int64_t>> second_;
};

TEST(SqliteReaders, RefuseWhatIsOverTheirQueue) {
  BusyReader reader;

  const auto over = reader.read();

  ASSERT_FALSE(over);
  EXPECT_EQ(over.error().kind, ErrorKind::kUnavailable);
  EXPECT_EQ(reader.refused(), 1U);
  EXPECT_TRUE(reader.open());
}

TEST(ReadGate, ShutsWhenTheLastReadHasEnded) {
  ReadGate gate;
  std::atomic<bool> reading = true;
  std::promise<void> begun;
  std::thread reader([&] {
    const ReadGate::Pass pass(gate);
    begun.set_value();
    for (int spin = 0; spin < 1'000; ++spin) {
      std::this_thread::yield();
    }
    reading = false;
  });
  begun.get_future().wait();

  {
    const ReadGate::Shut shut(gate);
    EXPECT_FALSE(reading);
  }
  reader.join();
}

TEST(ReadGate, LetsNobodyInWhileItIsShut) {
  ReadGate gate;
  std::atomic<bool> entered = false;
  std::promise<void> about_to;
  std::optional<ReadGate::Shut> shut(std::in_place, gate);
  std::thread reader([&] {
    about_to.set_value();
    const ReadGate::Pass pass(gate);
    entered = true;
  });
  about_to.get_future().wait();
  for (int spin = 0; spin < 1'000; ++spin) {
    std::this_thread::yield();
  }

  EXPECT_FALSE(entered);
  shut.reset();
  reader.join();
  EXPECT_TRUE(entered);
}

TEST(Checkpointer, CopiesTheLogEachSoManyPages) {
  OpenFile file;
  ReadGate gate;
  Checkpointer checkpointer(file.writer().handle(), gate, CheckpointOptions{50, 1 << 30});

  for (int index = 0; index < 300; ++index) {
    file.insert(3'000);
    checkpointer.run_if_due();
  }

  EXPECT_GE(checkpointer.count(), 3U);
  EXPECT_LT(file.wal_bytes(), 100U * 4'120U);  // it begins anew when nobody reads
}

/// Threads that read so that there is always a read under way: each one holds its own until another
/// has begun, or for some turns when the gate lets nobody in.
class OverlappingReads final {
 public:
  OverlappingReads(const OpenFile& file, ReadGate& gate, std::size_t threads) {
    threads_.reserve(threads);
    for (std::size_t index = 0; index < threads; ++index) {
      threads_.emplace_back(
          [this, &gate, connection = file.reader()]() mutable { read(gate, connection); });
    }
    while (begun_ < 10) {
      std::this_thread::yield();
    }
  }

  ~OverlappingReads() {
    stop_ = true;
    for (std::thread& thread : threads_) {
      thread.join();
    }
  }

 private:
  void read(ReadGate& gate, Connection& connection) {
    while (!stop_) {
      const ReadGate::Pass pass(gate);
      connection.execute("BEGIN; SELECT count(*) FROM t").value();
      const std::uint64_t mine = ++begun_;
      for (int turn = 0; turn < 200 && begun_ == mine && !stop_; ++turn) {
        std::this_thread::yield();
      }
      connection.execute("COMMIT").value();
    }
  }

  std::atomic<bool> stop_ = false;
  std::atomic<std::uint64_t> begun_ = 0;
  std::vector<std::thread> threads_;
};

/// Reads that overlap keep PASSIVE checkpoints from letting the log begin anew.
TEST(Checkpointer, KeepsTheLogSmallUnderReadsThatOverlap) {
  constexpr std::uint64_t kMaxBytes = 400'000;
  OpenFile file;
  file.insert(100);
  ReadGate gate;
  Checkpointer checkpointer(file.writer().handle(), gate, CheckpointOptions{20, kMaxBytes});
  {
    const OverlappingReads reads(file, gate, 3);
    for (int index = 0; index < 600; ++index) {
      file.insert(3'000);
      checkpointer.run_if_due();
    }
  }

  EXPECT_LT(file.wal_bytes(), 2 * kMaxBytes);  // without the gate: over 2 MB
  EXPECT_EQ(*file.writer().number("SELECT count(*) FROM t"), 601);
}

TEST(Checkpointer, DoesNotStopWritesForAReaderOfAnotherProgram) {
  OpenFile file;
  file.insert(100);
  auto foreign = file.reader();
  foreign.execute("BEGIN; SELECT count(*) FROM t").value();
  ReadGate gate;
  Checkpointer checkpointer(file.writer().handle(), gate, CheckpointOptions{100, 200'000});

  for (int index = 0; index < 200; ++index) {
    file.insert(3'000);
    checkpointer.run_if_due();
  }
  EXPECT_GT(file.wal_bytes(), 200'000U);  // it has to wait for the other program
  foreign.execute("COMMIT").value();
  for (int index = 0; index < 200; ++index) {
    file.insert(3'000);
    checkpointer.run_if_due();
  }

  EXPECT_EQ(*file.writer().number("SELECT count(*) FROM t"), 401);
  EXPECT_GE(checkpointer.count(), 1U);
}

TEST(Checkpointer, CutsTheLogLaterWhenAnotherProgramReads) {
  OpenFile file;
  file.insert(100);
  auto foreign = file.reader();
  foreign.execute("BEGIN; SELECT count(*) FROM t").value();
  ReadGate gate;
  Checkpointer checkpointer(file.writer().handle(), gate, CheckpointOptions{20, 1 << 30});
  file.insert(100);

  checkpointer.cut_log();
  checkpointer.run_if_due();
  EXPECT_GT(file.wal_bytes(), 0U);
  foreign.execute("COMMIT").value();
  checkpointer.run_if_due();
  EXPECT_GT(file.wal_bytes(), 0U);  // not with every commit: each try holds all reads back
  file.insert(100'000);
  checkpointer.run_if_due();

  EXPECT_EQ(file.wal_bytes(), 0U);
}

TEST(Checkpointer, CutsALogThatAnImportHasBlownUp) {
  OpenFile file;
  ReadGate gate;
  Checkpointer checkpointer(file.writer().handle(), gate, CheckpointOptions{20, 100'000});

  file.insert(1'000'000);
  EXPECT_GT(file.wal_bytes(), 1'000'000U);
  checkpointer.run_if_due();

  EXPECT_EQ(file.wal_bytes(), 0U);
}

}  // namespace
}  // namespace ginnel::storage::sqlite
