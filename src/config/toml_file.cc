// SPDX-License-Identifier: MIT
#include "config/toml_file.h"

#include <algorithm>
#include <map>
#include <optional>

#include <toml++/toml.h>

#include "config/nearest_name.h"
#include "config/read_file.h"

namespace ginnel::config {
namespace {

/// A value as it would stand in the environment; nothing when it is no single value.
std::optional<std::string> text_of(const toml::node& node) {
  if (const auto* text = node.as_string()) {
    return text->get();
  }
  if (const auto* number = node.as_integer()) {
    return std::to_string(number->get());
  }
  if (const auto* flag = node.as_boolean()) {
    return flag->get() ? "true" : "false";
  }
  return std::nullopt;
}

std::optional<std::string> text_of(const toml::array& array) {
  std::string text;
  for (const toml::node& element : array) {
    const std::optional<std::string> item = text_of(element);
    if (!item) {
      return std::nullopt;
    }
    text += (text.empty() ? "" : ", ") + *item;
  }
  return text;
}

class Reading final {
 public:
  Reading(std::string path, Table table) : path_(std::move(path)), table_(table) {}

  /// Reads the tables within `root`, which stands under `prefix` (`http.`, or nothing).
  void read(const toml::table& root, const std::string& prefix) {
    for (const auto& [key, node] : root) {
      read_entry(prefix + std::string(key.str()), key, node);
    }
  }

  void add_fault(const toml::source_position& at, std::string name, std::string message) {
    findings_.add_fault({path_, std::move(name), at.line}, std::move(message));
  }

  Findings take() { return std::move(findings_); }

 private:
  bool is_area(const std::string& name) const {
    return std::ranges::any_of(
        table_, [&name](const Setting& setting) { return setting.name.starts_with(name + "."); });
  }

  void read_entry(const std::string& name, const toml::key& key, const toml::node& node) {
    const Setting* setting = find_setting(table_, name);
    const Setting* secret = find_setting_of_file(table_, name);
    const toml::table* inner = node.as_table();
    if (setting != nullptr) {
      read_value(*setting, key, node);
    } else if (secret != nullptr) {
      read_secret(*secret, key, node);
    } else if (inner != nullptr && (is_area(name) || !inner->empty())) {
      read(*inner, name + ".");
    } else if (is_area(name)) {
      add_fault(key.source().begin, name, "a table of settings, not a setting: [" + name + "]");
    } else {
      add_fault(key.source().begin, name, "no such setting" + suggestion(name, known_names()));
    }
  }

  std::vector<std::string> known_names() const {
    std::vector<std::string> names;
    for (const Setting& setting : table_) {
      names.emplace_back(setting.name);
    }
    for (const Setting& setting : table_) {
      if (setting.may_come_from_file()) {
        names.push_back(setting.file_name());
      }
    }
    return names;
  }

  /// Whether this file says already, by another name, what `setting` is.
  bool is_said(const Setting& setting, const toml::key& key, const std::string& name) {
    const auto [said, is_first] = said_.emplace(&setting, name);
    if (!is_first) {
      add_fault(key.source().begin, name, "given twice: also by " + said->second);
    }
    return !is_first;
  }

  void read_value(const Setting& setting, const toml::key& key, const toml::node& node) {
    const std::string name(setting.name);
    if (is_said(setting, key, name)) {
      return;
    }
    const toml::array* array = node.as_array();
    if (array != nullptr && !setting.kind.list) {
      add_fault(key.source().begin, name, "one value is expected, not a list");
      return;
    }
    std::optional<std::string> text = array != nullptr ? text_of(*array) : text_of(node);
    if (!text) {
      add_fault(key.source().begin, name, "must be a text, a whole number, true or false");
      return;
    }
    findings_.given.push_back(
        {&setting, std::move(*text), {path_, name, key.source().begin.line}, path_});
  }

  /// Reads `api.key_file`.
  void read_secret(const Setting& setting, const toml::key& key, const toml::node& node) {
    const std::string name = setting.file_name();
    if (is_said(setting, key, name)) {
      return;
    }
    const auto* const path = node.as_string();
    if (path == nullptr || path->get().empty()) {
      add_fault(key.source().begin, name, "must be the path of a file");
      return;
    }
    Result<std::string> text = read_secret_file(path->get());
    if (!text) {
      add_fault(key.source().begin, name, std::move(text).error().message);
      return;
    }
    findings_.given.push_back(
        {&setting, std::move(*text), {path_, name, key.source().begin.line}, path->get()});
  }

  std::string path_;
  Table table_;
  Findings findings_;
  std::map<const Setting*, std::string> said_;  ///< and under which name
};

}  // namespace

Findings read_toml_file(const std::string& path, Table table) {
  const Result<std::string> text = read_file(path);
  if (!text) {
    Findings findings;
    findings.add_fault({path, {}}, "cannot be read: " + text.error().message);
    return findings;
  }
  Reading reading(path, table);
  try {
    reading.read(toml::parse(*text, path), {});
  } catch (const toml::parse_error& error) {
    reading.add_fault(error.source().begin, {}, std::string(error.description()));
  }
  return reading.take();
}

}  // namespace ginnel::config
