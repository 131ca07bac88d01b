// SPDX-License-Identifier: MIT
#pragma once

#include <atomic>
#include <cstdint>
#include <optional>
#include <string>

#include "base/call_context.h"
#include "base/result.h"
#include "base/task.h"
#include "change/context.h"
#include "domain/link.h"
#include "domain/target_url.h"
#include "service/options.h"
#include "service/running_keys.h"
#include "storage/link_store.h"

namespace ginnel::service {

/// What can be done with links.
class LinkService final {
 public:
  /// `taken` is how many links exist: it decides how long new codes are.
  LinkService(storage::LinkStore& links, LinkOptions options, std::uint64_t taken);

  /// Checks a target against the rules and this service's own hosts. Fails with kInvalid.
  Result<domain::TargetUrl> parse_target(std::string_view text) const;

  /// `public_url/code`.
  std::string short_url(std::string_view code) const;

  /// Makes a link of a draft whose texts are checked. Where nobody chose its code it gets a random
  /// one; one that is taken is replaced by another, up to 8 times, and counted.
  /// Fails with kConflict when a chosen code is taken, in any case where a person chose that one,
  /// or reserved, with kNotFound
  /// (`User N not found`) for an unknown owner, with kInternal
  /// (`Failed to generate unique short code`) when every attempt collided.
  Task<Result<domain::Link>> create(domain::LinkDraft draft, change::Context caller);

  /// Fails with kNotFound: `URL not found`.
  Task<Result<domain::Link>> get(domain::LinkId id, CallContext call);

  /// The link with exactly this code. Fails as `get` by id does.
  Task<Result<domain::Link>> get(domain::ShortCode code, CallContext call);

  Task<Result<storage::Page<domain::Link>>> list(storage::LinkQuery query, CallContext call);

  /// Changes the link that was read as `known`. A target that is its own already stays byte for
  /// byte, another one has passed parse_target; where the own one would not pass it today, the link
  /// must still be as `known`, or this fails with kPreconditionFailed.
  Task<Result<domain::Link>> change(const domain::Link& known,
                                    domain::LinkChange change,
                                    change::Context caller);

  Task<Result<Done>> remove(domain::LinkId id, change::Context caller);

  /// Random codes that were taken, since start.
  std::uint64_t collisions() const noexcept { return collisions_; }

 private:
  storage::LinkStore& links_;
  RunningKeys running_;
  LinkOptions options_;
  domain::TargetRules targets_;
  std::atomic<std::uint64_t> taken_;
  std::atomic<std::uint64_t> collisions_{0};
};

}  // namespace ginnel::service
