// SPDX-License-Identifier: MIT
#include "base/file_mark.h"

#include <filesystem>
#include <fstream>
#include <string>

#include <gtest/gtest.h>

#include "support/temporary_folder.h"

namespace ginnel {
namespace {

namespace fs = std::filesystem;
using State = FileMark::State;

class FileMarkTest : public testing::Test {
 protected:
  void SetUp() override { std::ofstream(path()) << "a"; }

  std::string path(const std::string& name = "a") const { return folder_.file(name); }

 private:
  support::TemporaryFolder folder_;
};

TEST_F(FileMarkTest, IsInPlaceWhateverIsWrittenIntoTheFile) {
  const auto mark = FileMark::of(path());
  ASSERT_TRUE(mark);
  std::ofstream(path()) << "other";
  EXPECT_EQ(mark->state(), State::kInPlace);
}

TEST_F(FileMarkTest, SeesThatTheFileIsMovedAwayAndBack) {
  const auto mark = FileMark::of(path());
  fs::rename(path(), path("b"));
  EXPECT_EQ(mark->state(), State::kMissing);
  fs::rename(path("b"), path());
  EXPECT_EQ(mark->state(), State::kInPlace);
}

TEST_F(FileMarkTest, TellsAnotherFileOfTheName) {
  const auto mark = FileMark::of(path());
  std::ofstream(path("b")) << "a";
  fs::rename(path("b"), path());
  EXPECT_EQ(mark->state(), State::kReplaced);
}

TEST_F(FileMarkTest, IsNoneWhereNoFileIs) {
  EXPECT_FALSE(FileMark::of(path("b")));
}

}  // namespace
}  // namespace ginnel
