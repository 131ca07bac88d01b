// SPDX-License-Identifier: MIT
#include "config/nearest_name.h"

#include <algorithm>
#include <cstddef>

#include "config/readers.h"

namespace ginnel::config {
namespace {

using Row = std::vector<std::size_t>;

std::size_t distance(const std::string& a, const std::string& b) {
  Row before_last(b.size() + 1);
  Row last(b.size() + 1);
  Row row(b.size() + 1);
  for (std::size_t j = 0; j <= b.size(); ++j) {
    row[j] = j;
  }
  for (std::size_t i = 1; i <= a.size(); ++i) {
    before_last.swap(last);
    last.swap(row);
    row[0] = i;
    for (std::size_t j = 1; j <= b.size(); ++j) {
      const bool same = a[i - 1] == b[j - 1];
      row[j] = std::min({last[j] + 1, row[j - 1] + 1, last[j - 1] + (same ? 0 : 1)});
      const bool swapped = i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1];
      if (swapped) {
        row[j] = std::min(row[j], before_last[j - 2] + 1);
      }
    }
  }
  return row[b.size()];
}

/// The one name that ends in `.name` or `_name`.
std::string only_name_with_end(const std::string& name, const std::vector<std::string>& known) {
  std::string result;
  for (const std::string& candidate : known) {
    const std::string text = ascii_lower(candidate);
    if (!text.ends_with("." + name) && !text.ends_with("_" + name)) {
      continue;
    }
    if (!result.empty()) {
      return {};
    }
    result = candidate;
  }
  return result;
}

}  // namespace

std::string nearest_name(std::string_view name, const std::vector<std::string>& known) {
  constexpr std::size_t kLongestWorthComparing = 100;
  if (name.empty() || name.size() > kLongestWorthComparing) {
    return {};
  }
  const std::string wanted = ascii_lower(name);
  std::string result;
  std::size_t least = std::max<std::size_t>(wanted.size() / 3, 1) + 1;
  for (const std::string& candidate : known) {
    const std::size_t far = distance(wanted, ascii_lower(candidate));
    if (far < least) {
      least = far;
      result = candidate;
    }
  }
  return result.empty() ? only_name_with_end(wanted, known) : result;
}

std::string suggestion(std::string_view name, const std::vector<std::string>& known) {
  const std::string nearest = nearest_name(name, known);
  return nearest.empty() ? "" : "; did you mean " + nearest + "?";
}

}  // namespace ginnel::config
