// SPDX-License-Identifier: MIT
#pragma once

#include <memory>
#include <optional>
#include <vector>

#include "base/error.h"
#include "base/task.h"
#include "storage/change_listener.h"
#include "storage/stores.h"

namespace ginnel::support {

/// Stores that keep their rows in maps: they behave as every store must (they pass its contract
/// suites), and fail when they are told to.
class MemoryStores final : public storage::Stores {
 public:
  /// `listener` may be null; it must outlive the stores.
  explicit MemoryStores(storage::ChangeListener* listener = nullptr);
  MemoryStores(const MemoryStores&) = delete;
  MemoryStores& operator=(const MemoryStores&) = delete;
  ~MemoryStores() override;

  storage::UserStore& users() override;
  storage::LinkStore& links() override;
  storage::RedirectSource& redirects() override;
  storage::EventStore& events() override;
  storage::ClickStore& clicks() override;
  storage::ImportStore& imports() override;
  Task<Result<Done>> ping(CallContext call) override;
  void watch(FileMark /*mark*/) override {}
  std::vector<observability::Figure> figures() override { return {}; }

  /// Makes every call fail with `error` and change nothing, or work again.
  void fail_with(std::optional<Error> error);

 private:
  struct State;

  std::unique_ptr<State> state_;
};

}  // namespace ginnel::support
