// SPDX-License-Identifier: MIT
#include "page/page_handlers.h"

#include <string>

#include <gtest/gtest.h>

#include "base/run_blocking_task.h"
#include "support/sent_request.h"

namespace ginnel::page {
namespace {

http::Response index(const std::string& public_url,
                     const std::string& fields,
                     const std::string& access = "key") {
  const PageHandlers handlers(public_url, {"a.example", "2606:4700::1"}, access);
  const support::SentRequest request("GET /", fields);
  return run_blocking_task(handlers.index(*request));
}

std::string tag_of(const http::Response& response) {
  const auto begin = response.fields.find("ETag: ") + 6;
  return response.fields.substr(begin, response.fields.find('\r', begin) - begin);
}

TEST(FirstPage, IsForPeople) {
  const auto response = index("https://go.example.org", "Accept: text/html\r\n");
  EXPECT_EQ(response.status, 200);
  EXPECT_EQ(response.content_type, http::kHtml);
  EXPECT_NE(response.body.find("data-public-url=\"https://go.example.org\""), std::string::npos);
  EXPECT_NE(response.body.find("data-hosts=\"a.example 2606:4700::1\""), std::string::npos);
  EXPECT_EQ(response.body.find("{{"), std::string::npos);
  EXPECT_NE(response.fields.find("Vary: Accept\r\n"), std::string::npos);
  EXPECT_EQ(response.keeping, http::Keeping::kAskAgain);
}

TEST(FirstPage, IsAnObjectOfNamesAndRoutesForPrograms) {
  const auto response = index("https://go.example.org", "Accept: application/json\r\n");
  EXPECT_EQ(response.content_type, http::kJson);
  EXPECT_EQ(response.body,
            "{\"events\":\"/events\",\"health\":\"/health/serving\","
            "\"hosts\":[\"a.example\",\"2606:4700::1\"],\"links\":\"/urls\","
            "\"metrics\":\"/metrics\",\"name\":\"ginnel\","
            "\"public_url\":\"https://go.example.org\",\"users\":\"/users\"}\n");
  EXPECT_EQ(response.fields, "Vary: Accept\r\n");
}

TEST(FirstPage, IsThePageUnlessJsonIsAskedForByName) {
  for (const char* page : {"",
                           "Accept: */*\r\n",
                           "Accept:\r\n",
                           "Accept: text/*\r\n",
                           "Accept: text/plain\r\n",
                           "Accept: application/*\r\n",
                           "Accept: APPLICATION/*;q=0.3, image/*\r\n",
                           "Accept: application/xml, application/*\r\n",
                           "Accept: application/xml\r\nAccept: application/*;q=0.9\r\n",
                           "Accept: image/avif,*/*;q=0.8\r\n",
                           "Accept: application/json;q=0.5, */*\r\n",
                           "Accept: application/json;q=0, */*\r\n",
                           "Accept: application/problem+json, */*\r\n",
                           "Accept: text/html,application/xml;q=0.9,*/*;q=0.8\r\n",
                           "Accept: text/html\r\nAccept: application/json;q=0.9\r\n"}) {
    EXPECT_EQ(index("https://go.example.org", page).content_type, http::kHtml) << page;
  }
  for (const char* object : {"Accept: application/json\r\n",
                             "Accept: APPLICATION/JSON\r\n",
                             "Accept: application/json, text/plain, */*\r\n",
                             "Accept: application/json, text/html;q=0.9\r\n",
                             "Accept: text/html, application/json\r\n",
                             "Accept: application/json;q=0.1\r\n",
                             "Accept: */*\r\nAccept: application/json\r\n"}) {
    EXPECT_EQ(index("https://go.example.org", object).content_type, http::kJson) << object;
  }
}

TEST(FirstPage, IsNotSentToWhoHasIt) {
  const auto first = index("https://go.example.org", "Accept: text/html\r\n");
  const std::string fields = "Accept: text/html\r\nIf-None-Match: " + tag_of(first) + "\r\n";
  const auto again = index("https://go.example.org", fields);
  EXPECT_EQ(again.status, 304);
  EXPECT_EQ(again.body, "");
  EXPECT_EQ(again.fields, first.fields);
  EXPECT_EQ(index("https://other.example.org", fields).status, 200) << "another page by then";
}

TEST(FirstPage, KnowsWhetherAnybodyMayCall) {
  for (const char* access : {"key", "open", "local", "closed"}) {
    const auto page = index("https://go.example.org", "Accept: text/html\r\n", access);
    EXPECT_NE(page.body.find("data-access=\"" + std::string(access) + "\""), std::string::npos);
    EXPECT_NE(page.body.find("openssl rand -hex 32"), std::string::npos);
  }
}

TEST(FirstPage, ShowsTheSettingAsText) {
  const auto response = index("https://a/\"><script>", "Accept: text/html\r\n");
  EXPECT_EQ(response.body.find("\"><script>"), std::string::npos);
}

}  // namespace
}  // namespace ginnel::page
