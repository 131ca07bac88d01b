// SPDX-License-Identifier: MIT
#include "http/host_field.h"

#include <string>

#include <gtest/gtest.h>

namespace ginnel::http {
namespace {

TEST(HostField, TakesHostsAndPorts) {
  for (const char* value : {"",
                            "h",
                            "localhost",
                            "localhost:",
                            "LOCALHOST:8080",
                            "go.example.org",
                            "go.example.org.:443",
                            "my_container-1:65535",
                            "127.0.0.1:0",
                            "[::1]",
                            "[2001:db8::7]:8080",
                            "[::ffff:192.0.2.1]:"}) {
    EXPECT_TRUE(is_host_field(value)) << value;
  }
}

TEST(HostField, RefusesWhatIsNone) {
  for (const char* value : {"a b/c@d",
                            "localhost, evil",
                            "localhost,evil",
                            "a;b",
                            "a/b",
                            "a@b",
                            "a?b",
                            "a#b",
                            "a\\b",
                            "a\"b",
                            "a%2eb",
                            "a\tb",
                            "http://a",
                            "a:b",
                            "a:80:90",
                            "a:65536",
                            "a:-1",
                            "a:+1",
                            "a: 80",
                            ":80",
                            ":",
                            "[",
                            "[]",
                            "[::1",
                            "[::1]x",
                            "[::1]:x",
                            "[::1%lo]",
                            "[1.2.3.4]",
                            "[v1.a]",
                            "::1",
                            "\xc3\xa9.org",
                            "a\x7f",
                            "*",
                            "a'b",
                            "(a)",
                            "a=b",
                            "a&b"}) {
    EXPECT_FALSE(is_host_field(value)) << value;
  }
  EXPECT_FALSE(is_host_field(std::string("a\0b", 3)));
}

}  // namespace
}  // namespace ginnel::http
