// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <istream>
#include <ostream>

#include "base/error.h"

namespace ginnel::client {

/// The exit statuses of `ginnel link` and `ginnel user`. Wrong usage is 2, as everywhere.
inline constexpr int kDone = 0;
inline constexpr int kRefused = 1;    ///< by the server, or there is no such link or user
inline constexpr int kWantsMore = 2;  ///< something was left unsaid, or is of another server
inline constexpr int kUnreached = 3;  ///< no server answered; a change may have been made

/// In which form rows are written.
enum class Format {
  kTable,  ///< for people: a head, columns as wide as the terminal allows
  kTabs,   ///< for other programs: a line a row, a tab between cells, no head
  kJson,   ///< one document
};

/// Where a command reads and speaks.
struct Console {
  std::istream& in;
  std::ostream& out;
  std::ostream& err;
  Format format = Format::kTabs;
  std::size_t width = 80;   ///< columns of the terminal, for tables
  bool is_attended = true;  ///< somebody can answer a question
};

/// Says what went wrong, a line for each field, and gives the exit status.
int report(const Error& error, const Console& console);

/// Asks for a yes. Gives kDone for one, otherwise the status to end with; nobody there to answer is
/// told of `--yes`.
int confirm(const std::string& question, const Console& console);

}  // namespace ginnel::client
