// SPDX-License-Identifier: MIT
#include "http/response.h"

#include <stdexcept>

#include <gtest/gtest.h>

#include "http/response_writer.h"

namespace ginnel::http {
namespace {

TEST(Response, RefusesALineBreakInAField) {
  Response response;
  EXPECT_THROW(response.add("Location", "a\r\nSet-Cookie: x"), std::invalid_argument);
  EXPECT_THROW(response.add("Location", std::string_view("a\0b", 3)), std::invalid_argument);
}

TEST(ResponseWriter, WritesAMessage) {
  Request request;
  Response response = json("{}");
  response.add("Location", "/x");
  std::string output = "before ";
  ResponseWriter::append(output, request, response, "now", true);
  EXPECT_EQ(output,
            "before HTTP/1.1 200 OK\r\nDate: now\r\nLocation: /x\r\n"
            "Cache-Control: private, no-store\r\nX-Request-ID: \r\n"
            "X-Content-Type-Options: nosniff\r\nContent-Type: application/json\r\n"
            "Content-Length: 3\r\nConnection: close\r\n\r\n{}\n");
}

TEST(ResponseWriter, WritesNoLengthWhereNoBodyMayBe) {
  Request request;
  Response response = no_content();
  std::string output;
  ResponseWriter::append(output, request, response, "now", false);
  EXPECT_EQ(output,
            "HTTP/1.1 204 No Content\r\nDate: now\r\nCache-Control: private, no-store\r\n"
            "X-Request-ID: \r\n\r\n");
}

TEST(ResponseWriter, LetsNobodyOnTheWayKeepWhatIsGuarded) {
  struct Case {
    Keeping keeping;
    const char* open;
    const char* guarded;
  };
  const Case cases[] = {
      {Keeping::kNever, "private, no-store", "private, no-store"},
      {Keeping::kAskAgain, "no-cache", "private, no-cache"},
      {Keeping::kForADay, "public, max-age=86400", "private, max-age=86400"},
      {Keeping::kForGood,
       "public, max-age=31536000, immutable",
       "private, max-age=31536000, immutable"},
  };
  for (const Case& one : cases) {
    for (const bool guarded : {false, true}) {
      Response response = no_content();
      response.keeping = one.keeping;
      response.guarded = guarded;
      std::string output;
      ResponseWriter::append(output, Request(), response, "now", false);
      const std::string told = guarded ? one.guarded : one.open;
      EXPECT_NE(output.find("\r\nCache-Control: " + told + "\r\n"), std::string::npos) << output;
    }
  }
}

TEST(ResponseWriter, SendsALargeBodyWithoutACopy) {
  Request request;
  Response response = json("[]");
  std::string output = "before ";
  ResponseWriter::append(output, request, response, "now", false);
  const std::size_t before = output.size();
  const std::string text(1'000'000, 'x');
  response.body.reserve(text.size() + kHeaderRoom);
  response.body = text;
  const char* const body = response.body.data();

  ResponseWriter::append(output, request, response, "now", false);

  EXPECT_EQ(output.data(), body);
  EXPECT_TRUE(output.starts_with("before HTTP/1.1 200 OK\r\n"));
  EXPECT_TRUE(output.ends_with("\r\nContent-Length: 1000000\r\n\r\n" + text));
  EXPECT_GT(output.size(), before + text.size());
}

TEST(ResponseWriter, HasWordsForEveryStatusThatIsSent) {
  for (const int status : {200, 201, 204, 302, 304, 308, 400, 401, 403, 404, 405, 408,
                           409, 410, 412, 413, 414, 415, 422, 429, 431, 500, 501, 503}) {
    EXPECT_NE(reason_of(status), "Unknown") << status;
  }
}

}  // namespace
}  // namespace ginnel::http
