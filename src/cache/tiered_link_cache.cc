// SPDX-License-Identifier: MIT
#include "cache/tiered_link_cache.h"

#include <algorithm>
#include <cassert>
#include <exception>
#include <functional>
#include <new>
#include <unordered_map>
#include <utility>

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/as_tuple.hpp>
#include <boost/asio/steady_timer.hpp>

#include "base/exception_text.h"
#include "base/operation_memory.h"
#include "base/sip_hash.h"
#include "domain/typed_code.h"

namespace ginnel::cache {
namespace {

using Found = std::optional<domain::Redirect>;

/// Visitors choose what is in flight, so the table is keyed like the cache's own.
struct CodeHash {
  using is_transparent = void;  // NOLINT(readability-identifier-naming): the standard's name
  SipKey key;

  std::size_t operator()(std::string_view code) const noexcept { return SipHash13(key)(code); }
};

/// What memory knows, as `find` gives it; nothing when it cannot tell.
std::optional<Found> known(const LocalLinkCache& local, std::string_view code) {
  const HotAnswer answer = local.peek(code);
  switch (answer.kind) {
    case HotAnswer::Kind::kUnknown:
      return std::nullopt;
    case HotAnswer::Kind::kAbsent:
      return Found();
    case HotAnswer::Kind::kFound:
      break;
  }
  const RedirectView& redirect = answer.redirect;
  return domain::Redirect{redirect.link,
                          redirect.user,
                          redirect.enabled,
                          std::string(redirect.location),
                          std::string(code)};
}

Result<Found> redirect_of(Result<std::optional<domain::Link>> link) {
  if (!link) {
    return std::move(link).error();
  }
  if (!link->has_value()) {
    return Found();
  }
  return Found(domain::redirect_of(std::move(**link)));
}

/// Why nothing came of a question to the store. Needs no memory: its texts are short.
Error without_answer(const std::exception_ptr& thrown) {
  return is_for_want_of_memory(thrown)
             ? Error(ErrorKind::kUnavailable, "no memory left")
             : Error(ErrorKind::kInternal, "internal error", "store threw");
}

}  // namespace

/// One question to the store and everybody who waits for its answer.
struct TieredLinkCache::Flight {
  Flight(std::string of,
         std::chrono::steady_clock::time_point now,
         const asio::any_io_executor& loop)
      : code(std::move(of)),
        stem(domain::code_stem(code)),
        asked_at(now),
        landed(loop, asio::steady_timer::time_point::max()) {}

  const std::string code;  ///< as it was typed
  const std::string stem;  ///< of whatever link it may mean
  const std::chrono::steady_clock::time_point asked_at;
  bool detached = false;  ///< the answer may be older than a change: it must not be kept
  std::optional<Result<Found>> answer;
  asio::steady_timer landed;  ///< never expires; cancelled when there is an answer
};

struct TieredLinkCache::State {
  State(storage::LinkStore& store, LocalCacheOptions options, Now now)
      : links(store), local(options, std::move(now)) {}

  /// The flight of this code that can be joined, or `joinable.end()`.
  auto joinable_flight(std::string_view code, std::string_view stem) {
    auto [at, end] = joinable.equal_range(stem);
    while (at != end && at->second->code != code) {
      ++at;
    }
    return at == end ? joinable.end() : at;
  }

  /// Detaches the flights whose code may mean the same link as this one.
  void detach(std::string_view code) {
    const auto [begin, end] = joinable.equal_range(domain::code_stem(code));
    std::for_each(begin, end, [](auto& entry) { entry.second->detached = true; });
    joinable.erase(begin, end);
  }

  void detach_all() {
    for (auto& [stem, flight] : joinable) {
      flight->detached = true;
    }
    joinable.clear();
  }

