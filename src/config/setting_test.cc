// SPDX-License-Identifier: MIT
#include "config/setting.h"

#include <gtest/gtest.h>

namespace ginnel::config {
namespace {

TEST(Setting, HasItsNameInTheEnvironment) {
  const Setting setting{.name = "http.max_body_bytes"};
  EXPECT_EQ(setting.environment_name(), "GINNEL_HTTP_MAX_BODY_BYTES");
  EXPECT_EQ(setting.area(), "http");
}

TEST(Setting, IsShownAsFarAsItIsNoSecret) {
  EXPECT_EQ(Setting{.secrecy = Secrecy::kPublic}.shown("hunter2"), "hunter2");
  EXPECT_EQ(Setting{.secrecy = Secrecy::kSecret}.shown("hunter2"), "***");
  EXPECT_EQ(Setting{.secrecy = Secrecy::kSecret}.shown(""), "")
      << "that it is not set is no secret";
  EXPECT_EQ(Setting{.secrecy = Secrecy::kHasPassword}.shown("p://u:hunter2@h/d"), "p://u:***@h/d");
}

TEST(Setting, ComesFromAFileOnlyWhereItMayBeSecret) {
  EXPECT_FALSE(Setting{.secrecy = Secrecy::kPublic}.may_come_from_file());
  EXPECT_TRUE(Setting{.secrecy = Secrecy::kHasPassword}.may_come_from_file());
  EXPECT_TRUE(Setting{.secrecy = Secrecy::kSecret}.may_come_from_file());
}

TEST(WithoutPassword, MasksThePasswordOfTheAuthority) {
  EXPECT_EQ(without_password("postgresql://ann:hunter2@db:5432/x?a=1"),
            "postgresql://ann:***@db:5432/x?a=1");
  EXPECT_EQ(without_password("redis://:hunter2@cache:6379"), "redis://:***@cache:6379");
}

TEST(WithoutPassword, MasksAPasswordThatNobodyEncoded) {
  EXPECT_EQ(without_password("postgresql://ann:a@b/c:d?e@db/x"), "postgresql://ann:***@db/x");
}

TEST(WithoutPassword, MasksThePasswordParameter) {
  EXPECT_EQ(without_password("postgresql://db/x?password=hunter2&sslmode=require"),
            "postgresql://db/x?password=***&sslmode=require");
  EXPECT_EQ(without_password("postgresql://db/x?user=ann&password=hunter2"),
            "postgresql://db/x?user=ann&password=***");
}

TEST(WithoutPassword, LeavesTheRestAlone) {
  for (const char* url : {"sqlite:data/ginnel.db",
                          "sqlite::memory:",
                          "postgresql://db:5432/x",
                          "postgresql://ann@db:5432/x",
                          ""}) {
    EXPECT_EQ(without_password(url), url);
  }
}

TEST(FindSetting, FindsTheWholeNameOnly) {
  const std::vector<Setting> table = {{.name = "a.b"}, {.name = "a.bc"}};
  EXPECT_EQ(find_setting(table, "a.bc"), &table[1]);
  EXPECT_EQ(find_setting(table, "a"), nullptr);
}

}  // namespace
}  // namespace ginnel::config
