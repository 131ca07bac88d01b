// SPDX-License-Identifier: MIT
#include "app/link_change_broadcast.h"

#include <atomic>
#include <cstddef>
#include <utility>

#include <boost/asio/post.hpp>

namespace ginnel::app {
namespace {

/// One change on its way to all cores.
struct Announcement {
  Announcement(std::vector<std::string> changed, std::function<void()> done, std::size_t cores)
      : codes(std::move(changed)), then(std::move(done)), cores_left(cores) {}

  std::vector<std::string> codes;
  std::function<void()> then;
  std::atomic<std::size_t> cores_left;
};

void forget_on_core(cache::TieredLinkCache& cache, const std::vector<std::string>& codes) {
  if (codes.empty()) {
    cache.forget_all();
  }
  for (const std::string& code : codes) {
    cache.forget(code);
  }
}

}  // namespace

void LinkChangeBroadcast::attach(
    const std::vector<std::unique_ptr<http::Loop>>& loops,
    const std::vector<std::unique_ptr<cache::TieredLinkCache>>& caches) {
  loops_ = &loops;
  caches_ = &caches;
}

void LinkChangeBroadcast::forget(std::vector<std::string> codes, std::function<void()> then) {
  if (loops_ == nullptr) {
    then();
    return;
  }
  auto announcement =
      std::make_shared<Announcement>(std::move(codes), std::move(then), loops_->size());
  for (std::size_t core = 0; core < loops_->size(); ++core) {
    cache::TieredLinkCache& cache = *(*caches_)[core];
    asio::post((*loops_)[core]->context(), [announcement, &cache] {
      forget_on_core(cache, announcement->codes);
      if (announcement->cores_left.fetch_sub(1) == 1) {
        announcement->then();
      }
    });
  }
}

}  // namespace ginnel::app
