// SPDX-License-Identifier: MIT
#include "http/session.h"

#include <sstream>

#include "http/session_fixture.h"

namespace ginnel::http {
namespace {

using namespace std::chrono_literals;

std::string get(const std::string& target, const std::string& fields = {}) {
  return "GET " + target + " HTTP/1.1\r\nHost: h\r\n" + fields + "\r\n";
}

std::string post(const std::string& body, const std::string& fields = {}) {
  return "POST /echo HTTP/1.1\r\nHost: h\r\nContent-Length: " + std::to_string(body.size()) +
         "\r\n" + fields + "\r\n" + body;
}

constexpr const char* kLast = "Connection: close\r\n";

/// The status of an answer that begins `text`.
int status_of(const std::string& text) {
  return text.starts_with("HTTP/1.1 ") ? std::stoi(text.substr(9)) : 0;
}

/// The lines of `text` that belong to a body: those that do not end in CRLF.
std::vector<std::string> body_lines(const std::string& text) {
  std::istringstream stream(text);
  std::vector<std::string> lines;
  for (std::string line; std::getline(stream, line);) {
    if (!line.ends_with('\r')) {
      lines.push_back(line);
    }
  }
  return lines;
}

class SessionTest : public SessionFixture {
 protected:
  /// Everything that a new connection gets back for `bytes`, until the server ends it.
  std::string answers_to(const std::string& bytes) {
    auto client = connect();
    client.send(bytes);
    return received_to_the_end(client);
  }
};

TEST_F(SessionTest, AnswersWithWhatEveryAnswerHas) {
  auto client = connect();
  client.send(get("/now", "X-Request-ID: mine\r\n"));
  EXPECT_EQ(received_until(client, "now\n"),
            "HTTP/1.1 200 OK\r\nDate: " + std::string(loop_.date()) +
                "\r\nCache-Control: private, no-store\r\nX-Request-ID: mine\r\n"
                "X-Content-Type-Options: nosniff\r\nContent-Type: application/json\r\n"
                "Content-Length: 4\r\n\r\nnow\n");
  EXPECT_EQ(observer_.statuses, std::vector<int>{200});
}

TEST_F(SessionTest, DatesAnswersAsHttpWants) {
  const std::string date(loop_.date());
  EXPECT_EQ(date.size(), 29U) << date;
  EXPECT_TRUE(date.ends_with(" GMT")) << date;
  EXPECT_EQ(date.substr(3, 2), ", ") << date;
}

TEST_F(SessionTest, AnswersPipelinedRequestsInTheirOrder) {
  std::string requests;
  std::vector<std::string> expected;
  for (int i = 0; i < 200; ++i) {
    requests += i % 3 == 0 ? get("/now") : get("/later/" + std::to_string(i));
    expected.emplace_back(i % 3 == 0 ? "now" : std::to_string(i));
  }
  expected.emplace_back("last");
  EXPECT_EQ(body_lines(answers_to(requests + post("last", kLast))), expected);
  EXPECT_EQ(observer_.statuses.size(), 201U);
}

TEST_F(SessionTest, AnswersTheSameHoweverTheBytesArrive) {
  const std::string requests = post("one") + get("/later/2") + post("three", kLast);
  const std::vector<std::string> expected = {"one", "2", "three"};
  int ways = 0;
  for (std::size_t step = 1; step < requests.size(); step += 7) {
    auto client = connect();
    for (std::size_t begin = 0; begin < requests.size(); begin += step) {
      client.send(requests.substr(begin, step));
      loop_.context().poll();
    }
    EXPECT_EQ(body_lines(received_to_the_end(client)), expected) << "pieces of " << step;
    ++ways;
  }
  std::printf("session: %d ways to cut three requests\n", ways);
}

TEST_F(SessionTest, KeepsAConnectionForTheNextRequest) {
  auto client = connect();
  for (int i = 0; i < 3; ++i) {
    client.send(get("/now"));
    EXPECT_EQ(status_of(received_until(client, "now\n")), 200);
  }
  EXPECT_EQ(loop_.connections(), 1U);
}

TEST_F(SessionTest, ClosesWhenTheClientWantsIt) {
  const std::string answer = answers_to(get("/now", kLast) + get("/now"));
  EXPECT_NE(answer.find("Connection: close\r\n"), std::string::npos);
  EXPECT_EQ(body_lines(answer).size(), 1U) << "what comes after the last request is not answered";
  EXPECT_EQ(loop_.connections(), 0U);
}

TEST_F(SessionTest, ClosesAfterAnOldRequestThatDoesNotAskForMore) {
  EXPECT_EQ(status_of(answers_to("GET /now HTTP/1.0\r\n\r\n")), 200);
  auto client = connect();
  client.send("GET /now HTTP/1.0\r\nConnection: keep-alive\r\n\r\n");
  received_until(client, "now\n");
  client.send(get("/now"));
  EXPECT_EQ(status_of(received_until(client, "now\n")), 200);
}

TEST_F(SessionTest, SendsNoBodyToHead) {
  const std::string answer =
      answers_to("HEAD /later/12345 HTTP/1.1\r\nHost: h\r\n" + std::string(kLast) + "\r\n");
  EXPECT_NE(answer.find("Content-Length: 6\r\n"), std::string::npos) << answer;
  EXPECT_TRUE(answer.ends_with("\r\n\r\n")) << answer;
}

TEST_F(SessionTest, GivesErrorsOfItsOwnTheFormThatIsAskedFor) {
  const std::string accept = "Accept: application/problem+json\r\n";
  struct Case {
    const char* what;
    std::string request;
    int status;
  };
  const Case cases[] = {
      {"no route", get("/nosuch", accept + std::string(kLast)), 404},
      {"no method", "PUT /now HTTP/1.1\r\nHost: h\r\n" + accept + std::string(kLast) + "\r\n", 405},
      {"a defect", get("/throw", accept + std::string(kLast)), 500},
      {"framing", "GET /now HTTP/1.1\r\n" + accept + "\r\n", 400},
      {"a body",
       "POST /echo HTTP/1.1\r\nHost: h\r\n" + accept + "Content-Length: 99999999\r\n\r\n",
       413},
  };
  for (const Case& one : cases) {
    const std::string answer = answers_to(one.request);
    EXPECT_EQ(status_of(answer), one.status) << one.what;
    EXPECT_NE(answer.find("\r\nContent-Type: application/problem+json\r\n"), std::string::npos)
        << answer;
    EXPECT_NE(answer.find("\r\nVary: Accept\r\n"), std::string::npos) << answer;
  }
}

TEST_F(SessionTest, TellsWhatAPathCanDo) {
  EXPECT_EQ(status_of(answers_to(get("/nosuch", kLast))), 404);
  const std::string wrong =
      answers_to("PUT /now HTTP/1.1\r\nHost: h\r\n" + std::string(kLast) + "\r\n");
  EXPECT_EQ(status_of(wrong), 405);
  EXPECT_NE(wrong.find("Allow: GET, HEAD, OPTIONS\r\n"), std::string::npos);
  const std::string options =
      answers_to("OPTIONS /echo HTTP/1.1\r\nHost: h\r\n" + std::string(kLast) + "\r\n");
  EXPECT_EQ(status_of(options), 200);
  EXPECT_NE(options.find("Allow: POST, OPTIONS\r\n"), std::string::npos) << options;
  EXPECT_EQ(
      status_of(answers_to("OPTIONS * HTTP/1.1\r\nHost: h\r\n" + std::string(kLast) + "\r\n")),
      200);
}

TEST_F(SessionTest, EndsAfterWhatIsNoHttp) {
  const std::string answer = answers_to(get("/now") + "nonsense\r\n\r\n" + get("/now"));
  EXPECT_EQ(observer_.statuses, (std::vector<int>{200, 400}));
  EXPECT_NE(answer.find("Connection: close\r\n"), std::string::npos);
}

TEST_F(SessionTest, RefusesABodyThatIsTooLargeBeforeItComes) {
  const std::string answer = answers_to("POST /echo HTTP/1.1\r\nHost: h\r\nContent-Length: " +
                                        std::to_string(options_.max_body_bytes + 1) + "\r\n\r\n");
  EXPECT_EQ(status_of(answer), 413);
}

TEST_F(SessionTest, AsksForABodyThatWaitsToBeAskedFor) {
  auto client = connect();
  client.send(
      "POST /echo HTTP/1.1\r\nHost: h\r\nContent-Length: 2\r\nExpect: 100-continue\r\n\r\n");
  EXPECT_EQ(received_until(client, "\r\n\r\n"), "HTTP/1.1 100 Continue\r\n\r\n");
  client.send("hi");
  EXPECT_EQ(status_of(received_until(client, "hi\n")), 200);
}

TEST_F(SessionTest, TellsHandlersWhoAsks) {
  routes_.ask_for_names();
  EXPECT_EQ(body_lines(answers_to(get("/caller", "Name: ada\r\n") + get("/caller", "Name: bo\r\n") +
                                  get("/now", kLast))),
            (std::vector<std::string>{"ada", "bo", "now"}));
}

TEST_F(SessionTest, TellsACallersCacheByWhatTheGuardJudges) {
  routes_.ask_for_names();
  const std::string answers = answers_to(get("/caller", "Name: ada\r\n") + get("/now", kLast));
  const auto vary = answers.find("\r\nVary: Name, Visitor\r\nCache-Control: private, no-cache\r\n");
  EXPECT_NE(vary, std::string::npos) << answers;
  EXPECT_EQ(answers.find("Vary", vary + 8), std::string::npos) << "/now is everybody's";
}

TEST_F(SessionTest, RefusesWhomTheGuardRefusesAndGoesOn) {
  routes_.ask_for_names();
  const std::string visits = get("/throw", "Visitor: yes\r\n") + get("/now", "Visitor: yes\r\n");
  const std::string answers = answers_to(post("hi") + visits + get("/throw", kLast));
  EXPECT_EQ(observer_.statuses, (std::vector<int>{401, 403, 200, 401}));
  EXPECT_EQ(
      body_lines(answers),
      (std::vector<std::string>{
          R"({"error":"no name"})", R"({"error":"Forbidden"})", "now", R"({"error":"no name"})"}));
  EXPECT_TRUE(observer_.failures.empty()) << "its handler did not run";
}

TEST_F(SessionTest, DoesNotWaitForABodyOfWhomTheGuardRefuses) {
  routes_.ask_for_names();
  const std::string answer = answers_to(
      "POST /echo HTTP/1.1\r\nHost: h\r\nContent-Length: 9\r\nExpect: 100-continue\r\n\r\nhalf");
  EXPECT_EQ(status_of(answer), 401) << answer;
  EXPECT_NE(answer.find("Connection: close\r\n"), std::string::npos);
  EXPECT_EQ(observer_.statuses, std::vector<int>{401});
}

TEST_F(SessionTest, AnswersAClientThatSendsNoMore) {
  auto client = connect();
  client.send(get("/later/1") + get("/later/2"));
  client.end_sending();
  EXPECT_EQ(body_lines(received_to_the_end(client)), (std::vector<std::string>{"1", "2"}));
}

TEST_F(SessionTest, SaysNothingToHalfARequestThatEnds) {
  auto client = connect();
  client.send("GET /now HTT");
  client.end_sending();
  EXPECT_EQ(received_to_the_end(client), "");
  EXPECT_EQ(observer_.begun, 0U);
  EXPECT_TRUE(observer_.statuses.empty());
  EXPECT_EQ(loop_.connections(), 0U);
}

TEST_F(SessionTest, GoesOnWhenAClientReadsAfterAll) {
  auto client = connect();
  std::string requests;
  for (int i = 0; i < 16; ++i) {
    requests += get("/much");
  }
  client.send(requests + get("/now"));
  EXPECT_TRUE(run_until([&] { return !observer_.statuses.empty(); }));
  for (int i = 0; i < 100; ++i) {
    loop_.context().poll();
  }
  EXPECT_LT(observer_.statuses.size(), 17U) << "nothing is answered ahead of a client that is slow";
  const std::string all = received_until(client, "now\n");
  EXPECT_GT(all.size(), 16U << 20);
  EXPECT_EQ(observer_.statuses.size(), 17U);
}

TEST_F(SessionTest, CutsOffAClientThatReadsNothing) {
  auto client = connect();
  for (int i = 0; i < 16; ++i) {
    client.send(get("/much"));
  }
  EXPECT_TRUE(run_until([&] { return !observer_.statuses.empty(); }));
  for (int i = 0; i < 100; ++i) {
    loop_.context().poll();
  }
  session_->end_if_overdue(loop_.coarse_now() + options_.write_timeout - 1ms);
  EXPECT_EQ(loop_.connections(), 1U);
  session_->end_if_overdue(loop_.coarse_now() + options_.write_timeout);
  EXPECT_EQ(loop_.connections(), 0U);
}

TEST_F(SessionTest, MakesAFewLargeAnswersAtATime) {
  std::vector<support::LoopbackClient> clients;
  for (int i = 0; i < 80; ++i) {
    clients.push_back(connect());
    clients.back().send(get("/list") + get("/now", kLast));
  }
  std::size_t refused = 0;
  for (auto& client : clients) {
    const std::string answers = received_to_the_end(client);
    EXPECT_TRUE(answers.ends_with("now\n"));
    EXPECT_TRUE(answers.starts_with("HTTP/1.1 200 ") || answers.starts_with("HTTP/1.1 503 "));
    refused += answers.find("Too many lists") == answers.npos ? 0 : 1;
  }
  EXPECT_EQ(routes_.most_lists, 2);
  EXPECT_LE(refused, 80U - 2 - 64);
  std::printf("session: 80 ask for lists, %zu refused\n", refused);
}

TEST_F(SessionTest, GoesOnWithListsWhenThoseWhoWaitedAreGone) {
  for (int i = 0; i < 10; ++i) {
    auto client = connect();
    client.send(get("/list"));
    EXPECT_TRUE(run_until([&] { return i > 1 || routes_.lists == i + 1; }));
    loop_.context().poll_one();
    session_->close();
  }
  auto client = connect();
  client.send(get("/list", kLast));
  EXPECT_TRUE(received_to_the_end(client).starts_with("HTTP/1.1 200 "));
  EXPECT_EQ(routes_.most_lists, 2);
}

TEST_F(SessionTest, LeavesAHandlersDefectToTheLog) {
  const std::string answer = answers_to(get("/throw") + get("/now", kLast));
  EXPECT_EQ(observer_.statuses, (std::vector<int>{500, 200}));
  EXPECT_EQ(observer_.failures, std::vector<std::string>{"a defect"});
  EXPECT_EQ(answer.find("a defect"), std::string::npos);
}

TEST_F(SessionTest, SurvivesAClientThatLeavesWhileItsHandlerWaits) {
  auto client = connect();
  client.send(get("/gate"));
  EXPECT_TRUE(run_until([&] { return loop_.in_flight() == 1; }));
  session_->close();
  session_.reset();
  routes_.open_gate();
  EXPECT_TRUE(run_until([&] { return loop_.in_flight() == 0; }));
  EXPECT_EQ(observer_.begun, 1U);
  EXPECT_TRUE(observer_.statuses.empty());
}

TEST_F(SessionTest, AnswersOnceWhenThereAreTooMany) {
  for (const auto& [request, status] :
       {std::pair{get("/now"), 200}, {get("/later/1"), 503}, {post("x"), 503}, {get("/no"), 404}}) {
    auto client = connect();
    session_->serve_once();
    client.send(request + get("/now"));
    const std::string answer = received_to_the_end(client);
    EXPECT_EQ(status_of(answer), status) << request;
    EXPECT_NE(answer.find("Connection: close\r\n"), std::string::npos) << answer;
    EXPECT_EQ(answer.find("HTTP/1.1", 9), std::string::npos) << "one answer: " << answer;
    EXPECT_EQ(answer.find("Retry-After: 1\r\n") != std::string::npos, status == 503) << answer;
  }
}

TEST_F(SessionTest, KeepsItsPromisesBeforeAnswersLeave) {
  auto client = connect();
  std::size_t seen = 1;
  loop_.before_answers_leave([&] {
    client.receive_now();
    seen = client.received().size();
  });
  client.send(get("/now"));
  received_until(client, "now\n");
  EXPECT_EQ(seen, 0U);
}

// What takes too long: the clock is the test's.

TEST_F(SessionTest, EndsAConnectionThatNeverSaysAnything) {
  auto client = connect();
  session_->end_if_overdue(loop_.coarse_now() + options_.header_timeout - 1ms);
  EXPECT_EQ(loop_.connections(), 1U);
  session_->end_if_overdue(loop_.coarse_now() + options_.header_timeout);
  EXPECT_EQ(received_to_the_end(client), "");
}

// A session that ended is let go by what was posted for the one that ended before it, which may be
// before its own flush. Freed memory shows under ASan.
TEST_F(SessionTest, MayEndBesideAnotherWithItsAnswerOnTheWay) {
  const auto poll_times = [this](int times) {
    while (times-- > 0 && loop_.context().poll_one() > 0) {
    }
  };
  int rounds = 0;
  for (int before_first = 0; before_first < 6; ++before_first) {
    for (int before_second = 0; before_second < 6; ++before_second, ++rounds) {
      auto other = connect();
      const auto first = session_;
      auto waiting = connect();
      bool waits = false;
      routes_.at_gate = [&waits] { waits = true; };
      waiting.send(get("/gate"));
      ASSERT_TRUE(run_until([&waits] { return waits; }));
      routes_.open_gate();
      poll_times(before_first);
      first->close();
      poll_times(before_second);
      std::exchange(session_, nullptr)->close();
      EXPECT_TRUE(run_until([this] { return loop_.connections() == 0; }));
      poll_times(100);
    }
  }
  std::printf("session: %d ways for two to end\n", rounds);
}

TEST_F(SessionTest, GivesBackTheTimeInWhichTheLoopStoodStill) {
  auto client = connect();
  auto now = loop_.coarse_now() + 1h;
  const auto end = now - 1s + options_.header_timeout;  // a sweep was due within the first second
  int sweeps = 0;
  for (; now < end; now += 1s, ++sweeps) {
    loop_.sweep(now);
    EXPECT_EQ(loop_.connections(), 1U);
  }
  EXPECT_GT(sweeps, 1);
  loop_.sweep(end);
  EXPECT_EQ(received_to_the_end(client), "");
}

TEST_F(SessionTest, EndsACrowdInSeveralTurns) {
  std::vector<support::LoopbackClient> crowd;
  for (int i = 0; i < 300; ++i) {
    crowd.push_back(connect(listener_));
  }
  const auto began = loop_.coarse_now();
  for (auto after = 1s; after <= options_.header_timeout; after += 1s) {
    loop_.sweep(began + after);
  }
  EXPECT_GT(loop_.connections(), 100U) << "others have their turn first";
  EXPECT_LT(loop_.connections(), 300U);
  EXPECT_TRUE(run_until([this] { return loop_.connections() == 0; }));
}

TEST_F(SessionTest, EndsAnIdleConnectionWithoutAWord) {
  auto client = connect();
  client.send(get("/now"));
  received_until(client, "now\n");
  session_->end_if_overdue(loop_.coarse_now() + options_.idle_timeout - 1ms);
  EXPECT_EQ(loop_.connections(), 1U);
  session_->end_if_overdue(loop_.coarse_now() + options_.idle_timeout);
  EXPECT_EQ(received_to_the_end(client), "");
}

TEST_F(SessionTest, TellsAHeaderThatTakesTooLong) {
  auto client = connect();
  // Sent together, the half is there once the whole one is answered.
  client.send(get("/now") + "GET /now HTTP/1.1\r\nHo");
  received_until(client, "now\n");
  session_->end_if_overdue(loop_.coarse_now() + options_.header_timeout - 1ms);
  EXPECT_EQ(observer_.statuses, std::vector<int>{200});
  session_->end_if_overdue(loop_.coarse_now() + options_.header_timeout);
  EXPECT_EQ(status_of(received_to_the_end(client)), 408);
}

TEST_F(SessionTest, TellsABodyThatTakesTooLong) {
  auto client = connect();
  client.send(
      "POST /echo HTTP/1.1\r\nHost: h\r\nContent-Length: 5\r\nExpect: 100-continue\r\n\r\n");
  received_until(client, "\r\n\r\n");
  session_->end_if_overdue(loop_.coarse_now() + options_.body_timeout - 1ms);
  EXPECT_TRUE(observer_.statuses.empty());
  session_->end_if_overdue(loop_.coarse_now() + options_.body_timeout);
  EXPECT_EQ(status_of(received_to_the_end(client)), 408);
}

TEST_F(SessionTest, LetsAHandlerTakeItsTime) {
  auto client = connect();
  client.send(get("/gate"));
  EXPECT_TRUE(run_until([&] { return loop_.in_flight() == 1; }));
  session_->end_if_overdue(loop_.coarse_now() + 24h);
  routes_.open_gate();
  EXPECT_EQ(status_of(received_until(client, "open\n")), 200);
}

// Draining.

TEST_F(SessionTest, EndsAtOnceWhenIdleAndDrained) {
  auto client = connect();
  client.send(get("/now"));
  received_until(client, "now\n");
  loop_.drain();
  EXPECT_EQ(received_to_the_end(client), "");
}

TEST_F(SessionTest, GivesANewConnectionAMomentWhenDrained) {
  auto client = connect();
  loop_.close_after_answers();
  loop_.drain();
  EXPECT_EQ(loop_.connections(), 1U);
  client.send(get("/now"));
  const std::string answer = received_to_the_end(client);
  EXPECT_EQ(status_of(answer), 200);
  EXPECT_NE(answer.find("Connection: close\r\n"), std::string::npos);
}

TEST_F(SessionTest, AnswersWhatIsUnderWayWhenDrained) {
  auto client = connect();
  client.send(get("/gate"));
  EXPECT_TRUE(run_until([&] { return loop_.in_flight() == 1; }));
  loop_.close_after_answers();
  loop_.drain();
  routes_.open_gate();
  const std::string answer = received_to_the_end(client);
  EXPECT_EQ(body_lines(answer), std::vector<std::string>{"open"});
  EXPECT_NE(answer.find("Connection: close\r\n"), std::string::npos);
}

TEST_F(SessionTest, IsCutWhenAllAreClosed) {
  auto client = connect();
  client.send(get("/gate"));
  EXPECT_TRUE(run_until([&] { return loop_.in_flight() == 1; }));
  loop_.close_all();
  EXPECT_EQ(loop_.connections(), 0U);
  EXPECT_EQ(received_to_the_end(client), "");
}

}  // namespace
}  // namespace ginnel::http
