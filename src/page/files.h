// SPDX-License-Identifier: MIT
#pragma once

#include <string>
#include <string_view>

#include "base/embedded_file.h"
#include "http/request.h"
#include "http/response.h"

namespace ginnel::page {

/// What a browser is told to forbid in an answer of ours: everything from elsewhere, scripts and
/// styles in the text, frames around it (Content-Security-Policy).
inline constexpr std::string_view kPolicy =
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; "
    "base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

/// The contents of a file that the build put into the binary: `page.css`. Throws std::logic_error
/// for a name that is not there.
std::string_view contents_of(std::string_view name);

/// Where browsers find a file, below the root: `assets/page.0123456789abcdef.css`. The digits are
/// of the file's hash, so that the address may be kept for good and a new version has another.
std::string asset_path(std::string_view name);

/// The file at `/assets/{name}`, to be kept for a year; 404 for every other name, those of earlier
/// versions too.
http::Response asset(const http::Request& request, std::string_view name);

/// A file at an address of its own, `/robots.txt`, to be kept for a day.
http::Response root_file(const http::Request& request, std::string_view name);

/// 200 with a file of the binary, its type by the ending of its name, its entity tag by its hash.
/// 304 for who has it.
http::Response served(const http::Request& request,
                      const base::EmbeddedFile& file,
                      http::Keeping keeping,
                      std::string_view policy = kPolicy);

/// Adds the policy, and that a browser does not tell other sites its address.
void add_restrictions(http::Response& response, std::string_view policy = kPolicy);

}  // namespace ginnel::page
