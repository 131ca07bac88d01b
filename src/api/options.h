// SPDX-License-Identifier: MIT
#pragma once

#include <string>

namespace ginnel::api {

/// Who may use the routes that are not public. `config` fills it; docs/api.md says what follows.
struct GuardOptions {
  /// What callers have to show; empty: there is no key.
  std::string key;

  /// Whether anybody may call where there is no key.
  bool open = false;
};

}  // namespace ginnel::api
