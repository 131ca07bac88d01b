// SPDX-License-Identifier: MIT
#include "http/parser.h"

#include <string>
#include <vector>

#include <gtest/gtest.h>

namespace ginnel::http {
namespace {

constexpr std::size_t kMaxBody = 1'000;

/// What a connection's bytes came to.
struct Parsed {
  Parser::Outcome outcome = Parser::Outcome::kNeedMore;
  int status = 0;  ///< of the fault
  std::size_t consumed = 0;
};

/// Parses `bytes` as they would arrive in pieces of `step` bytes.
Parsed parse(Request& request, const std::string& bytes, std::size_t step) {
  Parser parser(request, kMaxBody);
  parser.restart(bytes.data());
  Parsed parsed;
  for (std::size_t end = step; parsed.outcome == Parser::Outcome::kNeedMore; end += step) {
    const std::size_t available = std::min(end, bytes.size());
    const std::string_view piece(bytes.data() + parsed.consumed, available - parsed.consumed);
    parsed.outcome = parser.parse(piece, parsed.consumed);
    if (available == bytes.size()) {
      break;
    }
  }
  if (parsed.outcome == Parser::Outcome::kFailed) {
    parsed.status = parser.fault().status;
  }
  return parsed;
}

Parsed parse(const std::string& bytes, std::size_t step = 1'000'000) {
  Request request;
  return parse(request, bytes, step);
}

const std::string kSimple =
    "GET /abc?x=1 HTTP/1.1\r\nHost: h\r\nX-A:  1 \r\nx-a: 2\r\nEmpty:\r\n\r\n";

TEST(Parser, GivesTheRequest) {
  Request request;
  const Parsed parsed = parse(request, kSimple, 1'000);
  ASSERT_EQ(parsed.outcome, Parser::Outcome::kComplete);
  EXPECT_EQ(parsed.consumed, kSimple.size());
  EXPECT_EQ(request.method(), Method::kGet);
  EXPECT_EQ(request.target(), "/abc?x=1");
  EXPECT_EQ(request.path(), "/abc");
  EXPECT_EQ(request.query(), "x=1");
  EXPECT_EQ(request.field("X-A"), "1");
  EXPECT_EQ(request.field_count("x-a"), 2u);
  EXPECT_EQ(request.field("empty"), "");
  EXPECT_EQ(request.field("absent"), std::nullopt);
  EXPECT_EQ(request.body(), "");
}

TEST(Parser, GivesTheSameHoweverTheBytesArrive) {
  const std::string post = "POST /a HTTP/1.1\r\nHost: h\r\n";
  const std::string chunked = post + "Transfer-Encoding: chunked\r\n\r\n";
  const std::vector<std::string> messages = {
      kSimple,
      "\r\n" + post + "Content-Length: 5\r\n\r\nhello",
      chunked + "3;name=value;q=\"a b\"\r\nhel\r\n2\r\nlo\r\n0\r\nTrailer: x\r\n\r\n",
      chunked + "0\r\n\r\n",
      post + "Content-Length: 0\r\n\r\n",
  };
  int comparisons = 0;
  for (const std::string& message : messages) {
    Request whole;
    ASSERT_EQ(parse(whole, message, message.size()).outcome, Parser::Outcome::kComplete) << message;
    for (std::size_t step = 1; step < message.size(); ++step) {
      Request pieces;
      const Parsed parsed = parse(pieces, message, step);
      ASSERT_EQ(parsed.outcome, Parser::Outcome::kComplete) << message << " by " << step;
      EXPECT_EQ(parsed.consumed, message.size());
      EXPECT_EQ(pieces.body(), whole.body());
      EXPECT_EQ(pieces.target(), whole.target());
      EXPECT_EQ(pieces.field("Host"), "h");
      ++comparisons;
    }
  }
  std::printf("parser: %d ways to cut %zu messages\n", comparisons, messages.size());
}

TEST(Parser, StopsAtTheEndOfTheFirstRequest) {
  const Parsed parsed = parse(kSimple + kSimple);
  EXPECT_EQ(parsed.outcome, Parser::Outcome::kComplete);
  EXPECT_EQ(parsed.consumed, kSimple.size());
}

TEST(Parser, RefusesWhatTwoServersCouldReadDifferently) {
  const auto post = [](const std::string& fields) {
    return "POST / HTTP/1.1\r\nHost: h\r\n" + fields + "\r\nabc";
  };
  const std::vector<std::pair<std::string, int>> cases = {
      {post("Transfer-Encoding: gzip, chunked\r\n"), 501},
      {post("Transfer-Encoding: identity\r\n"), 501},
      {post("Transfer-Encoding: chunked\r\nTransfer-Encoding: chunked\r\n"), 501},
      {post("Transfer-Encoding: chunked, chunked\r\n"), 501},
      {post("Transfer-Encoding: \r\n"), 501},
      {post("Transfer-Encoding: xchunked\r\n"), 501},
      {post("Content-Length: 3\r\nTransfer-Encoding: chunked\r\n"), 400},
      {post("Transfer-Encoding: chunked\r\nContent-Length: 3\r\n"), 400},
      {post("Content-Length: 3, 3\r\n"), 400},
      {post("Content-Length: 3\r\nContent-Length: 3\r\n"), 400},
      {post("Content-Length: 3\r\nContent-Length: 4\r\n"), 400},
      {post("Content-Length: +3\r\n"), 400},
      {post("Content-Length: -3\r\n"), 400},
      {post("Content-Length: 0x3\r\n"), 400},
      {post("Content-Length: \r\n"), 400},
      {post("Content-Length: 99999999999999999999999\r\n"), 400},
      {post("Content-Length: 1001\r\n"), 413},
      {post("X: a\r\n b\r\n"), 400},
      {post("X:\r\n b\r\n"), 400},
      {post("X : a\r\n"), 400},
      {post("X\r\n"), 400},
      {post("X: a\x01z\r\n"), 400},
      {post(std::string("X: a\0z\r\n", 8)), 400},
      {"GET / HTTP/1.1\r\nHost: a b/c@d\r\n\r\n", 400},
      {"GET / HTTP/1.1\r\nHost: localhost, evil\r\n\r\n", 400},
      {"GET / HTTP/1.0\r\nHost: a/b\r\n\r\n", 400},
      {"POST / HTTP/1.1\r\nHost: user@h\r\nContent-Length: 0\r\n\r\n", 400},
      {"GET http://h/x HTTP/1.1\r\nHost: a,b\r\n\r\n", 400},
      {"GET http://a,b/x HTTP/1.1\r\nHost: h\r\n\r\n", 400},
      {"POST / HTTP/1.1\r\nHost: a/b\r\nTransfer-Encoding: gzip\r\n\r\n", 400},
      {"POST / HTTP/1.1\r\nHost: a/b\r\nContent-Length: 99999999999\r\n\r\n", 400},
      {"GET / HTTP/1.1\r\nHost: a/b\r\nHost: h\r\n\r\n", 400},
      {"GET http://user@h/x HTTP/1.1\r\nHost: h\r\n\r\n", 400},
      {"GET https:///x HTTP/1.1\r\nHost: h\r\n\r\n", 400},
      {"GET http:// HTTP/1.1\r\nHost: h\r\n\r\n", 400},
      {"POST / HTTP/1.0\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n", 400},
      {"GET / HTTP/1.1\r\n\r\n", 400},
      {"GET / HTTP/1.1\r\nHost: a\r\nHost: b\r\n\r\n", 400},
      {"GET / HTTP/1.0\r\nHost: a\r\nHost: b\r\n\r\n", 400},
      {"GET /caf\xc3\xa9 HTTP/1.1\r\nHost: a\r\n\r\n", 400},
      {"GET /a b HTTP/1.1\r\nHost: a\r\n\r\n", 400},
      {"GET / HTTP/2.0\r\nHost: a\r\n\r\n", 400},
      {"GET / FTP/1.1\r\nHost: a\r\n\r\n", 400},
      {"GET  / HTTP/1.1\r\nHost: a\r\n\r\n", 400},
      {"G@T / HTTP/1.1\r\nHost: a\r\n\r\n", 400},
      {"GET /\r\nHost: a\r\n\r\n", 400},
      {"\x16\x03\x01\x02\x01", 400},
  };
  for (const auto& [bytes, status] : cases) {
    EXPECT_EQ(parse(bytes).status, status) << bytes;
    EXPECT_EQ(parse(bytes, 1).status, status) << "byte by byte: " << bytes;
  }
  std::printf("parser: %zu requests refused, each in two ways\n", cases.size());
}

/// What a failed parse says.
std::string message_of(const std::string& bytes, std::size_t step) {
  Request request;
  Parser parser(request, kMaxBody);
  parser.restart(bytes.data());
  std::size_t consumed = 0;
  for (std::size_t end = std::min(step, bytes.size());; end = std::min(end + step, bytes.size())) {
    const std::string_view piece(bytes.data() + consumed, end - consumed);
    if (parser.parse(piece, consumed) == Parser::Outcome::kFailed) {
      return std::string(parser.fault().message);
    }
    if (end == bytes.size()) {
      return "";
    }
  }
}

TEST(Parser, SaysHowALineMustEnd) {
  int checked = 0;
  for (const std::string bytes : {
           "GET / HTTP/1.1\nHost: h\n\n",
           "GET / HTTP/1.1\nHost: h\r\n\r\n",
           "GET / HTTP/1.1\r\nHost: h\n\r\n",
           "GET / HTTP/1.1\r\nHost: h\nX: y\r\n\r\n",
           "GET /\n",
           "\nGET / HTTP/1.1\r\nHost: h\r\n\r\n",
       }) {
    for (const std::size_t step : {std::size_t{1}, std::size_t{5}, bytes.size()}) {
      EXPECT_EQ(message_of(bytes, step), "Lines must end with CRLF") << bytes << " by " << step;
      ++checked;
    }
  }
  std::printf("parser: %d times a line ended in LF alone\n", checked);
}

TEST(Parser, DoesNotBlameTheLinesOfAFaultElsewhere) {
  EXPECT_EQ(message_of("GET / HTTP/3.0\r\nHost: h\r\n\r\na\nb", 1'000),
            "The HTTP version is not 1.0 or 1.1");
  EXPECT_EQ(message_of("POST / HTTP/1.1\r\nHost: h\r\nContent-Length: x\r\n\r\na\nb", 1'000),
            "Bad request");
  const std::string chunked = "POST / HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: chunked\r\n\r\n";
  EXPECT_EQ(message_of(chunked + "3\r\na\nb\r\nx\r\n", 1'000), "Bad request");
}

TEST(Parser, TakesHttp10WithoutHost) {
  EXPECT_EQ(parse("GET / HTTP/1.0\r\n\r\n").outcome, Parser::Outcome::kComplete);
}

TEST(Parser, TakesAHundredFieldsAndNoMore) {
  const auto with_fields = [](int count) {
    std::string bytes = "GET / HTTP/1.1\r\nHost: h\r\n";
    for (int i = 1; i < count; ++i) {
      bytes += "X: y\r\n";
    }
    return bytes + "\r\n";
  };
  EXPECT_EQ(parse(with_fields(100)).outcome, Parser::Outcome::kComplete);
  EXPECT_EQ(parse(with_fields(101)).status, 400);
}

TEST(Parser, TellsALongLineFromALongHeader) {
  const std::string line(20'000, 'a');
  EXPECT_EQ(parse("GET /" + line + " HTTP/1.1\r\nHost: h\r\n\r\n").status, 414);
  EXPECT_EQ(parse("GET /" + line, 1'000).status, 414);
  EXPECT_EQ(parse("GET / HTTP/1.1\r\nHost: h\r\nX: " + line + "\r\n\r\n").status, 431);
  EXPECT_EQ(parse("GET / HTTP/1.1\r\nHost: h\r\nX: " + line, 100).status, 431);
}

TEST(Parser, TakesAHeaderJustBelowTheLimit) {
  const std::string rest = "GET / HTTP/1.1\r\nHost: h\r\nX: \r\n\r\n";
  const std::string bytes =
      "GET / HTTP/1.1\r\nHost: h\r\nX: " + std::string(kMaxHeaderBytes - 1 - rest.size(), 'a') +
      "\r\n\r\n";
  EXPECT_EQ(parse(bytes).outcome, Parser::Outcome::kComplete);
}

TEST(Parser, EndsAChunkedBodyAtTheLimit) {
  const std::string head = "POST / HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: chunked\r\n\r\n";
  const std::string chunk = "1f4\r\n" + std::string(500, 'x') + "\r\n";
  EXPECT_EQ(parse(head + chunk + chunk + "0\r\n\r\n").outcome, Parser::Outcome::kComplete);
  EXPECT_EQ(parse(head + chunk + chunk + "1\r\nx\r\n0\r\n\r\n").status, 413);
}

TEST(Parser, TakesNoControlCharacterInAChunkExtension) {
  const std::string head = "POST / HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: chunked\r\n\r\n";
  const auto quoted = [&head](const std::string& chunk, const std::string& value) {
    return head + chunk + ";a=\"" + value + "\"\r\n" + (chunk == "0" ? "" : "x\r\n0\r\n") + "\r\n";
  };
  int refused = 0;
  for (int byte = 0; byte < 256; ++byte) {
    const std::string value = {'u', static_cast<char>(byte), 'v'};
    const bool fine = byte == '\t' || (byte >= ' ' && byte <= '~' && byte != '"' && byte != '\\');
    for (const char* chunk : {"1", "0"}) {
      for (const std::size_t step : {std::size_t{1}, std::size_t{1'000}}) {
        const Parsed parsed = parse(quoted(chunk, value), step);
        if (byte == '\\') {
          continue;  // it quotes the byte behind it
        }
        EXPECT_EQ(parsed.outcome, fine ? Parser::Outcome::kComplete : Parser::Outcome::kFailed)
            << byte;
        refused += fine ? 0 : 1;
      }
    }
  }
  EXPECT_EQ(parse(quoted("1", "\\\n")).status, 400) << "quoted by a backslash it is none the less";
  std::printf("parser: %d chunk extensions refused\n", refused);
}

TEST(Parser, EndsAChunkLineThatNeverEnds) {
  const std::string head = "POST / HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: chunked\r\n\r\n";
  EXPECT_EQ(parse(head + "1;" + std::string(40'000, 'a')).status, 400);
}

TEST(Parser, RefusesAChunkThatIsNone) {
  const std::string head = "POST / HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: chunked\r\n\r\n";
  for (const char* body : {"xyz\r\n", "-1\r\n", "3\r\nabcd\r\n0\r\n\r\n", "3\r\nabcXYZ\r\n"}) {
    EXPECT_EQ(parse(head + body).status, 400) << body;
  }
}

}  // namespace
}  // namespace ginnel::http
