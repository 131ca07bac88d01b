// SPDX-License-Identifier: MIT
#include "cli/import_command.h"

#include <filesystem>
#include <fstream>
#include <iterator>
#include <sstream>
#include <string>
#include <string_view>
#include <unistd.h>
#include <vector>

#include <gtest/gtest.h>

#include "base/run_blocking_task.h"
#include "cli/command_stores.h"
#include "cli/progress_bar.h"
#include "storage/stores.h"
#include "support/open_stores.h"

namespace ginnel::cli {
namespace {

namespace fs = std::filesystem;
using change::RowKind;

class ImportCommand : public testing::Test {
 public:
  ~ImportCommand() override { fs::remove_all(folder_); }

 protected:
  ImportCommand() {
    std::string pattern = (fs::temp_directory_path() / "ginnel-import-XXXXXX").string();
    folder_ = ::mkdtemp(pattern.data());
    settings_.store.url = "sqlite:" + path("ginnel.db");
    settings_.links.public_url = "https://GO.example.org:8443/x";
    settings_.http.listen = {{"127.0.0.1", 8080}};
  }

  std::string path(const std::string& name) const { return (folder_ / name).string(); }

  std::string write(const std::string& name, std::string_view text) const {
    std::ofstream(path(name), std::ios::binary) << text;
    return path(name);
  }

  static std::string read(const std::string& file) {
    std::ifstream stream(file, std::ios::binary);
    return {std::istreambuf_iterator<char>(stream), {}};
  }

  int import(RowKind kind, const std::string& file) {
    return import(ImportArguments{kind, file, "", false});
  }

  int import(const ImportArguments& arguments) {
    out_.str("");
    err_.str("");
    return run_import(arguments, settings_, Streams{out_, err_, false});
  }

  /// The summary without the time it took.
  std::string summary() const {
    const std::string text = out_.str();
    return text.substr(0, text.find(" ("));
  }

  /// The first rows of the database, of each kind.
  void expect_seeds_inside() const {
    NothingCached listener;
    auto stores = support::open_stores(settings_.store, listener);
    ASSERT_TRUE(stores) << stores.error().message;
    const auto user = run_blocking_task((*stores)->users().find({400}, {}));
    ASSERT_TRUE(user && user->has_value());
    EXPECT_EQ((*user)->username, "ivoryengine58");
    const auto link = run_blocking_task((*stores)->links().find(domain::LinkId{2000}, {}));
    ASSERT_TRUE(link && link->has_value());
    EXPECT_EQ((*link)->code, "jkKb5z");
    EXPECT_FALSE((*link)->enabled);
    const auto event = run_blocking_task((*stores)->events().find({3422}, {}));
    ASSERT_TRUE(event && event->has_value());
    EXPECT_EQ((*event)->details, "{\"reason\":\"user_requested\"}");
    EXPECT_EQ((*event)->origin, domain::EventOrigin::kImport);
  }

  config::Settings settings_;
  std::ostringstream out_;
  std::ostringstream err_;

