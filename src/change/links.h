// SPDX-License-Identifier: MIT
#pragma once

#include <optional>
#include <string>

#include "change/change.h"

namespace ginnel::change {

/// Makes a link of this number: a `created` event with code and target. Nothing, and the link as it
/// was made, when `kept` tells of the same request. Fails with kKeyReused.
Result<Change> create(const domain::LinkDraft& draft,
                      domain::LinkId id,
                      const std::optional<KeptKey>& kept,
                      const Context& by);

/// Changes a link, also when nothing of it becomes another: an `updated` event whose details hold
/// what was sent, as it is now, and for a new target `{"after":...,"before":...}`. Fails with
/// kNotFound and kPreconditionFailed.
Result<Change> update(const std::optional<LinkRow>& before,
                      const domain::LinkChange& wanted,
                      const Context& by);

/// Deletes a link: a `deleted` event with code and target. The code is retired. Fails with
/// kNotFound and kPreconditionFailed.
Result<Change> remove(const std::optional<LinkRow>& row, const Context& by);

/// The same of a link that goes with its owner, whatever `by.condition` says of him.
Change remove_with_owner(const domain::Link& link, const Context& by);

/// What may be in the way of a new link.
struct LinkObstacles {
  bool owner_is_there = true;
  std::optional<std::string> twin = {};  ///< a code that a person chose, another by case alone
  bool code_is_taken = false;            ///< or a random one, and a link had it
};

/// Fails with kNotFound without the owner, and with kConflict where the code may not be made.
Result<Done> check(const domain::Link& link, const LinkObstacles& found);

}  // namespace ginnel::change
