// SPDX-License-Identifier: MIT
#include "api/qr_handler.h"

#include <string>

#include <gtest/gtest.h>

#include "api/qr_query.h"
#include "support/memory_api.h"

namespace ginnel::api {
namespace {

class QrCodes : public testing::Test {
 protected:
  QrCodes() {
    api_.ask("POST /users", R"({"username":"ada","email":"ada@example.com"})");
    api_.ask("POST /urls",
             R"({"user_id":1,"original_url":"https://example.com/","title":"t","code":"first"})");
  }

  http::Response get(const std::string& target) { return api_.ask("GET " + target, {}, ""); }

  support::MemoryApi api_;
};

constexpr std::string_view kAddress = "http://localhost:8080/first";

TEST_F(QrCodes, AreOfTheShortAddress) {
  QrQuestion question;
  EXPECT_EQ(get("/first.svg").body, *draw_qr(std::string(kAddress), question));
  EXPECT_EQ(get("/first.svg").content_type, "image/svg+xml");
  question.format = QrFormat::kPng;
  EXPECT_EQ(get("/first.png").body, *draw_qr(std::string(kAddress), question));
  EXPECT_EQ(get("/first.png").content_type, "image/png");
}

TEST_F(QrCodes, AreTheSameByIdAndByCode) {
  EXPECT_EQ(get("/urls/1/qr").body, get("/first.svg").body);
  EXPECT_EQ(get("/v1/urls/1/qr?format=svg").body, get("/%66irst.svg").body);
  EXPECT_EQ(get("/urls/1/qr?format=png&size=500&level=h").body,
            get("/first.png?size=500&level=H").body);
  EXPECT_EQ(get("/first.svg?format=png").content_type, "image/svg+xml") << "the path says it";
}

TEST_F(QrCodes, AreThereForLinksThatAreSwitchedOff) {
  const auto before = get("/first.svg").body;
  api_.ask("PUT /urls/1", R"({"is_active":false})");
  EXPECT_EQ(get("/first.svg").body, before);
}

TEST_F(QrCodes, AreKeptAndNotSentTwice) {
  const auto answer = get("/first.png");
  EXPECT_EQ(answer.keeping, http::Keeping::kForADay);
  EXPECT_NE(answer.fields.find("Content-Security-Policy: default-src 'none'"), std::string::npos);
  const auto begin = answer.fields.find("ETag: ") + 6;
  const auto tag = answer.fields.substr(begin, answer.fields.find('\r', begin) - begin);
  const auto again = api_.ask("GET /first.png", {}, "If-None-Match: " + tag + "\r\n");
  EXPECT_EQ(again.status, 304);
  EXPECT_EQ(again.body, "");
  EXPECT_EQ(api_.ask("GET /first.png?size=299", {}, "If-None-Match: " + tag + "\r\n").status, 200);
}

TEST_F(QrCodes, ParametersThatCannotBeAreNamedAllAtOnce) {
  const auto answer = get("/first.svg?size=1025&margin=33&color=red&background=%23ffff&level=X");
  EXPECT_EQ(answer.status, 400);
  for (const char* message : {"background must be a color of 3 or 6 hex digits (9c3a1d)",
                              "color must be a color of 3 or 6 hex digits (9c3a1d)",
                              "level must be L, M, Q or H",
                              "margin must be a whole number from 0 to 32",
                              "size must be a whole number from 1 to 1024"}) {
    EXPECT_NE(answer.body.find(message), std::string::npos) << answer.body;
  }
  EXPECT_NE(get("/urls/1/qr?format=gif").body.find("format must be svg or png"), std::string::npos);
}

TEST_F(QrCodes, HaveAPixelForEachModule) {
  EXPECT_EQ(get("/first.png?size=33&level=L").status, 200);  // 25 modules and 4 on each side
  const auto answer = get("/first.png?size=32&level=L");
  EXPECT_EQ(answer.status, 400);
  EXPECT_NE(answer.body.find("size must be 33 or more for this link, level and margin"),
            std::string::npos)
      << answer.body;
}

TEST_F(QrCodes, CanBeScannedByTheirColors) {
  EXPECT_EQ(get("/first.svg?color=fff&background=000").status, 200);
  const auto answer = get("/first.svg?color=ff0");
  EXPECT_EQ(answer.status, 400);
  EXPECT_NE(answer.body.find("color must be much darker or lighter than background"),
            std::string::npos)
      << answer.body;
}

TEST_F(QrCodes, OfUnknownLinksAreNot) {
  for (const char* target : {"/nosuch.svg", "/.png", "/a.b.svg", "/%zz.svg", "/nosuch.gif"}) {
    EXPECT_EQ(get(target).status, 404) << target;
    EXPECT_EQ(get(target).body, "{\"error\":\"Not found\"}\n") << target;
    EXPECT_EQ(get(target).keeping, http::Keeping::kNever) << target;
  }
  EXPECT_EQ(get("/urls/2/qr").body, "{\"error\":\"URL not found\"}\n");
  EXPECT_EQ(api_.ask("GET /nosuch.svg", {}, "Accept: text/html\r\n").content_type, http::kHtml);
}

TEST_F(QrCodes, AreNotDeniedWhenTheStoreIsAway) {
  api_.stores().fail_with(Error(ErrorKind::kUnavailable, "away"));
  EXPECT_EQ(get("/first.svg").status, 503);
  EXPECT_EQ(get("/urls/1/qr").status, 503);
}

}  // namespace
}  // namespace ginnel::api
