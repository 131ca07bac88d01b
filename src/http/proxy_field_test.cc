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
                                 "X-SSL-Client-Verify",
                                 "X-Originating-IP",
                                 "X-User-IP",
                                 "X-UserIP",
                                 "X-Src-IP",
                                 "X-Peer-IP",
                                 "X-Origin-IP",
                                 "X-Custom-IP-Authorization",
                                 "Cdn-Src-Ip",
                                 "X-Real-Port",
                                 "X-Client-Port",
                                 "X-Client-Verify",
                                 "X-HTTPS",
                                 "HTTPS",
                                 "X-SSL-Protocol",
                                 "SSL_CLIENT_S_DN",
                                 "X-TLS-Version",
                                 "X-TLS-Cipher",
                                 "X-JA3-Fingerprint",
                                 "Surrogate-Capability",
                                 "Early-Data",
                                 "X-Queue-Start",
                                 "X-Goog-Authenticated-User-Email",
                                 "X-Goog-IAP-JWT-Assertion",
                                 "X-MS-Client-Principal",
                                 "X-MS-CLIENT-PRINCIPAL-NAME",
                                 "Remote-Email",
                                 "Remote-Groups",
                                 "Remote-Name",
                                 "X-Remote-User",
                                 "HTTP_REMOTE_USER",
                                 "X-WebAuth-User",
                                 "X-Authenticated-Userid",
                                 "X-Consumer-Username",
                                 "OIDC_CLAIM_sub",
                                 "X-authentik-username",
                                 "X-Pomerium-Jwt-Assertion",
                                 "X-Kong-Request-Id",
                                 "X-Railway-Edge",
                                 "X-Railway-Request-Id",
                                 "rndr-id",
                                 "X-Edge-Location",
                                 "X-Ingress-Path",
                                 "X-Heroku-Queue-Wait-Time",
                                 "X-Istio-Attributes",
                                 "l5d-client-id",
                                 "X-GeoIP-Country",
                                 "X-Load-Balancer-Id",
                                 "X-Client-IPv4",
                                 "X-RemoteIP",
                                 "X-SourceIP",
                                 "X-SrcIP",
                                 "X-PeerIP",
                                 "X-Client-Addr",
                                 "X-Geo-Country",
                                 "X-Auth-Email",
                                 "X-Auth-Groups",
                                 "X-MS-Token-AAD-Id-Token",
                                 "X-Userinfo",
                                 "X-ID-Token",
                                 "Shib-Session-ID",
                                 "Teleport-Jwt-Assertion",
                                 "X-Orig-Host",
                                 "X-Proto",
                                 "X-URL-Scheme",
                                 "X-Script-Name",
                                 "X-Upstream-Host",
                                 "X-Traefik-Router",
                                 "X-JA4",
                                 "X-Client-DN",
                                 "X-Request-Start",
                                 "Akamai-Origin-Hop",
                                 "X-AppEngine-Country",
                                 "X-Sucuri-ClientIP",
                                 "Incap-Client-IP",
                                 "ngrok-auth-user-id"}) {
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
  for (const std::string name : {"Accept",
                                 "Accept-Charset",
                                 "Access-Control-Request-Headers",
                                 "Access-Control-Request-Method",
                                 "Access-Control-Request-Private-Network",
                                 "Alt-Used",
                                 "Attribution-Reporting-Eligible",
                                 "Available-Dictionary",
                                 "Content-Encoding",
                                 "Cookie",
                                 "DPR",
                                 "Device-Memory",
                                 "Dictionary-ID",
                                 "Downlink",
                                 "ECT",
                                 "HTTP2-Settings",
                                 "If-Modified-Since",
                                 "If-Range",
                                 "If-Unmodified-Since",
                                 "Last-Event-ID",
                                 "Ping-From",
                                 "Ping-To",
                                 "Prefer",
                                 "Purpose",
                                 "RTT",
                                 "Save-Data",
                                 "Sec-Browsing-Topics",
                                 "Sec-CH-Prefers-Color-Scheme",
                                 "Sec-CH-UA-Full-Version-List",
                                 "Sec-CH-UA-Form-Factors",
                                 "Sec-CH-UA-Mobile",
                                 "Sec-CH-UA-WoW64",
                                 "Sec-CH-Viewport-Width",
                                 "Sec-Fetch-Dest",
                                 "Sec-Fetch-Storage-Access",
                                 "Sec-WebSocket-Protocol",
                                 "Service-Worker",
                                 "Service-Worker-Navigation-Preload",
                                 "Signature-Agent",
                                 "Trailer",
                                 "Upgrade",
                                 "Viewport-Width",
                                 "Want-Content-Digest",
                                 "Width",
                                 "X-Client-Data",
                                 "X-HTTP-Method-Override",
                                 "X-Moz",
                                 "X-Purpose",
                                 "baggage",
                                 "tracestate"}) {
    EXPECT_EQ(found_in(name + ": x\r\n"), "none");
  }
  EXPECT_EQ(found_in("Accept: */*\r\n"), "none");
  EXPECT_EQ(
      found_in("Viable: x\r\nX-Flyer: x\r\nCfg: x\r\nX-Zip: x\r\nReport: x\r\nX-Remoteness: x\r\n"),
      "none");
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
