// SPDX-License-Identifier: MIT
#include "client/stats_rows.h"

#include <string>
#include <string_view>
#include <utility>

#include "client/server.h"

namespace ginnel::client {
namespace {

namespace json = boost::json;

/// One row; what `of` does not count is left out.
json::object row_of(std::string_view what, std::string_view value, const json::object& of) {
  json::object row;
  row["what"] = what;
  row["value"] = value;
  for (const char* figure : {"clicks", "humans", "daily_visitors"}) {
    if (const auto* const count = of.if_contains(figure)) {
      row[figure] = *count;
    }
  }
  return row;
}

/// Where a period begins: its date, and of an hour the time as well.
std::string begin_of(const json::object& bucket, bool by_hour) {
  constexpr std::size_t kDate = 10;
  std::string text = text_at(bucket, "begin");
  return by_hour ? text : text.substr(0, kDate);
}

}  // namespace

std::vector<Column> stats_columns() {
  using Kind = Column::Kind;
  return {{"what", "what"},
          {"value", "value", Kind::kLongText},
          {"clicks", "clicks", Kind::kNumber},
          {"humans", "humans", Kind::kNumber},
          {"visitors", "daily_visitors", Kind::kNumber}};
}

json::array stats_rows(const json::object& stats) {
  json::array rows;
  const std::string period = text_at(stats, "period");
  rows.push_back(row_of("total", text_at(stats, "from") + " to " + text_at(stats, "to"), stats));
  for (const auto& value : array_at(stats, "buckets")) {
    const json::object& bucket = as_object(value);
    if (number_at(bucket, "clicks") > 0) {
      rows.push_back(row_of(period, begin_of(bucket, period == "hour"), bucket));
    }
  }
  const std::pair<std::string_view, std::string_view> lists[] = {{"bot_classes", "visitor"},
                                                                 {"referrers", "referrer"},
                                                                 {"countries", "country"},
                                                                 {"devices", "device"},
                                                                 {"systems", "system"},
                                                                 {"browsers", "browser"}};
  for (const auto& [list, what] : lists) {
    for (const auto& value : array_at(stats, list)) {
      const std::string text = text_at(as_object(value), "value");
      rows.push_back(row_of(what, text.empty() ? "(unknown)" : text, as_object(value)));
    }
  }
  return rows;
}

}  // namespace ginnel::client
