// SPDX-License-Identifier: MIT
#include "base/blocking_thread.h"

#include <memory>

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/async_result.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/use_awaitable.hpp>

#include "base/home_loop.h"
#include "base/operation_memory.h"

namespace ginnel {
namespace {

/// A piece of work and the coroutine that waits for it, with the memory for the way there and back.
struct Errand {
  Errand(const asio::any_io_executor& loop, std::function<void()> to_do)
      : home(home_loop(loop)), work(std::move(to_do)) {}

  HomeLoop home;
  std::function<void()> work;
  std::optional<AwaitingHandler<>> handler;
  OperationMemory there;
  OperationMemory back;
};

void go_back(const std::shared_ptr<Errand>& errand) noexcept {
  errand->work = nullptr;  // what it holds may be the caller's: gone before it goes on
  const HomeLoop home = errand->home;
  asio::post(home, errand->back.bind([errand] {
    AwaitingHandler<> handler = std::move(*errand->handler);
    errand->handler.reset();
    std::move(handler)();
  }));
}

/// A named class, since it must own what it carries (g++ 12 and closures in co_await).
struct Start {
  asio::io_context& context;
  std::shared_ptr<Errand> errand;

  template <class Handler>
  void operator()(Handler&& handler) noexcept {
    errand->handler.emplace(std::forward<Handler>(handler));
    asio::post(context.get_executor(), errand->there.bind([errand = errand] {
      errand->work();
      go_back(errand);
    }));
  }
};

}  // namespace

Task<void> BlockingThread::run_to_end(std::function<void()> work) {
  const asio::any_io_executor loop = co_await asio::this_coro::executor;
  const auto errand = std::make_shared<Errand>(loop, std::move(work));
  auto ended = asio::async_initiate<const asio::use_awaitable_t<>, void()>(Start{context_, errand},
                                                                           asio::use_awaitable);
  co_await std::move(ended);
}

}  // namespace ginnel
