// SPDX-License-Identifier: MIT
#pragma once

#include <memory>

#include "storage/backend.h"

namespace ginnel::support {

/// Backend::open_stores for a test, which has no loop but that of the call it waits for.
inline Result<std::unique_ptr<storage::Stores>> open_stores(const storage::StoreOptions& options,
                                                            storage::ChangeListener& listener) {
  return storage::backend_of(options).open_stores(options, listener, {}, nullptr);
}

}  // namespace ginnel::support
