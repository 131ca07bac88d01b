// SPDX-License-Identifier: MIT
#pragma once

#include <array>
#include <optional>
#include <string>
#include <string_view>

namespace ginnel::domain {

/// The code that a person means by `text`, what stands behind the first slash of an address,
/// decoded.
///
/// `text` itself when it could be a code. Else the code in it when everything around it was taken
/// along by mistake: slashes, punctuation, white space and invisible signs, of which a `?`, `&` or
/// `#` behind the code may be followed by anything: a query whose mark was encoded. Where nothing
/// is but signs, the first `-` or `_` begins the code. Nothing for any other text
/// (`code/any/thing`, `wp-login.php`), and when what is left is a reserved word: `/urls` is no link
/// for being written `//urls`. A `+` stays a part of its text.
std::optional<std::string_view> code_within(std::string_view text) noexcept;

/// The texts that `code` may stand for beside itself, since `-` and `_` are punctuation, too:
/// without one, two or all of those at its end, and of those at its beginning. Of one that has
/// nothing else, at most two are left out at either end. The longest first, of two that are as long
/// the one that begins earlier; what is left over is empty.
using ShorterCodes = std::array<std::string_view, 15>;
ShorterCodes shorter_codes(std::string_view code) noexcept;

/// Whether two codes differ by case at most.
bool same_in_any_case(std::string_view one, std::string_view other) noexcept;

/// What all codes have in common of which one may be found for another (storage::RedirectSource):
/// the text without `-` and `_` around it, in lower case.
std::string code_stem(std::string_view code);

}  // namespace ginnel::domain
