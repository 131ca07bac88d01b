// SPDX-License-Identifier: MIT
#include "cli/command_docs.h"

#include <algorithm>

#include "config/settings.h"

namespace ginnel::cli {
namespace {

/// The words of `TEXT:{users,urls,events}`.
std::vector<std::string> choices_of(const std::string& type) {
  std::vector<std::string> choices;
  const auto begin = type.find('{');
  if (begin == std::string::npos || type.find(":{") == std::string::npos) {
    return choices;
  }
  std::string words = type.substr(begin + 1, type.find('}') - begin - 1);
  while (!words.empty()) {
    const auto comma = std::min(words.find(','), words.size());
    choices.push_back(words.substr(0, comma));
    words.erase(0, comma + 1);
  }
  return choices;
}

bool is_file(std::string_view value) {
  return value == "FILE" || value == "PATH";
}

OptionDoc doc_of(const CLI::Option& option) {
  OptionDoc doc;
  const config::Setting* setting = nullptr;
  for (const std::string& name : option.get_lnames()) {
    doc.names.push_back("--" + name);
    setting = setting == nullptr ? config::find_setting(config::settings_table(), name) : setting;
  }
  for (const std::string& name : option.get_snames()) {
    doc.names.push_back("-" + name);
  }
  const std::string type = option.get_type_name();
  const bool takes_value = option.get_items_expected_max() > 0;
  doc.value = takes_value ? type.substr(0, type.find(':')) : "";
  if (doc.names.empty()) {
    doc.value = option.get_name(true);
  }
  doc.meaning = option.get_description();
  if (takes_value && !option.get_default_str().empty()) {
    doc.meaning += " (default: " + option.get_default_str() + ")";
  }
  doc.choices = setting != nullptr ? setting->kind.words : choices_of(type);
  doc.is_file = setting != nullptr ? setting->kind.is_path : is_file(doc.value);
  doc.is_setting = option.get_group().empty();
  doc.is_required = option.get_required();
  return doc;
}

void add_command(const CLI::App& app, const std::string& path, std::vector<CommandDoc>& commands) {
  CommandDoc doc;
  doc.path = path;
  doc.summary = app.get_description();
  doc.help = app.get_footer();
  for (const CLI::Option* option : app.get_options()) {
    OptionDoc described = doc_of(*option);
    if (option->get_positional()) {
      doc.words.push_back(std::move(described));
    } else if (!described.is_setting || !described.meaning.empty()) {
      doc.flags.push_back(std::move(described));
    }
  }
  const auto below = app.get_subcommands([](const CLI::App*) { return true; });
  for (const CLI::App* command : below) {
    doc.commands.push_back(command->get_name());
  }
  commands.push_back(std::move(doc));
  for (const CLI::App* command : below) {
    add_command(*command, path + (path.empty() ? "" : " ") + command->get_name(), commands);
  }
}

}  // namespace

std::vector<CommandDoc> describe(const CLI::App& app) {
  std::vector<CommandDoc> commands;
  add_command(app, "", commands);
  return commands;
}

const CommandDoc& find_command(const std::vector<CommandDoc>& commands, std::string_view path) {
  return *std::ranges::find(commands, path, &CommandDoc::path);
}

}  // namespace ginnel::cli
