// SPDX-License-Identifier: MIT
// Settings of any text are either in effect or named as faults. An input is a TOML file; what
// follows a NUL are variables, NAME=VALUE, each ended by a NUL.
#include "config/load.h"
#include "config/temporary_file_fixture.h"
#include "support/fuzz_target.h"

namespace {

ginnel::config::Environment environment_of(std::string_view text) {
  ginnel::config::Environment environment;
  while (!text.empty()) {
    const std::string_view pair = text.substr(0, text.find('\0'));
    text.remove_prefix(std::min(text.size(), pair.size() + 1));
    const auto equals = pair.find('=');
    const std::string name(pair.substr(0, equals));
    if (equals != pair.npos && !name.ends_with("_FILE")) {  // no other file is read
      environment[name] = pair.substr(equals + 1);
    }
  }
  return environment;
}

}  // namespace

std::string ginnel::support::fault_of(std::string_view bytes) {
  const std::string_view toml = bytes.substr(0, bytes.find('\0'));
  const config::TemporaryFile file{std::string(toml)};
  config::Sources sources;
  sources.file = file.path();
  sources.environment = environment_of(bytes.substr(std::min(bytes.size(), toml.size() + 1)));
  const config::Configuration configuration = config::load(sources);
  for (const config::Fault& fault : configuration.faults) {
    if (fault.message.empty()) {
      return "a fault without a message: " + fault.text();
    }
  }
  if (configuration.values.size() != config::settings_table().size()) {
    return "a setting without a value";
  }
  return {};
}
