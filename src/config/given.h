// SPDX-License-Identifier: MIT
#pragma once

#include <string>
#include <utility>
#include <vector>

#include "config/setting.h"

namespace ginnel::config {

/// Where a person wrote something, and under which name.
struct Origin {
  std::string place;  ///< the path of a file, `environment` or `flag`
  std::string name;   ///< `http.listen`, `GINNEL_HTTP_LISTEN` or `--http.listen`; may be empty
  unsigned line = 0;  ///< in a file, from 1
};

/// A setting that a source names, with its text. Several values are joined by commas.
struct Given {
  const Setting* setting = nullptr;
  std::string text;
  Origin origin;
  std::string file = {};  ///< in which the text stands; empty where it is in none
};

/// Something that is wrong in a source. Holds no secret.
struct Fault {
  Origin origin;
  std::string message;

  /// `ginnel.toml:3: http.thraeds: no such setting; did you mean http.threads?`
  std::string text() const {
    const std::string line = origin.line == 0 ? "" : ":" + std::to_string(origin.line);
    return origin.place + line + ": " + (origin.name.empty() ? "" : origin.name + ": ") + message;
  }
};

/// What a source holds.
struct Findings {
  std::vector<Given> given;
  std::vector<Fault> faults;

  void add_fault(Origin origin, std::string message) {
    faults.push_back({std::move(origin), std::move(message)});
  }
};

}  // namespace ginnel::config
