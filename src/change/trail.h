// SPDX-License-Identifier: MIT
#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "change/change.h"

namespace ginnel::change {

/// The row of the trail about a change of the row `entity` `id`; `before` and `after` are JSON, or
/// empty.
domain::AuditEntry entry_of(const Context& by,
                            std::string action,
                            std::string entity,
                            std::int64_t id,
                            std::string before,
                            std::string after);

/// Whether the request of `by` made its row before, by what is kept of its key: the row is to be
/// given as it was then. Fails with kKeyReused when another request had the key.
Result<bool> is_repeated(const std::optional<KeptKey>& kept, const Context& by);

/// What is kept of the key of `by`, if there is one, when the row `id` is made.
std::optional<KeptKey> kept_key_of(const Context& by, std::int64_t id, std::string code = {});

}  // namespace ginnel::change
