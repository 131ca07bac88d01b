// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "change/imports.h"
#include "domain/target_url.h"

namespace ginnel::transfer {

/// The columns a file of this kind must have, in the order in which they are written:
///   users   id, username, email, created_at
///   links   id, user_id, short_code, original_url, title, is_active, created_at, updated_at
///   events  id, url_id, user_id, event_type, timestamp, details
std::span<const std::string_view> columns_of(change::RowKind kind) noexcept;

/// Turns the cells of a row into what the store takes, by the places the header gives.
///
/// Only the form is checked; what a row refers to is the store's to check. White space around ids,
/// times, names and addresses is dropped; a time with a zone (parse_foreign_time) is converted to
/// UTC; `TRUE` is as good as `True`; empty cells beyond the header's are passed over. Rows have
/// ids, so they were users and links before, and everything else of them is kept byte by byte:
/// names and addresses that a new user may not have any more (domain::kept_username_fault), and
/// signs at the end of a target. A target passes the rules of a new one otherwise, so no link comes
/// in by file that no client could have made. An event's empty `url_id` or `user_id` means that
/// what it named is gone. `details` are kept byte by byte.
class RowParser final {
 public:
  /// Reads the header: names in any order, other columns are ignored. A column that has its very
  /// name is taken, else one that has it in another case, with spaces or hyphens for `_`, or with
  /// white space or a mark of UTF-8 around it. Fails with kInvalid when a column is missing or is
  /// named twice, or when the header is not UTF-8; the message names the column.
  static Result<RowParser> from_header(change::RowKind kind,
                                       std::span<const std::string_view> header,
                                       domain::TargetRules targets);

  /// Fails with kInvalid, naming every cell at fault.
  Result<change::ImportRow> parse(std::span<const std::string_view> cells) const;

  /// The names of all columns, those that are ignored too.
  const std::vector<std::string>& header() const noexcept { return header_; }

 private:
  RowParser(change::RowKind kind, domain::TargetRules targets)
      : kind_(kind), targets_(std::move(targets)) {}

  change::RowKind kind_;
  domain::TargetRules targets_;
  std::vector<std::string> header_;
  std::vector<std::size_t> places_;  ///< of columns_of(kind_) in the header
};

/// The message of `error`, or its faults in one line: `id: must ...; email: ...`. A message that
/// begins with its field's name stands alone.
std::string reason_of(const Error& error);

}  // namespace ginnel::transfer
