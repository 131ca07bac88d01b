// SPDX-License-Identifier: MIT
#pragma once

#include <functional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"

namespace ginnel::config {

struct Settings;

/// Reads the text of a setting into its place in `Settings` and gives the value as it is in effect
/// (`http.threads = cores` is shown as `2`).
///
/// Fails with kInvalid: `message` completes "must be", and `detail` holds the piece of the text
/// that is at fault where that is not all of it. Fails with kConflict: `message` says all.
using Reader = std::function<Result<std::string>(std::string_view, Settings&)>;

/// What values a setting takes: in words, and how they are read. Made by the functions of
/// readers.h, so that what the documentation says is what is checked.
struct ValueKind {
  std::string range;
  Reader read;
  bool list = false;  ///< several values: separated by commas, repeated, or an array in the file
  std::vector<std::string> words = {};  ///< all that a value may be, or none: for completions
  bool is_path = false;
};

enum class Secrecy {
  kPublic,
  kHasPassword,  ///< a URL that may hold a password, which is shown as `***`
  kSecret,       ///< shown as `***`
};

/// A setting, declared once: everything that is known of it comes from its row in the table.
struct Setting {
  std::string_view name = {};      ///< `http.listen`: also the name in the file and of the flag
  std::string_view meaning = {};   ///< full sentences
  std::string_view fallback = {};  ///< the default, as it would be written
  std::string_view example = {};
  ValueKind kind = {};
  Secrecy secrecy = Secrecy::kPublic;
  std::vector<std::string_view> customary = {};  ///< environment names beside GINNEL_...

  /// The part before the first dot.
  std::string_view area() const { return name.substr(0, name.find('.')); }

  /// `GINNEL_HTTP_LISTEN`.
  std::string environment_name() const;

  /// The default as a person is told it.
  std::string shown_default() const { return std::string(fallback.empty() ? "none" : fallback); }

  /// Whether it can be read from a file of its own: the one that the variable with `_FILE` at its
  /// end names, or in a file of settings `file_name()`.
  bool may_come_from_file() const { return secrecy != Secrecy::kPublic; }

  /// `api.key_file`.
  std::string file_name() const { return std::string(name) + "_file"; }

  /// `value` as a person may see it.
  std::string shown(std::string_view value) const;
};

/// What the settings before a dot have in common.
struct Area {
  std::string_view name;
  std::string_view title;
};

using Table = std::span<const Setting>;

/// The setting of this name, or null.
const Setting* find_setting(Table table, std::string_view name);

/// The setting that may come from a file and whose file_name() this is, or null.
const Setting* find_setting_of_file(Table table, std::string_view name);

/// `url` with the password of its authority and of a `password=` parameter as `***`.
std::string without_password(std::string_view url);

}  // namespace ginnel::config
