// SPDX-License-Identifier: MIT
#include "cli/manual_page.h"

#include <algorithm>
#include <iterator>

#include "base/text.h"
#include "config/document.h"

namespace ginnel::cli {
namespace {

/// `text` inside a line: what troff would read otherwise is escaped.
std::string inline_text(std::string_view text) {
  constexpr std::string_view kMarks = "\\-`'^~";
  constexpr std::string_view kEscapes[] = {"\\e", "\\-", "\\(ga", "\\(aq", "\\(ha", "\\(ti"};
  std::string result;
  for (const char character : text) {
    const auto place = kMarks.find(character);
    result += place == kMarks.npos ? std::string_view(&character, 1) : kEscapes[place];
  }
  return result;
}

/// A line of its own, which must not begin with a request.
std::string line(std::string_view text) {
  const std::string guard = text.starts_with('.') ? "\\&" : "";
  return guard + inline_text(text) + "\n";
}

/// Paragraphs: a line that is indented stays a line, the others are filled.
std::string paragraphs(std::string_view text) {
  std::string result;
  bool is_kept = false;
  const auto keep = [&](bool wanted) {
    if (wanted != is_kept) {
      result += wanted ? ".nf\n" : ".fi\n";
      is_kept = wanted;
    }
  };
  while (!text.empty()) {
    const std::string_view one = text.substr(0, text.find('\n'));
    text.remove_prefix(std::min(one.size() + 1, text.size()));
    if (one.empty()) {
      keep(false);
      result += text.empty() ? "" : ".PP\n";
    } else {
      keep(one.starts_with(' '));
      result += line(one);
    }
  }
  keep(false);
  return result;
}

std::string bold(std::string_view text) {
  return "\\fB" + inline_text(text) + "\\fR";
}

std::string italic(std::string_view text) {
  return "\\fI" + inline_text(text) + "\\fR";
}

std::string flag_entry(const OptionDoc& flag) {
  std::vector<std::string> names;
  std::ranges::transform(flag.names, std::back_inserter(names), bold);
  return ".TP\n" + joined(names) + (flag.value.empty() ? "" : " " + italic(flag.value)) + "\n" +
         line(flag.meaning);
}

std::string synopsis_of(const CommandDoc& command) {
  std::string text = bold("ginnel " + command.path) + " [" + italic("FLAGS") + "]";
  for (const OptionDoc& word : command.words) {
    text += word.is_required ? " " + italic(word.value) : " [" + italic(word.value) + "]";
  }
  return text;
}

std::string section_of(const CommandDoc& command) {
  std::string text = ".SS " + synopsis_of(command) + "\n" + line(command.summary + ".");
  for (const OptionDoc& word : command.words) {
    text += ".TP\n" + italic(word.value) + "\n" + line(word.meaning);
  }
  std::vector<std::string> areas;
  for (const OptionDoc& flag : command.flags) {
    if (!flag.is_setting) {
      text += flag_entry(flag);
      continue;
    }
    const std::string area = bold(flag.names.front().substr(2, flag.names.front().find('.') - 2));
    if (std::ranges::count(areas, area) == 0) {
      areas.push_back(area);
    }
  }
  text += areas.empty() ? "" : ".PP\nSettings of " + joined(areas) + " matter to it.\n";
  return text + (command.help.empty() ? "" : ".PP\n" + paragraphs(command.help));
}

std::string setting_entry(const config::Setting& setting) {
  return ".TP\n" + bold("--" + std::string(setting.name)) + " " + italic("X") + "\n" +
         line(setting.meaning) +
         line("Values: " + setting.kind.range + ". Default: " + setting.shown_default() +
              ". Environment: " + joined(config::environment_names(setting)) + ".");
}

std::string settings_section(config::Table settings) {
  std::string text =
      ".SH SETTINGS\n"
      "A setting comes from a flag, the environment, a TOML file or its default, in this order. "
      "Every\ncommand that has settings takes all of them.\n";
  for (const config::Area& area : config::areas()) {
    text += ".SS " + inline_text(area.title) + "\n";
    for (const config::Setting& setting : settings) {
      text += setting.area() == area.name ? setting_entry(setting) : "";
    }
  }
  return text;
}

}  // namespace

std::string manual_page(const std::vector<CommandDoc>& commands,
                        config::Table settings,
                        std::string_view version) {
  std::string text = ".\\\" Made by `ginnel man` from what `ginnel --help` shows.\n";
  text += ".TH GINNEL 1 \"\" \"ginnel " + std::string(version) + "\" \"Ginnel\"\n.nh\n.ad l\n";
  text +=
      ".SH NAME\nginnel \\- a URL shortener: one binary, one file\n"
      ".SH SYNOPSIS\n" +
      bold("ginnel") + " " + italic("COMMAND") + " [" + italic("FLAGS") + "] [" + italic("WORDS") +
      "]\n.SH DESCRIPTION\n" + line(find_command(commands, "").summary) +
      paragraphs(find_command(commands, "").help) + ".SH COMMANDS\n";
  for (const CommandDoc& command : commands) {
    text += command.path.empty() || !command.commands.empty() ? "" : section_of(command);
  }
  text += settings_section(settings);
  text += ".SH FILES\n.TP\n" + italic("ginnel.toml") + ", " + italic("/etc/ginnel/ginnel.toml") +
          "\nSettings; the first has the last word.\n.TP\n" + italic("data/ginnel.db") +
          "\nThe database, with its log and lock beside it, and " + italic("ginnel.db.journal") +
          " with the clicks that wait.\n"
          ".SH EXIT STATUS\n0 done, 1 it could not be done, 2 wrong usage; each command's help "
          "tells of "
          "more.\n";
  return text;
}

}  // namespace ginnel::cli
