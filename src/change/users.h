// SPDX-License-Identifier: MIT
#pragma once

#include <optional>
#include <vector>

#include "change/change.h"

namespace ginnel::change {

/// Makes a user, who has the number.
Change create(const domain::UserRecord& record, const Context& by);

/// Changes a user, or is nothing when everything stays as it is. Whether the name and the address
/// are free is to be asked then. Fails with kPreconditionFailed.
Result<std::optional<Change>> update(const domain::UserRecord& before,
                                     const domain::UserChange& wanted,
                                     const Context& by);

/// Deletes a user with `links`, each as remove_with_owner does; when others are left, `links`
/// alone. Fails with kPreconditionFailed.
Result<std::vector<Change>> remove(const domain::UserRecord& record,
                                   const std::vector<domain::Link>& links,
                                   bool others_are_left,
                                   const Context& by);

Error user_not_found();

/// Fails with kConflict, and with a fault for each, where another user has the name or the address.
Result<Done> check_free(bool name_is_taken, bool address_is_taken);

}  // namespace ginnel::change
