// SPDX-License-Identifier: MIT
#include "http/forwarded_item.h"

#include <string>
#include <vector>

#include <gtest/gtest.h>

namespace ginnel::http {
namespace {

std::vector<std::string> items_of(std::string_view list, char separator = ',') {
  std::vector<std::string> items;
  while (!list.empty()) {
    items.emplace_back(take_last(list, separator));
  }
  return items;
}

std::string address_of(std::string_view item) {
  const auto address = address_in_item(item);
  return address ? to_text(*address) : "none";
}

std::string address_of_element(std::string_view element) {
  const auto address = address_in_element(element);
  return address ? to_text(*address) : "none";
}

using Texts = std::vector<std::string>;

TEST(ForwardedList, IsTakenFromItsEnd) {
  EXPECT_EQ(items_of("a, b ,\tc"), (Texts{"c", "b", "a"}));
  EXPECT_EQ(items_of(""), Texts{});
  EXPECT_EQ(items_of("a,,"), (Texts{"", "", "a"}));
  EXPECT_EQ(items_of("a;b,c;d", ';'), (Texts{"d", "b,c", "a"}));
}

TEST(ForwardedList, IsNotDividedBetweenQuotationMarks) {
  EXPECT_EQ(items_of(R"(a, "b,c", d)"), (Texts{"d", R"("b,c")", "a"}));
  EXPECT_EQ(items_of(R"(a, x="b\",c")"), (Texts{R"(x="b\",c")", "a"}));
  EXPECT_EQ(items_of(R"(a, x="\\", b)"), (Texts{"b", R"(x="\\")", "a"}));
  EXPECT_EQ(items_of(R"(a, x="\\\",", b)"), (Texts{"b", R"(x="\\\",")", "a"}));
  EXPECT_EQ(items_of(R"(a, "", b)"), (Texts{"b", R"("")", "a"}));
}

/// Whatever a visitor sent, what a proxy added after it is read as the proxy meant it.
TEST(ForwardedList, OfAVisitorTakesNothingOfItsProxys) {
  for (const char* sent : {"\"", "x=\"", "\\", "\"\\", "a\\\"", "\"a\",\"", ",", ";", "x=\"a;b,"}) {
    for (const char* added :
         {"for=10.0.0.1", "for=\"[::1]:80\"", "host=\"a,\\\"b\";for=10.0.0.1"}) {
      EXPECT_EQ(items_of(std::string(sent) + ", " + added).front(), added) << sent;
    }
  }
}

TEST(ForwardedItem, HasAnAddressInManyForms) {
  for (const char* item : {"203.0.113.7",
                           "203.0.113.7:80",
                           "203.0.113.7:50123",
                           "203.0.113.7:_obfuscated.port-1",
                           "[203.0.113.7]",
                           "[203.0.113.7]:80",
                           "[203.0.113.7:80]",
                           "\"203.0.113.7\"",
                           "\"203.0.113.7:80\"",
                           "::ffff:203.0.113.7",
                           "[::ffff:203.0.113.7]:80"}) {
    EXPECT_EQ(address_of(item), "203.0.113.7") << item;
  }
  for (const char* item : {"2001:db8::7",
                           "2001:DB8:0:0:0:0:0:7",
                           "2001:db8:0:0:0:0:0:7:50123",
                           "[2001:db8::7]",
                           "[2001:db8::7]:443",
                           "\"[2001:db8::7]\"",
                           "\"[2001:db8::7]:443\"",
                           "\"[2001:db8::7]:_port\"",
                           "2001:db8::7%eth0",
                           "[2001:db8::7%25eth0]:443"}) {
    EXPECT_EQ(address_of(item), "2001:db8::7") << item;
  }
}

TEST(ForwardedItem, MayHaveNone) {
  for (const char* item : {"",
                           "unknown",
                           "_hidden",
                           "_",
                           "localhost",
                           "unix:",
                           "203.0.113",
                           "203.0.113.7:",
                           "203.0.113.7:http",
                           "203.0.113.7:123456",
                           "203.0.113.7:-1",
                           "203.0.113.7:_a b",
                           "203.0.113.7%eth0",
                           "203.0.113.256",
                           "[203.0.113.7",
                           "2001:db8::7]:443",
                           "[2001:db8::7]443",
                           "\"203.0.113.7",
                           "'203.0.113.7'",
                           "for=203.0.113.7",
                           "[]",
                           "[]:80",
                           ":80",
                           "\"",
                           "\"\""}) {
    EXPECT_EQ(address_of(item), "none") << item;
  }
}

/// The examples of RFC 7239 section 4 and 6 are among these.
TEST(ForwardedElement, HasTheAddressOfItsFor) {
  EXPECT_EQ(address_of_element("for=192.0.2.43"), "192.0.2.43");
  EXPECT_EQ(address_of_element("For=\"[2001:db8:cafe::17]:4711\""), "2001:db8:cafe::17");
  EXPECT_EQ(address_of_element("for=192.0.2.60;proto=http;by=203.0.113.43"), "192.0.2.60");
  EXPECT_EQ(address_of_element("by=203.0.113.43; FOR=192.0.2.60 ;;"), "192.0.2.60");
  EXPECT_EQ(address_of_element("host=\"x;for=10.0.0.1\";for=192.0.2.60"), "192.0.2.60");
  for (const char* element : {"for=\"_gazonk\"",
                              "for=unknown",
                              "for=",
                              "for",
                              "",
                              "proto=https",
                              "by=192.0.2.43",
                              "for=192.0.2.43;for=192.0.2.44",
                              "xfor=192.0.2.43",
                              "192.0.2.43"}) {
    EXPECT_EQ(address_of_element(element), "none") << element;
  }
}

}  // namespace
}  // namespace ginnel::http
