// SPDX-License-Identifier: MIT
#pragma once

#include <chrono>
#include <cstdint>
#include <string>
#include <string_view>
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

/// A key that callers show: 16 to 256 printable ASCII characters without a space, given as it is;
/// empty for the word none. Fails with kInvalid.
Result<std::string> parse_key(std::string_view text);

/// `64 MiB`: in the largest unit that divides the number.
std::string bytes_to_text(std::uint64_t bytes);

/// `1 to 256`, with the unit where there is one.
std::string range_text(Bounds bounds, std::string_view unit = {});

/// A text that `parse` reads and gives in the form that is kept.
template <class Parse, class Place>
ValueKind text_of(std::string range, Parse parse, Place place) {
  auto read = [parse, place](std::string_view text, Settings& settings) -> Result<std::string> {
    Result<std::string> value = parse(text);
    if (value) {
      place(settings) = *value;
    }
    return value;
  };
  return {std::move(range), std::move(read)};
}

/// A list that `parse` reads.
template <class Parse, class Place>
ValueKind list_of(std::string range, Parse parse, Place place) {
  auto read = [parse, place](std::string_view text, Settings& settings) -> Result<std::string> {
    auto items = parse(text);
    if (!items) {
      return items.error();
    }
    place(settings) = *items;
    return joined(*items);
  };
  return {std::move(range), std::move(read), true};
}

/// A path, or `word`, which stands for none and leaves the field empty.
template <class Place>
ValueKind path_or(std::string_view word, Place place) {
  auto read = [word, place](std::string_view text, Settings& settings) -> Result<std::string> {
    const std::string path(trimmed(text));
    if (path.empty() || path.find('\0') != std::string::npos) {
      return Error(ErrorKind::kInvalid, "a path, or the word " + std::string(word));
    }
    place(settings) = path == word ? std::string() : path;
    return path;
  };
  return {"a path, or " + std::string(word), std::move(read), false, {}, true};
}

template <class Place>
ValueKind whole(Bounds bounds, Place place) {
  auto read = [bounds, place](std::string_view text, Settings& settings) -> Result<std::string> {
    const Result<std::uint64_t> number = parse_whole(text, bounds);
    if (!number) {
      return number.error();
    }
    auto& field = place(settings);
    field = static_cast<std::remove_reference_t<decltype(field)>>(*number);
    return std::to_string(*number);
  };
  return {range_text(bounds), std::move(read)};
}

/// A whole number of milliseconds.
template <class Place>
ValueKind milliseconds(Bounds bounds, Place place) {
  auto read = [bounds, place](std::string_view text, Settings& settings) -> Result<std::string> {
    const Result<std::uint64_t> number = parse_whole(text, bounds);
    if (!number) {
      return number.error();
    }
    place(settings) = std::chrono::milliseconds(*number);
    return std::to_string(*number);
  };
  return {range_text(bounds, "ms"), std::move(read)};
}

template <class Place>
ValueKind bytes(Bounds bounds, Place place) {
  auto read = [bounds, place](std::string_view text, Settings& settings) -> Result<std::string> {
    const Result<std::uint64_t> number = parse_bytes(text, bounds);
    if (!number) {
      return number.error();
    }
    place(settings) = *number;
    return bytes_to_text(*number);
  };
  return {bytes_to_text(bounds.least) + " to " + bytes_to_text(bounds.most), std::move(read)};
}

/// true or false.
template <class Place>
ValueKind on_or_off(Place place) {
  auto read = [place](std::string_view text, Settings& settings) -> Result<std::string> {
    const Result<bool> flag = parse_switch(text);
    if (!flag) {
      return flag.error();
    }
    place(settings) = *flag;
    return std::string(*flag ? "true" : "false");
  };
  return {"true or false", std::move(read), false, {"true", "false"}};
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
