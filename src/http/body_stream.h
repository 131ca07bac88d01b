// SPDX-License-Identifier: MIT
#pragma once

#include <atomic>
#include <functional>
#include <optional>
#include <string>
#include <string_view>

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/steady_timer.hpp>

#include "base/operation_memory.h"
#include "base/result.h"
#include "base/task.h"
#include "http/parser.h"

namespace ginnel::http {

/// The body of a request while it comes, for one that is larger than memory should hold.
///
/// Nothing is read from the client until somebody asks, so that it sends no faster than what it
/// sent is used. Belongs to the session of its request; used on that session's loop, but `cut`.
class BodyStream final {
 public:
  /// `ask` is called on the loop whenever more is wanted; it may call `put`, `end` and `cut`.
  BodyStream(const asio::any_io_executor& loop, std::function<void()> ask);
  BodyStream(const BodyStream&) = delete;
  BodyStream& operator=(const BodyStream&) = delete;

  /// The next piece, at most 64 KiB, valid until the next call; empty when the body has ended.
  /// Fails with kUnavailable when nothing more comes: the client has left, was too slow, or sent
  /// what is no body. The session knows what to answer then; what the handler says is dropped.
  Task<Result<std::string_view>> next();

  /// Whether the connection was cut, so that nobody will read an answer. From any thread.
  bool is_cut() const noexcept { return cut_.load(std::memory_order_relaxed); }

  // For the session:

  /// Whether a piece is asked for and not there.
  bool wants_more() const noexcept;

  /// Takes the piece out of `bytes`, which is empty afterwards.
  void put(std::string& bytes);

  /// The whole body is there.
  void end();

  /// Nothing more comes; `fault` is what the client is told, if it is still there.
  void cut(std::optional<ParseFault> fault = std::nullopt);

  const std::optional<ParseFault>& fault() const noexcept { return fault_; }

  std::size_t held_bytes() const noexcept { return waiting_.capacity() + piece_.capacity(); }

 private:
  std::function<void()> ask_;
  asio::steady_timer changed_;  ///< never expires; cancelled to wake who waits
  OperationMemory memory_;      ///< of the wait for it
  std::string waiting_;         ///< put, and not taken yet
  std::string piece_;           ///< taken last
  std::optional<ParseFault> fault_;
  bool asked_ = false;
  bool ended_ = false;
  std::atomic<bool> cut_{false};
};

}  // namespace ginnel::http
