// SPDX-License-Identifier: MIT
#include "http/plain_get.h"

#include <random>
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "http/parser.h"

namespace ginnel::http {
namespace {

const std::string kBrowser =
    "GET /abc?x=1 HTTP/1.1\r\nHost: example.com\r\nConnection: keep-alive\r\n"
    "User-Agent: Mozilla/5.0 (X11; Linux x86_64)\r\nAccept: text/html,*/*;q=0.8\r\n"
    "Referer: https://news.example.org/\r\nCookie: a=b; c=\"d\"\r\nEmpty:\r\nPadded:  x y  "
    "\r\n\r\n";

const std::vector<std::string> kPlain = {
    kBrowser,
    "GET / HTTP/1.1\r\nhOST:h\r\n\r\n",
    "GET /a HTTP/1.1\r\nHost: h\r\nConnection: ClOsE\r\n\r\n",
    "GET /* HTTP/1.1\r\nHost: h:80\r\nConnection: close\r\nConnection: keep-alive\r\n\r\n",
    "GET //h/a HTTP/1.1\r\nHost: [::1]:8080\r\nUpgrade: websocket\r\n\r\n",
};

const std::vector<std::string> kNotPlain = {
    "",
    "GET",
    "POST / HTTP/1.1\r\nHost: h\r\n\r\n",
    "HEAD / HTTP/1.1\r\nHost: h\r\n\r\n",
    "get / HTTP/1.1\r\nHost: h\r\n\r\n",
    "GET  HTTP/1.1\r\nHost: h\r\n\r\n",
    "GET  / HTTP/1.1\r\nHost: h\r\n\r\n",
    "GET /\x7f HTTP/1.1\r\nHost: h\r\n\r\n",
    "GET /\xc3\xa9 HTTP/1.1\r\nHost: h\r\n\r\n",
    "GET * HTTP/1.1\r\nHost: h\r\n\r\n",
    "GET http://h/a HTTP/1.1\r\nHost: h\r\n\r\n",
    "GET / HTTP/1.1\r\nHost: a, b\r\n\r\n",
    "GET / HTTP/1.1\r\nHost: a/b\r\n\r\n",
    "GET / HTTP/1.0\r\nHost: h\r\n\r\n",
    "GET / HTTP/1.1\nHost: h\r\n\r\n",
    "GET / HTTP/1.1\r\n\r\n",
    "GET / HTTP/1.1\r\nHost: h\r\nHost: h\r\n\r\n",
    "GET / HTTP/1.1\r\nHost: h\r\n",
    "GET / HTTP/1.1\r\nHost: h\r\n\r",
    "GET / HTTP/1.1\r\nHost: h\n\r\n",
    "GET / HTTP/1.1\r\nHost : h\r\n\r\n",
    "GET / HTTP/1.1\r\nHost: h\r\n : v\r\n\r\n",
    "GET / HTTP/1.1\r\nHost: h\r\nA: b\r\n c\r\n\r\n",
    "GET / HTTP/1.1\r\nHost: h\r\nA: b\tc\r\n\r\n",
    "GET / HTTP/1.1\r\nHost: h\r\nA: \xff\r\n\r\n",
    std::string("GET / HTTP/1.1\r\nHost: h\r\nA: ") + '\0' + "\r\n\r\n",
    "GET / HTTP/1.1\r\nHost: h\r\nContent-Length: 0\r\n\r\n",
    "GET / HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
    "GET / HTTP/1.1\r\nHost: h\r\nExpect: 100-continue\r\n\r\n",
    "GET / HTTP/1.1\r\nHost: h\r\nConnection: close, x\r\n\r\n",
    "GET / HTTP/1.1\r\nHost: h\r\nProxy-Connection: close\r\n\r\n",
    "GET /" + std::string(PlainGet::kMaxBytes, 'a') + " HTTP/1.1\r\nHost: h\r\n\r\n",
};

std::size_t read_plain(const std::string& bytes) {
  Request request;
  Parser parser(request, 0);  // it makes the request's first byte that of `bytes`
  parser.restart(bytes.data());
  return PlainGet::read(bytes, request);
}

TEST(PlainGet, ReadsWhatMostVisitorsSend) {
  for (const std::string& bytes : kPlain) {
    EXPECT_EQ(read_plain(bytes + "GET /next"), bytes.size()) << bytes;
  }
}

TEST(PlainGet, LeavesEverythingElseToBeast) {
  for (const std::string& bytes : kNotPlain) {
    EXPECT_EQ(read_plain(bytes), 0u) << bytes;
  }
}

TEST(PlainGet, LeavesMoreThanAHundredFieldsToBeast) {
  std::string bytes = "GET / HTTP/1.1\r\nHost: h\r\n";
  for (std::size_t i = 1; i < kMaxFields; ++i) {
    bytes += "A: b\r\n";
  }
  EXPECT_EQ(read_plain(bytes + "\r\n"), bytes.size() + 2);
  EXPECT_EQ(read_plain(bytes + "A: b\r\n\r\n"), 0u);
}

/// What a parser made of bytes, as one text that can be compared.
std::string told(const std::string& bytes, std::size_t step) {
  Request request;
  Parser parser(request, 1'000);
  parser.restart(bytes.data());
  std::size_t consumed = 0;
  auto outcome = Parser::Outcome::kNeedMore;
  for (std::size_t end = 0; end < bytes.size() && outcome == Parser::Outcome::kNeedMore;) {
    end = std::min(end + step, bytes.size());
    outcome = parser.parse({bytes.data() + consumed, end - consumed}, consumed);
  }
  if (outcome == Parser::Outcome::kFailed) {
    return "failed " + std::to_string(parser.fault().status);
  }
  if (outcome == Parser::Outcome::kNeedMore) {
    return "more";
  }
  std::string text = std::to_string(consumed) + " " + std::string(to_text(request.method())) + " " +
                     std::string(request.target()) + (request.keep_alive() ? " keep" : " close") +
                     " " + std::string(request.body());
  for (const char* name :
       {"Host", "User-Agent", "Accept", "Referer", "Cookie", "Empty", "Padded", "Connection"}) {
    text += "|" + std::string(request.field(name).value_or("(none)")) + "," +
            std::to_string(request.field_count(name));
  }
  return text;
}

/// A request that comes byte by byte is read by Beast: its request line is taken before it is
/// whole.
TEST(PlainGet, ReadsAsBeastDoes) {
  for (const std::string& bytes : kPlain) {
    EXPECT_EQ(told(bytes, bytes.size() + 1), told(bytes, 1)) << bytes;
  }
}

/// Makes a fault somewhere in `bytes`, often one that framing is sensitive to.
void change_somewhere(std::string& bytes, std::mt19937& random) {
  static const std::vector<std::string> kPieces = {"\r\n",
                                                   "\n",
                                                   " ",
                                                   "\t",
                                                   ":",
                                                   "\r\n ",
                                                   "Host: x\r\n",
                                                   "Connection: close\r\n",
                                                   "Content-Length: 1\r\n",
                                                   "%",
                                                   "HTTP/1.1",
                                                   "?",
                                                   std::string(1, '\0'),
                                                   "\x7f",
                                                   "\x80"};
  const std::size_t at = random() % bytes.size();
  switch (random() % 3) {
    case 0:
      bytes[at] = static_cast<char>(random() % 256);
      break;
    case 1:
      bytes.erase(at, 1 + random() % 4);
      break;
    default:
      bytes.insert(at, kPieces[random() % kPieces.size()]);
  }
}

std::string a_changed_request(std::mt19937& random) {
  std::string bytes = kPlain[random() % kPlain.size()];
  for (std::size_t change = random() % 3; change > 0; --change) {
    change_somewhere(bytes, random);
  }
  return bytes;
}

TEST(PlainGet, ReadsAsBeastDoesWhateverIsChangedInARequest) {
  constexpr int kRounds = 20'000;
  std::mt19937 random(20261125);  // NOLINT: the same each time
  int plain = 0;
  for (int round = 0; round < kRounds; ++round) {
    const std::string bytes = a_changed_request(random);
    if (read_plain(bytes) > 0) {
      ++plain;
      EXPECT_EQ(told(bytes, bytes.size()), told(bytes, 1)) << bytes;
    }
  }
  RecordProperty("plain", plain);
  EXPECT_GT(plain, kRounds / 4);
  EXPECT_LT(plain, kRounds * 3 / 4);
}

}  // namespace
}  // namespace ginnel::http
