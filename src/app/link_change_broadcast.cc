// SPDX-License-Identifier: MIT
#include "app/link_change_broadcast.h"

#include <atomic>
#include <cstddef>
#include <new>
#include <utility>

#include <boost/asio/post.hpp>

#include "base/until_memory.h"

namespace ginnel::app {
namespace {

/// One change on its way to all cores.
struct Announcement {
  Announcement(change::Forgotten changed,
               storage::Position committed,
               std::function<void()> done,
               std::size_t cores)
      : what(std::move(changed)), position(committed), then(std::move(done)), cores_left(cores) {}

  change::Forgotten what;
  storage::Position position;
  std::function<void()> then;
  std::atomic<std::size_t> cores_left;
};

/// Where there is no memory to find what it has of a code, a cache forgets everything.
void forget_on_core(cache::TieredLinkCache& cache, const Announcement& announcement) noexcept {
  const change::Forgotten& what = announcement.what;
  const storage::Position position = announcement.position;
  if (what.is_everything()) {
    cache.forget_all(position);
  }
  try {
    for (const std::string& code : what.codes()) {
      cache.forget(code, position);
    }
  } catch (const std::bad_alloc&) {
    cache.forget_all(position);
  }
}

}  // namespace

void LinkChangeBroadcast::forget(change::Forgotten what,
                                 storage::Position position,
                                 std::function<void()> then) {
  if (cores_ == nullptr) {
    then();
    return;
  }
  const auto announcement = until_memory([&] {
    return std::make_shared<Announcement>(
        std::move(what), position, std::move(then), cores_->size());
  });
  for (const auto& core : *cores_) {
    until_memory([&] {
      asio::post(core->loop.context(), [announcement, &cache = core->cache] {
        forget_on_core(cache, *announcement);
        if (announcement->cores_left.fetch_sub(1) == 1) {
          announcement->then();
        }
      });
    });
  }
}

}  // namespace ginnel::app
