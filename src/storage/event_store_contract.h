// SPDX-License-Identifier: MIT
#pragma once

#include <algorithm>
#include <atomic>
#include <cstdio>
#include <string>
#include <thread>
#include <vector>

#include "storage/store_contract.h"

namespace ginnel::storage {

/// What every EventStore must do.
class EventStoreContract : public StoreContract {
 protected:
  void SetUp() override {
    StoreContract::SetUp();
    user_ = this->add_user("owner").id;
    link_ = this->add_link(user_, "abc123").id;  // leaves event 1
  }

  Result<domain::Event> insert(domain::LinkId link,
                               domain::UserId user,
                               const std::string& type = "click",
                               const std::string& details = "{}") {
    domain::EventDraft draft = {link, user, type, details};
    return run_blocking_task(this->events().insert(std::move(draft), this->by(5)));
  }

  Result<domain::Event> change(domain::EventId id, domain::EventChange change) {
    return run_blocking_task(this->events().change(id, std::move(change), this->by(7)));
  }

  Result<std::optional<domain::Event>> find(domain::EventId id) {
    return run_blocking_task(this->events().find(id));
  }

  std::vector<std::int64_t> ids(EventQuery query) {
    return each(this->all_events(std::move(query)),
                [](const domain::Event& event) { return event.id.value; });
  }

  Pages event_pages(EventQuery query) {
    return pages(std::move(query),
                 [this](const EventQuery& of) { return this->events().list(of); });
  }

  Pages trail_pages(AuditQuery query) {
    return pages(query, [this](const AuditQuery& of) { return this->events().audit(of); });
  }

  /// Ships a click of the test's link; its number.
  std::int64_t ship_click(std::int64_t second = 100) {
    this->ship({this->click_of(known_link(), second)});
    return this->ids({}).back();
  }

  domain::Link known_link() {
    domain::Link link;
    link.id = link_;
    link.user = user_;
    link.code = "abc123";
    return link;
  }

  domain::UserId user_;
  domain::LinkId link_;
};

/// Reads pages up to the newest row again and again, while others write, and then compares each
/// with the same page of the rows that there are in the end.
class PageReader final {
 public:
  explicit PageReader(EventStore& events) : events_(events) {}

  /// Reads until `done`.
  void read_until(const std::atomic<bool>& done) {
    while (!done) {
      EventQuery query;
      query.after = last_;
      query.limit = kLimit;
      auto page = run_blocking_task(events_.list(query)).value().rows;
      const bool whole = page.size() == kLimit;
      pages_.push_back({query, each(page, &domain::Event::id)});
      last_ = whole ? page.back().id : domain::EventId();
    }
  }

  /// How many pages lack a row below their last one, or have none of those they had.
  std::size_t count_holes() const {
    std::size_t holes = 0;
    for (const Page& page : pages_) {
      EventQuery query = page.query;
      query.limit = static_cast<std::uint32_t>(page.ids.size());
      const auto now = run_blocking_task(events_.list(query)).value().rows;
      holes += each(now, &domain::Event::id) == page.ids ? 0 : 1;
    }
    return holes;
  }

  std::size_t pages() const noexcept { return pages_.size(); }

 private:
  static constexpr std::uint32_t kLimit = 50;

  struct Page {
    EventQuery query;
    std::vector<domain::EventId> ids;
  };

  EventStore& events_;
  domain::EventId last_;
  std::vector<Page> pages_;
};

}  // namespace ginnel::storage
