// SPDX-License-Identifier: MIT
#include "api/health_handlers.h"

#include <gtest/gtest.h>

#include "support/memory_api.h"

namespace ginnel::api {
namespace {

class Health : public testing::Test {
 protected:
  support::MemoryApi api_;
};

TEST_F(Health, IsGoodWhileTheProcessServes) {
  for (const char* line : {"GET /health", "GET /health/ready", "GET /health/serving"}) {
    const auto response = api_.ask(line);
    EXPECT_EQ(response.status, 200) << line;
    EXPECT_EQ(response.body, "{\"status\":\"ok\"}\n") << line;
    EXPECT_EQ(response.fields, "") << line;
  }
}

TEST_F(Health, SaysWhenToAskAgainWhileTheDatabaseIsAway) {
  api_.stores().fail_with(Error(ErrorKind::kUnavailable, "away"));
  const auto response = api_.ask("GET /health/ready");
  EXPECT_EQ(response.status, 503);
  EXPECT_EQ(response.body, "{\"status\":\"unavailable\"}\n");
  EXPECT_EQ(response.fields, "Retry-After: 1\r\n");
  EXPECT_EQ(api_.ask("GET /health").status, 200);
  EXPECT_EQ(api_.ask("GET /health/serving").status, 200);
}

TEST_F(Health, SaysWhenToAskAgainWhileTheProcessDrains) {
  api_.serving = false;
  const auto response = api_.ask("GET /health/serving");
  EXPECT_EQ(response.status, 503);
  EXPECT_EQ(response.fields, "Retry-After: 1\r\n");
  EXPECT_EQ(api_.ask("GET /health").status, 200);
}

}  // namespace
}  // namespace ginnel::api
