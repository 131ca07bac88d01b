// SPDX-License-Identifier: MIT
#include "cli/doctor_command.h"

#include <algorithm>
#include <string>
#include <string_view>
#include <vector>

#include <fmt/format.h>

#include "base/json_text.h"
#include "cli/command.h"
#include "cli/doctor_checks.h"
#include "cli/doctor_machine.h"
#include "domain/reserved_codes.h"
#include "storage/backend.h"

namespace ginnel::cli {
namespace {

std::string_view word_for(Finding::Level level) noexcept {
  constexpr std::string_view kWords[] = {"ok", "warn", "fail"};
  return kWords[static_cast<std::size_t>(level)];
}

std::string line_of(const Finding& finding) {
  std::string line =
      fmt::format("{:<4}  {:<9}  {}\n", word_for(finding.level), finding.area, finding.text);
  if (!finding.cure.empty()) {
    line += fmt::format("{:17}cure: {}\n", "", finding.cure);
  }
  return line;
}

std::string document_of(const std::vector<Finding>& findings) {
  std::string text = "[";
  for (const Finding& finding : findings) {
    text += text.size() > 1 ? "," : "";
    JsonObject object(text);
    object.add("area", finding.area)
        .add("cure", finding.cure)
        .add("level", word_for(finding.level))
        .add("text", finding.text);
    object.end();
  }
  return text + "]\n";
}

/// Everything, in the order in which a person would look. When the settings have faults only those
/// are told: the rest depends on them.
std::vector<Finding> check_installation(const config::Configuration& configuration) {
  std::vector<Finding> findings = check_settings(configuration);
  if (!configuration.faults.empty()) {
    return findings;
  }
  const config::Settings& settings = configuration.settings;
  storage::ExaminationRules rules = {{}, settings.links.max_location_bytes};
  for (const std::string_view word : domain::reserved_codes()) {
    rules.words.emplace_back(word);
  }
  const auto add = [&findings](std::vector<Finding> more) {
    findings.insert(findings.end(), more.begin(), more.end());
  };
  const auto seen = storage::backend_of(settings.store).examine(settings.store, rules);
  add(check_folders(settings));
  if (seen) {
    add(check_database(*seen, settings.store.migrate));
    add(check_server(settings, *seen));
  } else {
    add({failure("database", seen.error().message, "set database.url")});
  }
  add(check_journal(settings, seen && seen->server.has_value()));
  add(check_secrets(configuration));
  const domain::Timestamp now = domain::now();
  add({check_open_files(configuration), check_access(settings), check_public_url(settings)});
  add(check_proxies(settings));
  add({check_countries(settings, now), check_clock(now, is_clock_kept())});
  return findings;
}

}  // namespace

const char* const kDoctorHelp =
    "Looks at what `ginnel serve` needs with the same flags, environment and file: settings, "
    "folders\n"
    "and room, the database from its first page to its last, who serves it, port, open files,\n"
    "journal, secrets, clock, countries, public URL and access. It changes nothing; a server may "
    "run.\n"
    "\n"
    "  ok    as it should be\n"
    "  warn  it serves, but somebody should look\n"
    "  fail  it does not serve, or not for long\n"
    "\n"
    "Exit status: 0 no line says fail, 1 one does, 2 wrong usage.\n";

int run_doctor(const config::Configuration& configuration, bool json, std::ostream& out) {
  const std::vector<Finding> findings = check_installation(configuration);
  if (json) {
    out << document_of(findings);
  } else {
    for (const Finding& finding : findings) {
      out << line_of(finding);
    }
  }
  const auto failed = std::ranges::count(findings, Finding::Level::kFail, &Finding::level);
  return failed > 0 ? kFailure : kSuccess;
}

}  // namespace ginnel::cli
