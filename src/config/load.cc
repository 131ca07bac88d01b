// SPDX-License-Identifier: MIT
#include "config/load.h"

#include <algorithm>
#include <filesystem>
#include <iterator>
#include <stdexcept>
#include <utility>

#include "base/json_text.h"
#include "base/text.h"
#include "config/process_limits.h"
#include "config/server_urls.h"
#include "config/toml_file.h"

namespace ginnel::config {
namespace {

std::string in_quotes(std::string_view text) {
  constexpr std::size_t kLongestShown = 80;
  std::string result;
  append_json_string(result, text.substr(0, kLongestShown));
  return text.size() > kLongestShown ? result + "..." : result;
}

/// `must be a whole number, 1 to 256, not "zero"`. What may be secret is not repeated.
std::string sentence(const Given& given, const Error& error) {
  if (error.kind == ErrorKind::kConflict) {
    return error.message;
  }
  std::string text = "must be " + error.message;
  if (given.setting->secrecy == Secrecy::kPublic) {
    text += ", not " + in_quotes(error.detail.empty() ? given.text : error.detail);
  }
  return text;
}

std::string source_of(const Origin& origin) {
  return origin.line != 0 ? origin.place + ":" + std::to_string(origin.line) : origin.name;
}

Findings read_flags(const std::vector<Flag>& flags) {
  Findings findings;
  for (const Flag& flag : flags) {
    const Origin origin{"flag", "--" + std::string(flag.setting->name)};
    if (flag.values.size() > 1 && !flag.setting->kind.list) {
      findings.add_fault(origin, "given " + std::to_string(flag.values.size()) + " times");
      continue;
    }
    findings.given.push_back({flag.setting, joined(flag.values), origin});
  }
  return findings;
}

/// The files to read; the last has the last word.
std::vector<std::string> files_of(const Sources& sources) {
  if (sources.file) {
    return {*sources.file};
  }
  const auto named = sources.environment.find(kFileVariable);
  if (named != sources.environment.end() && !named->second.empty()) {
    return {named->second};
  }
  std::vector<std::string> files;
  for (const std::string& path : sources.usual_files) {
    std::error_code ec;
    if (std::filesystem::exists(path, ec)) {
      files.insert(files.begin(), path);
    }
  }
  return files;
}

/// Collects what the sources say, from the weakest to the strongest.
class Loading final {
 public:
  explicit Loading(Table table) : table_(table) {
    for (const Setting& setting : table_) {
      const Result<std::string> value = setting.kind.read(setting.fallback, result_.settings);
      if (!value) {
        throw std::logic_error(std::string(setting.name) + " has a default that cannot be read");
      }
      result_.values.push_back({&setting, setting.shown(*value), "default"});
    }
  }

  void add(Findings findings) {
    std::vector<Fault> faults = std::move(findings.faults);
    for (const Given& given : findings.given) {
      apply(given, faults);
    }
    // toml++ gives keys by name, a person reads by line.
    std::ranges::stable_sort(faults, {}, [](const Fault& fault) { return fault.origin.line; });
    // The strongest source is the one that a person has before his eyes: its faults come first.
    result_.faults.insert(result_.faults.begin(),
                          std::make_move_iterator(faults.begin()),
                          std::make_move_iterator(faults.end()));
  }

  Configuration take() { return std::move(result_); }

 private:
  void apply(const Given& given, std::vector<Fault>& faults) {
    const Result<std::string> value = given.setting->kind.read(given.text, result_.settings);
    if (!value) {
      faults.push_back({given.origin, sentence(given, value.error())});
      return;
    }
    const auto place = static_cast<std::size_t>(given.setting - table_.data());
    result_.values[place].shown = given.setting->shown(*value);
    result_.values[place].source = source_of(given.origin);
    const bool is_secret = result_.values[place].shown != *value;
    std::vector<std::string>& files = result_.secret_files;
    if (is_secret && !given.file.empty() && std::ranges::count(files, given.file) == 0) {
      files.push_back(given.file);
    }
  }

  Table table_;
  Configuration result_;
};

}  // namespace

std::vector<std::string> usual_files() {
  return {"ginnel.toml", "/etc/ginnel/ginnel.toml"};
}

Configuration load(const Sources& sources, Table table) {
  Loading loading(table);
  for (const std::string& path : files_of(sources)) {
    loading.add(read_toml_file(path, table));
  }
  loading.add(read_environment(sources.environment, table));
  loading.add(read_flags(sources.flags));
  return loading.take();
}

void show_urls(Configuration& configuration) {
  const Settings& settings = configuration.settings;
  const http::ListenAddress& first = settings.http.listen.front();
  if (first.port == 0) {
    return;  // the system chooses it at the start
  }
  for (EffectiveValue& value : configuration.values) {
    if (value.shown != "auto") {
      continue;
    }
    if (value.setting->name == "links.public_url") {
      value.shown = default_public_url(settings.http.listen);
    } else if (value.setting->name == "client.server") {
      value.shown = local_url(first);
    }
  }
}

void limit_connections(Configuration& configuration, std::uint64_t file_limit) {
  std::size_t& connections = configuration.settings.http.max_connections;
  const std::size_t fitting = connections_within(connections, file_limit);
  if (fitting == connections) {
    return;
  }
  connections = fitting;
  for (EffectiveValue& value : configuration.values) {
    if (value.setting->name == "http.max_connections") {
      value.shown = std::to_string(fitting);
      value.source = "limit of open files";
    }
  }
}

}  // namespace ginnel::config
