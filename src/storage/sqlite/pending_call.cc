// SPDX-License-Identifier: MIT
#include "storage/sqlite/pending_call.h"

#include <cstdint>
#include <exception>
#include <optional>
#include <type_traits>

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/associated_cancellation_slot.hpp>
#include <boost/asio/associated_executor.hpp>
#include <boost/asio/async_result.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/prefer.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/use_awaitable.hpp>

#include "storage/sqlite/sqlite_writer.h"

namespace ginnel::storage {
namespace {

/// A coroutine that waits for a job.
///
/// Two threads share it. `stage_` decides once which of them ends the wait: the store's thread when
/// it takes the job, or the caller's loop when the limit or a cancellation comes first. A job that
/// was not taken by then is never run (kUnavailable); one that was may still be committed
/// (kTimeout). An import that was taken is waited for: its callbacks are the caller's.
///
/// The handler and the timer are touched on the caller's executor only, so they die there too;
/// `home_` keeps that executor's loop from running out of work meanwhile.
template <class Context, class Handler>
class PendingCall final : public Job<Context>,
                          public std::enable_shared_from_this<PendingCall<Context, Handler>> {
 public:
  using Work = std::function<Result<Done>(Context&)>;

  PendingCall(Work work, Handler handler, const CallTerms& terms)
      : Job<Context>(terms.kind),
        work_(std::move(work)),
        refused_(terms.refused),
        deadline_(std::chrono::steady_clock::now() + terms.limit),
        handler_(std::move(handler)) {
    const auto executor = asio::get_associated_executor(*handler_);
    home_ =
        asio::prefer(asio::any_io_executor(executor), asio::execution::outstanding_work.tracked);
    timer_.emplace(executor, deadline_);
  }

  /// Sends the job off. Called once, on the caller's executor.
  void start(JobQueue<Context>& queue) {
    auto self = this->shared_from_this();
    timer_->async_wait([self](const boost::system::error_code& stopped) {
      if (!stopped) {
        self->give_up();
      }
    });
    if (auto slot = asio::get_associated_cancellation_slot(*handler_); slot.is_connected()) {
      slot.assign(
          [weak = this->weak_from_this()](asio::cancellation_type) { cancel(weak.lock()); });
    }
    if (!queue.push(self)) {
      claim(Stage::kRefused);
      refused_->fetch_add(1, std::memory_order_relaxed);
      refuse(
          Error(ErrorKind::kUnavailable, "The database is busy; try again", "its queue is full"));
    }
  }

  bool take() override {
    if (std::chrono::steady_clock::now() < deadline_) {
      return claim(Stage::kTaken);
    }
    if (claim(Stage::kRefused)) {
      refused_->fetch_add(1, std::memory_order_relaxed);
      refuse(waited_too_long());
    }
    return false;
  }

  bool run(Context& context) noexcept override {
    try {
      result_.emplace(work_(context));
    } catch (const std::exception& error) {
      result_.emplace(Error(ErrorKind::kInternal, "internal error", error.what()));
    }
    work_ = nullptr;  // what it holds may be the caller's: gone before the caller goes on
    return result_->has_value();
  }

  void answer() override {
    const asio::any_io_executor home = std::exchange(home_, asio::any_io_executor());
    asio::post(home, [self = this->shared_from_this()] {
      if (self->handler_) {
        self->complete(std::move(*self->result_));
      }
    });
  }

  void refuse(Error error) override {
    result_.emplace(std::move(error));
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

  static Error waited_too_long() {
    return Error(
        ErrorKind::kUnavailable, "The database is busy; try again", "waited too long in its queue");
  }

  bool claim(Stage stage) noexcept {
    Stage queued = Stage::kQueued;
    return stage_.compare_exchange_strong(queued, stage);
  }

  /// Posts: an operation never completes inside the call that cancels it.
  static void cancel(std::shared_ptr<PendingCall> self) {
    if (self && self->handler_) {
      const auto executor = asio::get_associated_executor(*self->handler_);
      asio::post(executor, [self] { self->give_up(); });
    }
  }

  /// On the caller's executor: ends the wait without the answer.
  void give_up() {
    if (!handler_) {
      return;
    }
    if (claim(Stage::kAbandoned)) {
      refused_->fetch_add(1, std::memory_order_relaxed);
      home_ = asio::any_io_executor();  // the store's thread leaves an abandoned job alone
      complete(waited_too_long());
    } else if (stage_ == Stage::kTaken && this->kind() != JobKind::kImport) {
      refused_->fetch_add(1, std::memory_order_relaxed);
      complete(Error(ErrorKind::kTimeout, "The database took too long"));
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
  asio::any_io_executor home_;
  std::shared_ptr<std::atomic<std::uint64_t>> refused_;
  const std::chrono::steady_clock::time_point deadline_;
  std::atomic<Stage> stage_{Stage::kQueued};
  std::optional<Handler> handler_;
  std::optional<asio::steady_timer> timer_;
};

/// What is done on the caller's executor once its coroutine stands still: makes the call and sends
/// it off. A named class, since it must own what it carries (g++ 12 and closures in co_await).
template <class Context>
class StartCall final {
 public:
  StartCall(JobQueue<Context>& queue, std::function<Result<Done>(Context&)> work, CallTerms terms)
      : queue_(queue), work_(std::move(work)), terms_(std::move(terms)) {}

  template <class Handler>
  void operator()(Handler&& handler) {
    using Call = PendingCall<Context, std::decay_t<Handler>>;
    auto call = std::make_shared<Call>(std::move(work_), std::forward<Handler>(handler), terms_);
    call->start(queue_);
  }

 private:
  JobQueue<Context>& queue_;
  std::function<Result<Done>(Context&)> work_;
  CallTerms terms_;
};

}  // namespace

template <class Context>
Task<Result<Done>> run_through(JobQueue<Context>& queue,
                               std::function<Result<Done>(Context&)> work,
                               CallTerms terms) {
  StartCall<Context> start(queue, std::move(work), std::move(terms));
  return asio::async_initiate<const asio::use_awaitable_t<>, void(Result<Done>)>(
      std::move(start), asio::use_awaitable);
}

template Task<Result<Done>> run_through(JobQueue<SqliteConnection>&,
                                        std::function<Result<Done>(SqliteConnection&)>,
                                        CallTerms);
template Task<Result<Done>> run_through(JobQueue<SqliteTransaction>&,
                                        std::function<Result<Done>(SqliteTransaction&)>,
                                        CallTerms);

}  // namespace ginnel::storage
