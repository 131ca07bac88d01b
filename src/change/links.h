// SPDX-License-Identifier: MIT
#pragma once

#include <string>

#include "change/change.h"

namespace ginnel::change {

/// Makes `link`, which has its number: a `created` event with code and target.
Change create(const domain::Link& link, bool chosen, const Context& by);

/// Changes a link, also when nothing of it becomes another: an `updated` event whose details hold
/// what was sent, as it is now, and for a new target `{"after":...,"before":...}`. Fails with
/// kPreconditionFailed.
Result<Change> update(const domain::Link& before,
                      const domain::LinkChange& wanted,
                      const Context& by);

/// Deletes a link: a `deleted` event with code and target. The code is retired. Fails with
/// kPreconditionFailed.
Result<Change> remove(const domain::Link& link, const Context& by);

/// The same of a link that goes with its owner, whatever `by.condition` says of him.
Change remove_with_owner(const domain::Link& link, const Context& by);

/// What is said of a link that is not there, of an owner who is not, of a code that a link has or
/// had, and of one that somebody would take for `other`, which a person chose.
Error link_not_found();
Error owner_not_found(domain::UserId owner);
Error code_is_taken();
Error code_is_taken_as(const std::string& other);

}  // namespace ginnel::change
