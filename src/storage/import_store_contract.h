// SPDX-License-Identifier: MIT
#pragma once

#include <algorithm>
#include <cstddef>
#include <memory>
#include <string>
#include <utility>
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

  using Batches = std::vector<std::vector<change::ImportRow>>;

  static Task<Result<std::unique_ptr<Import>>> begin_import(ImportStore& store,
                                                            const std::string& entity) {
    change::ImportOrigin origin = {entity, entity + "s.csv", "0123abcd"};
    return store.begin(std::move(origin));
  }

  /// A whole import; what became of its rows comes to `verdicts`.
  static Task<Result<change::ImportCounts>> import_all(
      ImportStore& store,
      std::string entity,
      Batches batches,
      std::vector<change::ImportVerdict>& verdicts) {
    auto import = co_await begin_import(store, entity);
    if (!import) {
      co_return std::move(import).error();
    }
    for (auto& rows : batches) {
      auto added = co_await (*import)->add(std::move(rows));
      if (!added) {
        co_return std::move(added).error();
      }
      verdicts.insert(verdicts.end(), added->begin(), added->end());
    }
    auto context = by(100, "import");
    co_return co_await (*import)->commit(std::move(context));
  }

  change::ImportCounts import_by(ImportStore& store, const std::string& entity, Batches batches) {
    verdicts_.clear();
    auto counts = run_blocking_task(import_all(store, entity, std::move(batches), verdicts_));
    EXPECT_TRUE(counts) << counts.error().message << ": " << counts.error().detail;
    return counts ? *counts : change::ImportCounts();
  }

  change::ImportCounts import(const std::string& entity, std::vector<change::ImportRow> rows) {
    return import_by(this->imports(), entity, {std::move(rows)});
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
