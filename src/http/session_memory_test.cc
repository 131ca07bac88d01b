// SPDX-License-Identifier: MIT
#include <new>
#include <sys/socket.h>

#include "http/session.h"
#include "http/session_fixture.h"

namespace ginnel::http {
namespace {

using namespace std::chrono_literals;

constexpr std::size_t kLittle = std::size_t{12} << 10;

std::string head(const std::string& line, const std::string& fields = {}) {
  return line + " HTTP/1.1\r\nHost: h\r\n" + fields + "\r\n";
}

std::string with_body(const std::string& line, std::size_t bytes) {
  return head(line, "Content-Length: " + std::to_string(bytes) + "\r\n");
}

/// What connections hold, by the server's own count.
class SessionMemoryTest : public SessionFixture {
 protected:
  /// Sends this, looks at the count on the way, and gives the most it was.
  std::size_t send_and_watch(support::LoopbackClient& client, const std::string& bytes) {
    constexpr std::size_t kPiece = 16'384;
    std::size_t most = 0;
    for (std::size_t at = 0; at < bytes.size(); at += kPiece) {
      client.send(bytes.substr(at, kPiece));
      for (int turn = 0; turn < 5; ++turn) {
        loop_.context().poll();
        most = std::max(most, memory_.used());
      }
    }
    return most;
  }

