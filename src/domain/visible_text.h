// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

namespace ginnel::domain {

// What of a text (UTF-8) people see, by the tables of Unicode (ICU). Bytes that are no UTF-8 are
// visible.

/// `text` without the invisible signs around it, which come along when something is copied: white
/// space and what Unicode says to ignore (Default_Ignorable_Code_Point: U+200B, U+FEFF, U+202A).
/// At the end stays what belongs to the sign before it: a variation selector or tag of an emoji or
/// ideograph, a joiner behind a virama.
std::string_view without_invisible_ends(std::string_view text);

/// Whether `text` holds a sign that leaves ink: neither white space, nor one to ignore, nor one of
/// the blanks that no table calls so (U+2800).
bool has_visible_sign(std::string_view text);

/// How many signs of `text` are white space.
std::size_t count_white_space(std::string_view text);

/// Whether `text` holds a control character of Unicode (Cc): beside ASCII's, U+0080 to U+009F.
bool has_control_sign(std::string_view text);

/// The first sign of `text` that turns the direction of writing (Bidi_Control), or nothing.
std::optional<char32_t> find_direction_sign(std::string_view text);

/// Whether `text` holds a letter that is written from right to left.
bool has_right_to_left(std::string_view text);

/// What texts are compared by that differ in case or composition alone: NFC, with Unicode's full
/// case folding. Of ASCII it is ascii_lower; folded once more, it is itself.
std::string folded(std::string_view text);

}  // namespace ginnel::domain
