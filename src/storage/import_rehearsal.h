// SPDX-License-Identifier: MIT
#pragma once

#include <memory>

#include "base/result.h"
#include "storage/import_store.h"
#include "storage/options.h"

namespace ginnel::storage {

/// A store that tells what an import would make of each row in the database named by `options.url`,
/// as it is now, and writes nothing there. Another process may serve it meanwhile. What was
/// imported stands in the way of what is imported later, as it would. Where there is no database
/// yet, it is an empty one. Memory is constant. Used by one thread at a time; calls block.
///
/// Fails with kInvalid for a URL that cannot be used and a database that lacks migrations,
/// kUnavailable when it does not answer.
Result<std::unique_ptr<ImportStore>> open_import_rehearsal(const StoreOptions& options);

}  // namespace ginnel::storage
