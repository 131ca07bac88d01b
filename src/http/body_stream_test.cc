// SPDX-License-Identifier: MIT
#include "http/body_stream.h"

#include <string>

#include <gtest/gtest.h>

#include "http/session_fixture.h"

namespace ginnel::http {
namespace {

using namespace std::chrono_literals;

std::string head(const std::string& path, const std::string& fields) {
  return "POST " + path + " HTTP/1.1\r\nHost: h\r\n" + fields + "\r\n";
}

std::string length(std::size_t bytes) {
  return "Content-Length: " + std::to_string(bytes) + "\r\n";
}

/// Text in which no two stretches are alike.
std::string numbered(std::size_t bytes) {
  std::string text;
  while (text.size() < bytes) {
    text += std::to_string(text.size()) + ",";
  }
  text.resize(bytes);
  return text;
}

class BodyStreamTest : public SessionFixture {
 protected:
  /// Sends as much as the kernel takes and lets the loop go on, until all is sent or `limit` turns
  /// have passed; gives how much was sent.
  std::size_t send_all(support::LoopbackClient& client, std::string_view bytes, int limit) {
    std::size_t sent = 0;
    for (int turn = 0; turn < limit && sent < bytes.size(); ++turn) {
      sent += client.send_some(bytes.substr(sent));
      loop_.context().run_one_for(1ms);
    }
    return sent;
  }
};

TEST_F(BodyStreamTest, GivesTheBodyPieceByPiece) {
  const std::string body = numbered(3'000'000);  // more than http.max_body_bytes
  auto client = connect();
  client.send(head("/stream", length(body.size())));
  EXPECT_EQ(send_all(client, body, 100'000), body.size());
  EXPECT_TRUE(received_until(client, "3000000 bytes\n").starts_with("HTTP/1.1 200 OK"));
  EXPECT_EQ(routes_.taken, body);
}

TEST_F(BodyStreamTest, TakesABodyThatCameWithItsHeader) {
  auto client = connect();
  client.send(head("/stream", length(5)) + "hello" + head("/stream", length(0)));
  received_until(client, "\n0 bytes\n");
  EXPECT_EQ(observer_.statuses, (std::vector<int>{200, 200}));
}

TEST_F(BodyStreamTest, TakesChunksHoweverTheyAreCut) {
  const std::string request = head("/stream", "Transfer-Encoding: chunked\r\n") +
                              "5;x=y\r\nhello\r\n1\r\n,\r\n5\r\nworld\r\n0\r\nTrailer: t\r\n\r\n";
  for (std::size_t cut = 1; cut < request.size(); ++cut) {
    auto client = connect();
    client.send(request.substr(0, cut));
    for (int turn = 0; turn < 3; ++turn) {
      loop_.context().poll();
    }
    client.send(request.substr(cut));
    received_until(client, "11 bytes\n");
    EXPECT_EQ(routes_.taken, "hello,world") << cut;
  }
}

TEST_F(BodyStreamTest, KeepsTheConnectionForTheNextRequest) {
  auto client = connect();
  for (int i = 0; i < 3; ++i) {
    client.send(head("/stream", length(100'000)));
    send_all(client, numbered(100'000), 10'000);
    received_until(client, "100000 bytes\n");
  }
  EXPECT_EQ(loop_.connections(), 1U);
}

TEST_F(BodyStreamTest, ReadsNoFasterThanPiecesAreTaken) {
  routes_.slow_stream = true;
  const std::string body = numbered(SampleRoutes::kStreamBytes);
  auto client = connect();
  client.send(head("/stream", length(body.size())));
  const std::size_t sent = send_all(client, body, 2'000);
  EXPECT_LT(sent, body.size()) << "what the kernel buffers is less than the body";
  EXPECT_LE(routes_.taken.size(), InputBuffer::kMaxBytes) << "one piece";
  EXPECT_GT(routes_.taken.size(), 0U);
  session_->end_if_overdue(loop_.coarse_now() + 24h);
  EXPECT_EQ(loop_.connections(), 1U) << "the client is not late: nobody asks";
}

TEST_F(BodyStreamTest, AsksForABodyOnlyOnceItIsWanted) {
  auto client = connect();
  client.send(head("/stream", length(2) + "Expect: 100-continue\r\n"));
  EXPECT_EQ(received_until(client, "\r\n\r\n"), "HTTP/1.1 100 Continue\r\n\r\n");
  client.send("hi");
  received_until(client, "2 bytes\n");
  client.send(head("/stream/refused", length(2) + "Expect: 100-continue\r\n"));
  EXPECT_TRUE(received_to_the_end(client).starts_with("HTTP/1.1 415 "));
}

TEST_F(BodyStreamTest, AnAnswerBeforeTheBodysEndEndsTheConnection) {
  const std::string body = numbered(4'000'000);
  auto client = connect();
  client.send(head("/stream/refused", length(body.size())));
  EXPECT_EQ(send_all(client, body, 100'000), body.size()) << "it is read, and forgotten";
  client.end_sending();
  const std::string answer = received_to_the_end(client);
  EXPECT_TRUE(answer.starts_with("HTTP/1.1 415 ")) << answer;
  EXPECT_NE(answer.find("Connection: close\r\n"), std::string::npos);
  EXPECT_EQ(observer_.statuses, std::vector<int>{415});
}

TEST_F(BodyStreamTest, RefusesABodyOverTheRoutesOwnLimit) {
  auto client = connect();
  client.send(head("/stream", length(SampleRoutes::kStreamBytes + 1)));
  EXPECT_TRUE(received_to_the_end(client).starts_with("HTTP/1.1 413 "));
  auto chunked = connect();
  chunked.send(head("/stream", "Transfer-Encoding: chunked\r\n") + "1\r\na\r\n");
  EXPECT_TRUE(run_until([&] { return routes_.taken == "a"; }));
  chunked.send("10000000\r\n");
  EXPECT_TRUE(received_to_the_end(chunked).starts_with("HTTP/1.1 413 "));
  EXPECT_EQ(routes_.stream_error, "The rest of the body did not come");
  EXPECT_EQ(observer_.statuses, (std::vector<int>{413, 413}));
}

TEST_F(BodyStreamTest, TellsOfAChunkThatIsNone) {
  auto client = connect();
  client.send(head("/stream", "Transfer-Encoding: chunked\r\n") + "5\r\nhello\r\nnonsense\r\n");
  EXPECT_TRUE(received_to_the_end(client).starts_with("HTTP/1.1 400 "));
  EXPECT_EQ(observer_.statuses, std::vector<int>{400});
  EXPECT_EQ(loop_.in_flight(), 0U);
}

TEST_F(BodyStreamTest, TellsAClientThatStalls) {
  auto client = connect();
  client.send(head("/stream", length(100)) + "half");
  EXPECT_TRUE(run_until([&] { return routes_.taken == "half"; }));
  session_->end_if_overdue(loop_.coarse_now() + options_.body_timeout - 1ms);
  EXPECT_TRUE(observer_.statuses.empty());
  session_->end_if_overdue(loop_.coarse_now() + options_.body_timeout);
  EXPECT_TRUE(received_to_the_end(client).starts_with("HTTP/1.1 408 "));
  EXPECT_EQ(loop_.in_flight(), 0U);
}

TEST_F(BodyStreamTest, TellsTheHandlerOfAClientThatLeft) {
  auto client = connect();
  client.send(head("/stream", length(100)) + "half");
  EXPECT_TRUE(run_until([&] { return routes_.taken == "half"; }));
  client.end_sending();
  EXPECT_EQ(received_to_the_end(client), "");
  EXPECT_TRUE(run_until([&] { return loop_.in_flight() == 0; }));
  EXPECT_EQ(routes_.stream_error, "The rest of the body did not come");
  EXPECT_TRUE(observer_.statuses.empty());
}

TEST_F(BodyStreamTest, TellsTheHandlerWhenAllConnectionsAreCut) {
  routes_.slow_stream = true;
  auto client = connect();
  client.send(head("/stream", length(100)) + "half");
  EXPECT_TRUE(run_until([&] { return routes_.taken == "half"; }));
  loop_.close_all();
  routes_.open_gate();
  EXPECT_TRUE(run_until([&] { return loop_.in_flight() == 0; }));
  EXPECT_EQ(routes_.stream_error, "The rest of the body did not come");
}

}  // namespace
}  // namespace ginnel::http
