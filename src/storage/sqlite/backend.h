// SPDX-License-Identifier: MIT
#pragma once

#include "storage/backend.h"

namespace ginnel::storage::sqlite {

/// Databases in files, `sqlite:PATH`, and in memory, `sqlite::memory:`.
const storage::Backend& backend();

}  // namespace ginnel::storage::sqlite
