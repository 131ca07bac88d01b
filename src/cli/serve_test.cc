// SPDX-License-Identifier: MIT
#include <gtest/gtest.h>

#include "cli/command.h"

namespace ginnel::cli {
namespace {

/// What is logged at this level when the environment holds two settings.
std::string logged(observability::LogLevel level) {
  config::Sources sources;
  sources.environment = {{"GINNEL_HTTP_THREADS", "3"}, {"DATABASE_URL", "sqlite:x.db"}};
  observability::LogOptions options;
  options.level = level;
  options.format = observability::LogFormat::kJson;
  testing::internal::CaptureStderr();
  {
    observability::Log log(options);
    log_configuration(log, config::load(sources));
  }
  return testing::internal::GetCapturedStderr();
}

TEST(LogConfiguration, WritesALineForEachSettingThatSomebodySet) {
  const std::string text = logged(observability::LogLevel::kInfo);
  EXPECT_EQ(std::count(text.begin(), text.end(), '\n'), 2) << text;
  EXPECT_NE(text.find("\"message\":\"setting\",\"name\":\"http.threads\",\"value\":\"3\","
                      "\"source\":\"GINNEL_HTTP_THREADS\"}"),
            std::string::npos)
      << text;
  EXPECT_NE(text.find("\"value\":\"sqlite:x.db\",\"source\":\"DATABASE_URL\"}"), std::string::npos);
}

TEST(LogConfiguration, WritesTheDefaultsTooWhereDetailIsWanted) {
  const std::string text = logged(observability::LogLevel::kDebug);
  EXPECT_EQ(static_cast<std::size_t>(std::count(text.begin(), text.end(), '\n')),
            config::settings_table().size());
  EXPECT_NE(
      text.find("\"name\":\"http.idle_timeout_ms\",\"value\":\"75000\",\"source\":\"default\""),
      std::string::npos)
      << text;
}

}  // namespace
}  // namespace ginnel::cli
