// SPDX-License-Identifier: MIT
#pragma once

#include <cstdint>
#include <libpq-fe.h>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <type_traits>
#include <vector>

#include "storage/page.h"
#include "storage/postgres/engine/fault.h"

namespace ginnel::storage::postgres {

/// A row of what a query gave: valid as long as that. Columns count from 0; one that is NULL is
/// read as 0 or as an empty text.
class Row final {
 public:
  Row(const PGresult* result, int row) noexcept : result_(result), row_(row) {}

  /// Of an int8, int4 or int2.
  std::int64_t integer(int column) const noexcept;
  std::optional<std::int64_t> optional_integer(int column) const noexcept;
  std::string text(int column) const { return std::string(bytes(column)); }

  /// A text's or a bytea's.
  std::string_view bytes(int column) const noexcept;

 private:
  const PGresult* result_;
  int row_;
};

/// What a query gave: rows, and how many it changed.
class Rows final {
 public:
  explicit Rows(PGresult* result) noexcept : result_(result) {}

  /// Whether there is no result at all: how libpq tells the end of what a query gave.
  bool is_end() const noexcept { return result_ == nullptr; }

  ExecStatusType status() const noexcept { return PQresultStatus(result_.get()); }

  /// Why the server did not do it, if it did not.
  std::optional<Fault> fault() const;

  int size() const noexcept { return PQntuples(result_.get()); }
  Row operator[](int row) const noexcept { return {result_.get(), row}; }

  /// How many rows an INSERT, UPDATE or DELETE concerned.
  std::int64_t changed() const noexcept;

  /// What `read` makes of the first row, or nothing when there is no row.
  template <class Read>
  auto first(Read read) const -> std::optional<std::invoke_result_t<Read, const Row&>> {
    if (size() == 0) {
      return std::nullopt;
    }
    return read((*this)[0]);
  }

  /// What `read` makes of every row, in order.
  template <class Read>
  auto all(Read read) const -> std::vector<std::invoke_result_t<Read, const Row&>> {
    std::vector<std::invoke_result_t<Read, const Row&>> rows;
    rows.reserve(static_cast<std::size_t>(size()));
    for (int row = 0; row < size(); ++row) {
      rows.push_back(read((*this)[row]));
    }
    return rows;
  }

  /// What `read` makes of the rows until the page that `query` asks for is full.
  template <class Read, class PageQuery>
  auto page(Read read, const PageQuery& query) const
      -> Page<std::invoke_result_t<Read, const Row&>> {
    PageBuilder<std::invoke_result_t<Read, const Row&>> page(query);
    for (int row = 0; row < size() && page.add(read((*this)[row])); ++row) {
    }
    return std::move(page).take();
  }

 private:
  struct Clear {
    void operator()(PGresult* result) const noexcept { PQclear(result); }
  };

  std::unique_ptr<PGresult, Clear> result_;
};

}  // namespace ginnel::storage::postgres
