// SPDX-License-Identifier: MIT
#include "config/environment.h"

#include <algorithm>
#include <regex>
#include <unistd.h>

#include "config/nearest_name.h"
#include "config/read_file.h"

namespace ginnel::config {
namespace {

constexpr std::string_view kPrefix = "GINNEL_";

std::optional<std::string> value_of(const Environment& environment, const std::string& name) {
  const auto found = environment.find(name);
  if (found == environment.end() || found->second.empty()) {
    return std::nullopt;
  }
  return found->second;
}

/// Whether the variable `name`, or `name`_FILE, says what `setting` is; a fault counts as said.
bool read_variable(const Environment& environment,
                   const Setting& setting,
                   const std::string& name,
                   Findings& findings) {
  const std::optional<std::string> value = value_of(environment, name);
  const std::string file_variable = name + "_FILE";
  const std::optional<std::string> path =
      setting.may_come_from_file() ? value_of(environment, file_variable) : std::nullopt;
  if (value && path) {
    findings.add_fault({"environment", name}, "given twice: also by " + file_variable);
  } else if (value) {
    findings.given.push_back({&setting, *value, {"environment", name}});
  } else if (path) {
    Result<std::string> text = read_secret_file(*path);
    if (text) {
      findings.given.push_back({&setting, std::move(*text), {"environment", file_variable}, *path});
    } else {
      findings.add_fault({"environment", file_variable}, std::move(text).error().message);
    }
  }
  return value || path;
}

/// The variables that this binary reads.
std::vector<std::string> known_names(Table table) {
  std::vector<std::string> names{kFileVariable};
  for (const Setting& setting : table) {
    names.push_back(setting.environment_name());
    names.insert(names.end(), setting.customary.begin(), setting.customary.end());
    if (setting.may_come_from_file()) {
      names.push_back(setting.environment_name() + "_FILE");
    }
  }
  return names;
}

/// What Kubernetes puts into every pod for a service named ginnel or ginnel-... (GINNEL_PORT,
/// GINNEL_PORT_8080_TCP_ADDR): https://kubernetes.io/docs/concepts/services-networking/service
bool comes_from_kubernetes(const Environment& environment, const std::string& name) {
  static const std::regex kService(
      "[A-Z0-9_]+(_SERVICE_HOST|_SERVICE_PORT(_[A-Z0-9_]+)?|_PORT|"
      "_PORT_[0-9]+_(TCP|UDP|SCTP)(_(PROTO|PORT|ADDR))?)");
  return environment.contains("KUBERNETES_SERVICE_HOST") && std::regex_match(name, kService);
}

}  // namespace

Environment process_environment() {
  Environment environment;
  for (char** entry = environ; entry != nullptr && *entry != nullptr; ++entry) {
    const std::string_view text(*entry);
    const std::size_t equals = text.find('=');
    if (equals != std::string_view::npos) {
      environment.emplace(text.substr(0, equals), text.substr(equals + 1));
    }
  }
  return environment;
}

Findings read_environment(const Environment& environment, Table table) {
  Findings findings;
  for (const Setting& setting : table) {
    bool found = read_variable(environment, setting, setting.environment_name(), findings);
    for (auto name = setting.customary.begin(); !found && name != setting.customary.end(); ++name) {
      found = read_variable(environment, setting, std::string(*name), findings);
    }
  }
  const std::vector<std::string> known = known_names(table);
  for (const auto& [name, value] : environment) {
    const bool ours = name.starts_with(kPrefix) && !comes_from_kubernetes(environment, name);
    if (ours && std::ranges::count(known, name) == 0) {
      findings.add_fault({"environment", name}, "no such setting" + suggestion(name, known));
    }
  }
  return findings;
}

}  // namespace ginnel::config
