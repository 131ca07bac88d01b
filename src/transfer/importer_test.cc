// SPDX-License-Identifier: MIT
#include "transfer/importer.h"

#include <filesystem>
#include <fstream>
#include <iterator>
#include <map>
#include <string>
#include <string_view>
#include <sys/stat.h>
#include <unistd.h>
#include <utility>
#include <vector>

#include <gtest/gtest.h>

#include "base/run_blocking_task.h"

namespace ginnel::transfer {
namespace {

namespace fs = std::filesystem;

std::int64_t id_of(const change::ImportRow& row) {
  return std::visit([](const auto& entity) { return entity.id.value; }, row);
}

/// Keeps rows in a map, as the interface says a store does.
class MapImportStore final : public storage::ImportStore {
 public:
  std::map<std::int64_t, change::ImportRow> rows;
  std::vector<change::ImportOrigin> origins;

  Task<Result<std::unique_ptr<storage::Import>>> begin(change::ImportOrigin origin) override;
};

class MapImport final : public storage::Import {
 public:
  MapImport(MapImportStore& store, change::ImportOrigin origin)
      : store_(store), origin_(std::move(origin)), rows_(store.rows) {}

  Task<Result<change::ImportCounts>> commit(change::Context) override {
    store_.rows = std::move(rows_);
    store_.origins.push_back(std::move(origin_));
    co_return tally_.counts();
  }

 private:
  Task<Result<std::vector<change::ImportVerdict>>> bring(
      std::vector<change::ImportRow> rows) override {
    auto keep_row = [this](const change::ImportRow& row) { return keep(row); };
    co_return tally_.add_all(rows, keep_row);
  }

  Result<change::ImportVerdict> keep(const change::ImportRow& row) {
    const std::int64_t id = id_of(row);
    const auto [place, is_new] = rows_.emplace(id, row);
    if (is_new) {
      return change::ImportVerdict();
    }
    if (place->second == row) {
      return change::ImportVerdict{change::ImportOutcome::kUnchanged, ""};
    }
    return change::ImportVerdict{change::ImportOutcome::kDiffers,
                                 "id " + std::to_string(id) + " is there with other content"};
  }

  MapImportStore& store_;
  change::ImportOrigin origin_;
  std::map<std::int64_t, change::ImportRow> rows_;
  change::ImportTally tally_;
};

Task<Result<std::unique_ptr<storage::Import>>> MapImportStore::begin(change::ImportOrigin origin) {
  co_return std::make_unique<MapImport>(*this, std::move(origin));
}

class Importer : public testing::Test {
 public:
  ~Importer() override { fs::remove_all(folder_); }

