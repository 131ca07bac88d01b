// SPDX-License-Identifier: MIT
// Text that a shell reads as it stands (POSIX 2024, XCU 2.2.2).
#pragma once

#include <string>
#include <string_view>

namespace ginnel::cli {

/// `text` as one word of a POSIX shell, whatever it holds: quoted where it has to be.
std::string shell_word(std::string_view text);

}  // namespace ginnel::cli
