// SPDX-License-Identifier: MIT
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "config/environment.h"
#include "config/given.h"
#include "config/settings.h"

namespace ginnel::config {

/// A flag of the command line: `--http.listen X`, once or more.
struct Flag {
  const Setting* setting = nullptr;  ///< of the table that is loaded
  std::vector<std::string> values;
};

/// Where settings may be written.
struct Sources {
  std::vector<Flag> flags;
  Environment environment;

  /// The file that `--config` names: it must exist.
  std::optional<std::string> file;

  /// Read, when they exist, if neither `--config` nor GINNEL_CONFIG names another file. The first
  /// has the last word. None unless it is said, so that no file of the machine reaches a test.
  std::vector<std::string> usual_files = {};
};

/// Where the command line looks.
std::vector<std::string> usual_files();

/// A setting as it is in effect.
struct EffectiveValue {
  const Setting* setting = nullptr;
  std::string shown;   ///< secrets as `***`
  std::string source;  ///< `default`, `ginnel.toml:3`, `GINNEL_HTTP_LISTEN`, `--http.listen`,
                       ///< `limit of open files`
};

/// What the sources say. `settings` may be used when `faults` is empty.
struct Configuration {
  Settings settings;
  std::vector<EffectiveValue> values;  ///< every row of the table, in its order
  std::vector<Fault> faults;           ///< of all sources, those of flags first

  /// The files that hold a secret, in effect or replaced by a later source.
  std::vector<std::string> secret_files;
};

/// Reads every source: defaults, files, environment, flags, where the later has the last word.
/// A value that a later source replaces is checked all the same.
Configuration load(const Sources& sources, Table table = settings_table());

/// Says in `values` what `auto` stands for in links.public_url and client.server, as far as the
/// ports of http.listen tell.
void show_urls(Configuration& configuration);

/// Lowers `http.max_connections` to what fits below this limit of open files (process_limits.h),
/// and says so in `values`.
void limit_connections(Configuration& configuration, std::uint64_t file_limit);

}  // namespace ginnel::config
