// SPDX-License-Identifier: MIT
#include "storage/sqlite/upkeep/backup.h"

#include <algorithm>
#include <chrono>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include <gtest/gtest.h>

#include "storage/backend.h"
#include "storage/store_contract.h"
#include "support/open_stores.h"
#include "support/temporary_folder.h"

namespace ginnel::storage::sqlite {
namespace {

namespace fs = std::filesystem;
using IfThere = WholeFile::IfThere;

constexpr domain::Timestamp kAt{std::chrono::microseconds(1'764'107'112'345'678)};
constexpr const char* kAtText = "20251125T214512Z";

class SqliteBackup : public testing::Test {
 protected:
  std::string path(const std::string& name) const { return folder_.file(name); }

  StoreOptions options(const std::string& name = "ginnel.db") const {
    StoreOptions options;
    options.url = "sqlite:" + path(name);
    return options;
  }

  std::unique_ptr<storage::Stores> open(const std::string& name = "ginnel.db") {
    auto stores = support::open_stores(options(name), listener_);
    EXPECT_TRUE(stores) << stores.error().message;
    return stores ? std::move(*stores) : nullptr;
  }

  static void add_user(storage::Stores& stores, const std::string& name) {
    domain::UserDraft draft = {name, name + "@example.org"};
    ASSERT_TRUE(run_blocking_task(stores.users().insert(std::move(draft), {})));
  }

  std::vector<std::string> names(const std::string& name = "ginnel.db") {
    const auto stores = open(name);
    UserQuery query;
    query.limit = 1'000;
    const auto users = run_blocking_task(stores->users().list(query, {}));
    EXPECT_TRUE(users);
    return each(users->rows, [](const domain::User& user) { return user.username; });
  }

  Result<CopiedDatabase> back_up(IfThere if_there = IfThere::kRefuse) {
    return backend_of(options()).back_up(options(), path("b.db"), if_there);
  }

  std::vector<std::string> files() const {
    std::vector<std::string> names;
    for (const auto& entry : fs::directory_iterator(folder_.path())) {
      names.push_back(entry.path().filename().string());
    }
    std::sort(names.begin(), names.end());
    return names;
  }

 private:
  support::TemporaryFolder folder_;
  RecordingListener listener_;
};

TEST_F(SqliteBackup, HoldsWhatAServedDatabaseHoldsAndNoMoreBesideIt) {
  const auto served = open();
  add_user(*served, "ada");

  const auto copied = back_up();

  ASSERT_TRUE(copied) << copied.error().message << ": " << copied.error().detail;
  EXPECT_EQ(copied->links, 0U);
  EXPECT_EQ(copied->bytes, fs::file_size(path("b.db")));
  add_user(*served, "bea");
  const auto all = files();
  EXPECT_EQ(
      std::count_if(
          all.begin(), all.end(), [](const std::string& name) { return name.starts_with("b.db"); }),
      1)
      << "a single file, without a log";
  EXPECT_EQ(names("b.db"), std::vector<std::string>{"ada"});
}

TEST_F(SqliteBackup, LeavesTheKeysOfVisitorHashesBehind) {
  const auto served = open();
  const auto today = std::chrono::floor<std::chrono::days>(kAt);
  const auto salts = run_blocking_task(served->clicks().salts(today, {}));
  ASSERT_TRUE(salts && !salts->empty());

  ASSERT_TRUE(back_up());

  std::ifstream file(path("b.db"), std::ios::binary);
  const std::string bytes(std::istreambuf_iterator<char>(file), {});
  for (const VisitorSalt& salt : *salts) {
    const std::string key(salt.key.begin(), salt.key.end());
    EXPECT_EQ(bytes.find(key), std::string::npos);
  }
}

TEST_F(SqliteBackup, ReplacesAnEarlierOneOnlyWhenAsked) {
  add_user(*open(), "ada");
  std::ofstream(path("b.db")) << "precious";
  const auto refused = back_up();
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().kind, ErrorKind::kConflict);
  EXPECT_EQ(refused.error().message, path("b.db") + " is there already: --force replaces it");
  EXPECT_EQ(fs::file_size(path("b.db")), 8U);

  ASSERT_TRUE(back_up(IfThere::kReplace));
  EXPECT_EQ(names("b.db"), std::vector<std::string>{"ada"});
}

TEST_F(SqliteBackup, NeverReplacesADatabaseInUse) {
  add_user(*open(), "ada");
  const auto other = open("b.db");
  add_user(*other, "bea");
  const auto refused = back_up(IfThere::kReplace);
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().message, path("b.db") + " is a database in use: name another file");
  const auto itself =
      backend_of(options()).back_up(options(), path("ginnel.db"), IfThere::kReplace);
  ASSERT_FALSE(itself);
  EXPECT_NE(itself.error().message.find("is the database itself"), std::string::npos);
}

TEST_F(SqliteBackup, SaysThatTheDatabaseIsDamagedAndLeavesNoCopy) {
  {
    const auto stores = open();
    for (int i = 0; i < 500; ++i) {
      add_user(*stores, "user" + std::to_string(i));
    }
  }
  {
    std::fstream file(path("ginnel.db"), std::ios::in | std::ios::out | std::ios::binary);
    file.seekp(-6'000, std::ios::end);
    file << std::string(4'096, 'x');
  }
  const auto before = files();

  const auto copied = back_up();

  ASSERT_FALSE(copied);
  EXPECT_EQ(copied.error().kind, ErrorKind::kInternal);
  EXPECT_EQ(copied.error().message.find(path("ginnel.db") + " is damaged: "), 0U)
      << copied.error().message;
  EXPECT_FALSE(fs::exists(path("b.db")));
  EXPECT_FALSE(fs::exists(path("b.db.partial")));
}

TEST_F(SqliteBackup, ComesBackAndWhatWasThereIsKept) {
  add_user(*open(), "ada");
  ASSERT_TRUE(back_up());
  add_user(*open(), "bea");

  const auto restored = backend_of(options()).restore(options(), path("b.db"), kAt);

  ASSERT_TRUE(restored) << restored.error().message << ": " << restored.error().detail;
  EXPECT_EQ(restored->kept, path("ginnel.db.replaced-") + kAtText);
  EXPECT_EQ(names(), std::vector<std::string>{"ada"});
  EXPECT_EQ(names("ginnel.db.replaced-" + std::string(kAtText)),
            (std::vector<std::string>{"ada", "bea"}));
  EXPECT_EQ(names("b.db"), std::vector<std::string>{"ada"});
}

TEST_F(SqliteBackup, ComesBackWhereThereIsNothing) {
  add_user(*open(), "ada");
  ASSERT_TRUE(back_up());
  const auto restored =
      backend_of(options("new/place/a.db")).restore(options("new/place/a.db"), path("b.db"), kAt);
  ASSERT_TRUE(restored) << restored.error().message;
  EXPECT_EQ(restored->kept, "");
  EXPECT_EQ(names("new/place/a.db"), std::vector<std::string>{"ada"});
}

TEST_F(SqliteBackup, ComesBackBesideWhatADeletedDatabaseLeft) {
  add_user(*open(), "ada");
  ASSERT_TRUE(back_up());
  for (const std::string left : {"-wal", "-shm", "-journal"}) {
    fs::remove(path("ginnel.db"));
    std::ofstream(path("ginnel.db" + left), std::ios::binary) << "of a killed server";

    const auto restored = backend_of(options()).restore(options(), path("b.db"), kAt);

    ASSERT_TRUE(restored) << restored.error().message;
    EXPECT_EQ(restored->kept, path("ginnel.db.replaced-") + kAtText + left);
    EXPECT_EQ(fs::file_size(restored->kept), 18U);
    EXPECT_EQ(names(), std::vector<std::string>{"ada"}) << left;
    fs::remove(restored->kept);
  }
}

TEST_F(SqliteBackup, ComesBackInPlaceOfADamagedDatabase) {
  add_user(*open(), "ada");
  ASSERT_TRUE(back_up());
  std::ofstream(path("ginnel.db"), std::ios::binary) << std::string(20'000, 'x');
  std::ofstream(path("ginnel.db-wal"), std::ios::binary) << "a log that nobody can read";

  const auto restored = backend_of(options()).restore(options(), path("b.db"), kAt);

  ASSERT_TRUE(restored) << restored.error().message;
  EXPECT_EQ(names(), std::vector<std::string>{"ada"});
  EXPECT_EQ(fs::file_size(restored->kept), 20'000U);
  EXPECT_TRUE(fs::exists(restored->kept + "-wal"));
}

TEST_F(SqliteBackup, IsNotPutUnderARunningServer) {
  const auto served = open();
  add_user(*served, "ada");
  ASSERT_TRUE(back_up());
  const auto restored = backend_of(options()).restore(options(), path("b.db"), kAt);
  ASSERT_FALSE(restored);
  EXPECT_EQ(restored.error().kind, ErrorKind::kConflict);
  EXPECT_NE(restored.error().message.find("stop it first"), std::string::npos);
  add_user(*served, "bea");
}

TEST_F(SqliteBackup, WhatIsNoSoundBackupIsNotRestored) {
  {
    const auto stores = open();
    for (int i = 0; i < 500; ++i) {
      add_user(*stores, "user" + std::to_string(i));
    }
  }
  ASSERT_TRUE(back_up());
  {
    std::fstream file(path("b.db"), std::ios::in | std::ios::out | std::ios::binary);
    file.seekp(-6'000, std::ios::end);
    file << std::string(4'096, 'x');
  }
  std::ofstream(path("empty.db")).close();
  std::ofstream(path("letter.txt")) << std::string(5'000, 'x');
  const std::pair<const char*, const char*> cases[] = {{"b.db", "is damaged: "},
                                                       {"empty.db", "is empty"},
                                                       {"letter.txt", "is not a Ginnel database"},
                                                       {"no.db", "does not exist"},
                                                       {"ginnel.db", "is the database itself"}};
  for (const auto& [name, reason] : cases) {
    const auto restored = backend_of(options()).restore(options(), path(name), kAt);
    ASSERT_FALSE(restored) << name;
    EXPECT_EQ(restored.error().message.find(path(name) + " " + reason), 0U)
        << restored.error().message;
  }
  EXPECT_EQ(names().size(), 500U);
  for (const std::string& name : files()) {
    EXPECT_EQ(name.find("replaced"), std::string::npos);
  }
}

TEST_F(SqliteBackup, ABackupOfANewerVersionIsRefused) {
  add_user(*open(), "ada");
  ASSERT_TRUE(back_up());
  {
    auto connection = Connection::open(path("b.db"), Connection::Mode::kWrite);
    ASSERT_TRUE(connection && connection->execute("INSERT INTO schema_migrations "
                                                  "VALUES (999, 'later', 'x', 0)"));
  }
  const auto restored = backend_of(options()).restore(options(), path("b.db"), kAt);
  ASSERT_FALSE(restored);
  EXPECT_NE(restored.error().message.find("newer ginnel"), std::string::npos);
}

TEST(SqliteBackupInMemory, IsRefused) {
  const support::TemporaryFolder folder;
  StoreOptions options;
  options.url = "sqlite::memory:";
  EXPECT_FALSE(backend_of(options).back_up(options, folder.file("b.db"), IfThere::kRefuse));
  EXPECT_FALSE(backend_of(options).restore(options, folder.file("b.db"), kAt));
}

}  // namespace
}  // namespace ginnel::storage::sqlite
