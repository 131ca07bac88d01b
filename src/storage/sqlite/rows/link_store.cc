// SPDX-License-Identifier: MIT
#include "storage/sqlite/rows/link_store.h"

#include <limits>
#include <string>
#include <utility>

#include "storage/sqlite/rows/change_writer.h"
#include "storage/sqlite/rows/code_search.h"
#include "storage/sqlite/rows/link_row.h"
#include "storage/sqlite/rows/trail.h"

namespace ginnel::storage::sqlite {

namespace {

Result<std::optional<change::LinkRow>> find_link_row(Connection& database, domain::LinkId id) {
  auto link = find_link(database, id);
  if (!link) {
    return std::move(link).error();
  }
  return *link ? std::optional(change::LinkRow{std::move(**link)}) : std::nullopt;
}

Result<Done> remove_link(const Transaction& transaction,
                         domain::LinkId id,
                         const change::Context& by) {
  auto row = find_link_row(transaction.database(), id);
  if (!row) {
    return std::move(row).error();
  }
  auto change = change::remove(*row, by);
  if (!change) {
    return std::move(change).error();
  }
  return write(transaction, *change);
}

/// The text of a list's statement. With a code given, its index is the one to use, otherwise with
/// an owner the index by owner: the plus signs keep SQLite from the others.
std::string list_statement(const LinkQuery& query) {
  const std::string key = query.code ? "+id" : "id";
  std::string sql =
      std::string(kSelectLink) + "WHERE " + key + (query.newest_first ? " < ?" : " > ?");
  if (query.user) {
    sql += query.code ? " AND +user_id = ?" : " AND user_id = ?";
  }
  if (query.enabled) {
    sql += query.user || query.code ? " AND +enabled = ?" : " AND enabled = ?";
  }
  if (query.code) {
    sql += " AND code = ?";
  }
  return sql + (query.newest_first ? " ORDER BY id DESC LIMIT ?" : " ORDER BY id LIMIT ?");
}

}  // namespace

Result<Page<domain::Link>> list_links(Connection& database, const LinkQuery& query) {
  const std::string sql = list_statement(query);
  Statement statement = database.prepare(sql);
  const bool from_the_end = query.newest_first && query.after.value == 0;
  statement.bind(from_the_end ? std::numeric_limits<std::int64_t>::max() : query.after.value);
  if (query.user) {
    statement.bind(query.user->value);
  }
  if (query.enabled) {
    statement.bind(std::int64_t{*query.enabled});
  }
  if (query.code) {
    statement.bind(*query.code);
  }
  statement.bind(std::int64_t{query.limit} + 1);
  return statement.page(link_of, query);
}

Task<Result<domain::Link>> LinkStore::insert(domain::LinkDraft draft, change::Context by) {
  const Deadline until = by.deadline;
  auto work = [draft = std::move(draft), by = std::move(by)](Transaction& transaction) {
    return create<change::LinkRow>(
        transaction, draft, next_id(transaction.database(), "links"), by);
  };
  return engine_.change(std::move(work), until);
}

Task<Result<std::optional<domain::Link>>> LinkStore::find(domain::LinkId id, CallContext call) {
  return engine_.read([id](Connection& database) { return find_link(database, id); },
                      call.deadline);
}

Task<Result<std::optional<domain::Link>>> LinkStore::find_by_code(std::string code,
                                                                  CallContext call) {
  auto work = [code = std::move(code)](Connection& database) { return find_link(database, code); };
  return engine_.read(std::move(work), call.deadline);
}

Task<Result<Page<domain::Link>>> LinkStore::list(LinkQuery query, CallContext call) {
  auto work = [query = std::move(query)](Connection& database) {
    return list_links(database, query);
  };
  return engine_.read(std::move(work), call.deadline);
}

Task<Result<domain::Link>> LinkStore::change(domain::LinkId id,
                                             domain::LinkChange change,
                                             change::Context by) {
  const Deadline until = by.deadline;
  auto work = [id, change = std::move(change), by = std::move(by)](Transaction& transaction) {
    return update(transaction, find_link_row(transaction.database(), id), change, by);
  };
  return engine_.change(std::move(work), until);
}

Task<Result<Done>> LinkStore::remove(domain::LinkId id, change::Context by) {
  const Deadline until = by.deadline;
  auto work = [id, by = std::move(by)](Transaction& transaction) {
    return remove_link(transaction, id, by);
  };
  return engine_.change(std::move(work), until);
}

Task<Result<std::uint64_t>> LinkStore::count(CallContext call) {
  auto work = [](Connection& database) -> Result<std::uint64_t> {
    auto count = database.number("SELECT count(*) FROM links");
    if (!count) {
      return std::move(count).error();
    }
    return static_cast<std::uint64_t>(*count);
  };
  return engine_.read(work, call.deadline);
}

Task<Result<std::vector<domain::Link>>> LinkStore::find_by_codes(std::vector<std::string> words,
                                                                 CallContext call) {
  auto work = [words = std::move(words)](Connection& database) {
    return find_in_any_case(database, words);
  };
  return engine_.read(std::move(work), call.deadline);
}

}  // namespace ginnel::storage::sqlite
