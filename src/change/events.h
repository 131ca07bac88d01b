// SPDX-License-Identifier: MIT
#pragma once

#include <optional>

#include "change/change.h"

namespace ginnel::change {

/// Keeps a client's event under this number. Nothing, and the event as it was made, when `kept`
/// tells of the same request. Fails with kKeyReused.
Result<Change> create(const domain::EventDraft& draft,
                      domain::EventId id,
                      const std::optional<KeptKey>& kept,
                      const Context& by);

/// Amends an event, or is nothing when it is shown as before. Whether what it names is there is to
/// be asked then. Fails with kNotFound, with kConflict when it is a click, and with
/// kPreconditionFailed: the condition is asked of the event as shown.
Result<Change> update(const std::optional<EventRow>& before,
                      const domain::EventChange& wanted,
                      const Context& by);

/// Fails with kNotFound where what an event names is not there.
Result<Done> check_names(bool link_is_there, bool user_is_there);

}  // namespace ginnel::change
