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

using Names = std::vector<std::string_view>;

/// The settings of which this is not so.
template <class Holds>
Names exceptions_to(Holds holds) {
  Names names;
  for (const Setting& setting : settings_table()) {
    if (!holds(setting)) {
      names.push_back(setting.name);
    }
  }
  return names;
}

bool takes(const Setting& setting, std::string_view text) {
  Settings settings;
  return setting.kind.read(text, settings).has_value();
}

TEST(SettingsTable, HasDefaultsAndExamplesThatItsOwnReadersTake) {
  EXPECT_EQ(exceptions_to([](const Setting& row) { return takes(row, row.fallback); }), Names{});
  EXPECT_EQ(exceptions_to(
                [](const Setting& row) { return !row.example.empty() && takes(row, row.example); }),
            Names{});
}

TEST(SettingsTable, NamesTheWordsOfASettingThatTakesNothingElse) {
  const auto has_its_words = [](const Setting& row) {
    Names range;
    for (std::string_view rest = row.kind.range; !rest.empty();) {
      range.push_back(rest.substr(0, rest.find(", ")));
      rest.remove_prefix(std::min(rest.size(), range.back().size() + 2));
    }
    const bool is_words =
        !row.kind.is_path && range.size() > 1 &&
        std::ranges::all_of(range, [&](std::string_view word) { return takes(row, word); });
    return is_words ? Names(row.kind.words.begin(), row.kind.words.end()) == range
                    : row.kind.words.empty() || row.kind.range == "true or false";
  };
  EXPECT_EQ(exceptions_to(has_its_words), Names{});
}

TEST(SettingsTable, SaysWhatASettingMeansAndTakes) {
  EXPECT_EQ(exceptions_to([](const Setting& row) {
              return row.meaning.ends_with('.') && !row.kind.range.empty();
            }),
            Names{});
}

TEST(SettingsTable, NamesEverySettingOnce) {
  std::set<std::string_view> names;
  EXPECT_EQ(exceptions_to([&names](const Setting& row) { return names.insert(row.name).second; }),
            Names{});
}

TEST(SettingsTable, HasEverySettingInAnAreaThatIsShown) {
  std::set<std::string_view> shown;
  for (const Area& area : areas()) {
    shown.insert(area.name);
  }
  EXPECT_EQ(exceptions_to([&shown](const Setting& row) { return shown.contains(row.area()); }),
            Names{});
}

TEST(SettingsTable, RefusesAnEmptyTextForWhatIsNoList) {
  EXPECT_EQ(exceptions_to([](const Setting& row) { return row.kind.list || !takes(row, ""); }),
            Names{});
}

TEST(Settings, ListenOnLoopbackOnlyByDefault) {
  const Settings settings = defaults();
  ASSERT_FALSE(settings.http.listen.empty());
  EXPECT_TRUE(std::all_of(settings.http.listen.begin(),
                          settings.http.listen.end(),
                          [](const http::ListenAddress& address) {
                            const bool loopback =
                                address.host == "127.0.0.1" || address.host == "::1";
                            return loopback && address.port == 8080;
                          }));
}

TEST(Settings, HaveTheDefaultsThatTheirModulesDeclare) {
  const Settings settings = defaults();
  const http::ServerOptions http;
  EXPECT_EQ(settings.http.max_connections, http.max_connections);
  EXPECT_EQ(settings.http.header_timeout, http.header_timeout);
  EXPECT_EQ(settings.http.body_timeout, http.body_timeout);
  EXPECT_EQ(settings.http.idle_timeout, http.idle_timeout);
  EXPECT_EQ(settings.http.write_timeout, http.write_timeout);
  EXPECT_EQ(settings.http.max_body_bytes, http.max_body_bytes);
  EXPECT_EQ(settings.http.max_memory_bytes, http.max_memory_bytes);
  EXPECT_EQ(settings.http.trusted_proxies, http.trusted_proxies);
  EXPECT_EQ(settings.http.client_address_field, http.client_address_field);
  EXPECT_EQ(settings.http.drain_notice, http.drain_notice);
  EXPECT_EQ(settings.http.drain_grace, http.drain_grace);
}

TEST(Settings, HaveTheDefaultsOfStoreLinksAndLogToo) {
  const Settings settings = defaults();
  const storage::StoreOptions store;
  EXPECT_EQ(settings.store.url, store.url);
  EXPECT_EQ(settings.store.operation_timeout, store.operation_timeout);
  EXPECT_EQ(settings.store.readers, store.readers);
  EXPECT_EQ(settings.store.write_queue_limit, store.write_queue_limit);
  EXPECT_EQ(settings.store.migrate, store.migrate);
  EXPECT_EQ(settings.links.public_url, service::LinkOptions().public_url);
  EXPECT_EQ(settings.links.own_hosts, service::LinkOptions().own_hosts);
  EXPECT_EQ(settings.links.max_target_length, service::LinkOptions().max_target_length);
  EXPECT_EQ(settings.links.max_location_bytes, service::LinkOptions().max_location_bytes);
  EXPECT_EQ(settings.guard.key, api::GuardOptions().key);
  EXPECT_EQ(settings.guard.open, api::GuardOptions().open);
  EXPECT_EQ(settings.log.level, observability::LogOptions().level);
  EXPECT_EQ(settings.log.format, observability::LogOptions().format);
  EXPECT_EQ(settings.log.redirects_one_in, observability::LogOptions().redirects_one_in);
  EXPECT_EQ(settings.cache_bytes, 64u << 20);
}

