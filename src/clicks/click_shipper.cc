// SPDX-License-Identifier: MIT
#include "clicks/click_shipper.h"

#include <algorithm>
#include <exception>
#include <new>
#include <utility>

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/use_awaitable.hpp>

#include "base/exception_text.h"
#include "base/thread.h"
#include "base/until_memory.h"

namespace ginnel::clicks {
namespace {

using namespace std::chrono_literals;

/// Records that are read at once to be counted.
constexpr std::size_t kCountedAtOnce = 10'000;

/// How often the log tells how far the clicks of an older version are.
constexpr auto kOlderInterval = 10s;

/// Between two turns at them, which take 15 ms each: less than half of a core.
constexpr std::chrono::milliseconds kOlderPause{20};

constexpr auto kFirstBackOff = 100ms;
constexpr auto kLongestBackOff = 5s;

std::int64_t micros(const ClickRecord& record) {
  return record.at.time_since_epoch().count();
}

/// The earlier of two times, of which 0 is none.
std::int64_t earlier_of(std::int64_t a, std::int64_t b) {
  return a == 0 || b == 0 ? std::max(a, b) : std::min(a, b);
}

/// How many records lie between two bytes of a segment.
std::uint64_t count_records(SegmentToShip segment, std::uint64_t from, std::uint64_t to) {
  segment.end = std::min(segment.end, to);
  std::uint64_t count = 0;
  while (true) {
    const auto part = read_part(segment, from, kCountedAtOnce);
    if (!part) {
      return count;
    }
    count += part->records.size();
    from = part->next;
    if (part->complete) {
      return count;
    }
  }
}

std::chrono::sys_days today() {
  return std::chrono::floor<std::chrono::days>(domain::now());
}

}  // namespace

ClickShipper::ClickShipper(Journal& journal,
                           storage::ClickStore& store,
                           const ClickOptions& options,
                           Surroundings surroundings,
                           observability::Log& log)
    : journal_(journal),
      store_(store),
      options_(options),
      surroundings_(std::move(surroundings)),
      log_(log),
      salts_of_(today()),
      thread_([this] { run(); }) {}

// NOLINTNEXTLINE(bugprone-exception-escape): only want of memory throws, and nothing helps then
ClickShipper::~ClickShipper() {
  ended_ = true;
  wake();
  thread_.join();
}

bool ClickShipper::finish(std::chrono::milliseconds limit) {
  finishing_ = true;
  wake();
  return stopped_.get_future().wait_for(limit) == std::future_status::ready && drained_ &&
         unreadable_ == 0;
}

ShipperFigures ClickShipper::figures() const {
  ShipperFigures figures;
  figures.clicks = clicks_;
  figures.batches = batches_;
  figures.repeated = repeated_;
  figures.failures = failures_;
  figures.torn = torn_;
  figures.unreadable = unreadable_;
  const JournalFigures journal = journal_.figures();
  const std::uint64_t known = journal.records + earlier_;
  figures.lag_records = known - std::min(known, figures.clicks + journal.lost);
  if (!counted_ && journal.segments > 0) {
    figures.lag_records = std::max<std::uint64_t>(figures.lag_records, 1);  // how many is not known
  }
  const std::int64_t oldest = oldest_;
  if (oldest != 0) {
    const auto age = domain::now().time_since_epoch() - std::chrono::microseconds(oldest);
    figures.lag_seconds = std::max(0.0, std::chrono::duration<double>(age).count());
  }
  figures.clicks_per_second = speed_;
  figures.unsummed = unsummed_;
  return figures;
}

void ClickShipper::wake() {
  until_memory([this] { asio::post(loop_, [this] { timer_.cancel(); }); });
}

void ClickShipper::run() {
  describe_thread("ginnel-ship", Standing::kBehind);
  std::exception_ptr thrown;
  do {
    thrown = nullptr;
    until_memory([&] {
      spawn(loop_.get_executor(), ship_until_ended(), [&](const std::exception_ptr& by) {
        thrown = by;
      });
    });
    loop_.run();
    loop_.restart();
  } while (goes_on_after(thrown));
  stopped_.set_value();
}

/// Want of memory is a failure as any other: what was not stored is tried again.
bool ClickShipper::goes_on_after(const std::exception_ptr& thrown) {
  if (is_for_want_of_memory(thrown)) {
    failed(Error(ErrorKind::kUnavailable, "no memory left"));
    std::this_thread::sleep_for(kFirstBackOff);
    return !finishing_ && !ending();  // at the end nobody waits for memory
  }
  if (thrown) {
    log_.error("the shipper ended by an exception: clicks stay in the journal",
               {{"what", exception_text(thrown)}});
  }
  return false;
}

Task<void> ClickShipper::ship_until_ended() {
  if (!classifier_) {
    classifier_.emplace(options_, log_);
  }
  std::chrono::milliseconds back_off = kFirstBackOff;
  while (!ending()) {
    if (gives_way()) {
      co_await sleep(options_.ship_interval);
      continue;
    }
    const bool last_look = finishing_;
    const Step step = co_await take_turn();
    drained_ = last_look && step == Step::kNothingLeft;
    if (step == Step::kFailed) {
      co_await sleep(back_off);
      back_off = std::min<std::chrono::milliseconds>(back_off * 2, kLongestBackOff);
      continue;
    }
    back_off = kFirstBackOff;
    if (step == Step::kNothingLeft && !ending()) {
      gave_way_.reset();
      co_await sleep(older_is_left_ ? std::min(options_.ship_interval, kOlderPause)
                                    : options_.ship_interval);
    }
  }
}

/// Stores a batch of each segment, sums up what is due, and renews a little of what is older.
Task<ClickShipper::Step> ClickShipper::take_turn() {
  const Step shipped = co_await ship_all();
  if (shipped == Step::kFailed) {
    co_return shipped;
  }
  const Step summed = co_await sum_up_if_due(shipped == Step::kNothingLeft);
  if (summed == Step::kFailed || co_await renew_older() == Step::kFailed) {
    co_return Step::kFailed;
  }
  co_return summed == Step::kNothingLeft ? shipped : summed;
}

/// Whether storing is to wait a little longer. Once patience is at its end, it goes on until
/// nothing is left.
bool ClickShipper::gives_way() {
  const bool needed = finishing_ || options_.patience.count() == 0;
  if (needed || !surroundings_.busy()) {
    gave_way_.reset();
    return false;
  }
  const auto now = std::chrono::steady_clock::now();
  if (!gave_way_) {
    gave_way_ = now;
    oldest_ = earlier_of(oldest_, domain::now().time_since_epoch().count());
  }
  return now - *gave_way_ < options_.patience && journal_.has_plenty_of_room();
}

/// Looks at every segment once, and stores a batch of each: all cores' clicks keep pace.
Task<ClickShipper::Step> ClickShipper::ship_all() {
  auto salted = co_await refresh_salts();
  if (!salted) {
    co_return failed(salted.error());
  }
  std::vector<SegmentToShip> segments = journal_.segments();
  for (const SegmentToShip& segment : segments) {
    const auto next = co_await cursor_of(segment);
    if (!next) {
      co_return failed(next.error());
    }
  }
  counted_ = true;
  Step all = Step::kNothingLeft;
  oldest_left_ = 0;
  for (SegmentToShip& segment : segments) {
    const Step step = co_await ship_segment(std::move(segment));
    if (step == Step::kFailed || ended_) {
      co_return step;
    }
    all = step == Step::kMore ? step : all;
  }
  oldest_ = oldest_left_;
  co_return all;
}

/// Sums up what is stored, in portions, so that storing goes on between them.
Task<ClickShipper::Step> ClickShipper::sum_up_if_due(bool is_idle) {
  const auto now = std::chrono::steady_clock::now();
  const bool is_due = now - summed_ >= kSumInterval || unsummed_ >= kManyUnsummed;
  if (unsummed_ == 0 || !(is_due || (is_idle && finishing_))) {
    co_return Step::kNothingLeft;
  }
  const auto left = co_await store_.sum_up(CallContext());
  if (!left) {
    co_return failed(left.error());
  }
  unsummed_ = left->clicks;
  if (left->under_way || left->clicks >= kManyUnsummed || (left->clicks > 0 && finishing_)) {
    co_return Step::kMore;
  }
  summed_ = now;
  co_return Step::kNothingLeft;
}

/// Renews a little of what older versions kept.
Task<ClickShipper::Step> ClickShipper::renew_older() {
  if (!older_is_left_ || finishing_) {
    co_return Step::kNothingLeft;
  }
  const auto left = co_await store_.renew_older(CallContext());
  if (!left) {
    co_return failed(left.error());
  }
  const auto now = std::chrono::steady_clock::now();
  older_is_left_ = !left->is_nothing();
  if (older_is_left_ && now - told_older_ >= kOlderInterval) {
    log_.info("clicks of an older version are brought into today's form while links are served",
              {{"unlisted_clicks", static_cast<std::uint64_t>(left->unlisted)},
               {"next_link_of_sums", static_cast<std::uint64_t>(left->old_link)}});
    told_older_ = now;
  }
  if (!older_is_left_ && told_older_ != std::chrono::steady_clock::time_point()) {
    log_.info("all clicks are in today's form", {});
  }
  co_return Step::kNothingLeft;
}

Task<Result<Done>> ClickShipper::refresh_salts() {
  if (salts_of_ == today()) {
    co_return Done();
  }
  const auto day = today();
  auto salts = co_await store_.salts(day, CallContext());
  if (!salts) {
    co_return std::move(salts).error();
  }
  salts_of_ = day;
  surroundings_.use_salts(*salts);
  co_return Done();
}

Task<ClickShipper::Step> ClickShipper::ship_segment(SegmentToShip segment) {
  const auto from = co_await cursor_of(segment);
  if (!from) {
    co_return failed(from.error());
  }
  if (*from == kShippedWhole) {
    co_return settle(segment, {});
  }
  if (!segment.sealed && std::max(*from, kSegmentHeaderBytes) >= segment.end) {
    co_return Step::kNothingLeft;
  }
  std::vector<SegmentPart> parts;
  for (std::uint64_t next = *from; parts.size() < kBatches; next = parts.back().next) {
    auto part = read_part(segment, next, kBatch);
    if (!part && parts.empty()) {
      co_return unread(segment, part.error());
    }
    if (!part) {
      break;  // what was read first
    }
    parts.push_back(std::move(*part));
    if (parts.back().complete) {
      break;
    }
  }
  mark(segment, false);
  const SegmentPart& first = parts.front();
  const bool was_cut = !segment.sealed && first.complete && first.next < segment.end;
  if (was_cut && first.records.empty()) {
    co_return settle(segment, "it holds less than was written");
  }
  co_return co_await store(std::move(segment), std::move(parts), *from);
}

/// A segment that cannot be read keeps no other waiting. It may be readable again soon, or never.
ClickShipper::Step ClickShipper::unread(const SegmentToShip& segment, const Error& error) {
  if (error.kind != ErrorKind::kUnavailable) {
    return settle(segment, error.detail.empty() ? error.message : error.detail);
  }
  if (mark(segment, true)) {
    log_.error("a file of the journal cannot be read; its clicks wait in it (docs/journal.md)",
               {{"path", segment.path}, {"reason", error.detail}});
  }
  return Step::kNothingLeft;
}

/// Notes whether a segment can be read; gives whether that is news.
bool ClickShipper::mark(const SegmentToShip& segment, bool unreadable) {
  if (std::exchange(cursors_[segment.header.id].unreadable, unreadable) == unreadable) {
    return false;
  }
  unreadable_ += unreadable ? 1 : -1;
  return true;
}

/// Is done with a segment: what was written to it and is neither stored nor in its file is lost.
/// One that a core still writes to is given up; it comes again, sealed.
ClickShipper::Step ClickShipper::settle(const SegmentToShip& segment, const std::string& why) {
  mark(segment, false);
  std::uint64_t behind = 0;
  if (segment.sealed) {
    behind = journal_.remove(segment);
  } else {
    journal_.give_up(segment.path);
  }
  Cursor& cursor = cursors_[segment.header.id];
  if (segment.earlier) {
    earlier_ += behind;
  }
  const std::uint64_t records = segment.earlier ? cursor.found + behind : segment.records;
  const std::uint64_t gone = records - std::min(records, cursor.stored + cursor.lost);
  if (gone > 0 || (segment.earlier && !why.empty())) {
    journal_.lose(gone);
    log_.error("clicks are lost with a file of the journal (docs/journal.md)",
               {{"path", segment.path},
                {"clicks", gone},
                {"reason", why.empty() ? "it holds less than was written" : why}});
  }
  cursor.lost += gone;
  if (!segment.sealed) {
    return Step::kNothingLeft;
  }
  cursors_.erase(segment.header.id);
  return Step::kMore;
}

/// Where to go on in a segment, kShippedWhole when nothing of it is left. Asked of the database
/// once, since this process moves it, and again when that is in doubt.
Task<Result<std::uint64_t>> ClickShipper::cursor_of(SegmentToShip segment) {
  const std::string& id = segment.header.id;
  const auto known = cursors_.find(id);
  if (known != cursors_.end() && !known->second.in_doubt) {
    co_return known->second.next;
  }
  auto cursor = co_await store_.cursor(id, CallContext());
  if (!cursor) {
    co_return std::move(cursor).error();
  }
  const std::uint64_t next = cursor->done ? kShippedWhole : cursor->next;
  if (known != cursors_.end()) {
    resolve(segment, known->second, next);
    co_return next;
  }
  Cursor first;
  first.next = next;
  first.found = segment.earlier ? count_records(segment, next, segment.end) : 0;
  earlier_ += first.found;
  cursors_.emplace(id, first);
  co_return next;
}

/// Ends the doubt about a cursor: what lies before `next` was stored after all.
void ClickShipper::resolve(const SegmentToShip& segment, Cursor& cursor, std::uint64_t next) {
  const std::uint64_t stored =
      next == cursor.tried_to ? cursor.tried : count_records(segment, cursor.next, next);
  clicks_ += stored;
  unsummed_ += stored;
  cursor.stored += stored;
  cursor.next = next;
  cursor.in_doubt = false;
}

storage::ClickBatch ClickShipper::batch_of(const SegmentToShip& segment,
                                           const SegmentPart& part,
                                           std::uint64_t from) {
  storage::ClickBatch batch;
  batch.segment = segment.header.id;
  batch.from = from;
  batch.to = part.next;
  batch.last = part.complete && segment.sealed;
  for (const ClickRecord& record : part.records) {
    batch.clicks.push_back(classifier_->classify(record));
  }
  return batch;
}

Task<ClickShipper::Step> ClickShipper::store(SegmentToShip segment,
                                             std::vector<SegmentPart> parts,
                                             std::uint64_t from) {
  std::vector<storage::ClickBatch> batches;
  batches.reserve(parts.size());
  for (const SegmentPart& part : parts) {
    batches.push_back(batch_of(segment, part, batches.empty() ? from : batches.back().to));
  }
  if (!parts.front().records.empty()) {
    oldest_ = earlier_of(oldest_, micros(parts.front().records.front()));
  }
  const auto began = std::chrono::steady_clock::now();
  const std::uint64_t before = clicks_;
  const auto outcomes = co_await store_.ship(std::move(batches), CallContext());
  if (!outcomes) {
    doubt(segment, parts);
    co_return failed(outcomes.error());
  }
  parts.resize(outcomes->size());
  for (std::size_t place = 0; place < parts.size(); ++place) {
    if (!note_outcome(segment, parts[place], (*outcomes)[place])) {
      co_return Step::kMore;
    }
  }
  const std::chrono::duration<double> took = std::chrono::steady_clock::now() - began;
  if (took.count() > 0 && clicks_ > before) {
    speed_ = static_cast<double>(clicks_ - before) / took.count();
  }
  const bool all_of_it = parts.back().complete && !segment.sealed;
  co_return all_of_it ? Step::kNothingLeft : Step::kMore;
}

/// Where the cursor is when a part is stored.
std::uint64_t ClickShipper::end_of(const SegmentToShip& segment, const SegmentPart& part) {
  return part.complete && segment.sealed ? kShippedWhole : part.next;
}

/// Of parts that were tried some may have been stored: the database knows.
void ClickShipper::doubt(const SegmentToShip& segment, std::span<const SegmentPart> parts) {
  Cursor& cursor = cursors_[segment.header.id];
  cursor.in_doubt = true;
  cursor.tried_to = end_of(segment, parts.back());
  cursor.tried = 0;
  for (const SegmentPart& part : parts) {
    cursor.tried += part.records.size();
  }
}

/// Gives whether the part was stored now, and not before.
bool ClickShipper::note_outcome(const SegmentToShip& segment,
                                const SegmentPart& part,
                                storage::ShipOutcome outcome) {
  if (outcome == storage::ShipOutcome::kShippedBefore) {
    ++repeated_;
    doubt(segment, std::span(&part, 1));
    return false;
  }
  note_stored(segment, part);
  Cursor& cursor = cursors_[segment.header.id];
  cursor.next = end_of(segment, part);
  cursor.stored += part.records.size();
  return true;
}

void ClickShipper::note_stored(const SegmentToShip& segment, const SegmentPart& part) {
  ++batches_;
  clicks_ += part.records.size();
  unsummed_ += part.records.size();
  if (!part.records.empty() && !part.complete) {
    oldest_left_ = earlier_of(oldest_left_, micros(part.records.back()));
  }
  if (part.torn && segment.sealed) {
    ++torn_;
    log_.warn("a segment of the journal ends in a torn record",
              {{"path", segment.path}, {"offset", part.next}});
  }
  if (std::exchange(failing_, false)) {
    log_.info("clicks are stored again", {{"waiting", figures().lag_records}});
  }
}

ClickShipper::Step ClickShipper::failed(const Error& error) {
  ++failures_;
  if (!std::exchange(failing_, true)) {
    log_.warn("clicks cannot be stored; they wait in the journal",
              {{"reason", error.message}, {"detail", error.detail}});
  }
  return Step::kFailed;
}

Task<void> ClickShipper::sleep(std::chrono::milliseconds time) {
  if (ended_ || (finishing_ && time == options_.ship_interval)) {
    co_return;
  }
  timer_.expires_after(time);
  auto waited = timer_.async_wait(sleep_memory_.bind(asio::as_tuple(asio::use_awaitable)));
  co_await std::move(waited);
}

}  // namespace ginnel::clicks
