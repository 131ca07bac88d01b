// SPDX-License-Identifier: MIT
#include "config/settings.h"

#include <algorithm>
#include <set>

#include <gtest/gtest.h>

#include "config/process_limits.h"

namespace ginnel::config {
namespace {

using std::chrono::milliseconds;

std::string read(Settings& settings, std::string_view name, std::string_view text) {
  const Setting* setting = find_setting(settings_table(), name);
  if (setting == nullptr) {
    return "no such setting";
  }
  const Result<std::string> shown = setting->kind.read(text, settings);
  return shown ? *shown : "must be " + shown.error().message;
}

Settings defaults() {
  Settings settings;
  for (const Setting& setting : settings_table()) {
    EXPECT_TRUE(setting.kind.read(setting.fallback, settings)) << setting.name;
  }
  return settings;
}

TEST(SettingsTable, HasDefaultsAndExamplesThatItsOwnReadersTake) {
  for (const Setting& setting : settings_table()) {
    Settings settings;
    EXPECT_TRUE(setting.kind.read(setting.fallback, settings)) << setting.name;
    EXPECT_TRUE(setting.kind.read(setting.example, settings)) << setting.name;
    EXPECT_FALSE(setting.example.empty()) << setting.name;
    EXPECT_FALSE(setting.kind.range.empty()) << setting.name;
  }
}

TEST(SettingsTable, NamesEverySettingOnceInAnAreaThatIsShown) {
  std::set<std::string_view> names;
  for (const Setting& setting : settings_table()) {
    EXPECT_TRUE(names.insert(setting.name).second) << setting.name;
    EXPECT_TRUE(std::any_of(areas().begin(), areas().end(), [&setting](const Area& area) {
      return area.name == setting.area();
    })) << setting.name;
    EXPECT_TRUE(setting.meaning.ends_with('.')) << setting.name;
  }
}

TEST(SettingsTable, RefusesAnEmptyTextForWhatIsNoList) {
  for (const Setting& setting : settings_table()) {
    Settings settings;
    if (!setting.kind.list) {
      EXPECT_FALSE(setting.kind.read("", settings)) << setting.name;
    }
  }
}

TEST(Settings, ListenOnLoopbackOnlyByDefault) {
  const Settings settings = defaults();
  ASSERT_FALSE(settings.http.listen.empty());
  for (const http::ListenAddress& address : settings.http.listen) {
    EXPECT_TRUE(address.host == "127.0.0.1" || address.host == "::1") << address.host;
    EXPECT_EQ(address.port, 8080);
  }
}

TEST(Settings, HaveTheDefaultsOfTheTable) {
  const Settings settings = defaults();
  EXPECT_EQ(settings.http.threads, std::min<std::uint64_t>(usable_cores(), 256));
  EXPECT_EQ(settings.http.max_connections, 10'000u);
  EXPECT_EQ(settings.http.header_timeout, milliseconds(10'000));
  EXPECT_EQ(settings.http.body_timeout, milliseconds(30'000));
  EXPECT_EQ(settings.http.idle_timeout, milliseconds(75'000));
  EXPECT_EQ(settings.http.write_timeout, milliseconds(30'000));
  EXPECT_EQ(settings.http.max_body_bytes, 1'048'576u);
  EXPECT_TRUE(settings.http.trusted_proxies.empty());
  EXPECT_EQ(settings.http.drain_notice, milliseconds(500));
  EXPECT_EQ(settings.http.drain_grace, milliseconds(10'000));
  EXPECT_EQ(settings.store.url, "sqlite:data/ginnel.db");
  EXPECT_EQ(settings.store.operation_timeout, milliseconds(5'000));
  EXPECT_EQ(settings.store.readers, 2u);
  EXPECT_EQ(settings.store.write_queue_limit, 4'096u);
  EXPECT_TRUE(settings.store.migrate);
  EXPECT_EQ(settings.links.public_url, "http://localhost:8080");
  EXPECT_TRUE(settings.links.own_hosts.empty());
  EXPECT_EQ(settings.cache_bytes, 64u << 20);
  EXPECT_EQ(settings.log.level, observability::LogLevel::kInfo);
  EXPECT_EQ(settings.log.format, observability::LogFormat::kAuto);
  EXPECT_EQ(settings.log.redirects_one_in, 1'000u);
}

TEST(Settings, ReachThePlaceOfTheirName) {
  Settings settings = defaults();
  for (const auto& [name, text] : std::vector<std::pair<const char*, const char*>>{
           {"http.threads", "3"},
           {"http.header_timeout_ms", "1"},
           {"http.body_timeout_ms", "2"},
           {"http.idle_timeout_ms", "3"},
           {"http.write_timeout_ms", "4"},
           {"shutdown.notice_ms", "5"},
           {"shutdown.grace_ms", "6"},
           {"database.timeout_ms", "7"},
           {"database.migrate", "false"},
           {"log.level", "error"},
           {"log.format", "json"},
           {"log.redirects_one_in", "0"},
       }) {
    EXPECT_EQ(read(settings, name, text), text);
  }
  EXPECT_EQ(settings.http.threads, 3u);
  EXPECT_EQ(settings.http.header_timeout, milliseconds(1));
  EXPECT_EQ(settings.http.body_timeout, milliseconds(2));
  EXPECT_EQ(settings.http.idle_timeout, milliseconds(3));
  EXPECT_EQ(settings.http.write_timeout, milliseconds(4));
  EXPECT_EQ(settings.http.drain_notice, milliseconds(5));
  EXPECT_EQ(settings.http.drain_grace, milliseconds(6));
  EXPECT_EQ(settings.store.operation_timeout, milliseconds(7));
  EXPECT_FALSE(settings.store.migrate);
  EXPECT_EQ(settings.log.level, observability::LogLevel::kError);
  EXPECT_EQ(settings.log.format, observability::LogFormat::kJson);
  EXPECT_EQ(settings.log.redirects_one_in, 0u);
}

TEST(Settings, TakeTheWordCoresForThreads) {
  Settings settings;
  const std::string shown = read(settings, "http.threads", " cores ");
  EXPECT_EQ(shown, std::to_string(settings.http.threads));
  EXPECT_EQ(settings.http.threads, std::min<std::uint64_t>(usable_cores(), 256));
  EXPECT_EQ(read(settings, "http.threads", "257"),
            "must be a whole number, 1 to 256, or the word cores");
}

TEST(Settings, DivideTheCacheAmongTheThreads) {
  Settings settings;
  EXPECT_EQ(read(settings, "http.threads", "4"), "4");
  EXPECT_EQ(read(settings, "cache.local_bytes", "1 MiB"), "1 MiB");
  EXPECT_EQ(settings.cache_of_a_core().max_bytes, 262'144u);
}

TEST(Settings, ShowListsAsTheyWouldBeWritten) {
  Settings settings;
  EXPECT_EQ(read(settings, "http.listen", "127.0.0.1:1 ,[::1]:2"), "127.0.0.1:1, [::1]:2");
  EXPECT_EQ(read(settings, "links.own_hosts", "A.example,b.example"), "a.example, b.example");
}

}  // namespace
}  // namespace ginnel::config
