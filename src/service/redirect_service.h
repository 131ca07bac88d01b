// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <memory>
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

/// From a short code to where it leads.
///
/// One cache and one recorder for each loop, at its `core` number; a request asks those of the loop
/// that serves it.
class RedirectService final {
 public:
  RedirectService(std::vector<std::unique_ptr<cache::TieredLinkCache>>& caches,
                  std::vector<std::unique_ptr<clicks::ClickRecorder>>& recorders)
      : caches_(caches), recorders_(recorders) {}

  /// The answer when this core's memory has it: a redirect, switched off ones included, or the
  /// absence of the code; kUnknown when memory cannot tell and `resolve` has to be asked. Neither
  /// waits nor allocates. Valid until the next call on this core.
  cache::HotAnswer find_hot(std::size_t core, std::string_view code) noexcept;

  /// The redirect of a code, switched off ones included, or nothing for an unknown code. Fails with
  /// kUnavailable or kTimeout when the store cannot tell.
  Task<Result<std::optional<domain::Redirect>>> resolve(std::size_t core, std::string code);

  /// Counts a visitor who is sent to the target. The click is in the journal before the answer
  /// leaves. Neither waits nor allocates.
  void count(std::size_t core,
             const clicks::FollowedLink& followed,
             const clicks::Visit& visit) noexcept;

 private:
  std::vector<std::unique_ptr<cache::TieredLinkCache>>& caches_;
  std::vector<std::unique_ptr<clicks::ClickRecorder>>& recorders_;
};

}  // namespace ginnel::service
