// SPDX-License-Identifier: MIT
#include "observability/log.h"

#include <array>
#include <string>
#include <thread>
#include <unistd.h>
#include <vector>

#include <gtest/gtest.h>

namespace ginnel::observability {
namespace {

constexpr std::int64_t kNoon = 1'795'521'601'250;  // 2026-11-24T12:00:01.250Z

TEST(JsonLine, HoldsTheFieldsInTheirOrder) {
  EXPECT_EQ(
      json_line(kNoon,
                LogLevel::kInfo,
                "listening",
                {{"address", "127.0.0.1:8080"}, {"threads", 2}, {"share", 0.5}, {"tls", false}}),
      "{\"time\":\"2026-11-24T12:00:01.250Z\",\"level\":\"info\",\"message\":\"listening\","
      "\"address\":\"127.0.0.1:8080\",\"threads\":2,\"share\":0.5,\"tls\":false}");
}

TEST(JsonLine, CannotBeBrokenByWhatItHolds) {
  EXPECT_EQ(json_line(kNoon, LogLevel::kWarn, "m", {{"path", "a\"\n{}\x1b[31m\xff"}}),
            "{\"time\":\"2026-11-24T12:00:01.250Z\",\"level\":\"warn\",\"message\":\"m\","
            "\"path\":\"a\\\"\\n{}\\u001b[31m\\ufffd\"}");
}

TEST(JsonLine, HoldsTheBeginningOfALongText) {
  const std::string start =
      "{\"time\":\"2026-11-24T12:00:01.250Z\",\"level\":\"info\","
      "\"message\":\"m\",\"path\":\"";
  const auto line = [](std::string_view path) {
    return json_line(kNoon, LogLevel::kInfo, "m", {{"path", path}});
  };
  const std::string most(kMostTextBytes, 'x');
  EXPECT_EQ(line(most), start + most + "\"}");
  EXPECT_EQ(line(most + "x"), start + most + "...\"}");
  EXPECT_EQ(line(std::string(16'384, 'x')), start + most + "...\"}");
  const std::string less(kMostTextBytes - 1, 'x');
  EXPECT_EQ(line(less + "\u20ac\u20ac"), start + less + "...\"}") << "no part of a character";
}

TEST(TextLine, HoldsTheBeginningOfALongText) {
  const std::string most(kMostTextBytes, 'x');
  EXPECT_EQ(text_line(kNoon, LogLevel::kInfo, "m", {{"path", most + most}}, false),
            "12:00:01.250 info  m  path=" + most + "...");
}

TEST(TextLine, IsForPeople) {
  EXPECT_EQ(text_line(kNoon, LogLevel::kInfo, "listening", {{"address", "x:1"}, {"n", 3}}, false),
            "12:00:01.250 info  listening  address=x:1  n=3");
}

TEST(TextLine, QuotesWhatCouldBeMisread) {
  EXPECT_EQ(
      text_line(
          kNoon, LogLevel::kError, "m", {{"a", "two words"}, {"b", ""}, {"c", "\x1b["}}, false),
      "12:00:01.250 error m  a=\"two words\"  b=\"\"  c=\"\\u001b[\"");
}

TEST(TextLine, ColoursTheLevelOnly) {
  EXPECT_EQ(text_line(kNoon, LogLevel::kWarn, "m", {}, true),
            "12:00:01.250 \033[33mwarn \033[0m m");
}

/// Nobody reads the log: what waits is bounded in bytes, and the caller goes on.
TEST(Log, DropsWhatThereIsNoRoomFor) {
  std::array<int, 2> ends{};
  ASSERT_EQ(::pipe(ends.data()), 0);
  const int before = ::dup(STDERR_FILENO);
  ::dup2(ends[1], STDERR_FILENO);
  const std::string text(kMostTextBytes, 'x');
  std::uint64_t dropped = 0;
  {
    Log log({.format = LogFormat::kJson, .queue_bytes = 100'000});
    for (int i = 0; i < 1'000; ++i) {
      log.info("line", {{"path", text}});
    }
    dropped = log.dropped();
  }
  ::dup2(before, STDERR_FILENO);
  ::close(before);
  ::close(ends[0]);
  ::close(ends[1]);
  EXPECT_GE(dropped, 800U) << "a pipe holds 64 KiB";
  EXPECT_LE(dropped, 920U);
}

TEST(Log, WritesFromSeveralThreads) {
  testing::internal::CaptureStderr();
  {
    LogOptions options;
    options.format = LogFormat::kJson;
    Log log(options);
    std::vector<std::thread> threads;
    threads.reserve(4);
    for (int thread = 0; thread < 4; ++thread) {
      threads.emplace_back([&log] {
        for (int i = 0; i < 100; ++i) {
          log.info("line", {{"i", i}});
        }
      });
    }
    for (std::thread& thread : threads) {
      thread.join();
    }
    log.debug("below the level");
    EXPECT_EQ(log.dropped(), 0u);
  }
  const std::string written = testing::internal::GetCapturedStderr();
  EXPECT_EQ(std::count(written.begin(), written.end(), '\n'), 400);
  EXPECT_EQ(written.find("below"), std::string::npos);
}

}  // namespace
}  // namespace ginnel::observability
