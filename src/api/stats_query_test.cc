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
  EXPECT_EQ(last(*question), "2026-11-04T00:00:00+05:30") << "the third is included";
  EXPECT_EQ(question->query.bounds.size(), 4u);
}

TEST(StatsQuestion, IncludesTheDayThatIsNamedAsItsEnd) {
  const auto one_day = ask("from=2026-11-02&to=2026-11-02");
  ASSERT_TRUE(one_day);
  EXPECT_EQ(first(*one_day), "2026-11-02T00:00:00+00:00");
  EXPECT_EQ(last(*one_day), "2026-11-03T00:00:00+00:00");
  EXPECT_EQ(last(*ask("from=2026-03-01&to=2026-03-29&time_zone=Europe/Berlin")),
            "2026-03-30T00:00:00+02:00")
      << "a day of 23 hours";
  EXPECT_EQ(last(*ask("from=2026-11-02&to=2026-11-02&period=hour")), "2026-11-03T00:00:00+00:00");
  EXPECT_EQ(last(*ask("from=2026-11-02&to=2026-11-30&period=month")), "2026-12-01T00:00:00+00:00");
  EXPECT_EQ(last(*ask("from=2099-12-01&to=2099-12-31")), "2100-01-01T00:00:00+00:00");
  EXPECT_EQ(last(*ask("from=2026-11-02&to=2026-11-03T00:00:00")), "2026-11-03T00:00:00+00:00")
      << "a time is an end, not a day";
}

TEST(StatsQuestion, ReadsTimesThatSayTheirZone) {
  for (const char* from : {"2026-11-05T09:30:00Z",
                           "2026-11-05T09:30:00.000000001Z",
                           "2026-11-05T10:30:00%2B01:00",
                           "2026-11-05T10:30:00+01:00",  // a + in a query is a space
                           "2026-11-05%2010:30:00+0100",
                           "2026-11-05+04:30:00-05:00",
                           "2026-11-05T09:30:00"}) {
    const auto question = ask(std::string("period=hour&to=2026-11-05T12:00:00Z&from=") + from);
    ASSERT_TRUE(question) << from;
    EXPECT_EQ(first(*question), "2026-11-05T09:00:00+00:00") << from;
  }
  EXPECT_EQ(first(*ask("time_zone=Asia/Tokyo&period=hour&from=2026-11-05T00:00:00Z")),
            "2026-11-05T09:00:00+09:00");
  EXPECT_EQ(first(*ask("time_zone=Etc/GMT+5&period=hour&from=2026-11-25T00:00:00")),
            "2026-11-25T00:00:00-05:00");
}

TEST(StatsQuestion, TakesTheTimesOfItsAnswers) {
  int asked = 0;
  for (const char* zone :
       {"UTC", "Asia/Kathmandu", "America/St_Johns", "America/Goose_Bay", "Australia/Lord_Howe"}) {
    for (const char* period : {"hour", "day", "week", "month"}) {
      for (const char* range : {"",
                                "&to=2000-01-01",
                                "&to=2000-01-01T03:30:00",
                                "&to=2000-01-31",
                                "&from=2006-10-29T02:31:00Z&to=2006-10-29T03:30:00Z",
                                "&from=2010-03-14T03:31:00Z&to=2010-03-14T05:00:00Z",
                                "&from=2026-04-04&to=2026-04-06",
                                "&from=2000-01-01&to=2000-01-09",
                                "&from=2099-12-20&to=2099-12-31"}) {
        const std::string words = std::string("period=") + period + "&time_zone=" + zone;
        const auto once = ask(words + range);
        ASSERT_TRUE(once) << words << range;
        const auto again = ask(words + "&from=" + first(*once) + "&to=" + last(*once));
        ASSERT_TRUE(again) << words << ' ' << first(*once) << ' ' << last(*once);
        EXPECT_EQ(again->query.bounds, once->query.bounds) << words << range;
        ++asked;
      }
    }
  }
  std::printf("%d questions asked again with the times of their answers\n", asked);
}

TEST(StatsQuestion, BeginsWithTheFirstYearWhereTheUsualPeriodsWouldNot) {
  EXPECT_EQ(first(*ask("to=2000-01-01")), "2000-01-01T00:00:00+00:00");
  EXPECT_EQ(first(*ask("to=2000-02-05")), "2000-01-07T00:00:00+00:00");
  EXPECT_EQ(first(*ask("to=2000-01-05&period=hour&time_zone=Asia/Tokyo")),
            "2000-01-04T18:00:00+09:00");
  EXPECT_EQ(first(*ask("to=2000-01-20&period=week")), "1999-12-27T00:00:00+00:00")
      << "the week of the first day";
  EXPECT_EQ(first(*ask("to=2001-06-30&period=month&time_zone=America/Lima")),
            "2000-01-01T00:00:00-05:00");
  EXPECT_EQ(faulty("to=2000-01-01T00:00:00"), std::vector<std::string>{"to"})
      << "nothing of these years comes before it";
  EXPECT_EQ(faulty("to=1999-12-31"), std::vector<std::string>{"to"});
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
  EXPECT_EQ(faulty("to=2100-01-01T00:00:00-00:01"), std::vector<std::string>{"to"});
  EXPECT_EQ(faulty("time_zone=localtime"), std::vector<std::string>{"time_zone"});
}

TEST(StatsQuestion, RefusesARangeThatIsEmptyOrTooLong) {
  EXPECT_EQ(faulty("from=2026-11-03&to=2026-11-02"), std::vector<std::string>{"from"});
  EXPECT_EQ(faulty("from=2026-11-02T00:00:00&to=2026-11-02T00:00:00Z"),
            std::vector<std::string>{"from"});
  EXPECT_EQ(faulty("from=2026-01-01&to=2026-11-02&period=hour"),
            std::vector<std::string>{"period"});
}

TEST(StatsQuestion, GivesNoMoreThanAThousandValues) {
  EXPECT_EQ(ask("values=5000")->query.values, 1'000u);
}

}  // namespace
}  // namespace ginnel::api
