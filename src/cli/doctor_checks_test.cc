// SPDX-License-Identifier: MIT
#include "cli/doctor_checks.h"

#include <cerrno>
#include <chrono>
#include <utility>

#include <gtest/gtest.h>

namespace ginnel::cli {
namespace {

using Level = Finding::Level;

config::Settings listening_on(std::string host) {
  config::Settings settings;
  settings.http.listen = {{std::move(host), 8080}};
  return settings;
}

storage::Examination sound() {
  storage::Examination seen;
  seen.path = "data/ginnel.db";
  seen.exists = true;
  seen.links = 7;
  seen.migrations = {{1, "one", true}, {2, "two", true}};
  return seen;
}

TEST(CheckSettings, TellsEveryFaultAndNothingElse) {
  config::Configuration configuration;
  configuration.faults = {{{"ginnel.toml", "http.thraeds", 3}, "no such setting"},
                          {{"environment", "GINNEL_X"}, "no such setting"}};
  const auto findings = check_settings(configuration);
  ASSERT_EQ(findings.size(), 2U);
  EXPECT_EQ(findings[0].level, Level::kFail);
  EXPECT_EQ(findings[0].text, "ginnel.toml:3: http.thraeds: no such setting");
}

TEST(CheckDatabase, IsContentWithASoundOneAndWithNone) {
  const auto findings = check_database(sound(), true);
  ASSERT_EQ(findings.size(), 1U);
  EXPECT_EQ(findings[0].level, Level::kOk);
  EXPECT_EQ(findings[0].text, "data/ginnel.db: sound, 7 links, schema 2");
  storage::Examination none;
  none.path = "a.db";
  EXPECT_EQ(check_database(none, true).front().level, Level::kOk);
}

TEST(CheckDatabase, FailsOnDamageAndOnWhatCannotBeRead) {
  auto seen = sound();
  seen.damage = "page 3 is never used";
  EXPECT_EQ(check_database(seen, true).front().level, Level::kFail);
  EXPECT_NE(check_database(seen, true).front().cure.find("ginnel restore"), std::string::npos);
  seen.fault = Error(ErrorKind::kInvalid, "made by another program");
  EXPECT_EQ(check_database(seen, true).front().text, "made by another program");
}

TEST(CheckDatabase, FailsWhenTheServerHasAnotherFileOrNone) {
  auto seen = sound();
  seen.server = "77";
  EXPECT_EQ(check_database(seen, true).front().level, Level::kOk);
  seen.is_other_file = true;
  EXPECT_EQ(check_database(seen, true).front().text,
            "data/ginnel.db is not the file that process 77 serves");
  seen.exists = false;
  EXPECT_EQ(check_database(seen, true).front().text,
            "data/ginnel.db is gone, while process 77 serves it");
  seen = sound();
  seen.server = "unknown";
  EXPECT_EQ(check_database(seen, true).front().level, Level::kFail);
  EXPECT_NE(check_database(seen, true).front().cure.find("restart the server"), std::string::npos);
}

TEST(CheckDatabase, NamesWhatIsMissingAndHowItIsMadeAnew) {
  auto seen = sound();
  seen.missing = {{"index", "a_by_b", "CREATE INDEX a_by_b ON a (b)"}};
  const auto index = check_database(seen, true).front();
  EXPECT_EQ(index.level, Level::kFail);
  EXPECT_NE(index.text.find("index a_by_b"), std::string::npos);
  EXPECT_NE(index.cure.find("CREATE INDEX a_by_b ON a (b)"), std::string::npos);
  seen.missing.push_back({"table", "a", "CREATE TABLE a (b)"});
  EXPECT_NE(check_database(seen, true).front().cure.find("ginnel restore"), std::string::npos);
}

TEST(CheckDatabase, FailsOnMissingMigrationsWhereTheStartAppliesNone) {
  auto seen = sound();
  seen.migrations[1].applied = false;
  EXPECT_EQ(check_database(seen, true).front().level, Level::kOk);
  EXPECT_EQ(check_database(seen, false).front().level, Level::kFail);
  EXPECT_NE(check_database(seen, false).front().cure.find("ginnel migrate"), std::string::npos);
}

TEST(CheckDatabase, WarnsOfLinksThatRoutesShadow) {
  auto seen = sound();
  seen.shadowed_codes = {"docs", "Health"};
  const auto findings = check_database(seen, true);
  ASSERT_EQ(findings.size(), 2U);
  EXPECT_EQ(findings[1].level, Level::kWarn);
  EXPECT_NE(findings[1].text.find("docs, Health"), std::string::npos);
}

TEST(CheckDatabase, TellsOfRowsFromBeforeTodaysRules) {
  auto seen = sound();
  seen.kept_users = {7, {1, 2, 3, 4, 5}};
  seen.kept_links = {1, {9}};
  const auto findings = check_database(seen, true);
  ASSERT_EQ(findings.size(), 3U);
  EXPECT_EQ(findings[1].level, Level::kWarn);
  EXPECT_EQ(findings[1].text,
            "7 users have names or addresses from before today's rules, kept as they came: "
            "1, 2, 3, 4, 5, ...");
  EXPECT_NE(findings[2].text.find("kept as they came: 9"), std::string::npos);
}

TEST(CheckRoom, GoesFromEnoughToNone) {
  constexpr std::uint64_t kMiB = 1 << 20;
  EXPECT_EQ(check_room("folder", "data", 2048 * kMiB).level, Level::kOk);
  EXPECT_EQ(check_room("folder", "data", 1023 * kMiB).level, Level::kWarn);
  EXPECT_EQ(check_room("folder", "data", 63 * kMiB).level, Level::kFail);
  EXPECT_EQ(check_room("folder", "data", 63 * kMiB).text, "63 MiB free for data");
}

TEST(CheckSecretFile, WantsItClosedToAllButItsOwner) {
  constexpr std::uint32_t kSomebody = 1000;
  EXPECT_EQ(check_secret_file("key", kSomebody, 0100600).level, Level::kOk);
  EXPECT_EQ(check_secret_file("key", kSomebody, 0100400).level, Level::kOk);
  for (const std::uint32_t mode : {0644U, 0604U, 0640U, 0660U, 0620U, 0602U, 0666U, 0777U}) {
    const Finding finding = check_secret_file("key", kSomebody, mode);
    EXPECT_EQ(finding.level, Level::kWarn) << mode;
    EXPECT_TRUE(finding.cure.starts_with("chmod 600 key; ")) << finding.cure;
  }
  EXPECT_EQ(check_secret_file("key", kSomebody, 0100644).text,
            "key holds a secret, and every user of this machine may read it (mode 0644)");
  EXPECT_EQ(check_secret_file("key", kSomebody, 0100660).text,
            "key holds a secret, and its group may change it (mode 0660)");
}

TEST(CheckSecretFile, LetsTheGroupReadOneOfRoot) {
  EXPECT_EQ(check_secret_file("key", 0, 0100640).level, Level::kOk);
  for (const std::uint32_t mode : {0644U, 0660U, 0641U, 0604U}) {
    EXPECT_EQ(check_secret_file("key", 0, mode).level, Level::kWarn) << mode;
    EXPECT_TRUE(check_secret_file("key", 0, mode).cure.starts_with("chmod 640 key (and chgrp"));
  }
}

TEST(CheckSecretFlags, WarnsOfWhatEverybodyReads) {
  config::Sources sources;
  const auto flag = [](std::string_view name, const char* value) {
    return config::Flag{config::find_setting(config::settings_table(), name), {value}};
  };
  sources.flags = {flag("http.threads", "2"), flag("database.url", "sqlite:a.db")};
  EXPECT_TRUE(check_secret_flags(config::load(sources)).empty());
  sources.flags.push_back(flag("api.key", "a-key-of-16-characters"));
  const auto findings = check_secret_flags(config::load(sources));
  ASSERT_EQ(findings.size(), 1U);
  EXPECT_EQ(findings[0].level, Level::kWarn);
  EXPECT_NE(findings[0].text.find("--api.key"), std::string::npos);
  EXPECT_EQ(findings[0].cure, "api.key_file in a file, or GINNEL_API_KEY_FILE in the environment");
}

TEST(CheckPort, HasACureForEachFault) {
  const http::ListenAddress address{"0.0.0.0", 80};
  EXPECT_EQ(check_port(address, 0).level, Level::kOk);
  const std::pair<int, const char*> cures[] = {{EACCES, "cap_net_bind_service"},
                                               {EACCES, "ip_unprivileged_port_start=80"},
                                               {EADDRINUSE, "ss -ltnp"},
                                               {EADDRNOTAVAIL, "ip -br address"},
                                               {EAFNOSUPPORT, "IPv4"},
                                               {ENOBUFS, "http.listen"}};
  for (const auto& [fault, cure] : cures) {
    const Finding finding = check_port(address, fault);
    EXPECT_EQ(finding.level, Level::kFail);
    EXPECT_NE(finding.cure.find(cure), std::string::npos) << finding.cure;
  }
  EXPECT_EQ(check_port(address, EACCES).cure.find("ss -ltnp"), std::string::npos);
  EXPECT_EQ(check_port(address, EACCES).text, "0.0.0.0:80: Permission denied");
}

TEST(CheckOpenFiles, WarnsWhenTheLimitLowersTheConnections) {
  config::Configuration configuration = config::load({});
  EXPECT_EQ(check_open_files(configuration).level, Level::kOk);
  config::limit_connections(configuration, 256);
  EXPECT_EQ(check_open_files(configuration).level, Level::kWarn);
  EXPECT_NE(check_open_files(configuration).cure.find("ulimit -n"), std::string::npos);
}

TEST(CheckAccess, WarnsOfServersThatAreOpenOrClosed) {
  auto settings = listening_on("127.0.0.1");
  EXPECT_EQ(check_access(settings).level, Level::kOk);
  settings = listening_on("0.0.0.0");
  EXPECT_EQ(check_access(settings).level, Level::kWarn);
  EXPECT_NE(check_access(settings).cure.find("API_KEY_FILE"), std::string::npos);
  EXPECT_NE(check_access(settings).cure.find("openssl rand"), std::string::npos);
  settings.guard.open = true;
  EXPECT_EQ(check_access(settings).level, Level::kWarn);
  settings.guard.key = "a-key-of-16-characters";
  EXPECT_EQ(check_access(settings).level, Level::kOk);
  EXPECT_EQ(check_access(settings).text.find("a-key"), std::string::npos);
}

TEST(CheckAccess, WarnsWhereAProxyIsExpectedAndThereIsNoKey) {
  for (int what = 0; what < 3; ++what) {
    auto settings = listening_on("127.0.0.1");
    if (what == 0) {
      settings.links.public_url = "https://go.example.org";
    } else if (what == 1) {
      settings.links.own_hosts = {"go.example.org"};
    } else {
      settings.http.trusted_proxies = {"127.0.0.1"};
    }
    EXPECT_EQ(check_access(settings).level, Level::kWarn);
    EXPECT_TRUE(check_access(settings).text.starts_with("closed: no key"));
    EXPECT_NE(check_access(settings).cure.find("openssl rand"), std::string::npos);
    settings.guard.key = "a-key-of-16-characters";
    EXPECT_EQ(check_access(settings).level, Level::kOk);
  }
}

TEST(CheckPublicUrl, WarnsWhereAllVisitorsCountAsOne) {
  auto settings = listening_on("127.0.0.1");
  settings.links.public_url = "https://go.example.org";
  EXPECT_EQ(check_public_url(settings).level, Level::kWarn);
  EXPECT_NE(check_public_url(settings).cure.find("http.trusted_proxies"), std::string::npos);
  settings.http.trusted_proxies = {"127.0.0.1"};
  EXPECT_EQ(check_public_url(settings).level, Level::kOk);
}

TEST(CheckProxies, TellsWhatIsBelievedOfWhom) {
  using Field = http::ClientAddressField;
  auto settings = listening_on("127.0.0.1");
  EXPECT_TRUE(check_proxies(settings).empty());
  settings.http.client_address_field = Field::kForwarded;
  EXPECT_EQ(check_proxies(settings).front().level, Level::kWarn) << "of nobody";
  settings.http.trusted_proxies = {"127.0.0.1", "10.0.0.0/8"};
  for (const auto& [field, text] :
       {std::pair(Field::kXForwardedFor, "by X-Forwarded-For of 127.0.0.1, 10.0.0.0/8"),
        std::pair(Field::kForwarded, "by Forwarded of 127.0.0.1, 10.0.0.0/8"),
        std::pair(Field::kEither, "remove what visitors send of both")}) {
    settings.http.client_address_field = field;
    const auto findings = check_proxies(settings);
    ASSERT_EQ(findings.size(), 1U);
    EXPECT_EQ(findings[0].level, Level::kOk);
    EXPECT_NE(findings[0].text.find(text), std::string::npos) << findings[0].text;
  }
}

TEST(CheckPublicUrl, WarnsWhenOthersWouldBeSentToThemselves) {
  EXPECT_EQ(check_public_url(listening_on("127.0.0.1")).level, Level::kOk);
  auto settings = listening_on("0.0.0.0");
  EXPECT_EQ(check_public_url(settings).level, Level::kWarn);
  settings.links.public_url = "https://go.example.org";
  EXPECT_EQ(check_public_url(settings).level, Level::kOk);
}

TEST(CheckPublicUrl, ComparesAddressesOfLoopback) {
  const auto is_alive = [](std::vector<http::ListenAddress> listen, const char* url) {
    config::Settings settings;
    settings.http.listen = std::move(listen);
    settings.links.public_url = url;
    return check_public_url(settings).text.find("does not listen") == std::string::npos;
  };
  for (const auto& [listens, url] :
       std::vector<std::pair<const char*, const char*>>{{"127.0.0.1", "http://[::1]:9190"},
                                                        {"::1", "http://127.0.0.1:9190"},
                                                        {"127.0.0.5", "http://localhost:9190"},
                                                        {"127.0.0.5", "http://127.0.0.1:9190"},
                                                        {"127.0.0.1", "http://127.0.0.2:9190/s"},
                                                        {"127.0.0.1", "http://127.1.1:9190"}}) {
    EXPECT_FALSE(is_alive({{listens, 9190}}, url)) << listens << ' ' << url;
    EXPECT_FALSE(is_alive({{listens, 0}}, url)) << listens << ' ' << url;
  }
  for (const auto& [listens, url] :
       std::vector<std::pair<const char*, const char*>>{{"127.0.0.1", "http://localhost:9190"},
                                                        {"127.0.0.1", "http://LOCALHOST.:9190/s"},
                                                        {"127.0.0.1", "http://go.localhost:9190"},
                                                        {"127.0.0.1", "http://127.1:9190"},
                                                        {"127.0.0.5", "http://127.0.0.5:9190"},
                                                        {"::1", "http://localhost:9190"},
                                                        {"::1", "http://[0:0::1]:9190"}}) {
    EXPECT_TRUE(is_alive({{listens, 9190}}, url)) << listens << ' ' << url;
    EXPECT_TRUE(is_alive({{listens, 0}}, url)) << listens << ' ' << url;
  }
  EXPECT_TRUE(is_alive({{"127.0.0.1", 80}, {"::1", 9190}}, "http://[::1]:9190"));
  EXPECT_FALSE(is_alive({{"127.0.0.1", 9190}, {"::1", 80}}, "http://[::1]:9190"));
}

TEST(CheckPublicUrl, WarnsWhereShortUrlsAreDead) {
  config::Settings settings;
  settings.http.listen = {{"127.0.0.1", 9000}, {"::1", 9001}};
  EXPECT_EQ(check_public_url(settings).text, "short URLs begin with http://localhost:9000");
  for (const char* dead : {"http://localhost:8080", "http://127.0.0.1", "http://[::1]:80/s"}) {
    settings.links.public_url = dead;
    EXPECT_EQ(check_public_url(settings).level, Level::kWarn) << dead;
  }
  for (const char* alive : {"http://localhost:9000", "http://[::1]:9001/s", "https://localhost"}) {
    settings.links.public_url = alive;
    EXPECT_EQ(check_public_url(settings).level, Level::kOk) << alive;
  }
  for (const char* without_tls : {"https://localhost:9000", "HTTPS://[::1]:9001/s"}) {
    settings.links.public_url = without_tls;
    EXPECT_NE(check_public_url(settings).text.find("without TLS"), std::string::npos)
        << without_tls;
  }
  settings.http.listen = {{"127.0.0.1", 0}};
  settings.links.public_url.clear();
  EXPECT_EQ(check_public_url(settings).text.find(":0"), std::string::npos);
}

TEST(CheckClock, FailsBeforeThisProgramWasWritten) {
  const domain::Timestamp later = std::chrono::sys_days(std::chrono::year(2027) / 1 / 1);
  EXPECT_EQ(check_clock(later, true).level, Level::kOk);
  EXPECT_EQ(check_clock(later, false).level, Level::kWarn);
  EXPECT_EQ(check_clock(domain::Timestamp(), true).level, Level::kFail);
}

}  // namespace
}  // namespace ginnel::cli
