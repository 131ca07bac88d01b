// SPDX-License-Identifier: MIT
#include "http/peer_owner.h"

#include <poll.h>
#include <string>
#include <utility>

#include <gtest/gtest.h>

#include "http/socket.h"
#include "support/loopback.h"

namespace ginnel::http {
namespace {

/// A connection inside this machine, of a client at `to` with a server that listens at `at`.
struct Pair {
  explicit Pair(const std::string& at, const std::string& to, const std::string& from = {})
      : listener(at), client(listener.port(), to, from), server(take()) {}

  Socket take() const {
    pollfd waits{listener.descriptor(), POLLIN, 0};
    support::Descriptor::check(::poll(&waits, 1, 10'000));
    int error = 0;
    auto taken = Socket::accept(listener.descriptor(), error);
    support::Descriptor::check(taken ? 0 : -1);
    return std::move(*taken);
  }

  std::optional<uid_t> owner() const { return peer_owner(server.descriptor()); }

  support::LoopbackListener listener;
  support::LoopbackClient client;
  Socket server;
};

TEST(PeerOwner, IsTheUserOfTheProgramAtTheOtherEnd) {
  for (const auto& [at, to] : {std::pair("127.0.0.1", "127.0.0.1"),
                               std::pair("127.1.2.3", "127.1.2.3"),
                               std::pair("::1", "::1"),
                               std::pair("127.0.0.1", "::ffff:127.0.0.1"),
                               std::pair("::ffff:127.0.0.1", "127.0.0.1"),
                               std::pair("::ffff:127.0.0.1", "::ffff:127.0.0.1")}) {
    EXPECT_EQ(Pair(at, to).owner(), ::geteuid()) << at << " from " << to;
  }
  EXPECT_EQ(Pair("127.0.0.1", "127.0.0.1", "127.9.9.9").owner(), ::geteuid());
}

TEST(PeerOwner, IsKnownOfAClientThatHasNoMoreToSend) {
  Pair pair("127.0.0.1", "127.0.0.1");
  pair.client.end_sending();
  EXPECT_EQ(pair.owner(), ::geteuid());
}

/// The kernel may show what was closed as root's.
TEST(PeerOwner, IsNobodyOnceTheOtherEndWasClosed) {
  for (const char* host : {"127.0.0.1", "::1"}) {
    Pair pair(host, host);
    pair.client.send("GET");
    pair.client.close();
    EXPECT_EQ(pair.owner(), std::nullopt) << host;
  }
}

TEST(PeerOwner, IsNobodyOfWhatIsNoConnection) {
  const support::LoopbackListener listener;
  EXPECT_EQ(peer_owner(listener.descriptor()), std::nullopt);
  EXPECT_EQ(peer_owner(-1), std::nullopt);
  int ends[2];
  support::Descriptor::check(::socketpair(AF_UNIX, SOCK_STREAM, 0, ends));
  const support::Descriptor one(ends[0]);
  const support::Descriptor other(ends[1]);
  EXPECT_EQ(peer_owner(one.get()), std::nullopt);
}

}  // namespace
}  // namespace ginnel::http
