// SPDX-License-Identifier: MIT
#include "transfer/output_file.h"

#include <array>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <string>
#include <thread>
#include <unistd.h>

#include <gtest/gtest.h>

#include "support/temporary_folder.h"

namespace ginnel::transfer {
namespace {

namespace fs = std::filesystem;

std::string text_of(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(file), {}};
}

TEST(OutputFile, TakesTheEarlierOnesPlaceAtTheEnd) {
  const support::TemporaryFolder folder;
  std::ofstream(folder.file("a.csv")) << "old";
  auto file = OutputFile::open(folder.file("a.csv"));
  ASSERT_TRUE(file && file->write("ne") && file->write("w"));
  EXPECT_EQ(text_of(folder.file("a.csv")), "old");
  ASSERT_TRUE(file->finish());
  EXPECT_EQ(text_of(folder.file("a.csv")), "new");
}

TEST(OutputFile, LeavesTheEarlierOneWhenItIsNotFinished) {
  const support::TemporaryFolder folder;
  std::ofstream(folder.file("a.csv")) << "old";
  {
    auto file = OutputFile::open(folder.file("a.csv"));
    ASSERT_TRUE(file && file->write("half"));
  }
  EXPECT_EQ(text_of(folder.file("a.csv")), "old");
  EXPECT_FALSE(fs::exists(folder.file("a.csv.partial")));
}

TEST(OutputFile, APipeGetsEverythingAtTheEnd) {
  std::array<int, 2> ends{};
  ASSERT_EQ(::pipe(ends.data()), 0);
  const FileDescriptor reading(ends[0]);
  const FileDescriptor writing(ends[1]);
  auto file = OutputFile::open("/dev/fd/" + std::to_string(writing.number()));
  ASSERT_TRUE(file) << file.error().message;
  // More than a pipe holds: if it were sent now, nobody would take it and this would stand still.
  ASSERT_TRUE(file->write(std::string(1'000'000, 'x')));
  std::string got;
  std::thread reader([&got, from = reading.number()] {
    std::array<char, 4'096> piece{};
    while (got.size() < 1'000'000) {
      const ssize_t count = ::read(from, piece.data(), piece.size());
      if (count <= 0) {
        return;
      }
      got.append(piece.data(), static_cast<std::size_t>(count));
    }
  });
  EXPECT_TRUE(file->finish());
  reader.join();
  EXPECT_EQ(got, std::string(1'000'000, 'x'));
}

TEST(OutputFile, ADeviceIsWrittenToAndStaysOne) {
  auto file = OutputFile::open("/dev/null");
  ASSERT_TRUE(file && file->write("x") && file->finish());
  EXPECT_TRUE(fs::is_character_file("/dev/null"));
  auto full = OutputFile::open("/dev/full");
  ASSERT_TRUE(full && full->write("x"));
  const auto done = full->finish();
  ASSERT_FALSE(done);
  EXPECT_EQ(done.error().message, "cannot write to /dev/full: No space left on device");
}

TEST(OutputFile, SaysWhyItCannotBeWritten) {
  const support::TemporaryFolder folder;
  EXPECT_EQ(OutputFile::open(folder.path()).error().message,
            "cannot write to " + folder.path() + ": Is a directory");
  EXPECT_EQ(OutputFile::open(folder.file("no/a.csv")).error().message,
            "cannot write " + folder.file("no/a.csv") + ": No such file or directory");
}

}  // namespace
}  // namespace ginnel::transfer
