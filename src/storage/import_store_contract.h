// SPDX-License-Identifier: MIT
#pragma once

#include <algorithm>
#include <cstddef>
#include <string>
#include <vector>

#include "storage/store_contract.h"

namespace ginnel::storage {

/// What every ImportStore must do.
class ImportStoreContract : public StoreContract {
 protected:
  static domain::User user(std::int64_t id, const std::string& name) {
    return domain::User{domain::UserId{id}, name, name + "@example.org", StoreContract::at(3)};
  }

  static domain::Link link(std::int64_t id, std::int64_t owner, const std::string& code) {
    domain::Link row;
    row.id.value = id;
    row.user.value = owner;
    row.code = code;
    row.target = "https://example.org/" + code;
    row.title = "Title";
    row.enabled = false;
    row.created_at = StoreContract::at(id);
    row.updated_at = StoreContract::at(id + 1);
    return row;
  }

  static domain::Event event(std::int64_t id, std::int64_t link, std::int64_t user) {
    domain::Event row;
    row.id.value = id;
    row.link = domain::LinkId{link};
    row.user = domain::UserId{user};
    row.type = "click";
    row.at = StoreContract::at(id);
    row.details = R"({"b":1,"a":2})";
    return row;
  }

  Result<change::ImportCounts> import_from(const std::string& entity, ImportSource source) {
    verdicts_.clear();
    ImportObserver observer = [this](const change::ImportVerdict& verdict) {
      verdicts_.push_back(verdict);
    };
    change::ImportOrigin origin = {entity, entity + "s.csv", "0123abcd"};
    return run_blocking_task(this->imports().import(
        std::move(origin), std::move(source), std::move(observer), this->by(100, "import")));
  }

  change::ImportCounts import(const std::string& entity, std::vector<change::ImportRow> rows) {
    std::size_t next = 0;
    ImportSource source = [&]() -> Result<std::optional<change::ImportRow>> {
      return next < rows.size() ? std::optional(rows[next++]) : std::nullopt;
    };
    auto counts = import_from(entity, std::move(source));
    EXPECT_TRUE(counts) << counts.error().message << ": " << counts.error().detail;
    return counts ? *counts : change::ImportCounts();
  }

  /// A source of `count` users and an error.
  static ImportSource users_then_error(std::int64_t count) {
    return [count, next = std::int64_t{1}]() mutable -> Result<std::optional<change::ImportRow>> {
      if (next > count) {
        return Error(ErrorKind::kInvalid, "line 4: not a number");
      }
      const std::int64_t id = next++;
      return std::optional<change::ImportRow>(user(id, "user" + std::to_string(id)));
    };
  }

  std::vector<change::ImportOutcome> outcomes() const {
    return each(verdicts_, &change::ImportVerdict::outcome);
  }

  std::vector<std::string> reasons() const {
    return each(verdicts_, &change::ImportVerdict::reason);
  }

  std::optional<domain::User> find_user(std::int64_t id) {
    return *run_blocking_task(this->users().find(domain::UserId{id}, {}));
  }

  /// The number of the link that is found, or 0.
  std::int64_t typed(const char* code) {
    const auto found = run_blocking_task(this->redirects().find(code, {})).value();
    return found.redirect ? found.redirect->link.value : 0;
  }

  std::vector<change::ImportVerdict> verdicts_;
};

}  // namespace ginnel::storage
