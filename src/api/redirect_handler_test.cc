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

TEST_F(Redirects, FindWhatWasTypedInAnotherWay) {
  api_.ask("POST /users", R"({"username":"ada","email":"ada@example.com"})");
  api_.ask("POST /urls",
           R"({"user_id":1,"original_url":"https://example.com/","title":"t","code":"First"})");
  const auto status = [this](const std::string& path) {
    return api_.ask("HEAD " + path, {}, "").status;
  };
  for (const char* path : {"/First",
                           "/first",
                           "/FIRST/",
                           "//First",
                           "/First.",
                           "/First-",
                           "/%22First%22",
                           "/First%3Fx=/y",
                           "/First&x",
                           "/First%3f%zz",
                           "/First%E2%80%8B",
                           "/urls/first/redirect",
                           "/v1/urls/%46IRST/redirect"}) {
    EXPECT_EQ(status(path), 302) << path;
  }
  for (const char* path : {"/First.x",
                           "/First%zz",
                           "/First+",
                           "/urls/First-/redirect",
                           "/urls/First./redirect",
                           "/First%253F"}) {
    EXPECT_EQ(status(path), 404) << path;
  }
}

}  // namespace
}  // namespace ginnel::api
