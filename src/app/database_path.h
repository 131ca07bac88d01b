// SPDX-License-Identifier: MIT
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace ginnel::app {

/// The file that a `database.url` names, or nothing when it names none.
inline std::optional<std::string> database_path(std::string_view url) {
  constexpr std::string_view kSqlite = "sqlite:";
  if (!url.starts_with(kSqlite) || url == "sqlite::memory:") {
    return std::nullopt;
  }
  return std::string(url.substr(kSqlite.size()));
}

}  // namespace ginnel::app
