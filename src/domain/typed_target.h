// SPDX-License-Identifier: MIT
#pragma once

#include <string>
#include <string_view>

namespace ginnel::domain {

/// What a person who types or pastes `text` means as a target: without the invisible signs around
/// it, and with https:// before what has no scheme, `example.com:8080/x` and `//example.com` too.
/// The interface for programs does not guess; see page/files/first_page.js for the page.
std::string typed_target(std::string_view text);

}  // namespace ginnel::domain
