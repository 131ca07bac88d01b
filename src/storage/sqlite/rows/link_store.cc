// SPDX-License-Identifier: MIT
#include "storage/sqlite/rows/link_store.h"

#include <limits>
#include <string>
#include <utility>
#include <variant>

#include "change/links.h"
#include "storage/sqlite/rows/change_writer.h"
#include "storage/sqlite/rows/chosen_codes.h"
#include "storage/sqlite/rows/code_search.h"
#include "storage/sqlite/rows/link_row.h"
#include "storage/sqlite/rows/trail.h"

namespace ginnel::storage::sqlite {

namespace {

/// The link that is there. Fails with kNotFound.
Result<domain::Link> get_link(Connection& database, domain::LinkId id) {
  auto found = find_link(database, id);
  if (!found) {
    return std::move(found).error();
  }
  if (!*found) {
    return change::link_not_found();
  }
  return std::move(**found);
}

/// Which constraint is in the way of a new link.
Error why_not_made(Connection& database, const domain::Link& link) {
  auto owner = database.exists("SELECT 1 FROM users WHERE id = ?", link.user.value);
  if (!owner) {
    return std::move(owner).error();
  }
  if (!*owner) {
    return change::owner_not_found(link.user);
  }
  auto twin = find_chosen_twin(database, link.code);
  if (!twin) {
    return std::move(twin).error();
  }
  return *twin ? change::code_is_taken_as(**twin) : change::code_is_taken();
}

Result<domain::Link> make_link(const Transaction& transaction,
                               const domain::LinkDraft& draft,
                               const change::Context& by) {
  Connection& database = transaction.database();
  domain::Link link = domain::link_of(draft, by.at);
  auto earlier = find_earlier(database, by);
  if (!earlier) {
    return std::move(earlier).error();
  }
  if (*earlier) {
    return as_made(std::move(link), **earlier);
  }
  auto id = next_id(database, "links");
  if (!id) {
    return std::move(id).error();
  }
  link.id.value = *id;
  auto done = write(transaction, change::create(link, draft.chosen, by));
  if (!done) {
    return done.error().kind == ErrorKind::kConflict ? why_not_made(database, link)
                                                     : std::move(done).error();
  }
  return link;
}

Result<domain::Link> change_link(const Transaction& transaction,
                                 domain::LinkId id,
                                 const domain::LinkChange& wanted,
                                 const change::Context& by) {
  auto before = get_link(transaction.database(), id);
  if (!before) {
    return before;
  }
  auto change = change::update(*before, wanted, by);
  if (!change) {
    return std::move(change).error();
  }
  if (auto done = write(transaction, *change); !done) {
    return std::move(done).error();
  }
  return std::get<change::LinkRow>(std::move(change->row)).link;
}

Result<Done> remove_link(const Transaction& transaction,
                         domain::LinkId id,
                         const change::Context& by) {
  const auto link = get_link(transaction.database(), id);
  const auto change = link ? change::remove(*link, by) : link.error();
  return change ? write(transaction, *change) : change.error();
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
    return make_link(transaction, draft, by);
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
    return change_link(transaction, id, change, by);
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
