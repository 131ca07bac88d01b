// SPDX-License-Identifier: MIT
#include "domain/typed_target.h"

#include <gtest/gtest.h>

namespace ginnel::domain {
namespace {

TEST(TypedTarget, GetsASchemeWhereItHasNone) {
  EXPECT_EQ(typed_target("example.com"), "https://example.com");
  EXPECT_EQ(typed_target("//example.com/x"), "https://example.com/x");
  for (const std::string url : {"example.com:8080/x",
                                "example.com:8080",
                                "example.com:80?q",
                                "example.com:443#top",
                                "localhost:3000",
                                "b\u00fccher.de:8080/x",
                                "[2606:4700::1111]:8080/",
                                "8.8.8.8:53/x",
                                "example.com/a:b",
                                "example.com/?u=http://a.b"}) {
    EXPECT_EQ(typed_target(url), "https://" + url);
  }
}

TEST(TypedTarget, KeepsTheSchemeThatItHas) {
  for (const char* url : {"https://example.com",
                          "HTTP://example.com:8080/",
                          "http:/example.com",
                          "ftp://example.com",
                          "mailto:ada@example.com",
                          "javascript:alert(1)",
                          "data:1,x",
                          "tel:123456789",
                          "x:80a"}) {
    EXPECT_EQ(typed_target(url), url);
  }
}

TEST(TypedTarget, LosesWhatIsInvisibleAroundIt) {
  EXPECT_EQ(typed_target("\u200b example.com\ufeff"), "https://example.com");
  EXPECT_EQ(typed_target("\u202ahttps://example.com\u202c"), "https://example.com");
  EXPECT_EQ(typed_target("\u00a0\u200b"), "");
}

}  // namespace
}  // namespace ginnel::domain
