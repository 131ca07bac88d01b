// SPDX-License-Identifier: MIT
#include "base/blocking_thread.h"

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/associated_executor.hpp>
#include <boost/asio/async_result.hpp>
#include <boost/asio/prefer.hpp>
#include <boost/asio/use_awaitable.hpp>

namespace ginnel {
namespace {

/// A named class, since it must own what it carries (g++ 12 and closures in co_await).
struct Start {
  asio::io_context& context;
  std::function<void()> work;

  template <class Handler>
  void operator()(Handler&& handler) {
    auto home = asio::prefer(asio::any_io_executor(asio::get_associated_executor(handler)),
                             asio::execution::outstanding_work.tracked);
    asio::post(context,
               [home, work = std::move(work), handler = std::forward<Handler>(handler)]() mutable {
                 work();
                 work = nullptr;  // what it holds may be the caller's: gone before it goes on
                 asio::post(home, std::move(handler));
               });
  }
};

}  // namespace

Task<void> BlockingThread::run_to_end(std::function<void()> work) {
  return asio::async_initiate<const asio::use_awaitable_t<>, void()>(
      Start{context_, std::move(work)}, asio::use_awaitable);
}

}  // namespace ginnel
