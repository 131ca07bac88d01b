// SPDX-License-Identifier: MIT
#include "http/accept.h"

#include <string>

#include <gtest/gtest.h>

#include "support/sent_request.h"

namespace ginnel::http {
namespace {

bool asks_for_problem(std::string_view accept) {
  return asks_for(accept, "application/problem+json", "application/json");
}

TEST(Accept, WantsATypeByItsMostSpecificRange) {
  EXPECT_EQ(wanted("text/html", "text/html"), 1000);
  EXPECT_EQ(wanted("TEXT/Html", "text/html"), 1000);
  EXPECT_EQ(wanted("*/*;q=0.1, text/*;q=0.5, text/html;q=0.7", "text/html"), 700);
  EXPECT_EQ(wanted("text/html;q=0.7, text/*;q=0.5, */*;q=0.1", "text/plain"), 500);
  EXPECT_EQ(wanted("text/*;q=0.5, */*;q=0.1", "application/json"), 100);
  EXPECT_EQ(wanted("text/html;q=0, */*", "text/html"), 0);
  EXPECT_EQ(wanted("text/htmlx, text/htm, text, */html, te/*, /*", "text/html"), 0);
  EXPECT_EQ(wanted("", "text/html"), 0);
}

TEST(Accept, ReadsWeights) {
  EXPECT_EQ(wanted("text/html;q=1.000", "text/html"), 1000);
  EXPECT_EQ(wanted("text/html;q=0.", "text/html"), 0);
  EXPECT_EQ(wanted("text/html ; level=1 ; Q=0.25", "text/html"), 250);
  EXPECT_EQ(wanted("text/html;q=0.001", "text/html"), 1);
  EXPECT_EQ(wanted(" ,, text/html\t;\tq=0.5 ,", "text/html"), 500);
}

TEST(Accept, PassesOverARangeWhoseWeightIsMalformed) {
  for (const char* weight : {"", "2", "1.001", "0.0001", "-1", ".5", "0x1", "0.5a", "01"}) {
    const std::string accept = std::string("text/html;q=") + weight + ";, */*;q=0.2";
    EXPECT_EQ(wanted(accept, "text/html"), 200) << accept;
  }
}

TEST(Accept, LooksForNoCommasInQuotes) {
  EXPECT_EQ(wanted(R"(text/html;a=", text/plain;q=0.1";q=0.5)", "text/plain"), 0);
  EXPECT_EQ(wanted(R"(text/html;a=", text/plain;q=0.1";q=0.5)", "text/html"), 500);
  EXPECT_EQ(wanted(R"(text/html;a="\",;q=0.1";q=0.5)", "text/html"), 500);
  EXPECT_EQ(wanted(R"(text/html;a="never ends, */*;q=0.5)", "text/plain"), 0);
}

TEST(Accept, AsksForATypeByItsName) {
  for (const char* accept : {"application/problem+json",
                             "Application/Problem+JSON;charset=utf-8",
                             "application/json, application/problem+json",
                             "application/problem+json;q=0.5, */*;q=0.4",
                             "text/html, application/problem+json;q=0.1"}) {
    EXPECT_TRUE(asks_for_problem(accept)) << accept;
  }
}

TEST(Accept, DoesNotAskForATypeThatItDoesNotNameOrWantsLess) {
  for (const char* accept : {"",
                             "*/*",
                             "application/*",
                             "application/json",
                             "application/problem+json;q=0",
                             "application/problem+json;q=0, */*",
                             "application/problem+json;q=wrong",
                             "application/json, application/problem+json;q=0.9",
                             "application/problem+json;q=0.3, */*;q=0.4",
                             "application/problem+xml"}) {
    EXPECT_FALSE(asks_for_problem(accept)) << accept;
  }
}

TEST(Accept, TellsBrowsersFromPrograms) {
  const auto asks_for_html = [](const std::string& accept) {
    return prefers_html(*support::SentRequest("GET /abc", "Accept: " + accept + "\r\n"));
  };
  EXPECT_TRUE(asks_for_html("text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8"));
  EXPECT_TRUE(asks_for_html("text/html"));
  EXPECT_TRUE(asks_for_html("application/json;q=0.5, text/html"));
  EXPECT_FALSE(asks_for_html("*/*"));
  EXPECT_FALSE(asks_for_html("application/json, text/plain, */*"));
  EXPECT_FALSE(asks_for_html("application/json, text/html;q=0.9"));
  EXPECT_FALSE(asks_for_html("application/json, text/html"));
  EXPECT_FALSE(asks_for_html("text/html;q=0"));
  EXPECT_FALSE(asks_for_html(""));
  EXPECT_FALSE(prefers_html(*support::SentRequest("GET /abc", "")));
}

TEST(Accept, IsOneListInSeveralFields) {
  const auto asks_for_html = [](const std::string& fields) {
    return prefers_html(*support::SentRequest("GET /abc", fields));
  };
  EXPECT_TRUE(asks_for_html("Accept: application/json;q=0.5\r\nAccept: text/html\r\n"));
  EXPECT_TRUE(asks_for_html("Accept: */*;q=0.1\r\nX: y\r\naccept: text/html;q=0.2\r\n"));
  EXPECT_TRUE(asks_for_html("Accept:\r\nAccept: text/html\r\n"));
  EXPECT_FALSE(asks_for_html("Accept: text/html;q=0.5\r\nAccept: application/json\r\n"));
  EXPECT_FALSE(asks_for_html("Accept: */*\r\nAccept: text/html, application/json\r\n"));
}

}  // namespace
}  // namespace ginnel::http
