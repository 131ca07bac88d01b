// SPDX-License-Identifier: MIT
#pragma once

#include <optional>
#include <vector>

#include "change/change.h"

namespace ginnel::change {

/// Makes a user of this number. Nothing, and the user as it was made, when `kept` tells of the
/// same request. Fails with kKeyReused.
Result<Change> create(const domain::UserDraft& draft,
                      domain::UserId id,
                      const std::optional<KeptKey>& kept,
                      const Context& by);

/// Changes a user, or is nothing when everything stays as it is. Whether the name and the address
/// are free is to be asked then. Fails with kNotFound and kPreconditionFailed.
Result<Change> update(const std::optional<UserRow>& before,
                      const domain::UserChange& wanted,
                      const Context& by);

/// Deletes a user with `links`, each as remove_with_owner does; when others are left, `links`
/// alone. Fails with kNotFound and kPreconditionFailed.
Result<std::vector<Change>> remove(const std::optional<UserRow>& user,
                                   const std::vector<domain::Link>& links,
                                   bool others_are_left,
                                   const Context& by);

/// Fails with kConflict, and with a fault for each, where another user has the name or the address.
Result<Done> check_free(bool name_is_taken, bool address_is_taken);

}  // namespace ginnel::change
