// SPDX-License-Identifier: MIT
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include <boost/json.hpp>

#include "client/console.h"

namespace ginnel::client {

/// A column of a list, and a line of a single row.
struct Column {
  std::string_view title;  ///< in lower case
  std::string_view key;    ///< of the JSON object
  enum class Kind {
    kText,
    kLongText,  ///< may be cut where the terminal is too narrow
    kNumber,    ///< at the right
    kState,     ///< true is `active`, false `disabled`
  } kind = Kind::kText;
  bool is_spare = false;  ///< left out of a table that would be wider than the terminal
};

/// Writes a list page by page, so that its length costs no memory. The first page decides how wide
/// the columns are, and whether those that are spare are shown.
class RowWriter final {
 public:
  RowWriter(const Console& console, std::vector<Column> columns)
      : console_(console), columns_(std::move(columns)) {}

  /// Values that are no objects are left out.
  void add(const boost::json::array& rows);

  /// Ends the document.
  void end();

 private:
  void add_documents(const boost::json::array& rows);
  std::vector<std::vector<std::string>> lines_of(const boost::json::array& rows) const;
  void begin(const boost::json::array& rows);
  void write_line(const std::vector<std::string>& cells);

  const Console& console_;
  std::vector<Column> columns_;
  std::vector<std::size_t> widths_;
  bool is_begun_ = false;
};

/// Writes one row: a line for each column, uncut, or the JSON document.
void write_row(const Console& console,
               const std::vector<Column>& columns,
               const boost::json::value& row);

/// Writes what was done: `sentence`, or the JSON document.
void tell(const Console& console, const boost::json::value& document, const std::string& sentence);

/// How wide columns become when they must fit in `width` with two spaces between them: those that
/// may be cut lose, the widest first, until all fits or none has more than 8.
std::vector<std::size_t> fitted_widths(const std::vector<Column>& columns,
                                       std::vector<std::size_t> natural,
                                       std::size_t width);

}  // namespace ginnel::client
