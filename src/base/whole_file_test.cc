// SPDX-License-Identifier: MIT
#include "base/whole_file.h"

#include <filesystem>
#include <fstream>
#include <iterator>
#include <optional>
#include <string>
#include <sys/stat.h>

#include <gtest/gtest.h>

#include "base/file_io.h"
#include "support/temporary_folder.h"

namespace ginnel {
namespace {

namespace fs = std::filesystem;
using IfThere = WholeFile::IfThere;

class WholeFileTest : public testing::Test {
 protected:
  std::string path(const std::string& name) const { return folder_.file(name); }

  std::string text_of(const std::string& name) const {
    std::ifstream file(path(name), std::ios::binary);
    return {std::istreambuf_iterator<char>(file), {}};
  }

  void put(const std::string& name, const std::string& text) const {
    std::ofstream(path(name), std::ios::binary) << text;
  }

  std::size_t files() const {
    return static_cast<std::size_t>(
        std::distance(fs::directory_iterator(folder_.path()), fs::directory_iterator()));
  }

 private:
  support::TemporaryFolder folder_;
};

TEST_F(WholeFileTest, AppearsWhenItIsKept) {
  auto file = WholeFile::make(path("a"), 0600);
  ASSERT_TRUE(file) << file.error().message;
  ASSERT_TRUE(write_all(file->number(), "whole"));
  EXPECT_FALSE(fs::exists(path("a")));

  ASSERT_TRUE(file->keep(IfThere::kRefuse));

  EXPECT_EQ(text_of("a"), "whole");
  EXPECT_EQ(files(), 1U);
  struct stat found {};
  ASSERT_EQ(::stat(path("a").c_str(), &found), 0);
  EXPECT_EQ(found.st_mode & 0777, 0600U);
}

TEST_F(WholeFileTest, LeavesNothingWhenItIsNotKept) {
  {
    const auto file = WholeFile::make(path("a"), 0600);
    ASSERT_TRUE(file);
  }
  EXPECT_EQ(files(), 0U);
}

TEST_F(WholeFileTest, ReplacesWhatIsThereOrRefusesTo) {
  put("a", "old");
  {
    auto refused = WholeFile::make(path("a"), 0600);
    ASSERT_TRUE(refused && write_all(refused->number(), "new"));
    const auto kept = refused->keep(IfThere::kRefuse);
    ASSERT_FALSE(kept);
    EXPECT_EQ(kept.error().kind, ErrorKind::kConflict);
    EXPECT_EQ(kept.error().message, path("a") + " is there already");
  }
  EXPECT_EQ(text_of("a"), "old");
  EXPECT_EQ(files(), 1U);
  auto file = WholeFile::make(path("a"), 0600);
  ASSERT_TRUE(file && write_all(file->number(), "new"));
  ASSERT_TRUE(file->keep(IfThere::kReplace));
  EXPECT_EQ(text_of("a"), "new");
  EXPECT_EQ(files(), 1U);
}

TEST_F(WholeFileTest, ChangesPlacesWithWhatIsToStay) {
  put("a", "old");
  auto file = WholeFile::make(path("a"), 0600);
  ASSERT_TRUE(file && write_all(file->number(), "new"));

  ASSERT_TRUE(file->keep_and_rename(path("b")));

  EXPECT_EQ(text_of("a"), "new");
  EXPECT_EQ(text_of("b"), "old");
  EXPECT_EQ(files(), 2U);
  EXPECT_EQ(fs::hard_link_count(path("a")), 1U);
  EXPECT_EQ(fs::hard_link_count(path("b")), 1U);
}

TEST_F(WholeFileTest, ChangesNothingWhenThePlaceIsTaken) {
  put("a", "old");
  put("b", "precious");
  auto file = WholeFile::make(path("a"), 0600);
  ASSERT_TRUE(file && write_all(file->number(), "new"));

  const auto kept = file->keep_and_rename(path("b"));

  ASSERT_FALSE(kept);
  EXPECT_EQ(kept.error().kind, ErrorKind::kConflict);
  EXPECT_EQ(text_of("a"), "old");
  EXPECT_EQ(text_of("b"), "precious");
}

TEST_F(WholeFileTest, BelongsToOneWriterAtATime) {
  std::optional<Result<WholeFile>> first(WholeFile::make(path("a"), 0600));
  ASSERT_TRUE(*first && write_all((*first)->number(), "first"));
  const auto second = WholeFile::make(path("a"), 0600);
  ASSERT_FALSE(second);
  EXPECT_EQ(second.error().kind, ErrorKind::kConflict);
  EXPECT_EQ(text_of("a.partial"), "first") << "the other's is left alone";
  first.reset();
  EXPECT_TRUE(WholeFile::make(path("a"), 0600));
}

TEST_F(WholeFileTest, WhatAKilledWriterLeftIsWrittenAnew) {
  put("a.partial", "half of a longer text");
  auto file = WholeFile::make(path("a"), 0600);
  ASSERT_TRUE(file && write_all(file->number(), "whole"));
  ASSERT_TRUE(file->keep(IfThere::kRefuse));
  EXPECT_EQ(text_of("a"), "whole");
}

TEST_F(WholeFileTest, WritesTheFileBehindASymbolicLink) {
  fs::create_directory(path("far"));
  put("far/a", "old");
  fs::create_symlink("far/a", path("link"));
  auto file = WholeFile::make(path("link"), 0600);
  ASSERT_TRUE(file && write_all(file->number(), "new"));
  ASSERT_TRUE(file->keep(IfThere::kReplace));
  EXPECT_TRUE(fs::is_symlink(path("link")));
  EXPECT_EQ(text_of("far/a"), "new");
}

TEST_F(WholeFileTest, SaysWhyItCannotBeMade) {
  const auto file = WholeFile::make(path("no/such/folder"), 0600);
  ASSERT_FALSE(file);
  EXPECT_EQ(file.error().kind, ErrorKind::kInvalid);
  EXPECT_EQ(file.error().message,
            "cannot write " + path("no/such/folder") + ": No such file or directory");
}

TEST_F(WholeFileTest, NamesWhatIsInTheWay) {
  fs::create_directory(path("a.partial"));
  const auto file = WholeFile::make(path("a"), 0600);
  ASSERT_FALSE(file);
  EXPECT_EQ(file.error().message.find("cannot write " + path("a.partial") + ": Is a directory"), 0U)
      << file.error().message;
}

}  // namespace
}  // namespace ginnel
