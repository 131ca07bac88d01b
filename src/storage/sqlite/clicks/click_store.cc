// SPDX-License-Identifier: MIT
#include "storage/sqlite/clicks/click_store.h"

#include <chrono>
#include <utility>

#include "storage/sqlite/clicks/click_salts.h"
#include "storage/sqlite/clicks/click_shipping.h"
#include "storage/sqlite/clicks/click_stats.h"
#include "storage/sqlite/clicks/click_verification.h"

namespace ginnel::storage::sqlite {

namespace {

/// After which a transaction gives way to changes that wait.
constexpr std::chrono::milliseconds kHoldTime{15};

using Clock = std::chrono::steady_clock;

Result<std::string> find_database_id(Connection& database) {
  auto text = [](const Row& row) { return row.text(0); };
  auto id = database.first("SELECT id FROM instance", text);
  if (!id) {
    return std::move(id).error();
  }
  if (!*id) {
    return Error(ErrorKind::kInternal, "internal error", "the database has no id");
  }
  return std::move(**id);
}

}  // namespace

Task<Result<std::string>> ClickStore::database_id(CallContext call) {
  return engine_.read(find_database_id, call.deadline);
}

Task<Result<SegmentCursor>> ClickStore::cursor(std::string segment, CallContext call) {
  auto work = [segment = std::move(segment)](Connection& database) {
    return find_segment_cursor(database, segment);
  };
  return engine_.read(std::move(work), call.deadline);
}

Task<Result<std::vector<ShipOutcome>>> ClickStore::ship(std::vector<ClickBatch> batches,
                                                        CallContext call) {
  auto work =
      [texts = texts_, summing = summing_, spare = spare_salts_, batches = std::move(batches)](
          Transaction& transaction) -> Result<std::vector<ShipOutcome>> {
    if (auto stored = spare->store(transaction.database()); !stored) {
      return std::move(stored).error();
    }
    const auto end = Clock::now() + kHoldTime;
    std::vector<ShipOutcome> outcomes;
    for (const ClickBatch& batch : batches) {
      auto outcome = ship_clicks(transaction.database(), *texts, summing->tail(), batch);
      if (!outcome) {
        return std::move(outcome).error();
      }
      outcomes.push_back(*outcome);
      if (Clock::now() >= end && transaction.others_wait()) {
        break;
      }
    }
    return outcomes;
  };
  return engine_.ship(std::move(work), call.deadline);
}

Task<Result<UnsummedClicks>> ClickStore::sum_up(CallContext call) {
  auto work = [summing = summing_](Transaction& transaction) {
    const auto end = Clock::now() + kHoldTime;
    return summing->sum_up(transaction.database(), [&transaction, end] {
      return Clock::now() >= end && transaction.others_wait();
    });
  };
  return engine_.ship(std::move(work), call.deadline);
}

Task<Result<OlderClicks>> ClickStore::renew_older(CallContext call) {
  auto work = [](Transaction& transaction) {
    const auto end = Clock::now() + kHoldTime;
    return renew_older_clicks(transaction.database(), [end] { return Clock::now() >= end; });
  };
  return engine_.ship(std::move(work), call.deadline);
}

Task<Result<std::vector<VisitorSalt>>> ClickStore::salts(std::chrono::sys_days today,
                                                         CallContext call) {
  spare_salts_->forget_before(today);
  auto keep = [today, spare = spare_salts_](Transaction& transaction) {
    return keep_salts(transaction, today, *spare);
  };
  auto keeping = engine_.change(keep, call.deadline);
  auto kept = co_await std::move(keeping);
  if (kept || kept.error().kind != ErrorKind::kUnavailable) {
    co_return kept;
  }
  auto find = [today](Connection& database) { return find_salts(database, today); };
  auto finding = engine_.read(find, call.deadline);
  auto stored = co_await std::move(finding);
  if (!stored) {
    co_return stored;
  }
  co_return spare_salts_->complete(std::move(*stored), today);
}

Task<Result<domain::ClickStats>> ClickStore::stats(domain::StatsQuery query, CallContext call) {
  auto work = [query = std::move(query)](Connection& database) {
    return find_click_stats(database, query);
  };
  return engine_.read(std::move(work), call.deadline);
}

Task<Result<VerifyReport>> ClickStore::verify(Verification how) {
  auto work = [how](Transaction& transaction) {
    return verify_clicks(transaction.database(), how);
  };
  return engine_.import(work);
}

}  // namespace ginnel::storage::sqlite
