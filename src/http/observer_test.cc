// SPDX-License-Identifier: MIT
#include "http/observer.h"

#include "http/session_fixture.h"

namespace ginnel::http {
namespace {

using namespace std::chrono_literals;

/// That each answer has one begin of the same request is for the fixture's observer to see.
class ObserverTest : public SessionFixture {
 protected:
  static std::string post(const std::string& path, const std::string& fields) {
    return "POST " + path + " HTTP/1.1\r\nHost: h\r\n" + fields + "\r\n";
  }
};

TEST_F(ObserverTest, HearsOneBeginOfEachRequestThatIsAnswered) {
  routes_.ask_for_names();
  const std::string pipelined =
      "GET /now HTTP/1.1\r\nHost: h\r\n\r\n"
      "GET /later/1 HTTP/1.1\r\nHost: h\r\nName: ada\r\nX-Request-ID: mine\r\n\r\n" +
      post("/echo", "Name: ada\r\nContent-Length: 2\r\n") + "hi" +
      "GET /nosuch HTTP/1.1\r\nHost: h\r\nConnection: close\r\n\r\n";
  struct Case {
    const char* what;
    std::string bytes;
    std::vector<int> statuses;
  };
  const std::string waits = "Expect: 100-continue\r\nContent-Length: 5\r\n";
  const std::string chunks = "Name: ada\r\nTransfer-Encoding: chunked\r\n";
  const Case cases[] = {
      {"one after the other", pipelined, {200, 200, 200, 404}},
      {"refused by the guard, its body still to come", post("/echo", waits), {401}},
      {"nothing is there, its body still to come", post("/nosuch", waits), {404}},
      {"a defect", "GET /throw HTTP/1.0\r\nName: ada\r\n\r\n", {500}},
      {"no HTTP", "nonsense\r\n\r\n", {400}},
      {"a header that is at fault", post("/echo", "Content-Length: x\r\n"), {400}},
      {"a body that is too large", post("/echo", "Content-Length: 99999999\r\n"), {413}},
      {"a body at fault, with its header", post("/echo", chunks) + "x\r\n", {400}},
      {"an upload",
       post("/stream", chunks + "Connection: close\r\n") + "1\r\na\r\n0\r\n\r\n",
       {200}},
      {"an upload that its handler refuses", post("/stream/refused", chunks), {415}},
  };
  for (const Case& one : cases) {
    observer_.begun = 0;
    observer_.statuses.clear();
    auto client = connect();
    client.send(one.bytes);
    received_to_the_end(client);
    EXPECT_EQ(observer_.statuses, one.statuses) << one.what;
    EXPECT_EQ(observer_.begun, one.statuses.size()) << one.what;
  }
}

TEST_F(ObserverTest, HearsTheBeginBeforeTheBodyAndTheHandler) {
  std::size_t begun_at_gate = 0;
  routes_.at_gate = [&] { begun_at_gate = observer_.begun; };
  routes_.slow_stream = true;
  auto client = connect();
  client.send(post("/echo", "Expect: 100-continue\r\nContent-Length: 2\r\n"));
  received_until(client, "100 Continue\r\n\r\n");
  EXPECT_EQ(observer_.begun, 1U);
  EXPECT_TRUE(observer_.statuses.empty());
  client.send("h");
  loop_.context().poll();
  client.send("i");
  received_until(client, "hi\n");
  EXPECT_EQ(observer_.begun, 1U) << "not with each piece";

  client.send(post("/stream", "Content-Length: 2\r\n") + "h");
  EXPECT_TRUE(run_until([&] { return begun_at_gate == 2; }));
  EXPECT_EQ(observer_.statuses, std::vector<int>{200});
}

TEST_F(ObserverTest, HearsNoSecondBeginOfABodyThatEndsBadly) {
  auto late = connect();
  late.send(post("/echo", "Content-Length: 5\r\n"));
  EXPECT_TRUE(run_until([&] { return observer_.begun == 1; }));
  session_->end_if_overdue(loop_.coarse_now() + options_.body_timeout);
  received_to_the_end(late);

  auto broken = connect();
  broken.send(post("/echo", "Transfer-Encoding: chunked\r\n"));
  EXPECT_TRUE(run_until([&] { return observer_.begun == 2; }));
  broken.send("x\r\n");
  received_to_the_end(broken);

  auto cut = connect();
  cut.send(post("/stream", "Transfer-Encoding: chunked\r\n"));
  EXPECT_TRUE(run_until([&] { return observer_.begun == 3; }));
  cut.send("x\r\n");
  received_to_the_end(cut);

  EXPECT_EQ(observer_.statuses, (std::vector<int>{408, 400, 400}));
  EXPECT_EQ(observer_.begun, 3U);
}

TEST_F(ObserverTest, HearsTheBeginOfAHeaderThatTakesTooLongWithItsAnswer) {
  auto client = connect();
  client.send("GET /now HTTP/1.1\r\nX-Request-ID: mine\r\nHo");
  EXPECT_TRUE(run_until([&] { return session_->quiet_since() && loop_.context().poll() == 0; }));
  EXPECT_EQ(observer_.begun, 0U);
  session_->end_if_overdue(loop_.coarse_now() + options_.header_timeout);
  received_to_the_end(client);
  EXPECT_EQ(observer_.begun, 1U);
  EXPECT_EQ(observer_.statuses, std::vector<int>{408});
}

TEST_F(ObserverTest, HearsNoAnswerToAClientThatLeft) {
  auto client = connect();
  client.send(post("/stream", "Content-Length: 2\r\n") + "h");
  client.end_sending();
  EXPECT_EQ(received_to_the_end(client), "");
  EXPECT_EQ(observer_.begun, 1U);
  EXPECT_TRUE(observer_.statuses.empty());
}

}  // namespace
}  // namespace ginnel::http
