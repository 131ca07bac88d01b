// SPDX-License-Identifier: MIT
#include "storage/sqlite/clicks/sums_cursor.h"

#include <utility>

namespace ginnel::storage::sqlite {
namespace {

SumsCursor cursor_of(const Row& row) {
  SumsCursor cursor;
  cursor.first = row.integer(0);
  cursor.end = row.integer(1);
  cursor.kind = static_cast<ClickOwner>(row.integer(2));
  cursor.owner = row.integer(3);
  cursor.next = row.integer(4);
  cursor.unsummed = row.integer(5);
  cursor.newest_day = row.integer(6);
  cursor.indexed = row.integer(7) != 0;
  cursor.older.end = row.integer(8);
  cursor.older.kind = static_cast<ClickOwner>(row.integer(9));
  cursor.older.owner = row.integer(10);
  cursor.older.click = row.integer(11);
  cursor.older.unlisted = row.integer(12);
  return cursor;
}

}  // namespace

Result<SumsCursor> find_sums_cursor(Connection& database) {
  auto cursor = database.first(
      "SELECT first_click, end_click, owner_kind, owner_id, next_click, unsummed, newest_day, "
      "indexed, older_end, older_kind, older_owner, older_click, unlisted FROM sums_cursor",
      cursor_of);
  if (!cursor) {
    return std::move(cursor).error();
  }
  if (!*cursor) {
    return Error(ErrorKind::kInternal, "internal error", "the database has no sums_cursor");
  }
  return **cursor;
}

Result<Done> store_sums_cursor(Connection& database, const SumsCursor& cursor) {
  return database.run(
      "UPDATE sums_cursor SET first_click = ?, end_click = ?, owner_kind = ?, owner_id = ?, "
      "next_click = ?, unsummed = ?, newest_day = ?, indexed = ?, older_end = ?, older_kind = ?, "
      "older_owner = ?, older_click = ?, unlisted = ?",
      cursor.first,
      cursor.end,
      static_cast<std::int64_t>(cursor.kind),
      cursor.owner,
      cursor.next,
      cursor.unsummed,
      cursor.newest_day,
      std::int64_t{cursor.indexed ? 1 : 0},
      cursor.older.end,
      static_cast<std::int64_t>(cursor.older.kind),
      cursor.older.owner,
      cursor.older.click,
      cursor.older.unlisted);
}

}  // namespace ginnel::storage::sqlite
