// SPDX-License-Identifier: MIT
#include "api/query.h"

#include <gtest/gtest.h>

#include "support/sent_request.h"

namespace ginnel::api {
namespace {

support::SentRequest get(const std::string& target) {
  return support::SentRequest("GET " + target, "");
}

/// What is wrong with the parameter when it is read as a number of `lowest` or more.
std::string fault_of_number(const std::string& target, std::int64_t lowest) {
  const auto request = get(target);
  QueryReader reader(*request);
  reader.number("n", lowest);
  const auto fault = reader.fault();
  return fault ? fault->faults.at(0).message : "";
}

TEST(RowNumber, IsDigitsUpToTheLargestId) {
  EXPECT_EQ(parse_row_number("0"), 0);
  EXPECT_EQ(parse_row_number("007"), 7);
  EXPECT_EQ(parse_row_number("9007199254740991"), 9'007'199'254'740'991);
  for (const char* text : {"9007199254740992",
                           "99999999999999999999",
                           "-1",
                           "-0",
                           "+1",
                           "1 ",
                           " 1",
                           "1x",
                           "0x1",
                           "1.0"}) {
    EXPECT_EQ(parse_row_number(text), std::nullopt) << text;
  }
}

TEST(QueryReader, GivesANumberOrNothing) {
  const auto request = get("/users?cursor=7&page=3");
  QueryReader reader(*request);
  EXPECT_EQ(reader.number("cursor", 0), 7);
  EXPECT_EQ(reader.number("absent", 0), std::nullopt);
  EXPECT_FALSE(reader.fault());
}

TEST(QueryReader, RefusesWhatIsNoWholeNumberInItsRange) {
  const std::string message = "n must be a whole number from 1 to 9007199254740991";
  for (const char* target : {"/?n=0",
                             "/?n=-1",
                             "/?n=",
                             "/?n",
                             "/?n=1.5",
                             "/?n=abc",
                             "/?n=+1",
                             "/?n=1e3",
                             "/?n=9007199254740992"}) {
    EXPECT_EQ(fault_of_number(target, 1), message) << target;
  }
  EXPECT_EQ(fault_of_number("/?n=0", 0), "");
  EXPECT_EQ(fault_of_number("/?n=%31", 1), "");
}

TEST(QueryReader, CutsAPageToTheLargest) {
  const auto request = get("/?per_page=1000000");
  EXPECT_EQ(QueryReader(*request).per_page(20), kMaxPerPage);
  const auto usual = get("/");
  EXPECT_EQ(QueryReader(*usual).per_page(20), 20U);
}

TEST(QueryReader, ReadsABooleanInAnyCase) {
  const auto request = get("/?a=true&b=FALSE&c=1");
  QueryReader reader(*request);
  EXPECT_EQ(reader.boolean("a"), true);
  EXPECT_EQ(reader.boolean("b"), false);
  EXPECT_EQ(reader.boolean("absent"), std::nullopt);
  EXPECT_FALSE(reader.fault());
  EXPECT_EQ(reader.boolean("c"), std::nullopt);
  EXPECT_EQ(reader.fault()->faults.at(0).message, "c must be true or false");
}

TEST(QueryReader, TellsEverythingThatIsWrongAtOnce) {
  const auto request = get("/?cursor=x&per_page=0&is_active=yes");
  QueryReader reader(*request);
  reader.number("cursor", 0);
  reader.per_page(20);
  reader.boolean("is_active");
  EXPECT_EQ(reader.fault()->faults.size(), 3U);
}

/// The Link field that leads from `target` to the rows after 9.
std::string next_of(const std::string& target, std::string_view cursor_name = "cursor") {
  const auto request = get(target);
  http::Response response;
  add_next_link(response, *request, cursor_name, 9);
  return response.fields;
}

TEST(NextLink, KeepsThePathAndTheFilters) {
  EXPECT_EQ(next_of("/v1/events?per_page=5&event_type=a%20b"),
            "Link: </v1/events?cursor=9&per_page=5&event_type=a%20b>; rel=\"next\"\r\n");
  EXPECT_EQ(next_of("/urls?user_id=3", "page_num"),
            "Link: </urls?page_num=9&user_id=3>; rel=\"next\"\r\n");
}

TEST(NextLink, ReplacesTheCursorAndThePage) {
  EXPECT_EQ(next_of("/users?cursor=4&per_page=5&page=2"),
            "Link: </users?cursor=9&per_page=5>; rel=\"next\"\r\n");
}

TEST(NextLink, EncodesWhatWouldEndTheTarget) {
  EXPECT_EQ(next_of("/events?event_type=<x>&b=%22&c=\"&d=1"),
            "Link: </events?cursor=9&event_type=%3Cx%3E&b=%22&c=%22&d=1>; rel=\"next\"\r\n");
}

}  // namespace
}  // namespace ginnel::api
