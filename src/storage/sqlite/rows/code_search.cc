// SPDX-License-Identifier: MIT
#include "storage/sqlite/rows/code_search.h"

#include <algorithm>
#include <string_view>
#include <utility>

#include "base/text.h"
#include "storage/sqlite/rows/link_row.h"

namespace ginnel::storage::sqlite {

namespace {

bool is_lower(char character) noexcept {
  return character >= 'a' && character <= 'z';
}

/// The spellings of one word that some code begins with.
class Spellings final {
 public:
  explicit Spellings(Connection& database) : database_(database), alive_{std::string()} {}

  /// Follows every spelling by one letter, given in lower case, in both cases.
  Result<Done> add(char letter) {
    std::vector<std::string> longer;
    for (const std::string& spelling : std::exchange(alive_, {})) {
      longer.push_back(spelling + letter);
      if (is_lower(letter)) {
        longer.push_back(spelling + static_cast<char>(letter - 'a' + 'A'));
      }
    }
    for (std::string& spelling : longer) {
      auto used = begins_a_code(spelling);
      if (!used) {
        return std::move(used).error();
      }
      if (*used) {
        alive_.push_back(std::move(spelling));
      }
    }
    return Done();
  }

  const std::vector<std::string>& alive() const noexcept { return alive_; }

 private:
  Result<bool> begins_a_code(const std::string& prefix) {
    std::string end = prefix;
    ++end.back();  // codes are ASCII: no carry
    return database_.exists("SELECT 1 FROM links WHERE code >= ? AND code < ?", prefix, end);
  }

  Connection& database_;
  std::vector<std::string> alive_;
};

Result<std::vector<domain::Link>> find_word(Connection& database, std::string_view word) {
  Spellings spellings(database);
  for (const char letter : ascii_lower(word)) {
    if (auto added = spellings.add(letter); !added) {
      return std::move(added).error();
    }
  }
  std::vector<domain::Link> links;
  for (const std::string& code : spellings.alive()) {
    auto link = find_link(database, code);
    if (!link) {
      return std::move(link).error();
    }
    if (*link) {
      links.push_back(std::move(**link));
    }
  }
  return links;
}

}  // namespace

Result<std::vector<domain::Link>> find_in_any_case(Connection& database,
                                                   const std::vector<std::string>& words) {
  std::vector<domain::Link> links;
  for (const std::string& word : words) {
    auto found = find_word(database, word);
    if (!found) {
      return std::move(found).error();
    }
    std::move(found->begin(), found->end(), std::back_inserter(links));
  }
  std::sort(links.begin(), links.end(), [](const domain::Link& left, const domain::Link& right) {
    return left.id < right.id;
  });
  const auto same = [](const domain::Link& left, const domain::Link& right) {
    return left.id == right.id;
  };
  links.erase(std::unique(links.begin(), links.end(), same), links.end());
  return links;
}

}  // namespace ginnel::storage::sqlite
