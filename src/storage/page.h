// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <cstdint>
#include <utility>
#include <vector>

namespace ginnel::storage {

/// Bytes that a page of a list holds unless fewer are asked for. A number of rows bounds no memory:
/// a row has some hundred bytes, or some hundred thousand.
inline constexpr std::size_t kMaxPageBytes = std::size_t{4} << 20;

/// Rows of a list, in its order, and whether others follow.
template <class Row>
struct Page {
  std::vector<Row> rows;
  bool more = false;
  std::size_t bytes = 0;  ///< of the rows' texts together
};

/// Makes a page of the rows it is given, until it is full.
template <class Row>
class PageBuilder final {
 public:
  /// For `query.limit` rows of `query.max_bytes` together.
  template <class Query>
  explicit PageBuilder(const Query& query) noexcept
      : limit_(query.limit), max_bytes_(query.max_bytes) {}

  /// Takes the list's next row, and gives false when there is no room for it: the page is done. The
  /// first row has room however large it is, or nobody could ever read on.
  bool add(Row row) {
    const std::size_t bytes = row.text_bytes();
    const bool too_large = page_.bytes + bytes > max_bytes_ && !page_.rows.empty();
    page_.more = page_.rows.size() >= limit_ || too_large;
    if (page_.more) {
      return false;
    }
    page_.bytes += bytes;
    page_.rows.push_back(std::move(row));
    return true;
  }

  Page<Row> take() && { return std::move(page_); }

 private:
  std::uint32_t limit_;
  std::size_t max_bytes_;
  Page<Row> page_;
};

}  // namespace ginnel::storage
