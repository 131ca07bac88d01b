// SPDX-License-Identifier: MIT
#include "api/stats_query.h"

#include <gtest/gtest.h>

#include "http/parser.h"

namespace ginnel::api {
namespace {

using domain::Timestamp;

/// The question that `GET /urls/7/stats?query` asks at noon of 25 November 2026, UTC.
Result<StatsQuestion> ask(const std::string& query) {
  http::Request request;
  http::Parser parser(request, 1'024);
  const std::string bytes = "GET /urls/7/stats?" + query + " HTTP/1.1\r\nHost: a\r\n\r\n";
  parser.restart(bytes.data());
  std::size_t consumed = 0;
  EXPECT_EQ(parser.parse(bytes, consumed), http::Parser::Outcome::kComplete);
  return read_stats_question(request, *domain::parse_timestamp("2026-11-25T12:00:00"));
}

std::string first(const StatsQuestion& question) {
  return question.zone.text_of(question.query.bounds.front());
}

std::string last(const StatsQuestion& question) {
  return question.zone.text_of(question.query.bounds.back());
}

std::vector<std::string> faulty(const std::string& query) {
  const auto question = ask(query);
  std::vector<std::string> fields;
  if (!question) {
    for (const FieldFault& fault : question.error().faults) {
      fields.push_back(fault.field);
    }
  }
  return fields;
}

TEST(StatsQuestion, IsAboutTheLastThirtyDaysWhenNothingIsSaid) {
  const auto question = ask("");

  ASSERT_TRUE(question);
  EXPECT_EQ(question->query.bounds.size(), 31u);
  EXPECT_EQ(first(*question), "2026-10-27T00:00:00+00:00");
  EXPECT_EQ(last(*question), "2026-11-26T00:00:00+00:00");
  EXPECT_EQ(question->query.values, 10u);
}

TEST(StatsQuestion, CoversThirtyOfWhateverPeriodIsWanted) {
  EXPECT_EQ(first(*ask("period=hour")), "2026-11-24T07:00:00+00:00");
  EXPECT_EQ(first(*ask("period=month")), "2024-06-01T00:00:00+00:00");
  EXPECT_EQ(ask("period=week")->query.bounds.size(), 31u);
}

TEST(StatsQuestion, ReadsDatesOfTheZone) {
  const auto question = ask("from=2026-11-01&to=2026-11-03&time_zone=Asia/Kolkata");

  ASSERT_TRUE(question);
  EXPECT_EQ(first(*question), "2026-11-01T00:00:00+05:30");
  EXPECT_EQ(last(*question), "2026-11-03T00:00:00+05:30");
  EXPECT_EQ(question->query.bounds.size(), 3u);
}

TEST(StatsQuestion, WidensARangeToWholePeriods) {
  const auto question = ask("from=2026-11-05T10:20:00&to=2026-11-05T10:20:01&period=month");

  ASSERT_TRUE(question);
  EXPECT_EQ(first(*question), "2026-11-01T00:00:00+00:00");
  EXPECT_EQ(last(*question), "2026-12-01T00:00:00+00:00");
}

TEST(StatsQuestion, NamesEveryParameterThatIsWrong) {
  EXPECT_EQ(faulty("from=yesterday&to=2026-13-01&period=year&time_zone=Mars&values=0"),
            (std::vector<std::string>{"time_zone", "period", "to", "from", "values"}));
  EXPECT_EQ(faulty("from=1999-12-31"), std::vector<std::string>{"from"});
  EXPECT_EQ(faulty("to=2101-01-01"), std::vector<std::string>{"to"});
}

TEST(StatsQuestion, RefusesARangeThatIsEmptyOrTooLong) {
  EXPECT_EQ(faulty("from=2026-11-02&to=2026-11-02"), std::vector<std::string>{"from"});
  EXPECT_EQ(faulty("from=2026-01-01&to=2026-11-02&period=hour"),
            std::vector<std::string>{"period"});
}

TEST(StatsQuestion, GivesNoMoreThanAThousandValues) {
  EXPECT_EQ(ask("values=5000")->query.values, 1'000u);
}

}  // namespace
}  // namespace ginnel::api
