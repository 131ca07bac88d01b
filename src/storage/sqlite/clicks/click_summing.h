// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <map>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "storage/click_store.h"
#include "storage/click_sums.h"
#include "storage/sqlite/clicks/click_tail.h"
#include "storage/sqlite/clicks/sums_cursor.h"
#include "storage/sqlite/engine/connection.h"

namespace ginnel::storage::sqlite {

/// The columns of `clicks` that tail_click_of reads, in its order.
inline constexpr std::string_view kSummedColumns =
    "id, link_id, at, bot, visitor, referrer, country, device, browser, system, user_id";

TailClick tail_click_of(const Row& row);

/// The stretches of a link's days that lack clicks, by their numbers, as they will be. To be called
/// in a transaction. Fails with kInternal when one of them is damaged.
Result<std::map<std::int64_t, ClickSums>> unsummed_stretches(Connection& database,
                                                             std::int64_t link);

/// Sums up and lists stored clicks, in portions that are taken up link by link and then user by
/// user, each of whose rows is changed once. Wherever the work is left, the sums, the lists and the
/// cursor say the same. Used on the writer's thread only.
class ClickSumming final {
 public:
  /// Whether the work is to be left, asked after every link and user.
  using IsEnough = std::function<bool()>;

  /// Clicks in a portion at most. The larger it is, the more clicks have a row in common; it takes
  /// 80 bytes a click.
  static constexpr std::size_t kPortion = 50'000;

  explicit ClickSumming(std::size_t portion = kPortion) : most_(portion) {}

  /// Where shipped clicks are remembered.
  ClickTail& tail() noexcept { return tail_; }

  /// Goes on with the portion under way, or the next one, inside a transaction, until it is done or
  /// it is enough; gives what is left then.
  Result<UnsummedClicks> sum_up(Connection& database, const IsEnough& is_enough);

 private:
  Result<Done> load_portion(Connection& database, SumsCursor& cursor);
  Result<Done> read_portion(Connection& database, const SumsCursor& cursor);
  Result<Done> sum_up_portion(Connection& database, SumsCursor& cursor, const IsEnough& is_enough);

  const std::size_t most_;
  ClickTail tail_;
  std::vector<TailClick> portion_;  ///< by owners of sorted_by_, and ids
  std::int64_t portion_end_ = 0;    ///< that of the cursor it belongs to
  ClickOwner sorted_by_ = ClickOwner::kLink;
};

/// Brings what older versions kept into today's form, inside a transaction, a little at a time,
/// until that is all or it is enough.
Result<OlderClicks> renew_older_clicks(Connection& database,
                                       const ClickSumming::IsEnough& is_enough);

}  // namespace ginnel::storage::sqlite
