// SPDX-License-Identifier: MIT
#include "page/error_page.h"

#include <string>

#include <gtest/gtest.h>

#include "http/problem.h"
#include "page/files.h"
#include "support/sent_request.h"

namespace ginnel::page {
namespace {

http::Response shown(int status, const std::string& path, const std::string& fields) {
  const support::SentRequest request("GET " + path, fields);
  auto response = http::problem(status, "a message");
  show_to_people(*request, response);
  return response;
}

constexpr const char* kBrowser = "Accept: text/html,*/*;q=0.8\r\n";

bool contains(const std::string& text, const std::string& part) {
  return text.find(part) != std::string::npos;
}

TEST(ErrorPage, IsForBrowsers) {
  const auto response = shown(404, "/abc", kBrowser);
  EXPECT_EQ(response.status, 404);
  EXPECT_EQ(response.content_type, http::kHtml);
  EXPECT_TRUE(contains(response.body, "<h1>There is no such link</h1>")) << response.body;
  EXPECT_TRUE(contains(response.fields, "Content-Security-Policy: default-src 'none'; "));
}

TEST(ErrorPage, LeavesProgramsTheirJson) {
  for (const char* fields : {"", "Accept: */*\r\n", "Accept: application/json\r\n"}) {
    const auto response = shown(404, "/abc", fields);
    EXPECT_EQ(response.content_type, http::kJson) << fields;
    EXPECT_EQ(response.body, "{\"error\":\"a message\"}\n") << fields;
    EXPECT_EQ(response.fields, "") << fields;
  }
}

TEST(ErrorPage, KeepsTheFieldsOfTheError) {
  EXPECT_TRUE(contains(shown(503, "/abc", kBrowser).fields, "Retry-After: 1\r\n"));
}

TEST(ErrorPage, HasWordsForEachStatus) {
  EXPECT_TRUE(contains(shown(410, "/abc", kBrowser).body, "<h1>This link is switched off</h1>"));
  EXPECT_TRUE(contains(shown(503, "/abc", kBrowser).body, "cannot be looked up now</h1>"));
  EXPECT_TRUE(contains(shown(500, "/abc", kBrowser).body, "<h1>That did not work</h1>"));
  EXPECT_TRUE(contains(shown(405, "/abc", kBrowser).body, "<h1>Nothing can be sent to this"));
  for (const int status : {400, 408, 413, 431}) {
    const auto body = shown(status, "/abc", kBrowser).body;
    EXPECT_TRUE(contains(body, "<h1>This request was not understood</h1>")) << status;
    EXPECT_TRUE(contains(body, "<p>a message.</p>")) << body;
  }
}

TEST(ErrorPage, FindsItsStyleFromEveryDepth) {
  const std::string style = asset_path("page.css");
  EXPECT_TRUE(contains(shown(404, "/abc", kBrowser).body, "href=\"" + style + "\""));
  EXPECT_TRUE(contains(shown(404, "/urls/abc/redirect?a/b", kBrowser).body,
                       "href=\"../../" + style + "\""));
}

TEST(ErrorPage, IsNoLongerForAPathOfSlashes) {
  const auto usual = shown(404, "/abc", kBrowser).body;
  const auto body = shown(404, std::string(10'000, '/'), kBrowser).body;
  EXPECT_TRUE(contains(body, "href=\"/" + asset_path("page.css") + "\""));
  EXPECT_LT(body.size(), usual.size() + 10);
}

TEST(ErrorPage, ShowsNothingThatAClientSentAsMarkup) {
  const std::string body =
      shown(404, "/%3Cb%3E", "Accept: text/html\r\nX-Request-ID: <b>'\"\r\n").body;
  EXPECT_FALSE(contains(body, "<b>")) << body;
}

}  // namespace
}  // namespace ginnel::page
