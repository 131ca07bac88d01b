// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <cstdint>
#include <libpq-fe.h>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace ginnel::storage::postgres {

/// Bytes that are no text: a bytea.
struct Bytes {
  std::string_view bytes;
};

/// A statement and its parameters, on its way to the server.
///
///     Query("SELECT target FROM links WHERE code = $1 AND id > $2", code, std::int64_t{7})
///
/// The type of a parameter follows from the value, so each has one whatever reads the statement:
/// int8, text or bytea. They go, and rows come back, in PostgreSQL's binary form. Parameters stand
/// in the statement in the order of their numbers, each once (docs/architecture.md). The text is
/// one of the program's constants or made of them: it is prepared once on each connection.
class Query final {
 public:
  template <class... Values>
  explicit Query(std::string_view sql, const Values&... values) : sql_(sql) {
    (bind(values), ...);
  }

  /// Binds the next parameter, from left to right.
  void bind(std::int64_t value);
  void bind(std::optional<std::int64_t> value);
  void bind(std::string_view text);
  void bind(const std::string& text) { bind(std::string_view(text)); }
  void bind(const char* text) { bind(std::string_view(text)); }
  void bind(Bytes bytes);

  const std::string& sql() const noexcept { return sql_; }
  const std::vector<Oid>& types() const noexcept { return types_; }

  /// The parameters' bytes; nothing for NULL.
  const std::vector<std::optional<std::string>>& values() const noexcept { return values_; }

 private:
  void add(Oid type, std::optional<std::string> value);

  std::string sql_;
  std::vector<Oid> types_;
  std::vector<std::optional<std::string>> values_;
};

}  // namespace ginnel::storage::postgres
