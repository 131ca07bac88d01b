// SPDX-License-Identifier: MIT
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "base/call_context.h"
#include "base/file_mark.h"
#include "observability/metrics.h"
#include "storage/click_store.h"
#include "storage/event_store.h"
#include "storage/import_store.h"
#include "storage/link_store.h"
#include "storage/redirect_source.h"
#include "storage/user_store.h"

namespace ginnel::storage {

/// An open database: its stores and the threads behind them.
///
/// Destroying it finishes what was queued and closes the database; the loops that called it must
/// still run then (or have no call outstanding).
class Stores {
 public:
  Stores() = default;
  Stores(const Stores&) = delete;
  Stores& operator=(const Stores&) = delete;
  virtual ~Stores() = default;

  virtual UserStore& users() = 0;
  virtual LinkStore& links() = 0;
  virtual RedirectSource& redirects() = 0;
  virtual EventStore& events() = 0;
  virtual ClickStore& clicks() = 0;
  virtual ImportStore& imports() = 0;

  /// Asks the database whether it answers and takes changes: GET /health/ready.
  virtual Task<Result<Done>> ping(CallContext call) = 0;

  /// A file of others that belongs to this database: while it is not where it is now, no change is
  /// taken.
  virtual void watch(FileMark mark) = 0;

  /// Tells whoever finds the database held by this process that its server is asked at `url`. A
  /// store that nobody else can open does nothing.
  virtual void announce(std::string_view /*url*/) {}

  /// What the threads behind the stores are doing, for the metrics page; valid as long as this.
  virtual std::vector<observability::Figure> figures() = 0;

  /// The process ends: what takes many transactions is broken off after the one under way, with
  /// kUnavailable. From any thread. A store that has nothing of the kind does nothing.
  virtual void hurry() noexcept {}
};

/// One migration and whether the database has it.
struct MigrationState {
  std::uint32_t number = 0;
  std::string name;
  bool applied = false;
};

}  // namespace ginnel::storage
