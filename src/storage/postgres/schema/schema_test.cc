// SPDX-License-Identifier: MIT
#include "storage/postgres/schema/schema.h"

#include <chrono>
#include <cstdio>
#include <string>
#include <thread>
#include <unistd.h>
#include <vector>

#include <gtest/gtest.h>

#include "storage/postgres/engine/execute.h"
#include "storage/postgres/engine/server_fixture.h"

namespace ginnel::storage::postgres {
namespace {

using Files = std::vector<base::EmbeddedFile>;

base::EmbeddedFile file_of(const char* name, const char* contents) {
  base::EmbeddedFile file;
  file.name = name;
  file.contents = contents;
  return file;
}

/// A database with nothing in it.
class PostgresSchemaTest : public ServerTest {
 protected:
  void SetUp() override {
    ServerTest::SetUp();
    database_ = "ginnel_" + std::to_string(::getpid());
    ask(*connection(), {Query("DROP DATABASE IF EXISTS " + database_)});
    ASSERT_TRUE(ask(*connection(), {Query("CREATE DATABASE " + database_)}, kPatience));
    handle_ = connect();
  }

  void TearDown() override {
    handle_.reset();
    ask(*connection(), {Query("DROP DATABASE IF EXISTS " + database_)});
  }

  Handle connect() const {
    ConnectOptions options;
    options.url = with_parameter("dbname=" + database_);
    return postgres::connect(options).value();
  }

  Result<std::vector<MigrationState>> apply(std::span<const base::EmbeddedFile> files) {
    return apply_migrations(*handle_, files, domain::Timestamp(), in(kPatience));
  }

  std::int64_t number_of(const std::string& sql) {
    return (*execute(*handle_, Query(sql), in(kPatience)))[0].integer(0);
  }

  static constexpr std::chrono::seconds kPatience{20};
  std::string database_;
  Handle handle_;
};

TEST_F(PostgresSchemaTest, IsMadeOnce) {
  const auto before = migration_states(*handle_, all_migrations(), in(kPatience));
  ASSERT_TRUE(before) << before.error().detail;
  EXPECT_FALSE(all_applied(*before));

  const auto applied = apply(all_migrations());
  ASSERT_TRUE(applied) << applied.error().message << ' ' << applied.error().detail;
  EXPECT_TRUE(all_applied(*applied));
  const std::int64_t made = number_of("SELECT applied_at FROM schema_migrations LIMIT 1");
  EXPECT_TRUE(all_applied(*apply(all_migrations())));

  EXPECT_EQ(number_of("SELECT count(*) FROM schema_migrations"), std::ssize(all_migrations()));
  EXPECT_EQ(number_of("SELECT applied_at FROM schema_migrations LIMIT 1"), made);
  EXPECT_EQ(number_of("SELECT length(id)::bigint FROM instance"), 32);
}

TEST_F(PostgresSchemaTest, IsMadeOnceBySeveralProcessesThatStartTogether) {
  constexpr std::size_t kProcesses = 8;
  for (int round = 0; round < 5; ++round) {
    ASSERT_TRUE(execute_script(
        *handle_, "DROP SCHEMA public CASCADE; CREATE SCHEMA public", in(kPatience)));
    std::vector<std::string> outcomes(kProcesses);
    std::vector<std::thread> processes;
    processes.reserve(kProcesses);
    for (std::string& outcome : outcomes) {
      processes.emplace_back([this, &outcome] {
        const Handle own = connect();
        const auto applied =
            apply_migrations(*own, all_migrations(), domain::Timestamp(), in(kPatience));
        outcome = applied ? "" : applied.error().message + ' ' + applied.error().detail;
      });
    }
    for (std::thread& process : processes) {
      process.join();
    }
    EXPECT_EQ(outcomes, std::vector<std::string>(kProcesses));
    EXPECT_EQ(number_of("SELECT count(*) FROM instance"), 1);
  }
  std::printf("5 rounds of %zu processes\n", kProcesses);
}

TEST_F(PostgresSchemaTest, RefusesWhatItDoesNotKnow) {
  const Files first = {file_of("0001_one.sql", "CREATE TABLE one (id bigint)")};
  const Files both = {first[0], file_of("0002_two.sql", "CREATE TABLE two (id bigint)")};
  const Files edited = {file_of("0001_one.sql", "CREATE TABLE other (id bigint)"), both[1]};
  ASSERT_TRUE(apply(both));

  EXPECT_EQ(apply(first).error().kind, ErrorKind::kInvalid);  // newer than this binary
  EXPECT_EQ(apply(edited).error().kind, ErrorKind::kInvalid);
  EXPECT_EQ(number_of("SELECT count(*) FROM pg_tables WHERE tablename IN ('one', 'two', 'other')"),
            2);
}

TEST_F(PostgresSchemaTest, TouchesNoDatabaseOfAnotherProgram) {
  ASSERT_TRUE(execute_script(*handle_, "CREATE TABLE users (name text)", in(kPatience)));
  const auto refused = apply(all_migrations());
  EXPECT_EQ(refused.error().kind, ErrorKind::kInvalid);
  EXPECT_EQ(number_of("SELECT count(*) FROM pg_tables WHERE schemaname = 'public'"), 1);
}

TEST_F(PostgresSchemaTest, NamesTheMigrationThatFailsAndKeepsNothingOfIt) {
  const Files files = {file_of("0001_one.sql", "CREATE TABLE one (id bigint)"),
                       file_of("0002_two.sql", "CREATE TABLE two (id bigint); SELECT 1 / 0")};
  const auto failed = apply(files);
  EXPECT_EQ(failed.error().kind, ErrorKind::kInternal);
  EXPECT_EQ(failed.error().message, "migration 0002_two failed");
  EXPECT_EQ(number_of("SELECT count(*) FROM pg_tables WHERE tablename = 'two'"), 0);
  EXPECT_EQ(number_of("SELECT count(*) FROM schema_migrations"), 1);
}

TEST_F(PostgresSchemaTest, LetsNobodyChangeTheTrail) {
  ASSERT_TRUE(apply(all_migrations()));
  ASSERT_TRUE(execute_script(*handle_,
                             "INSERT INTO audit (code, at, who, request_id, action, entity, "
                             "entity_id, before, after) "
                             "VALUES ('', 1, 'a', 'b', 'create', 'user', 1, '', '')",
                             in(kPatience)));
  for (const char* const change :
       {"UPDATE audit SET who = 'c'", "DELETE FROM audit", "TRUNCATE audit"}) {
    EXPECT_FALSE(execute_script(*handle_, change, in(kPatience))) << change;
  }
  EXPECT_EQ(number_of("SELECT count(*) FROM audit WHERE who = 'a'"), 1);
}

TEST_F(PostgresSchemaTest, WaitsNoLongerThanToldForWhoeverAppliesThem) {
  ASSERT_TRUE(apply(Files{file_of("0001_one.sql", "CREATE TABLE one (id bigint)")}));
  const Handle other = connect();
  ASSERT_TRUE(execute_script(*other, "BEGIN; LOCK TABLE schema_migrations", in(kPatience)));
  const Files both = {file_of("0001_one.sql", "CREATE TABLE one (id bigint)"),
                      file_of("0002_two.sql", "CREATE TABLE two (id bigint)")};
  const auto late =
      apply_migrations(*handle_, both, domain::Timestamp(), in(std::chrono::milliseconds(50)));
  EXPECT_EQ(late.error().kind, ErrorKind::kTimeout);
}

}  // namespace
}  // namespace ginnel::storage::postgres
