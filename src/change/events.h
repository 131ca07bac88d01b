// SPDX-License-Identifier: MIT
#pragma once

#include <optional>

#include "change/change.h"

namespace ginnel::change {

/// Keeps a client's event, which has its number.
Change create(const domain::Event& event, const Context& by);

/// Amends an event, or is nothing when it is shown as before. Whether what it names is there is to
/// be asked then. Fails with kPreconditionFailed: the condition is asked of the event as shown.
Result<std::optional<Change>> update(const EventRow& before,
                                     const domain::EventChange& wanted,
                                     const Context& by);

/// Fails with kNotFound where what an event names is not there.
Result<Done> check_names(bool link_is_there, bool user_is_there);

/// Why what is no event cannot be changed.
Error event_not_found(bool is_click);

}  // namespace ginnel::change
