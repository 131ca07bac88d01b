// SPDX-License-Identifier: MIT
#include "storage/sqlite/clicks/click_tail.h"

#include <algorithm>

namespace ginnel::storage::sqlite {

void ClickTail::follow(const SumsCursor& cursor) {
  const auto place_of = [this](std::int64_t id) {
    return std::ranges::lower_bound(clicks_, id, {}, &TailClick::id);
  };
  clicks_.erase(place_of(cursor.next), clicks_.end());
  clicks_.erase(clicks_.begin(), place_of(cursor.first));
  end_ = std::min(end_, cursor.next);
  begin_ = std::min(std::max(begin_, cursor.first), end_);
  if (clicks_.empty()) {
    clicks_.shrink_to_fit();
  }
}

void ClickTail::add(const SumsCursor& cursor, std::span<const TailClick> batch, std::int64_t end) {
  follow(cursor);
  if (clicks_.empty()) {
    begin_ = cursor.next;
    end_ = cursor.next;
  }
  if (end_ == cursor.next && clicks_.size() + batch.size() <= limit_) {
    clicks_.insert(clicks_.end(), batch.begin(), batch.end());
    end_ = end;
  }
}

std::span<const TailClick> ClickTail::from(std::int64_t first) const noexcept {
  if (first < begin_) {
    return {};
  }
  return {std::ranges::lower_bound(clicks_, first, {}, &TailClick::id), clicks_.end()};
}

}  // namespace ginnel::storage::sqlite
