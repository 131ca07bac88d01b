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

void LinkChangeBroadcast::attach(
    const std::vector<std::unique_ptr<http::Loop>>& loops,
    const std::vector<std::unique_ptr<cache::TieredLinkCache>>& caches) {
  loops_ = &loops;
  caches_ = &caches;
}

void LinkChangeBroadcast::forget(change::Forgotten what,
                                 storage::Position position,
                                 std::function<void()> then) {
  if (loops_ == nullptr) {
    then();
    return;
  }
  const auto announcement = until_memory([&] {
    return std::make_shared<Announcement>(
        std::move(what), position, std::move(then), loops_->size());
  });
  for (std::size_t core = 0; core < loops_->size(); ++core) {
    cache::TieredLinkCache& cache = *(*caches_)[core];
    asio::io_context& loop = (*loops_)[core]->context();
    until_memory([&] {
      asio::post(loop, [announcement, &cache] {
        forget_on_core(cache, *announcement);
        if (announcement->cores_left.fetch_sub(1) == 1) {
          announcement->then();
        }
      });
    });
  }
}

}  // namespace ginnel::app
