// SPDX-License-Identifier: MIT
#pragma once

#include <exception>
#include <functional>
#include <new>
#include <optional>
#include <thread>
#include <type_traits>
#include <utility>

#include <boost/asio/executor_work_guard.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/post.hpp>

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
  /// cannot be cancelled: what `work` borrows may be the caller's. An exception is kInternal, want
  /// of memory kUnavailable; want of memory to begin is thrown.
  template <class Work>
  auto run(Work work) -> Task<std::invoke_result_t<Work>> {
    std::optional<std::invoke_result_t<Work>> outcome;
    auto ended =
        run_to_end([&outcome, work = std::move(work)] { outcome.emplace(outcome_of(work)); });
    co_await std::move(ended);
    co_return std::move(*outcome);
  }

  /// Has the thread let go of `what`, for which nobody waits. It is let go here where there is no
  /// memory to hand it over.
  template <class T>
  void let_go(T what) noexcept {
    try {
      asio::post(context_, [what = std::move(what)] {});
    } catch (const std::bad_alloc&) {
      // it is gone
    }
  }

 private:
  template <class Work>
  static std::invoke_result_t<Work> outcome_of(const Work& work) {
    try {
      return work();
    } catch (const std::bad_alloc&) {
      return Error(ErrorKind::kUnavailable, "no memory left");  // short: needs none itself
    } catch (const std::exception& error) {
      return Error(ErrorKind::kInternal, "internal error", error.what());
    }
  }

  Task<void> run_to_end(std::function<void()> work);

  asio::io_context context_{1};
  asio::executor_work_guard<asio::io_context::executor_type> guard_ =
      asio::make_work_guard(context_);
  std::thread thread_;  ///< last: it uses everything above
};

}  // namespace ginnel
