// SPDX-License-Identifier: MIT
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "config/settings.h"

namespace ginnel::config {

/// The variables that a setting is read from, those that name a file with it too.
std::vector<std::string> environment_names(const Setting& setting);

/// What `--help` says of the settings in these areas: flag, meaning, default, environment.
std::string settings_help(Table table, const std::vector<std::string_view>& areas);

/// docs/configuration.md.
std::string configuration_page(Table table);

/// `text` in lines of at most `width` characters, each behind `indent` spaces. A word that is
/// longer gets a line of its own.
std::string wrapped(std::string_view text, std::size_t indent, std::size_t width);

}  // namespace ginnel::config
