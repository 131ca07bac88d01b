// SPDX-License-Identifier: MIT
#include "storage/backend.h"

#include <filesystem>
#include <fstream>
#include <map>
#include <string>
#include <sys/stat.h>

#include <gtest/gtest.h>

#include "storage/store_contract.h"
#include "support/open_stores.h"
#include "support/temporary_folder.h"

namespace ginnel::storage {
namespace {

StoreOptions options_for(const std::string& path) {
  StoreOptions options;
  options.url = "sqlite:" + path;
  return options;
}

mode_t mode_of(const std::string& path) {
  struct stat status {};
  return ::stat(path.c_str(), &status) == 0 ? status.st_mode & 0777 : 0;
}

TEST(OpenStores, RefusesAUrlItDoesNotKnow) {
  RecordingListener listener;
  for (const char* url : {"", "mysql://x", "sqlite:", "data/ginnel.db", "sqlite"}) {
    StoreOptions options;
    options.url = url;
    const auto stores = support::open_stores(options, listener);
    ASSERT_FALSE(stores) << url;
    EXPECT_EQ(stores.error().kind, ErrorKind::kInvalid) << url;
  }
}

TEST(OpenStores, MakesTheFileAndItsFoldersForTheOwnerAndHisGroup) {
  const support::TemporaryFolder folder;
  RecordingListener listener;

  const auto stores =
      support::open_stores(options_for(folder.file("new/data/ginnel.db")), listener);

  ASSERT_TRUE(stores) << stores.error().message;
  EXPECT_EQ(mode_of(folder.file("new")), 0750U);
  EXPECT_EQ(mode_of(folder.file("new/data")), 0750U);
  EXPECT_EQ(mode_of(folder.file("new/data/ginnel.db")), 0640U);
  EXPECT_EQ(mode_of(folder.file("new/data/ginnel.db-wal")), 0640U);
}

TEST(OpenStores, RefusesAFolderInPlaceOfAFile) {
  const support::TemporaryFolder folder;
  RecordingListener listener;

  const auto stores = support::open_stores(options_for(folder.path()), listener);

  ASSERT_FALSE(stores);
  EXPECT_EQ(stores.error().kind, ErrorKind::kInvalid);
  EXPECT_NE(stores.error().message.find("is a folder"), std::string::npos);
}

TEST(OpenStores, SaysWhichFolderCannotBeMade) {
  RecordingListener listener;

  const auto stores = support::open_stores(options_for("/proc/ginnel/a.db"), listener);

  ASSERT_FALSE(stores);
  EXPECT_EQ(stores.error().kind, ErrorKind::kInvalid);
  EXPECT_EQ(stores.error().message.find("/proc/ginnel cannot be made: "), 0U);
}

TEST(OpenStores, LeavesTheFileOfAnotherProgramAlone) {
  const support::TemporaryFolder folder;
  const std::string path = folder.file("letter.txt");
  const std::string letter(5'000, 'x');
  std::ofstream(path) << letter;
  RecordingListener listener;

  const auto stores = support::open_stores(options_for(path), listener);

  ASSERT_FALSE(stores);
  EXPECT_EQ(stores.error().kind, ErrorKind::kInvalid);
  std::ifstream file(path);
  EXPECT_EQ(std::string(std::istreambuf_iterator<char>(file), {}), letter);
}

TEST(OpenStores, RefusesADamagedFile) {
  const support::TemporaryFolder folder;
  RecordingListener listener;
  support::open_stores(options_for(folder.file("a.db")), listener).value();
  std::fstream file(folder.file("a.db"), std::ios::in | std::ios::out | std::ios::binary);
  file.seekp(100);
  file << std::string(60'000, 'x');
  file.close();

  const auto stores = support::open_stores(options_for(folder.file("a.db")), listener);

  ASSERT_FALSE(stores);
  EXPECT_EQ(stores.error().kind, ErrorKind::kInvalid);
  EXPECT_NE(stores.error().message.find("damaged"), std::string::npos);
}

TEST(OpenStores, RefusesAFileThatIsAlreadyServed) {
  const support::TemporaryFolder folder;
  RecordingListener listener;
  const auto first = support::open_stores(options_for(folder.file("a.db")), listener);
  ASSERT_TRUE(first);
  std::filesystem::create_symlink(folder.file("a.db"), folder.file("link.db"));

  const auto second = support::open_stores(options_for(folder.file("a.db")), listener);
  const auto by_link = support::open_stores(options_for(folder.file("link.db")), listener);

  ASSERT_FALSE(second);
  EXPECT_EQ(second.error().kind, ErrorKind::kConflict);
  ASSERT_FALSE(by_link);
  EXPECT_EQ(by_link.error().kind, ErrorKind::kConflict);
}

TEST(OpenStores, KeepsWhatWasWrittenAndLeavesNoLogBehind) {
  const support::TemporaryFolder folder;
  RecordingListener listener;
  domain::UserId id;
  {
    const auto stores = support::open_stores(options_for(folder.file("a.db")), listener);
    ASSERT_TRUE(stores);
    domain::UserDraft draft = {"ada", "ada@example.org"};
    id = run_blocking_task((*stores)->users().insert(std::move(draft), {})).value().id;
    EXPECT_TRUE(std::filesystem::exists(folder.file("a.db-wal")));
  }
  EXPECT_FALSE(std::filesystem::exists(folder.file("a.db-wal")));

  const auto stores = support::open_stores(options_for(folder.file("a.db")), listener);

  ASSERT_TRUE(stores);
  EXPECT_EQ((*run_blocking_task((*stores)->users().find(id, {})))->username, "ada");
}

TEST(OpenStores, SaysToMigrateWhenItMayNot) {
  const support::TemporaryFolder folder;
  RecordingListener listener;
  auto options = options_for(folder.file("a.db"));
  options.migrate = false;

  const auto missing = support::open_stores(options, listener);
  std::ofstream(folder.file("a.db")).flush();
  const auto unmigrated = support::open_stores(options, listener);

  ASSERT_FALSE(missing);
  EXPECT_EQ(missing.error().kind, ErrorKind::kInvalid);
  EXPECT_NE(missing.error().message.find("ginnel migrate"), std::string::npos);
  ASSERT_FALSE(unmigrated);
  EXPECT_NE(unmigrated.error().message.find("ginnel migrate"), std::string::npos);
  ASSERT_TRUE(backend_of(options).migrate(options));
  EXPECT_TRUE(support::open_stores(options, listener));
}

TEST(OpenStores, AnswersAPingInMemoryAndInAFile) {
  const support::TemporaryFolder folder;
  RecordingListener listener;
  for (const std::string& path : {std::string(":memory:"), folder.file("a.db")}) {
    const auto stores = support::open_stores(options_for(path), listener);
    ASSERT_TRUE(stores);
    EXPECT_TRUE(run_blocking_task((*stores)->ping({})));
  }
}

TEST(OpenStores, CountsWhatItsThreadsDo) {
  const support::TemporaryFolder folder;
  RecordingListener listener;
  const auto stores = support::open_stores(options_for(folder.file("a.db")), listener);
  ASSERT_TRUE(stores);

  domain::UserDraft draft = {"ada", "ada@example.org"};
  run_blocking_task((*stores)->users().insert(draft, {})).value();
  ASSERT_FALSE(run_blocking_task((*stores)->users().insert(draft, {})));

  std::map<std::string, double> figures;
  for (const observability::Figure& figure : (*stores)->figures()) {
    figures[figure.name] += figure.read();
  }
  EXPECT_EQ(figures.at("ginnel_store_writes_total"), 1);
  EXPECT_EQ(figures.at("ginnel_store_commits_total"), 1);
  EXPECT_EQ(figures.at("ginnel_store_write_queue"), 0);
  EXPECT_EQ(figures.at("ginnel_store_read_queue"), 0);
  EXPECT_EQ(figures.at("ginnel_store_refused_total"), 0);
  EXPECT_GT(figures.at("ginnel_store_wal_bytes"), 4'096);
  EXPECT_EQ(figures.at("ginnel_store_writable"), 1);
  EXPECT_EQ(figures.at("ginnel_store_stopped"), 0);
}

TEST(Migrations, OnlyLookWithoutMakingAFile) {
  const support::TemporaryFolder folder;
  const auto options = options_for(folder.file("a.db"));

  const auto before = backend_of(options).look_at_migrations(options);

  ASSERT_TRUE(before);
  ASSERT_FALSE(before->empty());
  EXPECT_FALSE(before->front().applied);
  EXPECT_FALSE(std::filesystem::exists(folder.file("a.db")));
}

TEST(Migrations, CanBeLookedAtWhileTheFileIsServed) {
  const support::TemporaryFolder folder;
  RecordingListener listener;
  const auto options = options_for(folder.file("a.db"));
  const auto stores = support::open_stores(options, listener);
  ASSERT_TRUE(stores);

  const auto looked = backend_of(options).look_at_migrations(options);
  const auto applied = backend_of(options).migrate(options);

  ASSERT_TRUE(looked) << looked.error().message << looked.error().detail;
  EXPECT_TRUE(looked->front().applied);
  ASSERT_FALSE(applied);
  EXPECT_EQ(applied.error().kind, ErrorKind::kConflict);
}

}  // namespace
}  // namespace ginnel::storage
