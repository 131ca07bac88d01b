// SPDX-License-Identifier: MIT
#include "storage/sqlite/engine/pending_call.h"

#include <algorithm>
#include <cstdint>
#include <exception>
#include <new>
#include <optional>

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/associated_cancellation_slot.hpp>
#include <boost/asio/async_result.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/use_awaitable.hpp>

#include "base/home_loop.h"
#include "base/operation_memory.h"
#include "storage/sqlite/engine/writer.h"

namespace ginnel::storage::sqlite {
namespace {

using Handler = AwaitingHandler<Result<Done>>;

/// A coroutine that waits for a job.
///
/// Two threads share it. `stage_` decides once which of them ends the wait: the store's thread when
/// it takes the job, or the caller's loop when the limit or a cancellation comes first. A job that
/// was not taken by then is never run (kUnavailable); one that was may still be committed
/// (kTimeout). An import that was taken is waited for: its callbacks are the caller's.
///
/// The handler and the timer are touched on the caller's loop only, so they die there too; `home_`
/// keeps that loop from running out of work meanwhile.
///
/// Everything that needs memory is done before the job is sent off, in the caller's coroutine,
/// where a want of it is an error of this call alone. From then on nothing throws: on the store's
/// thread, and between a coroutine and what it waits for, that would end the process.
template <class Context>
class PendingCall final : public Job<Context>,
                          public std::enable_shared_from_this<PendingCall<Context>> {
 public:
  using Work = std::function<Result<Done>(Context&)>;

  PendingCall(const asio::any_io_executor& loop, Work work, const CallTerms& terms)
      : Job<Context>(terms.kind),
        work_(std::move(work)),
        refused_(terms.refused),
        deadline_(std::min(std::chrono::steady_clock::now() + terms.limit, terms.until)),
        home_(home_loop(loop)),
        timer_(std::in_place, loop, deadline_) {}

  /// Sends the job off; what it gives has to be awaited at once.
  Result<Task<Result<Done>>> send(JobQueue<Context>& queue) {
    auto answer = asio::async_initiate<const asio::use_awaitable_t<>, void(Result<Done>)>(
        Wait{this->shared_from_this()}, asio::use_awaitable);
    timer_->async_wait(
        [self = this->shared_from_this()](const boost::system::error_code&) { self->give_up(); });
    if (queue.push(this->shared_from_this())) {
      return answer;
    }
    timer_.reset();
    refused_->fetch_add(1, std::memory_order_relaxed);
    return Error(ErrorKind::kUnavailable, "The database is busy; try again", "its queue is full");
  }

  bool take() noexcept override {
    if (std::chrono::steady_clock::now() < deadline_) {
      return claim(Stage::kTaken);
    }
    if (claim(Stage::kRefused)) {
      refused_->fetch_add(1, std::memory_order_relaxed);
      result_.emplace(std::move(too_late_));
      work_ = nullptr;
      answer();
    }
    return false;
  }

  bool run(Context& context) noexcept override {
    try {
      result_.emplace(work_(context));
    } catch (const std::bad_alloc&) {
      result_.emplace(std::move(no_memory_));
    } catch (const std::exception& error) {
      result_.emplace(or_no_memory(
          [&] { return Error(ErrorKind::kInternal, "internal error", error.what()); }));
    }
    work_ = nullptr;  // what it holds may be the caller's: gone before the caller goes on
    return result_->has_value();
  }

  void answer() noexcept override {
    const std::optional<HomeLoop> home = std::exchange(home_, std::nullopt);
    asio::post(*home, answer_memory_.bind([self = this->shared_from_this()] {
      if (self->handler_) {
        self->complete(std::move(*self->result_));
      }
    }));
  }

  void refuse(const Error& error) noexcept override {
    result_.emplace(or_no_memory([&] { return error; }));
    work_ = nullptr;
    answer();
  }

 private:
  enum class Stage : std::uint8_t {
    kQueued,
    kTaken,      ///< the store's thread runs it
    kRefused,    ///< nobody will run it; the error is on its way
    kAbandoned,  ///< nobody will run it; the caller has gone on
  };

  /// Takes the handler of the coroutine that waits now. A named class, since it must own what it
  /// carries (g++ 12 and closures in co_await).
  struct Wait {
    std::shared_ptr<PendingCall> call;

    template <class Given>
    void operator()(Given&& handler) noexcept {
      call->wait(std::forward<Given>(handler));
    }
  };

  void wait(Handler handler) noexcept {
    handler_.emplace(std::move(handler));
    auto slot = asio::get_associated_cancellation_slot(*handler_);
    if (!slot.is_connected()) {
      return;
    }
    try {
      slot.assign([weak = this->weak_from_this()](asio::cancellation_type) {
        if (const auto self = weak.lock(); self && self->timer_) {
          self->timer_->cancel();  // it calls give_up from the loop, never from inside this
        }
      });
    } catch (const std::bad_alloc&) {
      timer_->cancel();  // what nobody could cancel is given up now
    }
  }

  bool claim(Stage stage) noexcept {
    Stage queued = Stage::kQueued;
    return stage_.compare_exchange_strong(queued, stage);
  }

  template <class Make>
  Error or_no_memory(Make make) noexcept {
    try {
      return make();
    } catch (const std::bad_alloc&) {
      return std::move(no_memory_);
    }
  }

  /// On the caller's loop: ends the wait without the answer.
  void give_up() noexcept {
    if (!handler_) {
      return;
    }
    if (claim(Stage::kAbandoned)) {
      refused_->fetch_add(1, std::memory_order_relaxed);
      home_.reset();  // the store's thread leaves an abandoned job alone
      complete(std::move(too_late_));
    } else if (stage_ == Stage::kTaken && this->kind() != JobKind::kImport) {
      refused_->fetch_add(1, std::memory_order_relaxed);
      complete(std::move(timeout_));
    }
  }

  void complete(Result<Done> result) {
    timer_.reset();
    if (auto slot = asio::get_associated_cancellation_slot(*handler_); slot.is_connected()) {
      slot.clear();
    }
    Handler handler = std::move(*handler_);
    handler_.reset();
    std::move(handler)(std::move(result));
  }

  Work work_;
  std::optional<Result<Done>> result_;
  std::shared_ptr<std::atomic<std::uint64_t>> refused_;
  const Deadline deadline_;
  std::atomic<Stage> stage_{Stage::kQueued};
  std::optional<HomeLoop> home_;
  std::optional<Handler> handler_;
  std::optional<asio::steady_timer> timer_;
  OperationMemory answer_memory_;

  // Made beforehand:

  Error too_late_{
      ErrorKind::kUnavailable, "The database is busy; try again", "waited too long in its queue"};
  Error timeout_{ErrorKind::kTimeout, "The database took too long"};
  Error no_memory_{ErrorKind::kUnavailable, "The server has no memory left; try again"};
};

template <class Context>
Result<Task<Result<Done>>> send(const asio::any_io_executor& loop,
                                JobQueue<Context>& queue,
                                std::function<Result<Done>(Context&)> work,
                                const CallTerms& terms) {
  try {
    return std::make_shared<PendingCall<Context>>(loop, std::move(work), terms)->send(queue);
  } catch (const std::bad_alloc&) {
    terms.refused->fetch_add(1, std::memory_order_relaxed);
    return Error(ErrorKind::kUnavailable, "The server has no memory left; try again");
  }
}

}  // namespace

template <class Context>
Task<Result<Done>> run_through(JobQueue<Context>& queue,
                               std::function<Result<Done>(Context&)> work,
                               CallTerms terms) {
  const asio::any_io_executor loop = co_await asio::this_coro::executor;
  auto sent = send(loop, queue, std::move(work), terms);
  if (!sent) {
    co_return std::move(sent).error();
  }
  auto ended = std::move(*sent);
  auto outcome = co_await std::move(ended);
  co_return outcome;
}

template Task<Result<Done>> run_through(JobQueue<Connection>&,
                                        std::function<Result<Done>(Connection&)>,
                                        CallTerms);
template Task<Result<Done>> run_through(JobQueue<Transaction>&,
                                        std::function<Result<Done>(Transaction&)>,
                                        CallTerms);

}  // namespace ginnel::storage::sqlite
