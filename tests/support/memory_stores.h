// SPDX-License-Identifier: MIT
#pragma once

#include <memory>
#include <optional>
#include <vector>

#include "storage/change_listener.h"
#include "storage/stores.h"

namespace ginnel::support {

class MemoryDatabase;

/// Stores that keep their rows in maps: they behave as every store must (they pass its contract
/// suites), and fail when they are told to.
class MemoryStores final : public storage::Stores {
 public:
  /// `listener` may be null; it must outlive the stores.
  explicit MemoryStores(storage::ChangeListener* listener = nullptr);
  ~MemoryStores() override;

  storage::UserStore& users() override { return *users_; }
  storage::LinkStore& links() override { return *links_; }
  storage::RedirectSource& redirects() override { return *redirects_; }
  storage::EventStore& events() override { return *events_; }
  storage::ClickStore& clicks() override { return *clicks_; }
  storage::ImportStore& imports() override { return *imports_; }
  Task<Result<Done>> ping(CallContext call) override;
  void watch(FileMark /*mark*/) override {}
  std::vector<observability::Figure> figures() override { return {}; }

  /// Makes every call fail with `error` and change nothing, or work again.
  void fail_with(std::optional<Error> error);

 private:
  std::unique_ptr<MemoryDatabase> database_;
  std::unique_ptr<storage::UserStore> users_;
  std::unique_ptr<storage::LinkStore> links_;
  std::unique_ptr<storage::RedirectSource> redirects_;
  std::unique_ptr<storage::EventStore> events_;
  std::unique_ptr<storage::ClickStore> clicks_;
  std::unique_ptr<storage::ImportStore> imports_;
};

}  // namespace ginnel::support
