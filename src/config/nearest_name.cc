// SPDX-License-Identifier: MIT
#include "config/nearest_name.h"

#include <algorithm>
#include <cstddef>

#include "config/readers.h"

namespace ginnel::config {
namespace {

/// How many insertions, deletions, replacements and swaps of neighbours make `b` of `a`: cell (i,
/// j) tells it of their first i and j letters.
std::size_t distance(const std::string& a, const std::string& b) {
  std::vector<std::vector<std::size_t>> cells(a.size() + 1, std::vector<std::size_t>(b.size() + 1));
  for (std::size_t i = 0; i <= a.size(); ++i) {
    for (std::size_t j = 0; j <= b.size(); ++j) {
      if (i == 0 || j == 0) {
        cells[i][j] = i + j;
        continue;
      }
      const std::size_t replaced = cells[i - 1][j - 1] + (a[i - 1] == b[j - 1] ? 0 : 1);
      cells[i][j] = std::min({cells[i - 1][j] + 1, cells[i][j - 1] + 1, replaced});
      if (i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1]) {
        cells[i][j] = std::min(cells[i][j], cells[i - 2][j - 2] + 1);
      }
    }
  }
  return cells.back().back();
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
