// SPDX-License-Identifier: MIT
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "storage/postgres/engine/query.h"

namespace ginnel::storage::postgres {

/// libpq's number for parameters and rows in binary form.
inline constexpr int kBinary = 1;

/// The values of a query as libpq wants them; valid as long as that.
struct Parameters {
  explicit Parameters(const Query& query) : formats(query.values().size(), kBinary) {
    for (const std::optional<std::string>& value : query.values()) {
      values.push_back(value ? value->data() : nullptr);
      lengths.push_back(value ? static_cast<int>(value->size()) : 0);
    }
  }

  int count() const noexcept { return static_cast<int>(values.size()); }

  std::vector<const char*> values;
  std::vector<int> lengths;
  std::vector<int> formats;
};

}  // namespace ginnel::storage::postgres