TEST(Settings, OfTheServerReachTheirPlace) {
  Settings settings = defaults();
  EXPECT_EQ(read(settings, "http.header_timeout_ms", "1"), "1");
  EXPECT_EQ(read(settings, "http.body_timeout_ms", "2"), "2");
  EXPECT_EQ(read(settings, "http.idle_timeout_ms", "3"), "3");
  EXPECT_EQ(read(settings, "http.write_timeout_ms", "4"), "4");
  EXPECT_EQ(read(settings, "shutdown.notice_ms", "5"), "5");
  EXPECT_EQ(read(settings, "shutdown.grace_ms", "6"), "6");
  EXPECT_EQ(settings.http.header_timeout, milliseconds(1));
  EXPECT_EQ(settings.http.body_timeout, milliseconds(2));
  EXPECT_EQ(settings.http.idle_timeout, milliseconds(3));
  EXPECT_EQ(settings.http.write_timeout, milliseconds(4));
  EXPECT_EQ(settings.http.drain_notice, milliseconds(5));
  EXPECT_EQ(settings.http.drain_grace, milliseconds(6));
}

TEST(Settings, OfTheStoreReachTheirPlace) {
  Settings settings = defaults();
  EXPECT_EQ(read(settings, "database.timeout_ms", "7"), "7");
  EXPECT_EQ(read(settings, "database.readers", "8"), "8");
  EXPECT_EQ(read(settings, "database.write_queue", "9"), "9");
  EXPECT_EQ(read(settings, "database.migrate", "off"), "false");
  EXPECT_EQ(settings.store.operation_timeout, milliseconds(7));
  EXPECT_EQ(settings.store.readers, 8u);
  EXPECT_EQ(settings.store.write_queue_limit, 9u);
  EXPECT_FALSE(settings.store.migrate);
}

TEST(Settings, KeepTheKeyToThemselves) {
  const Setting* key = find_setting(settings_table(), "api.key");
  ASSERT_NE(key, nullptr);
  Settings settings;
  const auto read_key = key->kind.read("0123456789abcdef", settings);
  ASSERT_TRUE(read_key);
  EXPECT_EQ(settings.guard.key, "0123456789abcdef");
  EXPECT_EQ(key->shown(*read_key), "***");
  EXPECT_TRUE(key->may_come_from_file());
  EXPECT_EQ(read(settings, "api.open", "yes"), "true");
  EXPECT_TRUE(settings.guard.open);
}

TEST(Settings, OfUploadsReachTheirPlace) {
  Settings settings = defaults();
  EXPECT_EQ(settings.bulk.max_bytes, service::UploadOptions().max_bytes);
  EXPECT_EQ(settings.bulk.folder, service::UploadOptions().folder);
  EXPECT_EQ(settings.bulk.upload_timeout, service::UploadOptions().upload_timeout);
  EXPECT_EQ(read(settings, "bulk.max_bytes", "1 KiB"), "1 KiB");
  EXPECT_EQ(read(settings, "bulk.folder", "/var/tmp"), "/var/tmp");
  EXPECT_EQ(read(settings, "bulk.upload_timeout_ms", "10"), "10");
  EXPECT_EQ(settings.bulk.max_bytes, 1u << 10);
  EXPECT_EQ(settings.bulk.folder, "/var/tmp");
  EXPECT_EQ(settings.bulk.upload_timeout, milliseconds(10));
  EXPECT_NE(read(settings, "bulk.max_bytes", "2 GiB"), "2 GiB") << "lines are counted in 32 bits";
}

TEST(Settings, OfTheLogReachTheirPlace) {
  Settings settings = defaults();
  EXPECT_EQ(read(settings, "log.level", "error"), "error");
  EXPECT_EQ(read(settings, "log.format", "json"), "json");
  EXPECT_EQ(read(settings, "log.redirects_one_in", "0"), "0");
  EXPECT_EQ(settings.log.level, observability::LogLevel::kError);
  EXPECT_EQ(settings.log.format, observability::LogFormat::kJson);
  EXPECT_EQ(settings.log.redirects_one_in, 0u);
}

TEST(Settings, TakeTheNameOfAFieldInAnyCase) {
  Settings settings = defaults();
  EXPECT_EQ(read(settings, "http.client_address_field", "Forwarded"), "forwarded");
  EXPECT_EQ(settings.http.client_address_field, http::ClientAddressField::kForwarded);
  EXPECT_EQ(read(settings, "http.client_address_field", "X-Forwarded-For"), "x-forwarded-for");
  EXPECT_EQ(settings.http.client_address_field, http::ClientAddressField::kXForwardedFor);
  EXPECT_EQ(read(settings, "http.client_address_field", "either"), "either");
  EXPECT_EQ(settings.http.client_address_field, http::ClientAddressField::kEither);
  for (const char* other : {"X-Real-IP", "auto", "", "x-forwarded-for, forwarded"}) {
    EXPECT_FALSE(
        find_setting(settings_table(), "http.client_address_field")->kind.read(other, settings))
        << other;
  }
}

TEST(Settings, TakeAutoForTheServersOwnUrls) {
  Settings settings = defaults();
  for (const auto& [name, place] : {std::pair("links.public_url", &settings.links.public_url),
                                    std::pair("client.server", &settings.client.server)}) {
    EXPECT_EQ(read(settings, name, " https://go.example.org/ "), "https://go.example.org");
    EXPECT_EQ(*place, "https://go.example.org");
    EXPECT_EQ(read(settings, name, " auto "), "auto");
    EXPECT_EQ(*place, "");
  }
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
