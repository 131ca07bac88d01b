// SPDX-License-Identifier: MIT
#include "cli/shell_text.h"

#include <boost/algorithm/string/replace.hpp>

namespace ginnel::cli {

std::string shell_word(std::string_view text) {
  constexpr std::string_view kPlain =
      "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_./:@%+,";
  const bool is_plain = !text.empty() && text.find_first_not_of(kPlain) == std::string_view::npos;
  std::string word(text);
  return is_plain ? word : "'" + boost::replace_all_copy(word, "'", "'\\''") + "'";
}

}  // namespace ginnel::cli
