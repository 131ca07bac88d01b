// SPDX-License-Identifier: MIT
#include "client/stats_rows.h"

#include <sstream>

#include <gtest/gtest.h>

namespace ginnel::client {
namespace {

std::string lines(const char* document) {
  std::istringstream in;
  std::ostringstream out;
  const Console console{in, out, out};
  RowWriter writer(console, stats_columns());
  writer.add(stats_rows(boost::json::parse(document).as_object()));
  writer.end();
  return out.str();
}

TEST(StatsRows, AreTheTotalThenPeriodsThenLists) {
  EXPECT_EQ(lines(R"({"clicks":3,"humans":2,"daily_visitors":1,"period":"day","from":"A","to":"B",
                "buckets":[{"begin":"2026-11-25T00:00:00+00:00","clicks":3,"humans":2,
                            "daily_visitors":1},
                           {"begin":"2026-11-26T00:00:00+00:00","clicks":0,"humans":0,
                            "daily_visitors":0}],
                "referrers":[{"clicks":2,"humans":2,"value":"example.org"}],
                "countries":[{"clicks":3,"humans":2,"value":""}]})"),
            "total\tA to B\t3\t2\t1\n"
            "day\t2026-11-25\t3\t2\t1\n"
            "referrer\texample.org\t2\t2\t\n"
            "country\t(unknown)\t3\t2\t\n");
}

TEST(StatsRows, OfHoursHaveTheirTime) {
  EXPECT_EQ(lines(R"({"clicks":1,"humans":0,"daily_visitors":0,"period":"hour","from":"A","to":"B",
                      "buckets":[{"begin":"2026-11-25T18:00:00+01:00","clicks":1,"humans":0,
                                  "daily_visitors":0}]})"),
            "total\tA to B\t1\t0\t0\nhour\t2026-11-25T18:00:00+01:00\t1\t0\t0\n");
}

}  // namespace
}  // namespace ginnel::client
