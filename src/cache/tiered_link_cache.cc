// SPDX-License-Identifier: MIT
#include "cache/tiered_link_cache.h"

#include <algorithm>
#include <array>
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

/// The position of the last change of each code, in bounded memory: codes share places, so that an
/// answer may be taken for old that is not, but never the other way round.
class LastChanges final {
 public:
  void note(std::size_t hash, storage::Position change) noexcept {
    storage::Position& place = places_[hash % places_.size()];
    place = std::max(place, change);
  }

  void note_of_all(storage::Position change) noexcept {
    for (storage::Position& place : places_) {
      place = std::max(place, change);
    }
  }

  storage::Position of(std::size_t hash) const noexcept { return places_[hash % places_.size()]; }

 private:
  std::array<storage::Position, 1'024> places_{};
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
  const domain::RedirectView& redirect = answer.redirect;
  return domain::Redirect{redirect.link,
                          redirect.user,
                          redirect.enabled,
                          std::string(redirect.location),
                          std::string(code)};
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
  std::optional<Result<Found>> answer;
  asio::steady_timer landed;  ///< never expires; cancelled when there is an answer
};

struct TieredLinkCache::State {
  State(storage::RedirectSource& source, LocalCacheOptions options, Now now, SipKey key)
      : store(source), local(options, std::move(now), key), hash{key}, joinable(0, hash) {}

  /// The flight of this code that can be joined, or `joinable.end()`.
  auto joinable_flight(std::string_view code, std::string_view stem) {
    auto [at, end] = joinable.equal_range(stem);
    while (at != end && at->second->code != code) {
      ++at;
    }
    return at == end ? joinable.end() : at;
  }

  /// Keeps the answer unless it may be outdated: a link under its own code, never under what was
  /// typed for it, or `forget` would miss it.
  void keep(const Flight& flight, const storage::RedirectAnswer& answer) {
    if (answer.position < last_changes.of(hash(flight.stem))) {
      return;
    }
    if (const Found& found = answer.redirect) {
      local.insert(found->code, found->view());
    } else {
      local.insert_absent(flight.code, flight.asked_at);
    }
  }

  void land(Flight& flight, Result<storage::RedirectAnswer> answer) {
    --under_way;
    const auto joined = joinable_flight(flight.code, flight.stem);
    if (joined != joinable.end() && joined->second.get() == &flight) {
      joinable.erase(joined);
    }
    if (answer) {
      keep(flight, *answer);
      flight.answer = std::move(answer->redirect);
    } else {
      flight.answer = std::move(answer).error();
    }
    flight.landed.cancel();
  }

  storage::RedirectSource& store;
  LocalLinkCache local;
  const CodeHash hash;
  LastChanges last_changes;  ///< by stem
  std::unordered_multimap<std::string, std::shared_ptr<Flight>, CodeHash, std::equal_to<>>
      joinable;               ///< by stem; a code has one at most
  std::size_t under_way = 0;  ///< those that nobody can join any more included
};

TieredLinkCache::TieredLinkCache(storage::RedirectSource& store,
                                 LocalCacheOptions options,
                                 Now now,
                                 SipKey key)
    : state_(std::make_shared<State>(store, options, std::move(now), key)) {}

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
  auto question = state->store.find(flight->code, {});
  auto answer = co_await std::move(question);
  state->land(*flight, std::move(answer));
}

void TieredLinkCache::forget(std::string_view code, storage::Position position) {
  const std::string stem = domain::code_stem(code);
  state_->local.forget(code);
  state_->last_changes.note(state_->hash(stem), position);
  state_->joinable.erase(stem);
}

void TieredLinkCache::forget_all(storage::Position position) noexcept {
  state_->local.forget_all();
  state_->last_changes.note_of_all(position);
  state_->joinable.clear();
}

std::size_t TieredLinkCache::flights() const noexcept {
  return state_->under_way;
}

const LocalLinkCache& TieredLinkCache::local() const noexcept {
  return state_->local;
}

}  // namespace ginnel::cache