  /// Keeps the answer unless it may be outdated: a link under its own code, never under what was
  /// typed for it, or `forget` would miss it.
  void keep(const Flight& flight, const Result<Found>& answer) {
    if (flight.detached) {
      return;
    }
    joinable.erase(joinable_flight(flight.code, flight.stem));
    if (!answer) {
      return;
    }
    const Found& found = *answer;
    if (found) {
      local.insert(found->code, {found->link, found->user, found->enabled, found->location});
    } else {
      local.insert_absent(flight.code, flight.asked_at);
    }
  }

  void land(Flight& flight, Result<Found> answer) {
    --under_way;
    keep(flight, answer);
    flight.answer = std::move(answer);
    flight.landed.cancel();
  }

  storage::LinkStore& links;
  LocalLinkCache local;
  std::unordered_multimap<std::string, std::shared_ptr<Flight>, CodeHash, std::equal_to<>> joinable{
      0, CodeHash{SipKey::random()}};  ///< by stem
  std::size_t under_way = 0;           ///< those that were detached included
};

TieredLinkCache::TieredLinkCache(storage::LinkStore& links, LocalCacheOptions options, Now now)
    : state_(std::make_shared<State>(links, options, std::move(now))) {}

TieredLinkCache::~TieredLinkCache() = default;

HotAnswer TieredLinkCache::find_hot(std::string_view code) noexcept {
  return state_->local.find(code);
}

Task<Result<std::optional<domain::Redirect>>> TieredLinkCache::find(std::string code) {
  auto found = known(state_->local, code);
  if (found) {
    co_return std::move(*found);
  }
  const asio::any_io_executor loop = co_await asio::this_coro::executor;
  auto boarded = board(code, loop);
  if (!boarded) {
    co_return std::move(boarded).error();
  }
  // From here on only the flight is touched: this object may be gone when it lands.
  const std::shared_ptr<Flight> flight = std::move(*boarded);
  if (!flight->answer) {
    OperationMemory memory;
    auto landing = flight->landed.async_wait(memory.bind(asio::as_tuple(asio::use_awaitable)));
    co_await std::move(landing);
  }
  if (!flight->answer) {
    co_return Error(ErrorKind::kUnavailable, "the request was cancelled");
  }
  co_return *flight->answer;
}

/// Joins the flight of this code, or starts one.
Result<std::shared_ptr<TieredLinkCache::Flight>> TieredLinkCache::board(
    const std::string& code, const asio::any_io_executor& loop) {
  const auto joined = state_->joinable_flight(code, domain::code_stem(code));
  if (joined != state_->joinable.end()) {
    return joined->second;
  }
  if (state_->under_way >= kMaxFlights) {
    return Error(ErrorKind::kUnavailable, "too many lookups are under way");
  }
  auto flight = std::make_shared<Flight>(code, state_->local.now(), loop);
  state_->joinable.emplace(flight->stem, flight);
  ++state_->under_way;
  auto land_if_thrown = [state = state_, flight](const std::exception_ptr& thrown) {
    if (thrown && !flight->answer) {
      state->land(*flight, without_answer(thrown));
    }
  };
  try {
    spawn(loop, fly(state_, flight), land_if_thrown);
  } catch (const std::bad_alloc&) {
    land_if_thrown(std::current_exception());  // nobody is to wait for it
  }
  return flight;
}

/// Asks the store. Spawned, and cancelled by nobody: the request that began it may leave while
/// others wait. Ends when the store's own time limit passes at the latest.
Task<void> TieredLinkCache::fly(std::shared_ptr<State> state, std::shared_ptr<Flight> flight) {
  auto question = state->links.find_typed(flight->code);
  auto link = co_await std::move(question);
  state->land(*flight, redirect_of(std::move(link)));
}

void TieredLinkCache::forget(std::string_view code) {
  state_->local.forget(code);
  state_->detach(code);
}

void TieredLinkCache::forget_all() {
  state_->local.forget_all();
  state_->detach_all();
}

std::size_t TieredLinkCache::flights() const noexcept {
  return state_->under_way;
}

const LocalLinkCache& TieredLinkCache::local() const noexcept {
  return state_->local;
}

}  // namespace ginnel::cache
