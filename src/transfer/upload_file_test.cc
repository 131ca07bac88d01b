// SPDX-License-Identifier: MIT
#include "transfer/upload_file.h"

#include <filesystem>
#include <string>
#include <unistd.h>

#include <gtest/gtest.h>

#include "base/file_io.h"

namespace ginnel::transfer {
namespace {

std::string text_of(Result<InputFile> input) {
  EXPECT_TRUE(input);
  std::string text(100, '\0');
  std::size_t length = 0;
  while (const std::size_t count = input->read(std::span(text).subspan(length)).value()) {
    length += count;
  }
  return text.substr(0, length);
}

TEST(UploadFile, IsReadFromItsBeginningEachTime) {
  auto upload = UploadFile::make(temporary_folder());
  ASSERT_TRUE(upload);
  EXPECT_TRUE(upload->append("id,user"));
  EXPECT_TRUE(upload->append("name,email,created_at\n"));
  EXPECT_EQ(upload->bytes(), 29U);
  for (int i = 0; i < 2; ++i) {
    const auto input = upload->input("users.csv");
    ASSERT_TRUE(input);
    EXPECT_EQ(input->name(), "users.csv");
    EXPECT_EQ(input->bytes(), 29U);
    // printf 'id,username,email,created_at\n' | sha256sum
    EXPECT_EQ(input->sha256(), "b5ea3eebc47d4f3f01dffb93ed9c294fb8b3a3b17b1138a071c868ada28b45c8");
    EXPECT_EQ(text_of(upload->input("users.csv")), "id,username,email,created_at\n");
  }
}

TEST(UploadFile, HasNoNameThatCouldStayBehind) {
  std::string folder = temporary_folder() + "/ginnel-upload-XXXXXX";
  ASSERT_NE(::mkdtemp(folder.data()), nullptr);
  auto upload = UploadFile::make(folder);
  ASSERT_TRUE(upload);
  EXPECT_TRUE(upload->append("rows"));
  EXPECT_TRUE(std::filesystem::is_empty(folder));
  std::filesystem::remove(folder);
}

TEST(UploadFile, NeedsAFolderThatIsThere) {
  const auto upload = UploadFile::make("/nowhere/at/all");
  ASSERT_FALSE(upload);
  EXPECT_EQ(upload.error().kind, ErrorKind::kUnavailable);
  EXPECT_EQ(upload.error().message, "The upload could not be kept; try again");
  EXPECT_EQ(upload.error().detail, "cannot make the upload's file: No such file or directory");
}

}  // namespace
}  // namespace ginnel::transfer
