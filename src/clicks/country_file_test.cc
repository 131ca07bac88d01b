// SPDX-License-Identifier: MIT
#include "clicks/country_file.h"

#include <cstdio>
#include <random>

#include <gtest/gtest.h>

#include "clicks/country_file_fixture.h"

namespace ginnel::clicks {
namespace {

constexpr ClientNetwork kBerlin{{203, 0, 113}, 3};
constexpr ClientNetwork kZurich{{198, 51, 100}, 3};
constexpr ClientNetwork kTokyo{{0x20, 0x01, 0x0d, 0xb8, 0, 1}, 6};

/// A file with those networks, and a clock that the test moves.
class CountryFileTest : public testing::Test {
 protected:
  static std::string database(std::string_view country_of_berlin = "DE") {
    return CountryFileBytes({{"203.0.113.0", 24, country_of_berlin},
                             {"198.51.0.0", 16, "CH"},
                             {"2001:db8:1::", 48, "JP"}})
        .bytes();
  }

  CountryFile open() {
    return CountryFile(place_.path(), log_, [this] { return now_; });
  }

  void pass(std::chrono::milliseconds time) { now_ += time; }

  CountryFilePlace place_;
  observability::Log log_{observability::LogOptions{.level = observability::LogLevel::kError}};
  std::chrono::steady_clock::time_point now_{std::chrono::hours(1)};
};

TEST_F(CountryFileTest, TellsTheCountryOfANetwork) {
  place_.replace(database());
  CountryFile file = open();

  EXPECT_EQ(file.country(kBerlin), "DE");
  EXPECT_EQ(file.country(kZurich), "CH");
  EXPECT_EQ(file.country(kTokyo), "JP");
}

TEST_F(CountryFileTest, IsEmptyForWhatIsNotInIt) {
  place_.replace(database("de"));  // no code
  CountryFile file = open();

  EXPECT_EQ(file.country(ClientNetwork{}), "");
  EXPECT_EQ(file.country(ClientNetwork{{192, 0, 2}, 3}), "");
  EXPECT_EQ(file.country(ClientNetwork{{0x20, 0x01, 0x0d, 0xb8, 0, 2}, 6}), "");
  EXPECT_EQ(file.country(kBerlin), "");
}

TEST_F(CountryFileTest, IsEmptyWithoutAFile) {
  CountryFile none("", log_);

  EXPECT_EQ(none.country(kBerlin), "");
}

TEST_F(CountryFileTest, IsReadAnewWhenAnotherIsInItsPlace) {
  place_.replace(database());
  CountryFile file = open();
  place_.replace(database("AT"));

  pass(CountryFile::kLookEvery - std::chrono::milliseconds(1));
  EXPECT_EQ(file.country(kBerlin), "DE");
  pass(std::chrono::milliseconds(1));
  EXPECT_EQ(file.country(kBerlin), "AT");
}

TEST_F(CountryFileTest, IsKeptInMemoryWhenItIsWrittenOver) {
  place_.replace(database());
  CountryFile file = open();

  place_.overwrite("");

  EXPECT_EQ(file.country(kBerlin), "DE");
  pass(CountryFile::kLookEvery);
  EXPECT_EQ(file.country(kBerlin), "DE");
  place_.overwrite(database("AT"));
  pass(CountryFile::kLookEvery);
  EXPECT_EQ(file.country(kBerlin), "AT");
}

TEST_F(CountryFileTest, IsFoundWhenItComesLater) {
  CountryFile file = open();
  EXPECT_EQ(file.country(kBerlin), "");

  place_.replace(database());
  pass(CountryFile::kLookEvery);

  EXPECT_EQ(file.country(kBerlin), "DE");
}

TEST_F(CountryFileTest, IsUsedFurtherWhenItIsGone) {
  place_.replace(database());
  CountryFile file = open();

  place_.remove();
  pass(CountryFile::kLookEvery);

  EXPECT_EQ(file.country(kBerlin), "DE");
}

TEST_F(CountryFileTest, IsComplainedAboutOnceForEachFault) {
  testing::internal::CaptureStderr();
  {
    observability::Log log(
        {.level = observability::LogLevel::kWarn, .format = observability::LogFormat::kJson});
    CountryFile file(place_.path(), log, [this] { return now_; });
    const auto look_three_times = [&] {
      for (int i = 0; i < 3; ++i) {
        pass(CountryFile::kLookEvery);
        file.country(kBerlin);
      }
    };
    look_three_times();  // it is missing
    place_.replace("no database");
    look_three_times();
  }
  const std::string lines = testing::internal::GetCapturedStderr();
  std::size_t count = 0;
  for (const char c : lines) {
    count += c == '\n' ? 1 : 0;
  }

  EXPECT_EQ(count, 2u) << lines;
  EXPECT_NE(lines.find("No such file or directory"), std::string::npos) << lines;
  EXPECT_NE(lines.find("is no MaxMind database"), std::string::npos) << lines;
}

TEST_F(CountryFileTest, MayNotBeAFolder) {
  CountryFile file("/tmp", log_);

  EXPECT_EQ(file.country(kBerlin), "");
}

TEST_F(CountryFileTest, DoesNoHarmWhenItIsDamaged) {
  const std::string whole = database();
  std::mt19937 random(5);
  int opened = 0;
  for (int round = 0; round < 300; ++round) {
    std::string damaged = whole.substr(0, round % 3 == 0 ? random() % whole.size() : whole.size());
    for (int change = 0; change < 3 && !damaged.empty(); ++change) {
      damaged[random() % damaged.size()] = static_cast<char>(random() % 256);
    }
    place_.overwrite(damaged);
    CountryFile file = open();
    for (const ClientNetwork& network : {kBerlin, kZurich, kTokyo}) {
      const std::string country = file.country(network);
      ASSERT_TRUE(country.empty() || country.size() == 2);
      opened += country.empty() ? 0 : 1;
    }
  }
  std::printf("900 lookups in damaged files, %d with a country\n", opened);
}

}  // namespace
}  // namespace ginnel::clicks
