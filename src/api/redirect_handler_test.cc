// SPDX-License-Identifier: MIT
#include "api/redirect_handler.h"

#include <string>

#include <gtest/gtest.h>

#include "support/memory_api.h"

namespace ginnel::api {
namespace {

class Redirects : public testing::Test {
 protected:
  http::Response get(const std::string& path, std::string_view accept) {
    return api_.ask("GET " + path, {}, "Accept: " + std::string(accept) + "\r\n");
  }

  support::MemoryApi api_;
};

constexpr std::string_view kBrowser = "text/html,*/*;q=0.8";

TEST_F(Redirects, TellBrowsersOfAnUnknownCodeByAPage) {
  for (const char* path : {"/nosuch", "/a.b", "/urls/nosuch/redirect", "/v1/urls/%zz/redirect"}) {
    const auto page = get(path, kBrowser);
    EXPECT_EQ(page.status, 404) << path;
    EXPECT_EQ(page.content_type, http::kHtml) << path;
    EXPECT_EQ(page.keeping, http::Keeping::kNever) << path;
    EXPECT_EQ(get(path, "*/*").body, "{\"error\":\"Not found\"}\n") << path;
  }
}

TEST_F(Redirects, TellBrowsersOfAStoreThatIsAwayByAPage) {
  api_.stores().fail_with(Error(ErrorKind::kUnavailable, "away"));
  const auto page = get("/abc", kBrowser);
  EXPECT_EQ(page.status, 503);
  EXPECT_EQ(page.content_type, http::kHtml);
  EXPECT_NE(page.fields.find("Retry-After: 1\r\n"), std::string::npos);
  EXPECT_EQ(page.body.find("away"), std::string::npos);
  EXPECT_EQ(get("/abc", "*/*").body, "{\"error\":\"away\"}\n");
}

}  // namespace
}  // namespace ginnel::api
