// SPDX-License-Identifier: MIT
#include "config/nearest_name.h"

#include <gtest/gtest.h>

namespace ginnel::config {
namespace {

const std::vector<std::string>& known() {
  static const std::vector<std::string> kNames = {"http.listen",
                                                  "http.threads",
                                                  "http.idle_timeout_ms",
                                                  "log.level",
                                                  "database.timeout_ms",
                                                  "GINNEL_HTTP_LISTEN"};
  return kNames;
}

TEST(NearestName, ForgivesLettersLeftOutAddedReplacedAndSwapped) {
  EXPECT_EQ(nearest_name("htp.listen", known()), "http.listen");
  EXPECT_EQ(nearest_name("http.lissten", known()), "http.listen");
  EXPECT_EQ(nearest_name("http.lisden", known()), "http.listen");
  EXPECT_EQ(nearest_name("http.thraeds", known()), "http.threads");
  EXPECT_EQ(nearest_name("http-idle-timeout-ms", known()), "http.idle_timeout_ms");
}

TEST(NearestName, CountsASwapOfNeighboursAsOneMistake) {
  EXPECT_EQ(nearest_name("ba", {"ab"}), "ab");
  EXPECT_EQ(nearest_name("cba", {"abc"}), "") << "two mistakes are too many for three letters";
}

TEST(NearestName, PaysNoHeedToCase) {
  EXPECT_EQ(nearest_name("GINNEL_http_lisen", known()), "GINNEL_HTTP_LISTEN");
  EXPECT_EQ(nearest_name("Log.Level", known()), "log.level");
}

TEST(NearestName, FindsTheOneNameThatEndsInTheWord) {
  EXPECT_EQ(nearest_name("level", known()), "log.level");
  EXPECT_EQ(nearest_name("timeout_ms", known()), "") << "two end so";
}

TEST(NearestName, GuessesNothingWhereNothingIsNear) {
  EXPECT_EQ(nearest_name("colour", known()), "");
  EXPECT_EQ(nearest_name("", known()), "");
  EXPECT_EQ(nearest_name(std::string(1'000'000, 'x'), known()), "");
  EXPECT_EQ(nearest_name("x", {}), "");
}

TEST(Suggestion, IsTheEndOfASentenceOrNothing) {
  EXPECT_EQ(suggestion("htp.listen", known()), "; did you mean http.listen?");
  EXPECT_EQ(suggestion("colour", known()), "");
}

}  // namespace
}  // namespace ginnel::config
