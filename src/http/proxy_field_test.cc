// SPDX-License-Identifier: MIT
#include "http/proxy_field.h"

#include <string>

#include <gtest/gtest.h>

#include "support/sent_request.h"

namespace ginnel::http {
namespace {

std::string found_in(const std::string& fields) {
  const support::SentRequest request("GET /users", fields);
  return std::string(proxy_field(*request).value_or("none"));
}

TEST(ProxyField, IsKnownByItsNameWhateverItSays) {
  for (const std::string name : {"X-Forwarded-For",
                                 "x-forwarded-for",
                                 "X_FORWARDED_FOR",
                                 "X-Forwarded-Proto",
                                 "X-Forwarded-Host",
                                 "X-Forwarded-Server",
                                 "X-Forwarded-Prefix",
                                 "X-Forwarded",
                                 "Forwarded",
                                 "Forwarded-For",
                                 "X-Original-Forwarded-For",
                                 "X-Vercel-Forwarded-For",
                                 "X-Real-IP",
                                 "X-RealIP",
                                 "Ali-CDN-Real-IP",
                                 "X-Client-IP",
                                 "Client-IP",
                                 "X-ClientIP",
                                 "X-Cluster-Client-IP",
                                 "True-Client-IP",
                                 "Fastly-Client-IP",
                                 "Fly-Client-IP",
                                 "X-Nf-Client-Connection-Ip",
                                 "CF-Connecting-IP",
                                 "CF-Connecting-IPv6",
                                 "DO-Connecting-IP",
                                 "CF-Ray",
                                 "CF-Visitor",
                                 "CDN-Loop",
                                 "Via",
                                 "X-BlueCoat-Via",
                                 "X-Original-URL",
                                 "X-Original-Host",
                                 "X-Original-Remote-Addr",
                                 "X-Rewrite-URL",
                                 "X-Remote-Addr",
                                 "X-Remote-IP",
                                 "Remote-User",
                                 "X-ProxyUser-Ip",
                                 "WL-Proxy-Client-IP",
                                 "X-Envoy-External-Address",
                                 "X-Envoy-Attempt-Count",
                                 "X-Azure-ClientIP",
                                 "X-Azure-SocketIP",
                                 "X-ARR-LOG-ID",
                                 "X-Amzn-Trace-Id",
                                 "X-Amz-Cf-Id",
                                 "CloudFront-Viewer-Address",
                                 "X-Cloud-Trace-Context",
                                 "X-Varnish",
                                 "X-Nginx-Proxy",
                                 "X-Scheme",
                                 "X-Host",
                                 "Tailscale-User-Login",
                                 "X-Auth-Request-User",
                                 "Client-Cert",
                                 "X-SSL-Client-Verify"}) {
    for (const char* value : {"203.0.113.9", "127.0.0.1", "::1", "localhost", ""}) {
      EXPECT_EQ(found_in("Accept: */*\r\n" + name + ": " + value + "\r\n"), name) << value;
    }
  }
}

TEST(ProxyField, IsNoneOfThoseThatProgramsAndBrowsersSend) {
  EXPECT_EQ(found_in("User-Agent: via forwarded X-Real-IP\r\nAccept: */*\r\n"
                     "Accept-Encoding: gzip\r\nAccept-Language: en\r\nConnection: keep-alive\r\n"
                     "Keep-Alive: 5\r\nCookie: Via=1\r\nUpgrade-Insecure-Requests: 1\r\n"
                     "Sec-Fetch-Site: none\r\nSec-Fetch-Mode: navigate\r\nSec-Fetch-User: ?1\r\n"
                     "Sec-CH-UA-Platform: \"Linux\"\r\nSec-Purpose: prefetch\r\nPriority: u=0\r\n"
                     "DNT: 1\r\nSec-GPC: 1\r\nTE: trailers\r\nOrigin: http://h\r\n"
                     "Referer: http://h/\r\nIf-None-Match: \"x\"\r\nIf-Match: \"x\"\r\n"
                     "Content-Type: text/csv\r\nContent-Disposition: x\r\nPragma: no-cache\r\n"
                     "Cache-Control: no-cache\r\nX-Request-ID: a\r\nIdempotency-Key: b\r\n"
                     "X-API-Key: k\r\nAuthorization: Bearer k\r\nX-Requested-With: x\r\n"
                     "X-CSRF-Token: x\r\ntraceparent: 00-1-2-01\r\nX-B3-TraceId: 1\r\n"
                     "Range: bytes=0-\r\nFrom: a@b.example\r\n"),
            "none");
  EXPECT_EQ(found_in("Accept: */*\r\n"), "none");
  EXPECT_EQ(found_in("Viable: x\r\nX-Flyer: x\r\nCfg: x\r\n"), "none");
}

TEST(ProxyField, IsOfForwardProxiesToo) {
  EXPECT_EQ(found_in("Proxy-Connection: keep-alive\r\n"), "Proxy-Connection");
}

TEST(ProxyField, IsToldByTheBeginningOfALongName) {
  EXPECT_EQ(found_in("X-Forwarded-For" + std::string(10'000, 'x') + ": a\r\n").size(), 10'015U);
  EXPECT_EQ(found_in(std::string(10'000, 'x') + ": a\r\n"), "none");
}

}  // namespace
}  // namespace ginnel::http
