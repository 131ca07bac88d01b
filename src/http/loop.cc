// SPDX-License-Identifier: MIT
#include "http/loop.h"

#include <algorithm>
#include <ctime>
#include <malloc.h>
#include <new>
#include <unistd.h>
#include <utility>

#include <boost/asio/post.hpp>

#include "http/session.h"

namespace ginnel::http {
namespace {

using namespace std::chrono_literals;

constexpr auto kSweepInterval = 1s;

constexpr auto kTimeForHandlers = 1ms;

/// Handlers with large answers at a time: each of them holds some 12 MiB, the rows, their JSON and
/// its copy, which no connection counts yet, and keeps the loop for some milliseconds.
constexpr std::size_t kLargeAtOnce = 2;

/// Requests that may wait for their turn to be answered so.
constexpr std::size_t kMostLargeWaiting = 64;

/// A connection whose unsent answers hold no more gives next to nothing back when it is closed.
constexpr std::size_t kWorthClosing = 4'096;

/// Connections looked at or closed in one go, so that the end of a crowd (10 us each, 20 where much
/// is unsent) keeps nobody waiting.
constexpr std::size_t kEndedAtOnce = 128;

/// IMF-fixdate (RFC 9110 section 5.6.7). Not strftime's %a and %b: those follow the locale.
std::string http_date(std::time_t at) {
  static constexpr const char* kDays[] = {"Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"};
  static constexpr const char* kMonths[] = {
      "Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};
  std::tm utc{};
  ::gmtime_r(&at, &utc);
  char rest[32];
  std::string text = kDays[utc.tm_wday];
  std::strftime(rest, sizeof rest, ", %d ", &utc);
  text.append(rest).append(kMonths[utc.tm_mon]);
  std::strftime(rest, sizeof rest, " %Y %H:%M:%S GMT", &utc);
  return text.append(rest);
}

}  // namespace

Loop::Loop(std::size_t core)
    : core_(core),
      poller_(context_, [this] { flush(); }),
      now_(std::chrono::steady_clock::now()),
      date_(http_date(std::time(nullptr))) {}

Loop::~Loop() = default;

void Loop::start() {
  poller_.start();
  now_ = std::chrono::steady_clock::now();
  sweep_later();
  asio::post(context_, [this] { thread_ = ::gettid(); });
}

void Loop::stop() {
  stopped_ = true;
  to_sweep_.clear();
  large_waiting_.clear();
  close_all();
  poller_.stop();
  sweep_timer_.cancel();
}

void Loop::sweep_later() {
  sweep_timer_.expires_after(kSweepInterval);
  try {
    sweep_timer_.async_wait(sweep_memory_.bind([this](const boost::system::error_code& ec) {
      if (!ec && !stopped_) {  // cancelling comes too late for what is queued already
        sweep(std::chrono::steady_clock::now());
        sweep_later();
      }
    }));
  } catch (const std::bad_alloc&) {
    sweep_again_.ask();  // no room in Asio's list of timers
  }
}

void Loop::sweep(std::chrono::steady_clock::time_point now) {
  const auto lost = now - std::exchange(now_, now) - kSweepInterval;
  if (std::exchange(to_trim_, false)) {
    ::malloc_trim(0);  // what closed connections held in small blocks; takes up to 20 ms
  }
  try {
    date_ = http_date(std::time(nullptr));
    to_sweep_ = all_sessions();
  } catch (const std::bad_alloc&) {
    return;  // the next one may find memory
  }
  if (lost > kSweepInterval) {
    for (const auto& session : to_sweep_) {
      session->put_off_deadlines(lost);
    }
  }
  sweep_some();
}

void Loop::sweep_some() {
  for (std::size_t count = std::min(to_sweep_.size(), kEndedAtOnce); count > 0; --count) {
    const std::shared_ptr<Session> session = std::move(to_sweep_.back());
    to_sweep_.pop_back();
    session->end_if_overdue(now_);
  }
  if (!to_sweep_.empty()) {
    sweep_on_.ask();
  }
}

bool Loop::add(std::shared_ptr<Session> session) {
  Session& added = *session;
  if (const std::size_t all = sessions_.size() + removed_.size() + 1; removed_.capacity() < all) {
    removed_.reserve(2 * all);
  }
  sessions_.emplace(&added, std::move(session));
  if (!poller_.add(added.descriptor(), added)) {
    added.close();
    return false;
  }
  return true;
}

void Loop::remove(Session& session) {
  const auto found = sessions_.find(&session);
  if (found == sessions_.end()) {
    return;
  }
  let_go_.ask();
  removed_.push_back(std::move(found->second));
  sessions_.erase(found);
  connections_.fetch_sub(1, std::memory_order_relaxed);
}

std::size_t Loop::close_quiet(std::size_t count) {
  using Quiet = std::pair<std::chrono::steady_clock::time_point, std::shared_ptr<Session>>;
  std::vector<Quiet> quiet;
  for (const auto& [key, session] : sessions_) {
    if (const auto since = session->quiet_since()) {
      quiet.emplace_back(*since, session);
    }
  }
  const auto end = quiet.begin() + static_cast<std::ptrdiff_t>(std::min(count, quiet.size()));
  const auto longer = [](const Quiet& a, const Quiet& b) { return a.first < b.first; };
  std::partial_sort(quiet.begin(), end, quiet.end(), longer);
  return static_cast<std::size_t>(
      std::count_if(quiet.begin(), end, [](const Quiet& one) { return one.second->give_way(); }));
}

void Loop::relieve_later(MemoryBudget& memory) {
  to_relieve_.store(&memory, std::memory_order_relaxed);
  relieve_.ask();
}

void Loop::relieve() {
  MemoryBudget& memory = *to_relieve_.load(std::memory_order_relaxed);
  flush();  // what clients would take at once is no reason to close them
  const std::vector<Holder> holders = largest_holders();
  for (const auto& [bytes, session] : holders) {
    if (memory.used() <= memory.relieved()) {
      return;
    }
    session->close();
    memory.note_closed();
    to_trim_ = true;
  }
  if (!holders.empty()) {
    relieve_.ask();
  }
}

/// Those whose unsent answers hold much, most first, as many as may end in one go; fewer where
/// there is no memory to list them.
std::vector<Loop::Holder> Loop::largest_holders() const noexcept {
  std::vector<Holder> holders;
  try {
    for (const auto& [key, session] : sessions_) {
      if (const std::size_t bytes = session->unsent_bytes(); bytes > kWorthClosing) {
        holders.emplace_back(bytes, session);
      }
    }
  } catch (const std::bad_alloc&) {
    // once these are closed there is memory for the others
  }
  const std::size_t count = std::min(holders.size(), kEndedAtOnce);
  const auto end = holders.begin() + static_cast<std::ptrdiff_t>(count);
  std::partial_sort(holders.begin(), end, holders.end(), [](const Holder& a, const Holder& b) {
    return a.first > b.first;
  });
  holders.erase(end, holders.end());
  return holders;
}

bool Loop::has_time_for_handlers() const noexcept {
  return to_start_.empty() && std::chrono::steady_clock::now() - turn_began() < kTimeForHandlers;
}

void Loop::start_later(Session& session) {
  to_start_.push_back(session.shared_from_this());
  start_.ask();  // the io_context looks after who is ready before it comes to this
}

void Loop::start_postponed() {
  const auto end = std::chrono::steady_clock::now() + kTimeForHandlers;
  while (!to_start_.empty() && std::chrono::steady_clock::now() < end) {
    const std::shared_ptr<Session> session = std::move(to_start_.front());
    to_start_.pop_front();
    session->start_postponed();
  }
  if (!to_start_.empty()) {
    start_.ask();
  }
}

bool Loop::begin_large() noexcept {
  const bool may = large_ < kLargeAtOnce && large_waiting_.empty();
  large_ += may ? 1 : 0;
  return may;
}

bool Loop::start_large_later(Session& session) {
  if (large_waiting_.size() >= kMostLargeWaiting) {
    return false;
  }
  large_waiting_.push_back(session.shared_from_this());
  return true;
}

void Loop::end_large() noexcept {
  --large_;
  if (!large_waiting_.empty()) {
    start_large_.ask();
  }
}

void Loop::start_waiting_large() {
  if (large_ >= kLargeAtOnce || large_waiting_.empty()) {
    return;
  }
  ++large_;
  const std::shared_ptr<Session> session = std::move(large_waiting_.front());
  large_waiting_.pop_front();
  start_large_.ask();
  session->start_large();
}

/// Within the poller's turn the flush comes by itself; otherwise (a handler that waited has
/// answered) the first answer posts it. The list owns its sessions: one removed meanwhile may
/// be let go by what was posted for another, before the flush.
void Loop::flush_later(Session& session) {
  to_flush_.push_back(session.shared_from_this());
  if (!poller_.in_turn()) {
    flush_.ask();
  }
}

void Loop::flush() {
  if (to_flush_.empty()) {
    return;
  }
  if (before_answers_leave_) {
    before_answers_leave_();
  }
  std::swap(to_flush_, flushing_);
  for (const auto& session : flushing_) {
    session->flush();
  }
  flushing_.clear();
}

void Loop::drain() {
  try {
    for (const auto& session : all_sessions()) {
      session->drain();
    }
  } catch (const std::bad_alloc&) {
    // they end after their next answer, or when all are closed
  }
}

void Loop::close_all() {
  while (!sessions_.empty()) {
    const std::shared_ptr<Session> session = sessions_.begin()->second;
    session->close();
    remove(*session);
  }
}

/// A copy, since what is done to a session may remove it.
std::vector<std::shared_ptr<Session>> Loop::all_sessions() const {
  std::vector<std::shared_ptr<Session>> all;
  all.reserve(sessions_.size());
  for (const auto& [key, session] : sessions_) {
    all.push_back(session);
  }
  return all;
}

}  // namespace ginnel::http
