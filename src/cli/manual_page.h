// SPDX-License-Identifier: MIT
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "cli/command_docs.h"
#include "config/settings.h"

namespace ginnel::cli {

/// ginnel(1) in the language of man(7), pure ASCII: the commands with their flags and help, then
/// every setting.
std::string manual_page(const std::vector<CommandDoc>& commands,
                        config::Table settings,
                        std::string_view version);

}  // namespace ginnel::cli
