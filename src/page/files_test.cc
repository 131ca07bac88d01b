// SPDX-License-Identifier: MIT
#include "page/files.h"

#include <stdexcept>
#include <string>

#include <gtest/gtest.h>

#include "support/sent_request.h"

namespace ginnel::page {
namespace {

TEST(PageFiles, AreServedUnderTheirHash) {
  const std::string path = asset_path("page.css");
  ASSERT_EQ(path.size(), std::string("assets/page.0123456789abcdef.css").size()) << path;
  const support::SentRequest request("GET /" + path, "");
  const auto response = asset(*request, path.substr(7));
  EXPECT_EQ(response.status, 200);
  EXPECT_EQ(response.content_type, "text/css; charset=utf-8");
  EXPECT_EQ(response.body, contents_of("page.css"));
  EXPECT_EQ(response.keeping, http::Keeping::kForGood);
  EXPECT_NE(response.fields.find("Referrer-Policy: no-referrer\r\n"), std::string::npos);
}

TEST(PageFiles, HaveNoOtherAddress) {
  const support::SentRequest request("GET /assets/x", "");
  for (const char* name : {"", "page.css", "page.0000000000000000.css", "../page.css"}) {
    EXPECT_EQ(asset(*request, name).status, 404) << name;
  }
}

TEST(PageFiles, AreNotSentToWhoHasThem) {
  const support::SentRequest first("GET /robots.txt", "");
  const std::string fields = root_file(*first, "robots.txt").fields;
  const auto tag = fields.substr(fields.find("ETag: ") + 6, 18);
  const support::SentRequest again("GET /robots.txt", "If-None-Match: " + tag + "\r\n");
  const auto response = root_file(*again, "robots.txt");
  EXPECT_EQ(response.status, 304);
  EXPECT_EQ(response.body, "");
  EXPECT_EQ(response.fields, fields);
}

TEST(PageFiles, MayHoldAnyBytes) {
  const auto icon = contents_of("favicon.ico");
  EXPECT_EQ(icon.substr(0, 4), std::string_view("\0\0\1\0", 4)) << "an icon begins with zeros";
  EXPECT_GT(icon.size(), 100U);
}

TEST(PageFiles, AreKnownByName) {
  EXPECT_THROW(contents_of("nothing.css"), std::logic_error);
  EXPECT_THROW(asset_path("nothing.css"), std::logic_error);
}

}  // namespace
}  // namespace ginnel::page
