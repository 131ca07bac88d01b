// SPDX-License-Identifier: MIT
#include "storage/backend.h"

#include <algorithm>
#include <iterator>

#include "storage/sqlite/backend.h"

namespace ginnel::storage {
namespace {

struct Row {
  std::string_view scheme;  ///< what the URL of such a database begins with
  const Backend& (*backend)();
};

constexpr Row kBackends[] = {
    {"sqlite:", &sqlite::backend},
};

}  // namespace

const Backend& backend_of(const StoreOptions& options) {
  const std::string_view url = options.url;
  const auto* const row =
      std::find_if(std::begin(kBackends), std::end(kBackends), [url](const Row& one) {
        return url.starts_with(one.scheme);
      });
  return (row == std::end(kBackends) ? kBackends[0] : *row).backend();
}

std::string engines() {
  std::string text;
  for (const Row& row : kBackends) {
    text.append(text.empty() ? "" : ", ").append(row.backend().engine());
  }
  return text;
}

}  // namespace ginnel::storage
