// SPDX-License-Identifier: MIT
#pragma once

#include <exception>
#include <functional>
#include <thread>
#include <type_traits>
#include <utility>

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/associated_executor.hpp>
#include <boost/asio/async_result.hpp>
#include <boost/asio/executor_work_guard.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/prefer.hpp>
#include <boost/asio/use_awaitable.hpp>

#include "base/result.h"
#include "base/task.h"
#include "base/thread.h"

namespace ginnel {

/// A thread for what would hold up a loop: work that waits for a disk, or takes its time. One piece
/// of work at a time, in the order it came; whoever gives it work bounds how much.
class BlockingThread final {
 public:
  /// `name` is a constant, as describe_thread has it.
  explicit BlockingThread(const char* name)
      : thread_([this, name] {
          describe_thread(name, Standing::kBehind);
          context_.run();
        }) {}
  BlockingThread(const BlockingThread&) = delete;
  BlockingThread& operator=(const BlockingThread&) = delete;

  /// Does what it was given, then ends. The loops that wait for it must still run.
  ~BlockingThread() {
    guard_.reset();
    thread_.join();
  }

  /// Runs `work()`, which gives a Result, and resumes the caller where it was. The wait for it
  /// cannot be cancelled: what `work` borrows may be the caller's. An exception is kInternal.
  template <class Work>
  auto run(Work work) -> Task<std::invoke_result_t<Work>> {
    using Outcome = std::invoke_result_t<Work>;
    Start<Outcome> start{context_, std::move(work)};
    return asio::async_initiate<const asio::use_awaitable_t<>, void(Outcome)>(std::move(start),
                                                                              asio::use_awaitable);
  }

  /// Runs `work()`, for which nobody waits.
  template <class Work>
  void post(Work work) {
    asio::post(context_, std::move(work));
  }

 private:
  /// A named class, since it must own what it carries (g++ 12 and closures in co_await).
  template <class Outcome>
  struct Start {
    asio::io_context& context;
    std::function<Outcome()> work;

    template <class Handler>
    void operator()(Handler&& handler) {
      auto home = asio::prefer(asio::any_io_executor(asio::get_associated_executor(handler)),
                               asio::execution::outstanding_work.tracked);
      asio::post(
          context,
          [home, work = std::move(work), handler = std::forward<Handler>(handler)]() mutable {
            auto answer = [handler = std::move(handler), outcome = outcome_of(work)]() mutable {
              std::move(handler)(std::move(outcome));
            };
            work = nullptr;  // what it holds may be the caller's: gone before it goes on
            asio::post(home, std::move(answer));
          });
    }

    static Outcome outcome_of(const std::function<Outcome()>& work) {
      try {
        return work();
      } catch (const std::exception& error) {
        return Error(ErrorKind::kInternal, "internal error", error.what());
      }
    }
  };

  asio::io_context context_{1};
  asio::executor_work_guard<asio::io_context::executor_type> guard_ =
      asio::make_work_guard(context_);
  std::thread thread_;  ///< last: it uses everything above
};

}  // namespace ginnel
