// SPDX-License-Identifier: MIT
#include "base/file_io.h"

#include <cstdio>
#include <filesystem>
#include <fstream>
#include <string>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#include <gtest/gtest.h>

#include "support/temporary_folder.h"

namespace ginnel {
namespace {

class OpenRegularFile : public testing::Test {
 protected:
  std::string path(const std::string& name) const { return folder_.file(name); }

  ErrorKind fault(const std::string& name) const {
    const auto file = open_regular_file(path(name));
    EXPECT_FALSE(file) << name;
    EXPECT_FALSE(file.error().message.empty());
    return file.error().kind;
  }

 private:
  support::TemporaryFolder folder_;
};

TEST_F(OpenRegularFile, OpensAFileAndWhatLeadsToOne) {
  std::ofstream(path("file")) << "x";
  ASSERT_EQ(::symlink("file", path("link").c_str()), 0);
  EXPECT_TRUE(open_regular_file(path("file")));
  EXPECT_TRUE(open_regular_file(path("link")));
}

TEST_F(OpenRegularFile, SaysWhatIsNotThere) {
  ASSERT_EQ(::symlink("nowhere", path("dead").c_str()), 0);
  std::ofstream(path("file")) << "x";
  EXPECT_EQ(fault("missing"), ErrorKind::kNotFound);
  EXPECT_EQ(fault("dead"), ErrorKind::kNotFound);
  EXPECT_EQ(fault("file/below"), ErrorKind::kNotFound);
}

TEST_F(OpenRegularFile, NeitherWaitsForNorTakesWhatIsNoFile) {
  ASSERT_EQ(::mkfifo(path("pipe").c_str(), 0600), 0);
  ASSERT_EQ(::mkdir(path("folder").c_str(), 0700), 0);
  ASSERT_EQ(::symlink("/dev/zero", path("device").c_str()), 0);
  ASSERT_EQ(::symlink("circle", path("circle").c_str()), 0);
  const int socket = ::socket(AF_UNIX, SOCK_STREAM, 0);
  sockaddr_un address{.sun_family = AF_UNIX, .sun_path = {}};
  std::snprintf(address.sun_path, sizeof address.sun_path, "%s", path("socket").c_str());
  ASSERT_EQ(::bind(socket, reinterpret_cast<const sockaddr*>(&address), sizeof address), 0);
  ::close(socket);
  for (const char* name : {"pipe", "folder", "device", "circle", "socket"}) {
    EXPECT_EQ(fault(name), ErrorKind::kInvalid) << name;
  }
}

TEST_F(OpenRegularFile, SaysWhatTheSystemRefuses) {
  std::string name(300, 'x');
  EXPECT_EQ(fault(name), ErrorKind::kUnavailable);
}

}  // namespace
}  // namespace ginnel
