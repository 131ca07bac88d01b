// SPDX-License-Identifier: MIT
#include "config/document.h"

#include <gtest/gtest.h>

#include "config/read_file.h"

namespace ginnel::config {
namespace {

bool contains(const std::string& text, std::string_view piece) {
  return text.find(piece) != std::string::npos;
}

TEST(ConfigurationPage, IsTheOneInDocs) {
  const Result<std::string> file = read_file(GINNEL_CONFIGURATION_PAGE);
  ASSERT_TRUE(file);
  EXPECT_TRUE(configuration_page(settings_table()) == *file)
      << "docs/configuration.md is stale: run `make docs`";
}

TEST(ConfigurationPage, HasARowForEverySetting) {
  const std::string page = configuration_page(settings_table());
  for (const Setting& setting : settings_table()) {
    EXPECT_TRUE(contains(page, "\n| `" + std::string(setting.name) + "`")) << setting.name;
    EXPECT_EQ(contains(page, ", in the file also `" + setting.file_name() + "` | "),
              setting.may_come_from_file())
        << setting.name;
    EXPECT_TRUE(contains(page, "`" + setting.environment_name() + "`")) << setting.name;
  }
}

TEST(ConfigurationPage, KeepsARowOneRow) {
  const std::vector<Setting> table = {
      {.name = "http.x", .meaning = "a|b", .fallback = "", .example = "1", .kind = {"1 to 2", {}}}};
  EXPECT_TRUE(contains(configuration_page(table),
                       "\n| `http.x` | a\\|b | none | 1 to 2 | `1` | `GINNEL_HTTP_X` |\n"));
}

TEST(SettingsHelp, ShowsTheAreasThatAreWanted) {
  const std::string help = settings_help(settings_table(), {"database", "log"});
  EXPECT_TRUE(help.starts_with("Database:\n  --database.url X\n")) << help;
  EXPECT_TRUE(contains(help, "\nLog:\n  --log.level X\n"));
  EXPECT_TRUE(contains(help, "Environment: GINNEL_LOG_LEVEL\n"));
  EXPECT_FALSE(contains(help, "--http.listen"));
}

TEST(SettingsHelp, NamesEveryVariableASecretCanComeFrom) {
  const std::vector<Setting> table = {{.name = "log.key",
                                       .meaning = "A key.",
                                       .fallback = "",
                                       .kind = {"any text", {}},
                                       .secrecy = Secrecy::kSecret,
                                       .customary = {"API_KEY"}}};
  EXPECT_EQ(settings_help(table, {"log"}),
            "Log:\n"
            "  --log.key X\n"
            "      A key.\n"
            "      Values: any text. Default: none.\n"
            "      Environment: GINNEL_LOG_KEY, API_KEY, GINNEL_LOG_KEY_FILE, API_KEY_FILE\n"
            "      File: also log.key_file, the path of one that holds it\n");
}

TEST(SettingsHelp, FitsATerminal) {
  constexpr std::size_t kWidth = 96;
  std::string_view help;
  const std::string text =
      settings_help(settings_table(), {"http", "database", "links", "cache", "shutdown", "log"});
  for (help = text; !help.empty();) {
    const std::size_t end = help.find('\n');
    EXPECT_LE(end, kWidth) << help.substr(0, end);
    help.remove_prefix(end + 1);
  }
}

TEST(Wrapped, BreaksLinesBetweenWords) {
  EXPECT_EQ(wrapped("one two three", 2, 9), "  one two\n  three\n");
  EXPECT_EQ(wrapped("a", 0, 10), "a\n");
}

TEST(Wrapped, GivesALongWordALineOfItsOwn) {
  EXPECT_EQ(wrapped("a bbbbbbbbbbbb c", 1, 6), " a\n bbbbbbbbbbbb\n c\n");
}

}  // namespace
}  // namespace ginnel::config