  void fill_memory() { memory_.change(0, memory_.limit()); }
  void empty_memory() { memory_.change(memory_.limit(), 0); }
};

TEST_F(SessionMemoryTest, HoldsNextToNothingForWhoSaysNothing) {
  const std::size_t before = memory_.used();
  auto client = connect();
  EXPECT_LT(memory_.used() - before, 2'560U);
}

TEST_F(SessionMemoryTest, HoldsNextToNothingForWhoIsReadOnAfterItsAnswer) {
  const std::size_t before = memory_.used();
  auto client = connect();
  client.send(with_body("POST /echo", 10'000'000));
  std::size_t sent = 0;
  ASSERT_TRUE(run_until([&] {
    sent += client.send_some(std::string(65'536, 'b'));
    client.receive_now();
    return sent > 9'000'000;
  }));
  EXPECT_TRUE(client.received().starts_with("HTTP/1.1 413 ")) << client.received();
  EXPECT_LT(memory_.used() - before, 2'560U);
}

TEST_F(SessionMemoryTest, RefusesListsForWhichThereIsNoMemoryWhenTheirTurnComes) {
  auto client = connect();
  client.send(head("GET /list"));
  ASSERT_TRUE(run_until([&] { return routes_.lists == 1; }));
  fill_memory();
  EXPECT_TRUE(received_until(client, "}\n").starts_with("HTTP/1.1 503 "))
      << "its rows were there, and no room for them";
  empty_memory();
  client.send(head("GET /list"));
  received_until(client, "l\n");
}

TEST_F(SessionMemoryTest, PassesBodiesOverThatNobodyWants) {
  const std::string body(900'000, 'b');
  const std::string chunked = "186a0\r\n" + std::string(100'000, 'c') + "\r\n0\r\n\r\n";
  struct Case {
    std::string request;
    int status;
  };
  const Case cases[] = {
      {with_body("POST /nosuch", body.size()) + body, 404},
      {with_body("GET /now", body.size()) + body, 200},
      {with_body("GET /later/1", body.size()) + body, 200},
      {with_body("PUT /now", body.size()) + body, 405},
      {with_body("OPTIONS *", body.size()) + body, 200},
      {with_body("BREW /nosuch", body.size()) + body, 404},
      {head("POST /nosuch", "Transfer-Encoding: chunked\r\n") + chunked, 404},
      {head("GET /now", "Transfer-Encoding: chunked\r\n") + chunked, 200},
  };
  for (const Case& one : cases) {
    auto client = connect();
    const std::size_t most = send_and_watch(client, one.request);
    EXPECT_LT(most, InputBuffer::kMaxBytes + kLittle) << one.request.substr(0, 20);
    EXPECT_TRUE(run_until([&] { return !observer_.statuses.empty(); }));
    EXPECT_EQ(observer_.statuses, std::vector<int>{one.status}) << one.request.substr(0, 20);
    client.send(head("GET /now", "Connection: close\r\n"));
    EXPECT_TRUE(received_to_the_end(client).ends_with("now\n")) << "the connection goes on";
    observer_.statuses.clear();
  }
}

TEST_F(SessionMemoryTest, DoesNotAskForABodyThatNobodyWants) {
  auto client = connect();
  client.send(head("POST /nosuch", "Content-Length: 9\r\nExpect: 100-continue\r\n"));
  const std::string answer = received_to_the_end(client);
  EXPECT_TRUE(answer.starts_with("HTTP/1.1 404 ")) << answer;
}

TEST_F(SessionMemoryTest, GivesBackWhatABodyTook) {
  const std::string body(std::size_t{1} << 20, 'b');
  auto client = connect();
  const std::size_t most = send_and_watch(client, with_body("POST /echo", body.size()) + body);
  EXPECT_GE(most, body.size()) << "it is counted";
  received_until(client, "b\n");
  EXPECT_LT(memory_.used(), kLittle);
}

TEST_F(SessionMemoryTest, GivesBackWhatAnAnswerTook) {
  auto client = connect();
  for (int i = 0; i < 16; ++i) {  // more than the sockets take
    client.send(head("GET /much"));
  }
  client.send(head("GET /now"));
  EXPECT_TRUE(run_until([&] { return memory_.used() > std::size_t{1} << 19; }))
      << "it is counted while it is not taken";
  received_until(client, "now\n");
  EXPECT_LT(memory_.used(), kLittle);
}

TEST_F(SessionMemoryTest, GivesBackWhatALargeHeaderTook) {
  auto client = connect();
  send_and_watch(client, head("GET /now", "X: " + std::string(16'000, 'x') + "\r\n"));
  received_until(client, "now\n");
  EXPECT_LT(memory_.used(), kLittle);
}

TEST_F(SessionMemoryTest, HoldsNextToNothingForAConnectionThatRests) {
  auto client = connect();
  for (int round = 0; round < 3; ++round) {
    client.send(head("GET /now"));
    received_until(client, "now\n");
    EXPECT_GT(memory_.used(), 4'096U);
    session_->end_if_overdue(std::chrono::steady_clock::now() + 2s);
    EXPECT_LT(memory_.used(), 2'560U);
  }
}

TEST_F(SessionMemoryTest, CountsNothingOnceAllHaveLeft) {
  for (const std::string& request :
       {head("GET /much"), with_body("POST /echo", 100'000), head("")}) {
    auto client = connect();
    send_and_watch(client, request + std::string(50'000, 'b'));
    session_->close();
    session_.reset();
    EXPECT_TRUE(run_until([this] { return memory_.used() == 0; })) << memory_.used();
  }
}

TEST_F(SessionMemoryTest, AnswersVisitorsAloneBeyondTheBudget) {
  fill_memory();
  struct Case {
    std::string request;
    int status;
  };
  const Case cases[] = {{head("GET /now"), 200},
                        {head("GET /nosuch"), 404},
                        {head("GET /later/1"), 503},
                        {with_body("POST /echo", 2) + "hi", 503},
                        {with_body("POST /echo", 1'000'000), 503},
                        {with_body("POST /stream", 1'000'000), 503},
                        {head("GET /now", "X: " + std::string(8'000, 'x') + "\r\n"), 503}};
  for (const Case& one : cases) {
    auto client = connect();
    client.send(one.request);
    EXPECT_TRUE(run_until([&] { return !observer_.statuses.empty(); })) << one.request;
    EXPECT_EQ(observer_.statuses, std::vector<int>{one.status}) << one.request.substr(0, 60);
    client.receive_now();
    EXPECT_EQ(client.received().find("Retry-After: 1\r\n") != std::string::npos, one.status == 503);
    observer_.statuses.clear();
  }
  EXPECT_EQ(memory_.refused(), 5U);
  empty_memory();
  auto client = connect();
  client.send(with_body("POST /echo", 2) + "hi");
  EXPECT_TRUE(received_until(client, "hi\n").starts_with("HTTP/1.1 200 ")) << "it recovers";
}

TEST_F(SessionMemoryTest, EndsABodyThatGrowsBeyondTheBudget) {
  for (const char* line : {"POST /echo", "POST /stream"}) {
    auto client = connect();
    send_and_watch(client, with_body(line, 900'000) + std::string(100'000, 'b'));
    fill_memory();
    send_and_watch(client, std::string(600'000, 'b'));
    empty_memory();
    if (std::string(line) == "POST /stream") {
      continue;  // its handler takes every piece: nothing grows
    }
    EXPECT_TRUE(received_to_the_end(client).starts_with("HTTP/1.1 503 ")) << line;
    EXPECT_LT(memory_.used(), kLittle);
  }
}

TEST_F(SessionMemoryTest, ClosesThoseWhoseAnswersHoldMost) {
  std::vector<support::LoopbackClient> readers;
  std::string requests;
  for (int i = 0; i < 16; ++i) {  // more than the sockets take
    requests += head("GET /much");
  }
  for (int i = 0; i < 24; ++i) {  // 16 MiB are allowed
    readers.push_back(connect());
    readers.back().send(requests);
    for (int turn = 0; turn < 100; ++turn) {
      loop_.context().poll();
    }
  }
  EXPECT_LT(memory_.used(), memory_.limit());
  EXPECT_GT(memory_.closed(), 0U);
  EXPECT_EQ(loop_.connections(), 24 - memory_.closed());
  auto visitor = connect();
  visitor.send(head("GET /now"));
  EXPECT_TRUE(received_until(visitor, "now\n").starts_with("HTTP/1.1 200 "));
  std::printf("session: %llu of 24 slow readers closed\n",
              static_cast<unsigned long long>(memory_.closed()));
}

TEST_F(SessionMemoryTest, ClosesACrowdInPortionsSoThatNobodyWaitsForAll) {
  constexpr std::size_t kCrowd = 150;
  const int little = 1;  // the least that the kernel has
  std::string requests;
  for (int i = 0; i < 100; ++i) {
    requests += head("GET /now");
  }
  std::vector<support::LoopbackClient> readers;
  for (std::size_t i = 0; i < kCrowd; ++i) {
    readers.push_back(connect());
    ::setsockopt(session_->descriptor(), SOL_SOCKET, SO_SNDBUF, &little, sizeof little);
    for (int round = 0; round < 1'000 && session_->unsent_bytes() <= 4'096; ++round) {
      send_and_watch(readers.back(), requests);
    }
    ASSERT_GT(session_->unsent_bytes(), 4'096U) << "the kernel takes everything";
  }
  ASSERT_EQ(memory_.closed(), 0U);
  fill_memory();
  std::vector<std::size_t> portions;
  while (memory_.closed() < kCrowd) {
    const std::size_t before = memory_.closed();
    ASSERT_GT(loop_.context().run_one_for(10s), 0U);
    if (memory_.closed() > before) {
      portions.push_back(memory_.closed() - before);
    }
  }
  EXPECT_EQ(portions, (std::vector<std::size_t>{128, kCrowd - 128}));
  EXPECT_EQ(loop_.connections(), 0U);
}

TEST_F(SessionMemoryTest, EndsTheRequestForWhichTheSystemHasNoMemory) {
  routes_.throws_bad_alloc = true;
  auto client = connect();
  client.send(head("GET /throw"));
  EXPECT_TRUE(run_until([&] { return !observer_.statuses.empty(); }));
  EXPECT_EQ(observer_.statuses, std::vector<int>{503});
  client.send(head("GET /now", "Connection: close\r\n"));
  EXPECT_TRUE(received_to_the_end(client).ends_with("now\n")) << "the connection goes on";
  EXPECT_EQ(loop_.in_flight(), 0U);
}

TEST_F(SessionMemoryTest, EndsTheConnectionWhenAnAnswerAtOnceFindsNoMemory) {
  routes_.throws_bad_alloc = true;
  auto other = connect();
  auto client = connect();
  client.send(head("GET /now"));
  EXPECT_EQ(received_to_the_end(client), "");
  EXPECT_EQ(observer_.failures.size(), 1U);
  routes_.throws_bad_alloc = false;
  other.send(head("GET /now"));
  EXPECT_TRUE(received_until(other, "now\n").starts_with("HTTP/1.1 200 ")) << "others go on";
}

TEST_F(SessionMemoryTest, TellsSinceWhenAConnectionWaits) {
  auto silent = connect();
  EXPECT_TRUE(session_->quiet_since());
  auto half = connect();
  half.send("GET /now HT");
  EXPECT_TRUE(run_until([&] { return memory_.used() > 4'096; }));
  EXPECT_TRUE(session_->quiet_since());
  auto busy = connect();
  busy.send(head("GET /gate"));
  EXPECT_TRUE(run_until([&] { return loop_.in_flight() == 1; }));
  EXPECT_FALSE(session_->quiet_since()) << "its handler waits";
  auto body = connect();
  body.send(with_body("POST /echo", 100) + "b");
  EXPECT_TRUE(run_until([&] { return !session_->quiet_since(); })) << "its body comes";
  auto unwanted = connect();
  unwanted.send(with_body("POST /nosuch", 100) + "b");
  const std::size_t before = memory_.used();
  EXPECT_TRUE(run_until([&] { return memory_.used() > before; }));
  EXPECT_TRUE(session_->quiet_since()) << "nobody wants its body";
  EXPECT_EQ(loop_.close_quiet(10), 3U);
  EXPECT_EQ(received_to_the_end(silent), "");
  EXPECT_EQ(received_to_the_end(half), "");
  EXPECT_EQ(loop_.connections(), 2U);
}

TEST_F(SessionMemoryTest, DoesNotCloseWhoHasJustAsked) {
  auto client = connect();
  client.send(head("GET /now"));

  EXPECT_EQ(loop_.close_quiet(1), 0U);
  EXPECT_TRUE(received_until(client, "now\n").starts_with("HTTP/1.1 200 "));
}

}  // namespace
}  // namespace ginnel::http
