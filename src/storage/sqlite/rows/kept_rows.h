// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>

#include "base/result.h"
#include "storage/examination.h"
#include "storage/sqlite/engine/connection.h"

namespace ginnel::storage::sqlite {

/// Users whose names and addresses are not those of a new user: a rule refuses or trims them
/// (domain::username_fault, email_fault), or another user's name is theirs in other letters.
Result<KeptRows> find_kept_users(Connection& database);

/// Links whose targets a new link would not have as they are (domain::TargetUrl::parse), or whose
/// Location is longer than so many bytes.
Result<KeptRows> find_kept_links(Connection& database, std::size_t max_location_bytes);

}  // namespace ginnel::storage::sqlite
