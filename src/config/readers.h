// SPDX-License-Identifier: MIT
#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>
#include <vector>

#include "base/text.h"
#include "config/setting.h"

namespace ginnel::config {

/// How the texts of settings are read. Each function that gives a ValueKind takes `place`, which
/// gives a reference to the field of `Settings` that the value goes to.

struct Bounds {
  std::uint64_t least;
  std::uint64_t most;
};

/// The parts between commas, trimmed; none for a blank text.
std::vector<std::string_view> split_list(std::string_view text);

/// A number in digits. Fails with kInvalid.
Result<std::uint64_t> parse_whole(std::string_view text, Bounds bounds);

/// Bytes: digits, with or without one of KiB, MiB, GiB. Fails with kInvalid.
Result<std::uint64_t> parse_bytes(std::string_view text, Bounds bounds);

/// true, yes, on, 1 and their opposites, in any case. Fails with kInvalid.
Result<bool> parse_switch(std::string_view text);

/// Any text but a blank one and one with a NUL. Fails with kInvalid.
Result<std::string> parse_path(std::string_view text);

/// A key that callers show: 16 to 256 printable ASCII characters without a space, given as it is;
/// empty for the word none. Fails with kInvalid.
Result<std::string> parse_key(std::string_view text);

/// `64 MiB`: in the largest unit that divides the number.
std::string bytes_to_text(std::uint64_t bytes);

/// `1 to 256`, with the unit where there is one.
std::string range_text(Bounds bounds, std::string_view unit = {});

/// Reads by `parse`, puts the value in its place and gives what `show` makes of it.
template <class Parse, class Show, class Place>
Reader reader(Parse parse, Show show, Place place) {
  return [=](std::string_view text, Settings& settings) -> Result<std::string> {
    auto value = parse(text);
    if (!value) {
      return std::move(value).error();
    }
    auto& field = place(settings);
    field = static_cast<std::remove_reference_t<decltype(field)>>(*value);
    return std::string(show(*value));
  };
}

/// A text that `parse` reads and gives in the form that is kept.
template <class Parse, class Place>
ValueKind text_of(std::string range, Parse parse, Place place) {
  return {std::move(range), reader(parse, std::identity(), place)};
}

/// A list that `parse` reads.
template <class Parse, class Place>
ValueKind list_of(std::string range, Parse parse, Place place) {
  return {std::move(range),
          reader(
              parse, [](const auto& list) { return joined(list); }, place),
          true};
}

/// What `parse` reads, or `word`, for which `meant` gives the value.
template <class Meant, class Parse>
auto or_word(std::string_view word, Meant meant, Parse parse) {
  return [=](std::string_view text) -> decltype(parse(text)) {
    if (trimmed(text) == word) {
      return meant();
    }
    auto value = parse(text);
    if (!value) {
      value.error().message.append(", or the word ").append(word);
    }
    return value;
  };
}

/// A text that `parse` reads, or `word`, which stands for none and leaves the field empty.
template <class Parse, class Place>
Reader text_or(std::string_view word, Parse parse, Place place) {
  const auto none = [] { return std::string(); };
  const auto show = [word](const std::string& text) {
    return text.empty() ? std::string(word) : text;
  };
  return reader(or_word(word, none, parse), show, place);
}

template <class Place>
ValueKind path_or(std::string_view word, Place place) {
  return {"a path, or " + std::string(word), text_or(word, parse_path, place), false, {}, true};
}

/// A whole number: of a field of milliseconds, so many of them.
template <class Place>
ValueKind whole(Bounds bounds, Place place, std::string_view unit = {}) {
  const auto parse = [bounds](std::string_view text) { return parse_whole(text, bounds); };
  const auto show = [](std::uint64_t number) { return std::to_string(number); };
  return {range_text(bounds, unit), reader(parse, show, place)};
}

template <class Place>
ValueKind milliseconds(Bounds bounds, Place place) {
  return whole(bounds, place, "ms");
}

template <class Place>
ValueKind bytes(Bounds bounds, Place place) {
  const auto parse = [bounds](std::string_view text) { return parse_bytes(text, bounds); };
  return {bytes_to_text(bounds.least) + " to " + bytes_to_text(bounds.most),
          reader(parse, bytes_to_text, place)};
}

/// true or false.
template <class Place>
ValueKind on_or_off(Place place) {
  const auto show = [](bool flag) { return flag ? "true" : "false"; };
  return {"true or false", reader(parse_switch, show, place), false, {"true", "false"}};
}

/// The words a setting may be, and what each stands for.
template <class Value>
using Choices = std::vector<std::pair<std::string_view, Value>>;

template <class Value, class Place>
ValueKind one_of(Choices<Value> choices, Place place) {
  std::vector<std::string> names;
  for (const auto& choice : choices) {
    names.emplace_back(choice.first);
  }
  const std::string range = joined(names);
  auto read = [choices, range, place](std::string_view text,
                                      Settings& settings) -> Result<std::string> {
    const std::string_view wanted = trimmed(text);
    for (const auto& [word, value] : choices) {
      if (word == wanted) {
        place(settings) = value;
        return std::string(word);
      }
    }
    return Error(ErrorKind::kInvalid, "one of " + range);
  };
  return {range, std::move(read), false, std::move(names)};
}

}  // namespace ginnel::config
