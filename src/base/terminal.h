// SPDX-License-Identifier: MIT
#pragma once

namespace ginnel {

/// Whether what is written to `descriptor` may hold escape sequences: it is a terminal, and TERM
/// does not say that it is one without (`dumb`: an editor's, a log of CI).
bool takes_escapes(int descriptor) noexcept;

/// Whether it may be in colour: escape sequences may be, and NO_COLOR is not set to anything
/// (https://no-color.org).
bool takes_colour(int descriptor) noexcept;

}  // namespace ginnel
