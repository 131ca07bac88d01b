// SPDX-License-Identifier: MIT
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "base/task.h"
#include "cache/tiered_link_cache.h"
#include "clicks/click_recorder.h"
#include "domain/redirect.h"

namespace ginnel::service {

/// From a short code to where it leads, on one loop; a request asks that of the loop that serves
/// it.
class RedirectService final {
 public:
  /// Both belong to the loop and must outlive it.
  RedirectService(cache::TieredLinkCache& cache, clicks::ClickRecorder& recorder) noexcept
      : cache_(cache), recorder_(recorder) {}

  /// The answer when this core's memory has it: a redirect, switched off ones included, or the
  /// absence of the code; kUnknown when memory cannot tell and `resolve` has to be asked. Neither
  /// waits nor allocates. Valid until the next call.
  cache::HotAnswer find_hot(std::string_view code) noexcept;

  /// The redirect of a code, switched off ones included, or nothing for an unknown code. Fails with
  /// kUnavailable or kTimeout when the store cannot tell.
  Task<Result<std::optional<domain::Redirect>>> resolve(std::string code);

  /// Counts a visitor who is sent to the target. The click is in the journal before the answer
  /// leaves. Neither waits nor allocates.
  void count(const clicks::FollowedLink& followed, const clicks::Visit& visit) noexcept;

 private:
  cache::TieredLinkCache& cache_;
  clicks::ClickRecorder& recorder_;
};

/// That of each loop, by its number.
using RedirectServices = std::vector<RedirectService*>;

}  // namespace ginnel::service
