// SPDX-License-Identifier: MIT
#include "storage/change_listeners.h"

#include <atomic>
#include <cstddef>
#include <memory>
#include <utility>

#include "base/until_memory.h"

namespace ginnel::storage {
namespace {

/// A change on its way to several listeners.
struct Round {
  Round(std::function<void()> done, std::size_t listeners)
      : then(std::move(done)), left(listeners) {}

  std::function<void()> then;
  std::atomic<std::size_t> left;
};

}  // namespace

void ChangeListeners::forget(change::Forgotten what,
                             Position position,
                             std::function<void()> then) {
  if (listeners_.empty()) {
    then();
    return;
  }
  const auto round =
      until_memory([&] { return std::make_shared<Round>(std::move(then), listeners_.size()); });
  for (ChangeListener* const listener : listeners_) {
    auto copy = until_memory([&] { return what; });
    std::function<void()> has_forgotten = until_memory([&] {
      return std::function<void()>([round] {
        if (round->left.fetch_sub(1) == 1) {
          round->then();
        }
      });
    });
    listener->forget(std::move(copy), position, std::move(has_forgotten));
  }
}

}  // namespace ginnel::storage
