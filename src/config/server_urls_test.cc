// SPDX-License-Identifier: MIT
#include "config/server_urls.h"

#include <gtest/gtest.h>

namespace ginnel::config {
namespace {

TEST(LocalUrl, LeadsToLoopbackWhereEveryAddressIsListenedOn) {
  EXPECT_EQ(local_url({"127.0.0.1", 8080}), "http://127.0.0.1:8080");
  EXPECT_EQ(local_url({"0.0.0.0", 9000}), "http://127.0.0.1:9000");
  EXPECT_EQ(local_url({"::", 9000}), "http://[::1]:9000");
  EXPECT_EQ(local_url({"192.168.7.7", 80}), "http://192.168.7.7:80");
}

TEST(DefaultPublicUrl, IsLocalhostWhereThatLeadsToTheServer) {
  for (const char* host : {"127.0.0.1", "::1", "0.0.0.0", "::"}) {
    EXPECT_EQ(default_public_url({{host, 4711}, {"192.168.7.7", 80}}), "http://localhost:4711");
  }
}

TEST(DefaultPublicUrl, IsTheFirstAddressElsewhere) {
  EXPECT_EQ(default_public_url({{"192.168.7.7", 8080}, {"127.0.0.1", 8080}}),
            "http://192.168.7.7:8080");
  EXPECT_EQ(default_public_url({{"2001:db8::7", 80}}), "http://[2001:db8::7]:80");
  EXPECT_EQ(default_public_url({{"127.0.0.2", 80}}), "http://127.0.0.2:80")
      << "localhost does not lead there";
}

TEST(WithPublicUrl, LeavesWhatIsSet) {
  service::LinkOptions links;
  links.own_hosts = {"a.example"};
  EXPECT_EQ(with_public_url(links, {{"127.0.0.1", 1}}).public_url, "http://localhost:1");
  EXPECT_EQ(with_public_url(links, {{"127.0.0.1", 1}}).own_hosts, links.own_hosts);
  links.public_url = "https://go.example.org";
  EXPECT_EQ(with_public_url(links, {{"127.0.0.1", 1}}).public_url, "https://go.example.org");
}

}  // namespace
}  // namespace ginnel::config
