// SPDX-License-Identifier: MIT
#include "api/stats_handler.h"

#include <string>
#include <utility>

#include "api/body_reader.h"
#include "api/named_link.h"
#include "api/stats_query.h"
#include "base/json_text.h"
#include "http/problem.h"

namespace ginnel::api {
namespace {

using domain::ClickStats;
using domain::Dimension;

std::string json_of(const std::vector<domain::StatsValue>& values) {
  std::string out = "[";
  for (const domain::StatsValue& value : values) {
    out += out.size() > 1 ? "," : "";
    JsonObject object(out);
    object.add("clicks", value.count.clicks).add("humans", value.count.humans);
    object.add("value", value.value);
    object.end();
  }
  return out + "]";
}

std::string json_of(const std::vector<domain::StatsBucket>& buckets, const domain::TimeZone& zone) {
  std::string out = "[";
  for (const domain::StatsBucket& bucket : buckets) {
    out += out.size() > 1 ? "," : "";
    JsonObject object(out);
    object.add("begin", zone.text_of(bucket.begin)).add("clicks", bucket.count.clicks);
    object.add("daily_visitors", bucket.daily_visitors).add("humans", bucket.count.humans);
    object.end();
  }
  return out + "]";
}

std::string json_of(const StatsQuestion& question, const ClickStats& stats) {
  const auto values = [&stats](Dimension dimension) {
    return json_of(stats.values[static_cast<std::size_t>(dimension)]);
  };
  const domain::TimeZone& zone = question.zone;
  std::string out;
  JsonObject object(out);
  object.add_raw("bot_classes", values(Dimension::kBotClass));
  object.add_raw("browsers", values(Dimension::kBrowser));
  object.add_raw("buckets", json_of(stats.buckets, zone));
  object.add("clicks", stats.total.clicks);
  object.add_raw("countries", values(Dimension::kCountry));
  object.add("daily_visitors", stats.daily_visitors);
  object.add_raw("devices", values(Dimension::kDevice));
  object.add("from", zone.text_of(question.query.bounds.front()));
  object.add("humans", stats.total.humans);
  object.add("period", domain::to_text(question.period));
  object.add_raw("referrers", values(Dimension::kReferrer));
  object.add_raw("systems", values(Dimension::kSystem));
  object.add("time_zone", zone.name());
  object.add("to", zone.text_of(question.query.bounds.back()));
  object.add("url_id", question.query.link.value);
  object.end();
  return out;
}

}  // namespace

Task<http::Response> StatsHandler::get(const http::Request& request, http::PathParameters path) {
  auto question = read_stats_question(request, domain::now());
  if (!question) {
    co_return http::problem(question.error());
  }
  const auto link = co_await named_link(links_, request, path);
  if (!link) {
    co_return http::problem(link.error());
  }
  question->query.link = link->id;
  const auto stats = co_await stats_.of_link(question->query, call_of(request));
  if (!stats) {
    co_return http::problem(stats.error());
  }
  co_return http::json(json_of(*question, *stats));
}

}  // namespace ginnel::api
