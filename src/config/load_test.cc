// SPDX-License-Identifier: MIT
#include "config/load.h"

#include <algorithm>
#include <filesystem>

#include <gtest/gtest.h>

#include "config/temporary_file_fixture.h"

namespace ginnel::config {
namespace {

Flag flag(std::string_view name, std::vector<std::string> values) {
  return {find_setting(settings_table(), name), std::move(values)};
}

std::vector<std::string> faults(const Configuration& configuration) {
  std::vector<std::string> texts;
  for (const Fault& fault : configuration.faults) {
    texts.push_back(fault.text());
  }
  return texts;
}

const EffectiveValue& value(const Configuration& configuration, std::string_view name) {
  return *std::find_if(
      configuration.values.begin(),
      configuration.values.end(),
      [name](const EffectiveValue& candidate) { return candidate.setting->name == name; });
}

using Texts = std::vector<std::string>;

TEST(Load, GivesTheDefaultsWhenNothingIsSet) {
  const Configuration configuration = load({});
  EXPECT_TRUE(configuration.faults.empty());
  EXPECT_EQ(configuration.settings.store.url, "sqlite:data/ginnel.db");
  EXPECT_EQ(configuration.values.size(), settings_table().size());
  EXPECT_EQ(value(configuration, "http.idle_timeout_ms").shown, "75000");
  EXPECT_EQ(value(configuration, "http.idle_timeout_ms").source, "default");
}

TEST(Load, LetsTheFlagWinOverTheEnvironmentOverTheFile) {
  const TemporaryFile file("[http]\nthreads = 3\nmax_connections = 30\nlisten = ':3'\n");
  Sources sources;
  sources.file = file.path();
  sources.environment = {{"GINNEL_HTTP_THREADS", "4"}, {"GINNEL_HTTP_MAX_CONNECTIONS", "40"}};
  sources.flags = {flag("http.threads", {"5"})};
  const Configuration configuration = load(sources);
  EXPECT_TRUE(configuration.faults.empty());
  EXPECT_EQ(configuration.settings.http.threads, 5u);
  EXPECT_EQ(value(configuration, "http.threads").source, "--http.threads");
  EXPECT_EQ(configuration.settings.http.max_connections, 40u);
  EXPECT_EQ(value(configuration, "http.max_connections").source, "GINNEL_HTTP_MAX_CONNECTIONS");
  EXPECT_EQ(configuration.settings.http.listen[0].port, 3);
  EXPECT_EQ(value(configuration, "http.listen").source, file.path() + ":4");
}

TEST(Load, ReportsEveryFaultOfEverySourceAtOnce) {
  const TemporaryFile file("[log]\nlevel = 'loud'\n[http]\nthreds = 1\nthreads = 0\n");
  Sources sources;
  sources.file = file.path();
  sources.environment = {{"GINNEL_DATABASE_READERS", "many"}, {"GINNEL_HTTP_LISEN", "x"}};
  sources.flags = {flag("http.trusted_proxies", {"10.0.0.0/8", "nobody"})};
  const Texts texts = faults(load(sources));
  ASSERT_EQ(texts.size(), 6u);
  EXPECT_TRUE(texts[0].starts_with("flag: --http.trusted_proxies: must be networks")) << texts[0];
  EXPECT_TRUE(texts[0].ends_with(", not \"nobody\"")) << texts[0];
  EXPECT_EQ(texts[1],
            "environment: GINNEL_HTTP_LISEN: no such setting; did you mean GINNEL_HTTP_LISTEN?");
  EXPECT_EQ(texts[2],
            "environment: GINNEL_DATABASE_READERS: must be a whole number, 1 to 64, not \"many\"");
  EXPECT_EQ(texts[3],
            file.path() + ":2: log.level: must be one of debug, info, warn, error, not \"loud\"");
  EXPECT_EQ(texts[4], file.path() + ":4: http.threds: no such setting; did you mean http.threads?");
  EXPECT_TRUE(texts[5].starts_with(file.path() + ":5: http.threads: must be ")) << texts[5];
}

TEST(Load, ChecksAValueThatAStrongerSourceReplaces) {
  Sources sources;
  sources.environment = {{"GINNEL_HTTP_THREADS", "zero"}};
  sources.flags = {flag("http.threads", {"5"})};
  EXPECT_EQ(load(sources).faults.size(), 1u);
}

TEST(Load, JoinsTheValuesOfAListAndRefusesTwoOfAnythingElse) {
  Sources sources;
  sources.flags = {flag("http.listen", {"127.0.0.1:1", "127.0.0.1:2"}),
                   flag("http.threads", {"1", "2"})};
  const Configuration configuration = load(sources);
  EXPECT_EQ(configuration.settings.http.listen.size(), 2u);
  EXPECT_EQ(faults(configuration), Texts{"flag: --http.threads: given 2 times"});
}

TEST(Load, LetsAFlagEmptyAListOfTheFile) {
  const TemporaryFile file("[http]\ntrusted_proxies = ['10.0.0.0/8']\n");
  Sources sources;
  sources.file = file.path();
  sources.flags = {flag("http.trusted_proxies", {""})};
  EXPECT_TRUE(load(sources).settings.http.trusted_proxies.empty());
}

TEST(Load, SaysWhichAddressComesTwice) {
  Sources sources;
  sources.flags = {flag("http.listen", {"127.0.0.1:80", "127.0.0.1:80"})};
  EXPECT_EQ(faults(load(sources)), Texts{"flag: --http.listen: 127.0.0.1:80 comes twice"});
}

TEST(Load, ReadsTheUsualFilesThatExistWithTheFirstWinning) {
  const TemporaryFile near("[http]\nthreads = 2\n");
  const TemporaryFile far("[http]\nthreads = 3\nmax_connections = 30\n");
  Sources sources;
  sources.usual_files = {near.path(), "/nowhere/ginnel.toml", far.path()};
  const Configuration configuration = load(sources);
  EXPECT_TRUE(configuration.faults.empty());
  EXPECT_EQ(configuration.settings.http.threads, 2u);
  EXPECT_EQ(configuration.settings.http.max_connections, 30u);
}

TEST(Load, LooksForNoFileThatItWasNotTold) {
  namespace fs = std::filesystem;
  const TemporaryFile file("[http]\nthreads = 0\n");
  const fs::path before = fs::current_path();
  const fs::path folder = file.path() + ".folder";
  fs::create_directory(folder);
  fs::copy_file(file.path(), folder / "ginnel.toml");
  fs::current_path(folder);
  const Configuration untold = load({});
  Sources sources;
  sources.usual_files = {"ginnel.toml"};
  const Configuration told = load(sources);
  fs::current_path(before);
  fs::remove_all(folder);
  EXPECT_TRUE(untold.faults.empty());
  EXPECT_FALSE(told.faults.empty());
}

TEST(Load, ReadsTheNamedFileInsteadOfTheUsualOnes) {
  const TemporaryFile usual("[http]\nthreads = 2\n");
  const TemporaryFile of_variable("[http]\nthreads = 3\n");
  const TemporaryFile of_flag("[http]\nthreads = 4\n");
  Sources sources;
  sources.usual_files = {usual.path()};
  sources.environment = {{"GINNEL_CONFIG", of_variable.path()}};
  EXPECT_EQ(load(sources).settings.http.threads, 3u);
  sources.file = of_flag.path();
  EXPECT_EQ(load(sources).settings.http.threads, 4u);
}

TEST(Load, ReportsANamedFileThatIsMissing) {
  Sources sources;
  sources.environment = {{"GINNEL_CONFIG", "/nowhere/ginnel.toml"}};
  EXPECT_EQ(faults(load(sources)),
            Texts{"/nowhere/ginnel.toml: cannot be read: No such file or directory"});
}

TEST(Load, NeverShowsWhatMayBeSecret) {
  Sources sources;
  sources.environment = {{"DATABASE_URL", "mysql://ann:hunter2@db/x"}};
  const Texts texts = faults(load(sources));
  ASSERT_EQ(texts.size(), 1u);
  EXPECT_EQ(texts[0].find("hunter2"), std::string::npos) << texts[0];
  EXPECT_EQ(texts[0], "environment: DATABASE_URL: must be sqlite:PATH or sqlite::memory:");
}

TEST(Load, ShowsSecretsOfATableAsStars) {
  const std::vector<Setting> table = {
      {.name = "x.key",
       .fallback = "none",
       .kind = {"any", [](std::string_view text, Settings&) { return Result(std::string(text)); }},
       .secrecy = Secrecy::kSecret,
       .customary = {"API_KEY"}}};
  Sources sources;
  sources.environment = {{"API_KEY", "hunter2"}};
  const Configuration configuration = load(sources, table);
  EXPECT_EQ(configuration.values[0].shown, "***");
  EXPECT_EQ(configuration.values[0].source, "API_KEY");
}

TEST(Load, LetsTheLaterPlaceWinHoweverASecretIsWritten) {
  const TemporaryFile key("the-key-of-16-characters\n");
  const TemporaryFile far("[api]\nkey = 'another-of-16-characters'\n");
  const TemporaryFile near("[api]\nkey_file = '" + key.path() + "'\n");
  Sources sources;
  sources.usual_files = {near.path(), far.path()};
  Configuration configuration = load(sources);
  EXPECT_EQ(faults(configuration), Texts{});
  EXPECT_EQ(configuration.settings.guard.key, "the-key-of-16-characters");
  EXPECT_EQ(value(configuration, "api.key").shown, "***");
  EXPECT_EQ(value(configuration, "api.key").source, near.path() + ":2");
  sources.environment = {{"API_KEY", "the-variable-of-16-characters"}};
  EXPECT_EQ(load(sources).settings.guard.key, "the-variable-of-16-characters");
}

TEST(Load, NeverShowsWhatStandsInAFileOfASecret) {
  const TemporaryFile key("hunter2 hunter2 hunter2\n");
  const TemporaryFile file("[api]\nkey_file = '" + key.path() + "'\n");
  Sources sources;
  sources.file = file.path();
  const Texts texts = faults(load(sources));
  ASSERT_EQ(texts.size(), 1u);
  EXPECT_TRUE(texts[0].starts_with(file.path() + ":2: api.key_file: must be 16 to 256"))
      << texts[0];
  EXPECT_EQ(texts[0].find("hunter2"), std::string::npos) << texts[0];
}

TEST(Load, TellsEveryFileThatHoldsASecret) {
  const TemporaryFile key("the-key-of-16-characters\n");
  const TemporaryFile settings("[api]\nkey = 'another-of-16-characters'\n[http]\nthreads = 2\n");
  const TemporaryFile harmless("[api]\nkey = 'none'\n[database]\nurl = 'sqlite:a.db'\n");
  Sources sources;
  sources.usual_files = {harmless.path(), settings.path()};
  sources.environment = {{"API_KEY_FILE", key.path()}};
  EXPECT_EQ(load(sources).secret_files, (Texts{settings.path(), key.path()}));
  sources.environment = {{"API_KEY", "the-key-of-16-characters"}};
  sources.usual_files = {harmless.path()};
  EXPECT_EQ(load(sources).secret_files, Texts{});
}

TEST(Load, QuotesWhatWasWrittenSoThatATerminalIsSafe) {
  Sources sources;
  sources.flags = {flag("http.threads", {"\x1b[31m" + std::string(1'000, 'x')})};
  const Texts texts = faults(load(sources));
  ASSERT_EQ(texts.size(), 1u);
  EXPECT_EQ(texts[0].find('\x1b'), std::string::npos);
  EXPECT_LT(texts[0].size(), 250u);
  EXPECT_TRUE(texts[0].ends_with("xxx\"...")) << texts[0];
}

bool is_taken(Table table) {
  try {
    return load(Sources(), table).faults.empty();
  } catch (const std::logic_error&) {
    return false;
  }
}

TEST(Load, TakesATableWithABrokenDefaultForADefect) {
  auto refuse = [](std::string_view, Settings&) {
    return Result<std::string>(Error(ErrorKind::kInvalid, "another"));
  };
  const std::vector<Setting> table = {
      {.name = "x.y", .fallback = "1", .kind = {"none", std::move(refuse)}}};
  EXPECT_FALSE(is_taken(table));
  EXPECT_TRUE(is_taken({}));
}

TEST(LimitConnections, LowersThemToTheLimitOfOpenFilesAndSaysSo) {
  Configuration configuration = load({});
  limit_connections(configuration, 1'024);
  EXPECT_EQ(configuration.settings.http.max_connections, 896u);
  EXPECT_EQ(value(configuration, "http.max_connections").shown, "896");
  EXPECT_EQ(value(configuration, "http.max_connections").source, "limit of open files");
}

TEST(LimitConnections, LeavesWhatFits) {
  Configuration configuration = load({});
  limit_connections(configuration, 1'000'000);
  EXPECT_EQ(configuration.settings.http.max_connections, 10'000u);
  EXPECT_EQ(value(configuration, "http.max_connections").source, "default");
}

/// `name` as `ginnel config check` shows it.
std::string shown(const Configuration& configuration, std::string_view name) {
  const auto value = std::ranges::find_if(
      configuration.values, [&](const auto& one) { return one.setting->name == name; });
  return value->shown + " (" + value->source + ")";
}

TEST(ShowUrls, SaysWhatAutoStandsFor) {
  Sources sources;
  sources.flags = {flag("http.listen", {"0.0.0.0:9000"})};
  auto configuration = load(sources);
  show_urls(configuration);
  EXPECT_EQ(shown(configuration, "links.public_url"), "http://localhost:9000 (default)");
  EXPECT_EQ(shown(configuration, "client.server"), "http://127.0.0.1:9000 (default)");
  EXPECT_EQ(configuration.settings.links.public_url, "") << "the port that is bound decides";
}

TEST(ShowUrls, LeavesWhatIsSetAndWhatTheSystemChooses) {
  Sources sources;
  sources.flags = {flag("http.listen", {"localhost:0"}),
                   flag("client.server", {"https://go.example.org"})};
  auto configuration = load(sources);
  show_urls(configuration);
  EXPECT_EQ(shown(configuration, "links.public_url"), "auto (default)");
  EXPECT_EQ(shown(configuration, "client.server"), "https://go.example.org (--client.server)");
}

}  // namespace
}  // namespace ginnel::config
