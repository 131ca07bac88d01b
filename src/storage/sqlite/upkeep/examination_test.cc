// SPDX-License-Identifier: MIT
#include "storage/sqlite/upkeep/examination.h"

#include <filesystem>
#include <fstream>
#include <string>
#include <unistd.h>

#include <gtest/gtest.h>

#include "support/temporary_folder.h"

namespace ginnel::storage::sqlite {
namespace {

class SqliteExamination : public testing::Test {
 protected:
  Database made() {
    auto database = open_database(location_, true);
    EXPECT_TRUE(database);
    return std::move(*database);
  }

  Examination seen() const { return examine(location_, {{"events", "health"}, 3'500}); }

  support::TemporaryFolder folder_;
  Location location_{folder_.path() + "/a.db"};
};

TEST_F(SqliteExamination, MakesNothing) {
  const Examination none = seen();
  EXPECT_FALSE(none.exists);
  EXPECT_FALSE(none.fault);
  EXPECT_FALSE(none.server);
  EXPECT_NE(::access(location_.path.c_str(), F_OK), 0);
  EXPECT_NE(::access((location_.path + ".lock").c_str(), F_OK), 0);
}

TEST_F(SqliteExamination, SeesWhoHoldsTheDatabase) {
  {
    const Database held = made();
    EXPECT_EQ(seen().server, std::to_string(::getpid()));
  }
  EXPECT_FALSE(seen().server);
  EXPECT_TRUE(FileLock::take(location_.path)) << "looking keeps no lock";
}

TEST_F(SqliteExamination, CountsLinksAndFindsThoseThatRoutesShadow) {
  {
    Database database = made();
    ASSERT_TRUE(database.connection.execute(
        "INSERT INTO users VALUES (1, 'a', 'a@b.cd', 'a', 'a@b.cd', 0, '{}');"
        "INSERT INTO links VALUES (1, 1, 'Events', 'http://a.bc/', '', 1, 0, 0, 1, 0);"
        "INSERT INTO links VALUES (2, 1, 'event', 'http://a.bc/', '', 1, 0, 0, 1, 0);"));
  }
  const Examination found = seen();
  EXPECT_FALSE(found.fault);
  EXPECT_EQ(found.damage, "");
  EXPECT_EQ(found.links, 2U);
  EXPECT_EQ(found.shadowed_codes, (std::vector<std::string>{"Events"}));
  ASSERT_FALSE(found.migrations.empty());
  EXPECT_TRUE(found.migrations.back().applied);
}

TEST_F(SqliteExamination, FindsRowsThatTodaysRulesWouldNotTake) {
  {
    Database database = made();
    ASSERT_TRUE(database.connection.execute(
        "INSERT INTO users (id, username, email, username_key, email_key, created_at) VALUES "
        "(1, 'ada', 'a@b.cd', 'ada', 'a', 0), (2, 'J\u00fcrgen', 'j@b.cd', 'j\u00fcrgen', 'b', 0),"
        "(3, 'J\u00dcRGEN', 'x@b.cd', 'j\u00dcrgen', 'c', 0), (4, '\u200b', 'y@b.cd', '', 'd', 0),"
        "(5, 'a\u202eb', 'z@b.cd', 'a\u202eb', 'e', 0), (6, 'f', 'a@b..cd', 'f', 'f', 0),"
        "(7, 'g', 'MAILTO:a@b.cd', 'g', 'g', 0), (8, 'h', 'a@b.cd\u200b', 'h', 'h', 0),"
        "(9, '\u2764\ufe0f', '\u00fc@b.cd', '\u2764\ufe0f', 'i', 0);"
        "INSERT INTO links (id, user_id, code, target, title, enabled, created_at, updated_at, "
        "version) VALUES (1, 1, 'aaa', 'http://a.bc/\u00fc', '\u202e', 1, 0, 0, 1),"
        "(2, 1, 'bbb', 'http://a.bc/\u200b', '', 1, 0, 0, 1),"
        "(3, 1, 'ccc', 'http://\u2764\u05d0a.com/', '', 1, 0, 0, 1),"
        "(4, 1, 'ddd', 'http://pr\u00fcfer.local/', '', 1, 0, 0, 1)"));
  }
  const Examination found = seen();
  EXPECT_FALSE(found.fault);
  EXPECT_EQ(found.kept_users.count, 6U);
  EXPECT_EQ(found.kept_users.ids, (std::vector<std::int64_t>{3, 4, 5, 6, 7}));
  EXPECT_EQ(found.kept_links.count, 2U);
  EXPECT_EQ(found.kept_links.ids, (std::vector<std::int64_t>{2, 3}));
}

TEST_F(SqliteExamination, FindsLinksWhoseLocationIsLongerThanANewOneMayBe) {
  std::string cyrillic;
  for (int i = 0; i < 660; ++i) {
    cyrillic += "\u044f";
  }
  {
    Database database = made();
    ASSERT_TRUE(database.connection.execute(
        "INSERT INTO users (id, username, email, username_key, email_key, created_at) VALUES "
        "(1, 'ada', 'a@b.cd', 'ada', 'a', 0)"));
    const std::pair<std::int64_t, std::string> targets[] = {{1, cyrillic.substr(0, 100)},
                                                            {2, cyrillic},
                                                            {3, std::string(1'200, '<')},
                                                            {4, std::string(1'100, '<')},
                                                            {5, std::string(2'000, 'a')},
                                                            {6, std::string(3'481, 'a')}};
    for (const auto& [id, rest] : targets) {
      ASSERT_TRUE(database.connection.run(
          "INSERT INTO links (id, user_id, code, target, title, enabled, created_at, updated_at, "
          "version) VALUES (?, 1, 'c' || ?, 'http://example.com/' || ?, '', 1, 0, 0, 1)",
          id,
          id,
          rest));
    }
    ASSERT_TRUE(database.connection.execute(
        "INSERT INTO links (id, user_id, code, target, title, enabled, created_at, updated_at, "
        "version) VALUES (7, 1, 'c7', 'http://www.XN--a.com/', '', 1, 0, 0, 1),"
        "(8, 1, 'c8', 'http://xn--bcher-kva.example/', '', 1, 0, 0, 1)"));
  }
  EXPECT_EQ(seen().kept_links.ids, (std::vector<std::int64_t>{2, 3, 7}));
  const auto wide = examine(location_, {{}, 8'000});
  EXPECT_EQ(wide.kept_links.ids, std::vector<std::int64_t>{7});
  const auto narrow = examine(location_, {{}, 500});
  EXPECT_EQ(narrow.kept_links.count, 6U);
}

TEST_F(SqliteExamination, SaysWhyAFileCannotBeRead) {
  std::ofstream(location_.path) << std::string(4096, 'x');
  const Examination found = seen();
  EXPECT_TRUE(found.exists);
  ASSERT_TRUE(found.fault);
  EXPECT_NE(found.fault->message.find("a.db"), std::string::npos) << found.fault->message;
}

TEST_F(SqliteExamination, SeesDamage) {
  {
    Database database = made();
    ASSERT_TRUE(database.connection.execute(
        "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 2000) "
        "INSERT INTO users SELECT i, 'n' || i, i || '@b.cd', 'n' || i, i || '@b.cd', 0, '{}' "
        "FROM n;"
        "PRAGMA wal_checkpoint(TRUNCATE);"));
  }
  {
    std::fstream file(location_.path, std::ios::in | std::ios::out | std::ios::binary);
    constexpr int kFourPages = 16'384;
    file.seekp(-kFourPages, std::ios::end);
    file << std::string(kFourPages, '\xee');
  }
  const Examination found = seen();
  EXPECT_TRUE(found.fault || !found.damage.empty());
}

TEST_F(SqliteExamination, FindsWhatTheMigrationsMadeAndIsGone) {
  {
    Database database = made();
    ASSERT_TRUE(database.connection.execute(
        "DROP INDEX links_by_code; DROP TRIGGER audit_is_not_deleted; DROP TABLE link_sums"));
  }
  std::vector<std::string> names;
  for (const SchemaPart& part : seen().missing) {
    names.push_back(part.type + ' ' + part.name);
  }
  EXPECT_EQ(names,
            (std::vector<std::string>{
                "index links_by_code", "trigger audit_is_not_deleted", "table link_sums"}));
}

TEST_F(SqliteExamination, SeesThatTheFileIsNotTheOneThatIsServed) {
  const Database held = made();
  EXPECT_FALSE(seen().is_other_file);
  std::filesystem::rename(location_.path, location_.path + ".away");
  EXPECT_FALSE(seen().exists);
  EXPECT_EQ(seen().server, std::to_string(::getpid()));
  std::filesystem::copy_file(location_.path + ".away", location_.path);
  EXPECT_TRUE(seen().is_other_file);
}

}  // namespace
}  // namespace ginnel::storage::sqlite
