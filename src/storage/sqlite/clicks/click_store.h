// SPDX-License-Identifier: MIT
#pragma once

#include <memory>

#include "storage/click_store.h"
#include "storage/sqlite/clicks/click_salts.h"
#include "storage/sqlite/clicks/click_summing.h"
#include "storage/sqlite/clicks/click_texts.h"
#include "storage/sqlite/engine/engine.h"

namespace ginnel::storage::sqlite {

/// Clicks in SQLite.
class ClickStore final : public storage::ClickStore {
 public:
  /// `engine` must outlive this.
  explicit ClickStore(Engine& engine) : engine_(engine) {}

  Task<Result<std::string>> database_id(CallContext call) override;
  Task<Result<SegmentCursor>> cursor(std::string segment, CallContext call) override;
  Task<Result<std::vector<ShipOutcome>>> ship(std::vector<ClickBatch> batches,
                                              CallContext call) override;
  Task<Result<UnsummedClicks>> sum_up(CallContext call) override;
  Task<Result<OlderClicks>> renew_older(CallContext call) override;
  Task<Result<std::vector<VisitorSalt>>> salts(std::chrono::sys_days today,
                                               CallContext call) override;
  Task<Result<domain::ClickStats>> stats(domain::StatsQuery query, CallContext call) override;
  Task<Result<VerifyReport>> verify(Verification how) override;

 private:
  Engine& engine_;
  /// Used by the writer's thread. A batch may still be in its queue when this is gone.
  std::shared_ptr<ClickTexts> texts_ = std::make_shared<ClickTexts>();
  std::shared_ptr<ClickSumming> summing_ = std::make_shared<ClickSumming>();
  std::shared_ptr<SpareSalts> spare_salts_ = std::make_shared<SpareSalts>();
};

}  // namespace ginnel::storage::sqlite
