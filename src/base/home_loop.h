// SPDX-License-Identifier: MIT
#pragma once

#include <utility>

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/async_result.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/query.hpp>
#include <boost/asio/require.hpp>
#include <boost/asio/use_awaitable.hpp>

#include "base/task.h"

namespace ginnel {

/// The loop of a coroutine that waits for another thread: does not run out of work while this
/// lives, and takes an operation in memory that was made beforehand (OperationMemory).
using HomeLoop = decltype(asio::require(std::declval<asio::io_context&>().get_executor(),
                                        asio::execution::outstanding_work.tracked));

/// The context behind the executor of a coroutine: all of ours are of an io_context.
inline asio::io_context& context_of(const asio::any_io_executor& executor) {
  return static_cast<asio::io_context&>(asio::query(executor, asio::execution::context));
}

inline HomeLoop home_loop(const asio::any_io_executor& executor) {
  return asio::require(context_of(executor).get_executor(),
                       asio::execution::outstanding_work.tracked);
}

/// What an initiation is given to wake the coroutine that waits for it, with a `Given` or nothing.
template <class... Given>
using AwaitingHandler =
    typename asio::async_result<asio::use_awaitable_t<>, void(Given...)>::handler_type;

}  // namespace ginnel
