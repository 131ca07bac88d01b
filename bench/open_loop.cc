// SPDX-License-Identifier: MIT
// Asks for one URL at a fixed rate, whatever the server does, and prints how long answers took.
//
// An open loop: requests are due at fixed instants, and a request is as old as its due time says,
// not as old as its sending: a server that stalls is charged for everybody who came meanwhile
// (Tene, "How not to measure latency", 2013). One thread, plain epoll, keep-alive connections each
// with one request on its way; when all wait, the next ones queue here, and their time counts.
#include <algorithm>
#include <arpa/inet.h>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <deque>
#include <exception>
#include <netinet/tcp.h>
#include <string>
#include <string_view>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <unistd.h>
#include <vector>

#include <CLI/CLI.hpp>

namespace {

using Clock = std::chrono::steady_clock;
using Time = Clock::time_point;

struct Options {
  std::uint16_t port = 8080;
  std::string path = "/";
  double rate = 1'000;
  double seconds = 10;
  std::size_t connections = 64;
  std::string agent = "open_loop";
};

[[noreturn]] void fail(const char* what) {
  std::perror(what);
  std::exit(1);
}

struct Connection {
  int socket = -1;
  Time due;
  bool waiting = false;
  std::string answer;
};

int connect_to(std::uint16_t port) {
  const int descriptor = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_port = htons(port);
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  if (descriptor < 0 ||
      ::connect(descriptor, reinterpret_cast<const sockaddr*>(&address), sizeof address) != 0) {
    fail("connect");
  }
  const int on = 1;
  ::setsockopt(descriptor, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
  return descriptor;
}

/// The load, from its first request to its last answer.
class OpenLoop {
 public:
  explicit OpenLoop(const Options& options)
      : options_(options),
        request_("GET " + options.path +
                 " HTTP/1.1\r\nHost: 127.0.0.1\r\nUser-Agent: " + options.agent + "\r\n\r\n"),
        epoll_(::epoll_create1(EPOLL_CLOEXEC)),
        connections_(options.connections) {
    for (Connection& connection : connections_) {
      connection.socket = connect_to(options.port);
      epoll_event event{};
      event.events = EPOLLIN;
      event.data.ptr = &connection;
      if (::epoll_ctl(epoll_, EPOLL_CTL_ADD, connection.socket, &event) != 0) {
        fail("epoll_ctl");
      }
      idle_.push_back(&connection);
    }
  }

  void run() {
    const auto count = static_cast<std::size_t>(options_.rate * options_.seconds);
    const std::chrono::duration<double> step(1 / options_.rate);
    const Time begin = Clock::now();
    const Time give_up = begin + std::chrono::seconds(static_cast<long>(options_.seconds) + 30);
    std::size_t made = 0;
    latencies_.reserve(count);
    while (latencies_.size() + errors_ < count && Clock::now() < give_up) {
      const Time now = Clock::now();
      for (; made < count; ++made) {
        const Time due = begin + std::chrono::duration_cast<Clock::duration>(step * made);
        if (due > now) {
          break;
        }
        queue_.push_back(due);
      }
      while (!queue_.empty() && !idle_.empty()) {
        send_one();
      }
      wait();
    }
    lost_ = count - latencies_.size() - errors_;
    took_ = std::chrono::duration<double>(Clock::now() - begin).count();
  }

  void print() {
    std::sort(latencies_.begin(), latencies_.end());
    std::printf(
        "{\"answers\": %zu, \"errors\": %zu, \"lost\": %zu, \"per_second\": %.0f, "
        "\"p50_us\": %.0f, \"p99_us\": %.0f, \"p999_us\": %.0f, \"max_us\": %.0f}\n",
        latencies_.size(),
        errors_,
        lost_,
        static_cast<double>(latencies_.size()) / took_,
        quantile(0.5),
        quantile(0.99),
        quantile(0.999),
        quantile(1));
  }

 private:
  void send_one() {
    Connection& connection = *idle_.back();
    idle_.pop_back();
    connection.due = queue_.front();
    queue_.pop_front();
    connection.waiting = true;
    connection.answer.clear();
    if (::send(connection.socket, request_.data(), request_.size(), MSG_NOSIGNAL) !=
        static_cast<ssize_t>(request_.size())) {
      fail("send");
    }
  }

  /// Takes what has come; spins between the instants, since a sleep is late by as much as is
  /// measured.
  void wait() {
    epoll_event events[64];
    const int ready = ::epoll_wait(epoll_, events, 64, 0);
    for (int i = 0; i < ready; ++i) {
      receive(*static_cast<Connection*>(events[i].data.ptr));
    }
  }

  void receive(Connection& connection) {
    char bytes[4'096];
    const ssize_t count = ::recv(connection.socket, bytes, sizeof bytes, 0);
    if (count <= 0) {
      fail("recv");
    }
    connection.answer.append(bytes, static_cast<std::size_t>(count));
    if (!complete(connection.answer)) {
      return;
    }
    const bool fine = connection.answer.starts_with("HTTP/1.1 302 ");
    if (fine) {
      const std::chrono::duration<double, std::micro> age = Clock::now() - connection.due;
      latencies_.push_back(age.count());
    } else {
      ++errors_;
    }
    idle_.push_back(&connection);
  }

  static bool complete(std::string_view answer) {
    const auto end = answer.find("\r\n\r\n");
    const auto field = answer.find("Content-Length: ");
    if (end == std::string_view::npos || field == std::string_view::npos) {
      return false;
    }
    return answer.size() >= end + 4 + std::strtoul(answer.data() + field + 16, nullptr, 10);
  }

  double quantile(double share) const {
    if (latencies_.empty()) {
      return 0;
    }
    const auto place = static_cast<std::size_t>(share * static_cast<double>(latencies_.size()));
    return latencies_[std::min(place, latencies_.size() - 1)];
  }

  const Options& options_;
  std::string request_;
  int epoll_;
  std::vector<Connection> connections_;
  std::vector<Connection*> idle_;
  std::deque<Time> queue_;
  std::vector<double> latencies_;  ///< microseconds
  std::size_t errors_ = 0;
  std::size_t lost_ = 0;
  double took_ = 0;
};

int run(int argc, char** argv) {
  Options options;
  CLI::App app("Asks for a redirect on loopback at a fixed rate.", "open_loop");
  app.add_option("--port", options.port)->required();
  app.add_option("--path", options.path)->required();
  app.add_option("--rate", options.rate, "Requests a second")->check(CLI::Range(1.0, 1e6));
  app.add_option("--seconds", options.seconds)->check(CLI::Range(0.1, 3'600.0));
  app.add_option("--connections", options.connections)->check(CLI::Range(1, 10'000));
  app.add_option("--agent", options.agent, "User-Agent");
  CLI11_PARSE(app, argc, argv);
  OpenLoop loop(options);
  loop.run();
  loop.print();
  return 0;
}

}  // namespace

int main(int argc, char** argv) {
  try {
    return run(argc, argv);
  } catch (const std::exception& error) {
    std::fprintf(stderr, "open_loop: %s\n", error.what());
  }
  return 1;
}