 private:
  fs::path folder_;
};

constexpr std::string_view kUsers =
    "id,username,email,created_at\n"
    "1,ada,ada@example.com,2025-07-13 12:40:57\n"
    "2,bob,bob@example.com,2025-07-14 12:40:57\n";

TEST_F(ImportCommand, BringsTheThreeRealFilesAndChangesNothingASecondTime) {
  EXPECT_EQ(import(RowKind::kUser, GINNEL_DATA_FOLDER "/users.csv"), kAllImported) << err_.str();
  EXPECT_EQ(summary(), "users: 400 read, 400 inserted, 0 unchanged, 0 skipped, 0 rejected");
  EXPECT_EQ(import(RowKind::kLink, GINNEL_DATA_FOLDER "/urls.csv"), kAllImported) << err_.str();
  EXPECT_EQ(summary(), "urls: 2000 read, 2000 inserted, 0 unchanged, 0 skipped, 0 rejected");
  EXPECT_EQ(import(RowKind::kEvent, GINNEL_DATA_FOLDER "/events.csv"), kAllImported) << err_.str();
  EXPECT_EQ(summary(), "events: 3422 read, 3422 inserted, 0 unchanged, 0 skipped, 0 rejected");
  expect_seeds_inside();
  EXPECT_EQ(import(RowKind::kUser, GINNEL_DATA_FOLDER "/users.csv"), kAllImported);
  EXPECT_EQ(summary(), "users: 400 read, 0 inserted, 400 unchanged, 0 skipped, 0 rejected");
  EXPECT_EQ(import(RowKind::kLink, GINNEL_DATA_FOLDER "/urls.csv"), kAllImported);
  EXPECT_EQ(summary(), "urls: 2000 read, 0 inserted, 2000 unchanged, 0 skipped, 0 rejected");
  EXPECT_EQ(import(RowKind::kEvent, GINNEL_DATA_FOLDER "/events.csv"), kAllImported);
  EXPECT_EQ(summary(), "events: 3422 read, 0 inserted, 3422 unchanged, 0 skipped, 0 rejected");
  EXPECT_EQ(err_.str(), "");
}

TEST_F(ImportCommand, SaysWhichRowsWereLeftOutAndWhere) {
  const auto file = write("users.csv", kUsers);
  ASSERT_EQ(import(RowKind::kUser, file), kAllImported);
  write("users.csv",
        "id,username,email,created_at\n"
        "1,eve,ada@example.com,2025-07-13 12:40:57\n"
        "x,fay,fay@example.com,2025-07-13 12:40:57\n"
        "4,ADA,new@example.com,2025-07-13 12:40:57\n"
        "5,gus,gus@example.com,2025-07-13 12:40:57\n");
  EXPECT_EQ(import(RowKind::kUser, file), kSomeLeftOut);
  EXPECT_EQ(summary(), "users: 4 read, 1 inserted, 0 unchanged, 2 skipped, 1 rejected");
  EXPECT_TRUE(
      out_.str().ends_with("the rows that were left out are in " + file + ".rejected.csv\n"));
  const auto rejected = read(file + ".rejected.csv");
  EXPECT_NE(rejected.find("2,\"user 1 is there already, with other content\",1,eve,"),
            std::string::npos)
      << rejected;
  EXPECT_NE(rejected.find("3,id: must be a whole number"), std::string::npos) << rejected;
  EXPECT_NE(rejected.find("4,username is taken by user 1,4,ADA,"), std::string::npos) << rejected;
}

TEST_F(ImportCommand, DeletedRowsDoNotComeBack) {
  const auto file = write("users.csv", kUsers);
  ASSERT_EQ(import(RowKind::kUser, file), kAllImported);
  {
    NothingCached listener;
    auto stores = support::open_stores(settings_.store, listener);
    ASSERT_TRUE(stores);
    ASSERT_TRUE(run_blocking_task((*stores)->users().remove({2}, {})));
  }
  EXPECT_EQ(import(RowKind::kUser, file), kSomeLeftOut);
  EXPECT_EQ(summary(), "users: 2 read, 0 inserted, 1 unchanged, 1 skipped, 0 rejected");
  EXPECT_NE(read(file + ".rejected.csv").find("user 2 was deleted"), std::string::npos);
}

TEST_F(ImportCommand, LinksToTheServiceItselfAreRejected) {
  ASSERT_EQ(import(RowKind::kUser, write("users.csv", kUsers)), kAllImported);
  settings_.links.own_hosts = {"other.example.org"};
  const std::string header =
      "id,user_id,short_code,original_url,title,is_active,created_at,updated_at\n";
  const std::string tail = ",t,True,2025-07-13 12:40:57,2025-07-13 12:40:57\n";
  const auto file = write("urls.csv",
                          header + "1,1,aaaa,https://go.example.org/x" + tail +
                              "2,1,bbbb,https://other.example.org/" + tail +
                              "3,1,cccc,https://example.org/" + tail);
  EXPECT_EQ(import(RowKind::kLink, file), kSomeLeftOut);
  EXPECT_EQ(summary(), "urls: 3 read, 1 inserted, 0 unchanged, 0 skipped, 2 rejected");
}

TEST_F(ImportCommand, AFailureImportsNothingAndSaysSo) {
  const auto file = write("users.csv", std::string(kUsers) + "3,\"open\n");
  EXPECT_EQ(import(RowKind::kUser, file), kImportFailed);
  EXPECT_EQ(err_.str(),
            "ginnel: line 4: a quote that opens here is never closed\nnothing was imported\n");
  EXPECT_EQ(out_.str(), "");
  EXPECT_EQ(import(RowKind::kUser, write("users.csv", kUsers)), kAllImported);
  EXPECT_EQ(summary(), "users: 2 read, 2 inserted, 0 unchanged, 0 skipped, 0 rejected");
}

TEST_F(ImportCommand, AServedDatabaseIsLeftAloneAndTheCommandNamed) {
  NothingCached listener;
  const auto server = support::open_stores(settings_.store, listener);
  ASSERT_TRUE(server);
  const auto file = write("o'users.csv", kUsers);
  EXPECT_EQ(import(ImportArguments{RowKind::kUser, file, "r.csv", false}), kImportFailed);
  EXPECT_NE(err_.str().find("is being served by another process"), std::string::npos);
  EXPECT_NE(err_.str().find("\n  ginnel import users '" + path("o'\\''users.csv") +
                            "' --rejects r.csv --database.url " + settings_.store.url + "\n"),
            std::string::npos)
      << err_.str();
}

TEST_F(ImportCommand, ADryRunNeedsNoDatabase) {
  settings_.store.url = "sqlite:" + path("missing/folder/ginnel.db");
  const auto file = write("users.csv", std::string(kUsers) + "x\n");
  EXPECT_EQ(import(ImportArguments{RowKind::kUser, file, path("r.csv"), true}), kSomeLeftOut);
  EXPECT_EQ(summary(), "users: 3 read, 2 to insert, 0 unchanged, 0 skipped, 1 rejected");
  EXPECT_NE(out_.str().find("; nothing was imported\n"), std::string::npos);
  EXPECT_NE(out_.str().find(path("r.csv")), std::string::npos);
  EXPECT_FALSE(fs::exists(path("missing")));
}

TEST_F(ImportCommand, ADryRunForeseesWhatIsSkippedAndWhy) {
  const auto file = write("users.csv", kUsers);
  ASSERT_EQ(import(RowKind::kUser, file), kAllImported);
  const auto more = write("more.csv",
                          "id,username,email,created_at\n"
                          "1,other,other@example.com,2025-01-01 00:00:00\n"
                          "7,ADA,x@example.com,2025-01-01 00:00:00\n"
                          "8,,y@example.com,2025-01-01 00:00:00\n"
                          "9,new,new@example.com,2025-01-01 00:00:00\n"
                          "10,New,z@example.com,2025-01-01 00:00:00\n");
  EXPECT_EQ(import(ImportArguments{RowKind::kUser, more, path("dry.csv"), true}), kSomeLeftOut);
  EXPECT_EQ(summary(), "users: 5 read, 1 to insert, 0 unchanged, 3 skipped, 1 rejected");
  EXPECT_EQ(import(ImportArguments{RowKind::kUser, more, path("real.csv"), false}), kSomeLeftOut);
  EXPECT_EQ(summary(), "users: 5 read, 1 inserted, 0 unchanged, 3 skipped, 1 rejected");
  EXPECT_EQ(read(path("dry.csv")), read(path("real.csv")));
}

TEST(ProgressBar, ShowsShareRowsAndRate) {
  std::ostringstream out;
  const ProgressBar bar(out, true, 1'000);
  using std::chrono::seconds;
  EXPECT_EQ(bar.line(0, 0, seconds(0)), "[--------------------]   0 %  0 rows  0 rows/s");
  EXPECT_EQ(bar.line(250, 50'000, seconds(2)),
            "[#####---------------]  25 %  50000 rows  25000 rows/s");
  EXPECT_EQ(bar.line(1'000, 7, seconds(7)), "[####################] 100 %  7 rows  1 rows/s");
  EXPECT_EQ(ProgressBar(out, true, 0).line(0, 0, seconds(1)),
            "[####################] 100 %  0 rows  0 rows/s");
}

TEST(ProgressBar, DrawsTenTimesASecondOnATerminalAndNeverElsewhere) {
  std::ostringstream terminal;
  std::ostringstream file;
  const auto begin = ProgressBar::Clock::now();
  {
    ProgressBar bar(terminal, true, 1'000);
    ProgressBar silent(file, false, 1'000);
    for (int i = 0; i <= 250; ++i) {
      bar.show(1, 1, begin + std::chrono::milliseconds(i));
      silent.show(1, 1, begin + std::chrono::milliseconds(i));
    }
  }
  const std::string text = terminal.str();
  EXPECT_EQ(std::count(text.begin(), text.end(), '['), 2 * 3 + 1) << "three drawings and a wipe";
  EXPECT_TRUE(text.ends_with("\r\x1b[K"));
  EXPECT_EQ(file.str(), "");
}

}  // namespace
}  // namespace ginnel::cli
