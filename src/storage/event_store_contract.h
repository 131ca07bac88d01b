// SPDX-License-Identifier: MIT
#pragma once

#include <algorithm>
#include <atomic>
#include <cstdio>
#include <functional>
#include <iterator>
#include <string>
#include <thread>
#include <utility>
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
    return run_blocking_task(this->events().find(id, {}));
  }

  std::vector<std::int64_t> ids(EventQuery query) {
    return each(this->all_events(std::move(query)),
                [](const domain::Event& event) { return event.id.value; });
  }

  Pages event_pages(EventQuery query) {
    return pages(std::move(query),
                 [this](const EventQuery& of) { return this->events().list(of, {}); });
  }

  Pages trail_pages(AuditQuery query) {
    return pages(query, [this](const AuditQuery& of) { return this->events().audit(of, {}); });
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

/// A client that goes on from the last row it was shown, while others write.
template <class Id>
class CursorReader final {
 public:
  /// The ids of some rows after this one, in ascending order.
  using List = std::function<std::vector<Id>(Id after)>;

  explicit CursorReader(List list) : list_(std::move(list)) {}

  void read_until(const std::atomic<bool>& done) {
    while (!done) {
      read();
    }
    while (read()) {
    }
  }

  /// Rows that there are in the end and that it was never shown.
  std::size_t count_missed() const {
    std::vector<Id> missed;
    Id last;
    for (auto rows = list_(last); !rows.empty(); rows = list_(last)) {
      std::set_difference(
          rows.begin(), rows.end(), shown_.begin(), shown_.end(), std::back_inserter(missed));
      last = rows.back();
    }
    return missed.size();
  }

  const std::vector<Id>& shown() const noexcept { return shown_; }

 private:
  bool read() {
    const auto rows = list_(shown_.empty() ? Id() : shown_.back());
    shown_.insert(shown_.end(), rows.begin(), rows.end());
    return !rows.empty();
  }

  List list_;
  std::vector<Id> shown_;
};

}  // namespace ginnel::storage
