// SPDX-License-Identifier: MIT
#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <exception>
#include <functional>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include <boost/asio/io_context.hpp>
#include <gtest/gtest.h>

#include "base/blocking_thread.h"
#include "base/run_blocking_task.h"
#include "storage/postgres/engine/connection.h"

namespace ginnel::storage::postgres {

/// A test beside a real server, whose URL is in GINNEL_TEST_POSTGRES_URL (tools/postgres.sh), with
/// a loop of its own.
class ServerTest : public testing::Test {
 protected:
  using ConnectionPointer = std::shared_ptr<Connection>;

  void SetUp() override {
    ASSERT_NE(std::getenv("GINNEL_TEST_POSTGRES_URL"), nullptr)
        << "no server to test with: see tools/postgres.sh";
  }

  ~ServerTest() override {
    kept_.clear();
    loop_.restart();
    loop_.run();
  }

  static ConnectOptions options() {
    const char* const url = std::getenv("GINNEL_TEST_POSTGRES_URL");
    return {url == nullptr ? "" : url};
  }

  /// The server's URL with one more parameter.
  static std::string with_parameter(const std::string& parameter) {
    const std::string url = options().url;
    return url + (url.find('?') == std::string::npos ? '?' : '&') + parameter;
  }

  /// What the URL names.
  static std::string password() {
    const std::string url = options().url;
    const std::size_t end = url.find('@');
    const std::size_t begin = url.rfind(':', end) + 1;
    return url.substr(begin, end - begin);
  }

  static Deadline in(std::chrono::milliseconds time) {
    return std::chrono::steady_clock::now() + time;
  }

  Result<ConnectionPointer> open(ConnectOptions options) {
    return run_blocking_task(loop_, Connection::open(thread_, std::move(options)));
  }

  /// One that lives as long as the test.
  ConnectionPointer connection() {
    kept_.push_back(open(options()).value());
    return kept_.back();
  }

  Answer ask(Connection& connection,
             std::vector<Query> queries,
             std::chrono::milliseconds limit = std::chrono::seconds(5)) {
    return run_blocking_task(loop_, connection.run(std::move(queries), in(limit)));
  }

  /// The first column of the first row; -1 when the server refuses.
  std::int64_t number(Connection& connection, const std::string& sql) {
    const auto answer = ask(connection, {Query(sql)});
    return answer ? answer.rows.at(0)[0].integer(0) : -1;
  }

  /// As an operator does.
  void end_backend(int process) {
    EXPECT_EQ(number(*connection(),
                     "SELECT count(*) FROM pg_terminate_backend(" + std::to_string(process) + ")"),
              1);
  }

  void start(Task<void> task) {
    spawn(loop_.get_executor(), std::move(task), [](const std::exception_ptr& thrown) {
      EXPECT_FALSE(thrown);
    });
  }

  /// Runs the loop until `is_true`, for 20 s at most.
  void run_until(const std::function<bool()>& is_true) {
    const Deadline end = in(std::chrono::seconds(20));
    while (!is_true() && std::chrono::steady_clock::now() < end) {
      loop_.restart();
      loop_.run_one_for(std::chrono::milliseconds(50));
    }
  }

  BlockingThread thread_{"ginnel-test"};
  asio::io_context loop_{1};
  std::vector<ConnectionPointer> kept_;
};

}  // namespace ginnel::storage::postgres
