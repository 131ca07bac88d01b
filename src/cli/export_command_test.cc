// SPDX-License-Identifier: MIT
#include "cli/export_command.h"

#include <filesystem>
#include <fstream>
#include <iterator>
#include <sstream>
#include <string>

#include <gtest/gtest.h>

#include "cli/command.h"
#include "support/temporary_folder.h"

namespace ginnel::cli {
namespace {

namespace fs = std::filesystem;
using change::RowKind;

class ExportCommand : public testing::Test {
 protected:
  std::string path(const std::string& name) const { return folder_.file(name); }

  static std::string read(const std::string& file) {
    std::ifstream stream(file, std::ios::binary);
    return {std::istreambuf_iterator<char>(stream), {}};
  }

  int import(RowKind kind, const std::string& file) {
    return run_import(ImportArguments{kind, file, "", false}, settings_, streams());
  }

  int export_to(RowKind kind, const std::string& file) {
    return run_export(ExportArguments{{kind}, file}, settings_, streams());
  }

  void SetUp() override { settings_.http.listen = {{"127.0.0.1", 8080}}; }

  void use_database(const std::string& name) { settings_.store.url = "sqlite:" + path(name); }

  std::ostringstream out_;
  std::ostringstream err_;

 private:
  Streams streams() {
    out_.str("");
    err_.str("");
    return {out_, err_, false};
  }

  support::TemporaryFolder folder_;
  config::Settings settings_;
};

TEST_F(ExportCommand, TheThreeRealFilesComeBackByteForByte) {
  use_database("a.db");
  for (const auto& [kind, name] : {std::pair(RowKind::kUser, "users.csv"),
                                   std::pair(RowKind::kLink, "urls.csv"),
                                   std::pair(RowKind::kEvent, "events.csv")}) {
    const std::string original = std::string(GINNEL_DATA_FOLDER) + "/" + name;
    ASSERT_EQ(import(kind, original), kAllImported) << err_.str();
    ASSERT_EQ(export_to(kind, path(name)), kSuccess) << err_.str();
    EXPECT_EQ(read(path(name)), read(original));
  }
  EXPECT_EQ(out_.str().find("events: 3422 written to " + path("events.csv") + " ("), 0U)
      << out_.str();
  use_database("b.db");
  ASSERT_EQ(import(RowKind::kUser, path("users.csv")), kAllImported);
  ASSERT_EQ(import(RowKind::kLink, path("urls.csv")), kAllImported);
  ASSERT_EQ(import(RowKind::kEvent, path("events.csv")), kAllImported);
  ASSERT_EQ(export_to(RowKind::kEvent, path("again.csv")), kSuccess);
  EXPECT_EQ(read(path("again.csv")), read(GINNEL_DATA_FOLDER "/events.csv"));
}

TEST_F(ExportCommand, SaysWhyThereIsNothingToExport) {
  use_database("no.db");
  EXPECT_EQ(export_to(RowKind::kUser, path("users.csv")), kFailure);
  EXPECT_EQ(err_.str(), "ginnel: " + path("no.db") + " does not exist\n");
  EXPECT_EQ(out_.str(), "");
  EXPECT_FALSE(fs::exists(path("users.csv")));
  EXPECT_FALSE(fs::exists(path("no.db"))) << "looking makes none";
}

TEST_F(ExportCommand, AnEmptyDatabaseGivesTheHeaderAlone) {
  use_database("a.db");
  std::ofstream(path("none.csv")) << "id,username,email,created_at\n";
  ASSERT_EQ(import(RowKind::kUser, path("none.csv")), kAllImported);
  ASSERT_EQ(export_to(RowKind::kUser, path("users.csv")), kSuccess);
  EXPECT_EQ(read(path("users.csv")), "id,username,email,created_at\n");
}

}  // namespace
}  // namespace ginnel::cli