 protected:
  Importer() {
    std::string pattern = (fs::temp_directory_path() / "ginnel-importer-XXXXXX").string();
    folder_ = ::mkdtemp(pattern.data());
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

  ImportPlan plan(change::RowKind kind) const {
    ImportPlan plan;
    plan.kind = kind;
    plan.rejects_path = path("rejected.csv");
    return plan;
  }

  Result<ImportReport> import(change::RowKind kind, const std::string& file) {
    return import(plan(kind), file);
  }

  Result<ImportReport> import(ImportPlan plan, const std::string& file) {
    auto input = InputFile::open(file);
    if (!input) {
      return std::move(input).error();
    }
    return run_blocking_task(import_file(std::move(*input), std::move(plan), disk_, store_, {}));
  }

  MapImportStore store_;
  BlockingThread disk_{"ginnel-test"};

 private:
  fs::path folder_;
};

std::string text_of(const Result<ImportReport>& report) {
  if (!report) {
    return "error: " + report.error().message;
  }
  return std::to_string(report->read) + " read, " + std::to_string(report->inserted) +
         " inserted, " + std::to_string(report->unchanged) + " unchanged, " +
         std::to_string(report->skipped) + " skipped, " + std::to_string(report->rejected) +
         " rejected";
}

/// The real files.
const std::string kData = fs::path(__FILE__).parent_path() / "../../tests/data";

constexpr std::string_view kUsers =
    "id,username,email,created_at\n"
    "1,ada,ada@example.com,2025-07-13 12:40:57\n"
    "2,bob,bob@example.com,2025-07-14 12:40:57\n";

TEST_F(Importer, TheThreeRealFilesAreTakenWhole) {
  EXPECT_EQ(text_of(import(change::RowKind::kUser, kData + "/users.csv")),
            "400 read, 400 inserted, 0 unchanged, 0 skipped, 0 rejected");
  store_.rows.clear();
  EXPECT_EQ(text_of(import(change::RowKind::kLink, kData + "/urls.csv")),
            "2000 read, 2000 inserted, 0 unchanged, 0 skipped, 0 rejected");
  store_.rows.clear();
  EXPECT_EQ(text_of(import(change::RowKind::kEvent, kData + "/events.csv")),
            "3422 read, 3422 inserted, 0 unchanged, 0 skipped, 0 rejected");
  EXPECT_EQ(std::get<domain::Event>(store_.rows.at(3422)).details,
            "{\"reason\":\"user_requested\"}");
  EXPECT_FALSE(fs::exists(path("rejected.csv")));
}

TEST_F(Importer, ASecondImportChangesNothing) {
  const auto file = write("users.csv", kUsers);
  ASSERT_TRUE(import(change::RowKind::kUser, file));
  EXPECT_EQ(text_of(import(change::RowKind::kUser, file)),
            "2 read, 0 inserted, 2 unchanged, 0 skipped, 0 rejected");
  EXPECT_FALSE(fs::exists(path("rejected.csv")));
}

TEST_F(Importer, BadRowsAreSetAsideAndTheRestIsImported) {
  const auto file = write("users.csv",
                          std::string(kUsers) +
                              "x,\"c,d\",c@example.com,2025-07-13 12:40:57\n"
                              "\n"
                              "4,dan\n"
                              "1,other,ada@example.com,2025-07-13 12:40:57\n"
                              "5,\"5\"\" disk\",e@example.com,2025-07-13 12:40:57\n");
  const auto report = import(change::RowKind::kUser, file);
  EXPECT_EQ(text_of(report), "6 read, 3 inserted, 0 unchanged, 1 skipped, 2 rejected");
  EXPECT_EQ(report->rejects_path, path("rejected.csv"));
  EXPECT_EQ(read(path("rejected.csv")),
            "line,reason,id,username,email,created_at\n"
            "4,id: must be a whole number from 1 to 9007199254740991,x,\"c,d\",c@example.com,"
            "2025-07-13 12:40:57\n"
            "6,\"has 2 columns, the header has 4\",4,dan\n"
            "7,id 1 is there with other content,1,other,ada@example.com,2025-07-13 12:40:57\n");
  EXPECT_EQ(std::get<domain::User>(store_.rows.at(5)).username, "5\" disk");
}

TEST_F(Importer, ACorrectedRejectsFileIsAnInput) {
  const auto file =
      write("users.csv", std::string(kUsers) + "x,eve,eve@example.com,2025-07-13 12:40:57\n");
  ASSERT_EQ(import(change::RowKind::kUser, file)->rejected, 1u);
  std::string corrected = read(path("rejected.csv"));
  corrected.replace(corrected.find(",x,"), 3, ",3,");
  EXPECT_EQ(text_of(import(change::RowKind::kUser, write("corrected.csv", corrected))),
            "1 read, 1 inserted, 0 unchanged, 0 skipped, 0 rejected");
  EXPECT_EQ(std::get<domain::User>(store_.rows.at(3)).username, "eve");
}

TEST_F(Importer, TheRejectsFileIsForItsOwnerAlone) {
  ASSERT_TRUE(import(change::RowKind::kUser, write("users.csv", std::string(kUsers) + "x\n")));
  struct stat found {};
  ASSERT_EQ(::stat(path("rejected.csv").c_str(), &found), 0);
  EXPECT_EQ(found.st_mode & 0777u, 0600u);
}

TEST_F(Importer, AFileThatCannotBeReadOnImportsNothing) {
  const auto file = write("users.csv", std::string(kUsers) + "3,\"open\n");
  EXPECT_EQ(text_of(import(change::RowKind::kUser, file)),
            "error: line 4: a quote that opens here is never closed");
  EXPECT_TRUE(store_.rows.empty());
}

TEST_F(Importer, FilesWithoutAUsableHeaderAreNamed) {
  EXPECT_EQ(text_of(import(change::RowKind::kUser, write("a.csv", ""))),
            "error: the file is empty: its first line must name the columns");
  EXPECT_EQ(text_of(import(change::RowKind::kLink, write("b.csv", "\n" + std::string(kUsers)))),
            "error: line 2: the header lacks user_id, short_code, original_url, title, is_active, "
            "updated_at");
  EXPECT_EQ(text_of(import(change::RowKind::kUser, write("c.csv", "id,user\"name\n"))),
            "error: line 1: the header has a quote inside an unquoted cell");
  EXPECT_EQ(text_of(import(change::RowKind::kUser, write("d.csv", "id,username,email,created_at"))),
            "0 read, 0 inserted, 0 unchanged, 0 skipped, 0 rejected");
}

TEST_F(Importer, TheRejectsFileMayNotBeTheInput) {
  const auto file = write("users.csv", std::string(kUsers) + "x\n");
  fs::create_symlink(file, path("alias.csv"));
  auto careless = plan(change::RowKind::kUser);
  careless.rejects_path = path("alias.csv");
  EXPECT_EQ(text_of(import(careless, file)),
            "error: the rejected rows cannot go to the imported file itself");
  EXPECT_EQ(read(file), std::string(kUsers) + "x\n");
  EXPECT_TRUE(store_.rows.empty());
}

TEST_F(Importer, ARejectsFileThatCannotBeWrittenUndoesTheImport) {
  auto nowhere = plan(change::RowKind::kUser);
  nowhere.rejects_path = path("missing/rejected.csv");
  EXPECT_EQ(text_of(import(nowhere, write("users.csv", std::string(kUsers) + "x\n"))),
            "error: cannot write " + path("missing/rejected.csv") + ": No such file or directory");
  // The same when it is the store's verdict on the last row that has to be written.
  const auto differing = std::string(kUsers) + "1,eve,eve@example.com,2025-07-13 12:40:57\n";
  EXPECT_TRUE(text_of(import(nowhere, write("users.csv", differing))).starts_with("error: "));
  EXPECT_TRUE(store_.rows.empty());
}

TEST_F(Importer, AFullDiskUndoesTheImport) {
  auto full = plan(change::RowKind::kUser);
  full.rejects_path = "/dev/full";
  EXPECT_EQ(text_of(import(full, write("users.csv", std::string(kUsers) + "x\n"))),
            "error: cannot write /dev/full: No space left on device");
  EXPECT_TRUE(store_.rows.empty());
}

TEST_F(Importer, TellsTheStoreWhereTheRowsComeFrom) {
  ASSERT_TRUE(import(change::RowKind::kUser, write("users.csv", kUsers)));
  ASSERT_TRUE(import(change::RowKind::kUser, write("empty.csv", kUsers.substr(0, 29))));
  EXPECT_EQ(store_.origins[0].entity, "user");
  EXPECT_EQ(store_.origins[0].file, "users.csv");
  // printf 'id,username,email,created_at\n' | sha256sum
  EXPECT_EQ(store_.origins[1].sha256,
            "b5ea3eebc47d4f3f01dffb93ed9c294fb8b3a3b17b1138a071c868ada28b45c8");
}

TEST_F(Importer, TellsOfTheRowsThatAreLeftOut) {
  std::vector<std::string> heard;
  auto watched = plan(change::RowKind::kUser);
  watched.on_left_out = [&heard](const RejectedRow& row) {
    heard.push_back(std::to_string(row.line) + " " + std::string(row.reason));
  };
  const auto file =
      write("users.csv", std::string(kUsers) + "1,eve,e@b.cd,2025-07-13 12:40:57\nx\n");
  EXPECT_EQ(text_of(import(watched, file)),
            "4 read, 2 inserted, 0 unchanged, 1 skipped, 1 rejected");
  EXPECT_EQ(heard,
            (std::vector<std::string>{"4 id 1 is there with other content",
                                      "5 has 1 columns, the header has 4"}));
  EXPECT_FALSE(fs::exists(path("rejected.csv")));
}

TEST_F(Importer, ImportsNothingWhenItIsStopped) {
  auto stopped = plan(change::RowKind::kUser);
  int rows = 0;
  stopped.stopped = [&rows] { return ++rows == 2; };
  EXPECT_EQ(text_of(import(stopped, write("users.csv", kUsers))),
            "error: The import was stopped; nothing was imported");
  EXPECT_TRUE(store_.rows.empty());
}

TEST_F(Importer, KeepsTheOrderOfTheFileAcrossBatches) {
  constexpr std::string_view kTime = ",2025-07-13 12:40:57\n";
  std::string text = "id,username,email,created_at\n1,ada,ada@example.com,2025-07-13 12:40:57\n";
  std::string expected = "line,reason,id,username,email,created_at\n";
  for (int line = 3; line < 4'000; ++line) {
    const std::string row = (line % 2 == 0 ? "x" : "1") + std::string(",u,u@example.com");
    const std::string reason = line % 2 == 0
                                   ? "id: must be a whole number from 1 to 9007199254740991"
                                   : "id 1 is there with other content";
    text.append(row).append(kTime);
    expected.append(std::to_string(line) + "," + reason + "," + row).append(kTime);
  }

  EXPECT_EQ(text_of(import(change::RowKind::kUser, write("users.csv", text))),
            "3998 read, 1 inserted, 0 unchanged, 1999 skipped, 1998 rejected");
  EXPECT_EQ(read(path("rejected.csv")), expected);
}

TEST_F(Importer, TellsOfTheFirstFaultOfABatch) {
  auto nowhere = plan(change::RowKind::kUser);
  nowhere.rejects_path = path("missing/rejected.csv");
  const auto differing = std::string(kUsers) + "1,eve,eve@example.com,2025-07-13 12:40:57\n";
  EXPECT_TRUE(text_of(import(nowhere, write("users.csv", differing + "4,\"open\n")))
                  .starts_with("error: cannot write "));
  EXPECT_EQ(text_of(import(change::RowKind::kUser, path("users.csv"))),
            "error: line 5: a quote that opens here is never closed");
  EXPECT_TRUE(store_.rows.empty());
}

TEST_F(Importer, TellsItsProgress) {
  std::string text = "id,username,email,created_at\n";
  for (int i = 1; i <= 2'500; ++i) {
    const auto number = std::to_string(i);
    text.append(number).append(",u").append(number).append(",u").append(number);
    text += "@example.com,2025-07-13 12:40:57\n";
  }
  std::vector<ImportProgress> heard;
  auto watched = plan(change::RowKind::kUser);
  watched.on_progress = [&heard](const ImportProgress& progress) { heard.push_back(progress); };
  ASSERT_TRUE(import(watched, write("users.csv", text)));
  ASSERT_EQ(heard.size(), 3u);
  EXPECT_EQ(heard[0].rows, 1'000u);
  EXPECT_EQ(heard[1].rows, 2'000u);
  EXPECT_GT(heard[1].bytes, heard[0].bytes);
  EXPECT_EQ(heard[2].rows, 2'500u);
  EXPECT_EQ(heard[2].bytes, text.size());
}

TEST_F(Importer, AFileThatASpreadsheetSavedIsTaken) {
  const auto file = write("users.csv",
                          "\xef\xbb\xbfsep=;\r\n"
                          ";;;;\r\n"
                          "ID;User_Name ;Username;EMAIL;Created At\r\n"
                          "1;x;ada;ada@example.com;2025-07-13T14:40:57+02:00\r\n"
                          ";;;;\r\n"
                          "\r\n"
                          "2;\"\";\"bob\";bob@example.com;2025-07-13 12:40:57Z;;\r\n"
                          " ; ; ; ; \r\n"
                          "\x1a");
  EXPECT_EQ(text_of(import(change::RowKind::kUser, file)),
            "2 read, 2 inserted, 0 unchanged, 0 skipped, 0 rejected");
  const auto same = write("same.csv",
                          "id,username,email,created_at\n"
                          "1,ada,ada@example.com,2025-07-13 12:40:57\n"
                          ",,,\n"
                          "2,bob,bob@example.com,2025-07-13 12:40:57\n");
  EXPECT_EQ(text_of(import(change::RowKind::kUser, same)),
            "2 read, 0 inserted, 2 unchanged, 0 skipped, 0 rejected");
}

TEST_F(Importer, APipeIsReadLikeAFile) {
  int ends[2];
  ASSERT_EQ(::pipe(ends), 0);
  ASSERT_EQ(::write(ends[1], kUsers.data(), kUsers.size()), static_cast<ssize_t>(kUsers.size()));
  ::close(ends[1]);
  const auto report = import(change::RowKind::kUser, "/dev/fd/" + std::to_string(ends[0]));
  ::close(ends[0]);
  EXPECT_EQ(text_of(report), "2 read, 2 inserted, 0 unchanged, 0 skipped, 0 rejected");
}

TEST_F(Importer, FilesThatCannotBeOpenedAreNamed) {
  EXPECT_EQ(text_of(import(change::RowKind::kUser, path("none.csv"))),
            "error: cannot open " + path("none.csv") + ": No such file or directory");
  EXPECT_TRUE(text_of(import(change::RowKind::kUser, path(""))).ends_with(": Is a directory"));
}

TEST_F(Importer, AFileThatChangesMeanwhileImportsNothing) {
  const auto file = write("users.csv", kUsers);
  auto input = InputFile::open(file);
  ASSERT_TRUE(input);
  std::ofstream(file, std::ios::app) << "3,eve,eve@example.com,2025-07-13 12:40:57\n";
  EXPECT_EQ(text_of(run_blocking_task(
                import_file(std::move(*input), plan(change::RowKind::kUser), disk_, store_, {}))),
            "error: users.csv was changed while it was read");
  EXPECT_TRUE(store_.rows.empty());
}

}  // namespace
}  // namespace ginnel::transfer
