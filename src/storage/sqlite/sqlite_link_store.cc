// SPDX-License-Identifier: MIT
#include "storage/sqlite/sqlite_link_store.h"

#include <limits>
#include <string>
#include <utility>

#include "base/json_text.h"
#include "domain/json_form.h"
#include "storage/sqlite/chosen_codes.h"
#include "storage/sqlite/code_search.h"
#include "storage/sqlite/sqlite_idempotency.h"
#include "storage/sqlite/sqlite_trail.h"

namespace ginnel::storage {

namespace {

/// Adds an event that the service writes with a change of `link`.
Result<Done> add_link_event(SqliteConnection& database,
                            const domain::Link& link,
                            const change::Context& by,
                            domain::Event event) {
  event.link = link.id;
  event.user = link.user;
  event.at = by.at;
  auto id = add_event(database, event);
  if (!id) {
    return std::move(id).error();
  }
  return Done();
}

domain::Event event_of(std::string type, std::string details) {
  domain::Event event;
  event.type = std::move(type);
  event.details = std::move(details);
  return event;
}

/// The details of a `created` and of a `deleted` event.
std::string code_and_target(const domain::Link& link) {
  std::string details;
  JsonObject object(details);
  object.add("original_url", link.target).add("short_code", link.code);
  object.end();
  return details;
}

/// The details of an `updated` event: what was sent, as it is now.
std::string sent_fields(const domain::Link& before, const domain::LinkChange& change) {
  std::string details;
  JsonObject object(details);
  if (change.enabled) {
    object.add("is_active", *change.enabled);
  }
  if (change.target) {
    std::string both;
    JsonObject targets(both);
    targets.add("after", *change.target).add("before", before.target);
    targets.end();
    object.add_raw("original_url", both);
  }
  if (change.title) {
    object.add("title", *change.title);
  }
  object.end();
  return details;
}

/// The link that is there. Fails with kNotFound.
Result<domain::Link> get_link(SqliteConnection& database, domain::LinkId id) {
  auto found = find_link(database, id);
  if (!found) {
    return std::move(found).error();
  }
  if (!*found) {
    return Error(ErrorKind::kNotFound, "URL not found");
  }
  return std::move(**found);
}

/// Fails with kNotFound for an unknown owner, with kConflict for a code that differs by case alone
/// from one that a person chose, and for a random one that was given out before. A code that is in
/// use is found out by the unique index.
Result<Done> check_draft(SqliteConnection& database, const domain::LinkDraft& draft) {
  auto owner = database.exists("SELECT 1 FROM users WHERE id = ?", draft.user.value);
  if (!owner) {
    return std::move(owner).error();
  }
  if (!*owner) {
    return Error(ErrorKind::kNotFound, "User " + std::to_string(draft.user.value) + " not found");
  }
  const auto twin = find_chosen_twin(database, draft.code);
  if (!twin) {
    return twin.error();
  }
  if (*twin) {
    return code_is_taken_as(**twin);
  }
  if (draft.chosen) {
    return Done();
  }
  auto retired = database.exists("SELECT 1 FROM retired_codes WHERE code = ?", draft.code);
  if (!retired) {
    return std::move(retired).error();
  }
  if (*retired) {
    return code_is_taken();
  }
  return Done();
}

Result<std::int64_t> insert_row(SqliteConnection& database,
                                const domain::Link& link,
                                CodeOrigin origin) {
  auto done = database.run(
      "INSERT INTO links "
      "(user_id, code, target, title, enabled, created_at, updated_at, version, chosen) "
      "VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)",
      link.user.value,
      link.code,
      link.target,
      link.title,
      link.enabled ? 1 : 0,
      stored(link.created_at),
      stored(link.updated_at),
      link.version,
      static_cast<std::int64_t>(origin));
  if (done) {
    return new_id(database.last_id());
  }
  if (done.error().kind == ErrorKind::kConflict) {
    return code_is_taken();
  }
  return std::move(done).error();
}

domain::Link as_made(domain::Link link, const EarlierCreation& earlier) {
  link.id.value = earlier.id;
  link.code = earlier.code;
  link.created_at = earlier.at;
  link.updated_at = earlier.at;
  return link;
}

Result<domain::Link> insert_link(const SqliteTransaction& transaction,
                                 const domain::LinkDraft& draft,
                                 const change::Context& by) {
  SqliteConnection& database = transaction.database();
  domain::Link link = domain::link_of(draft, by.at);
  auto earlier = find_earlier(database, by);
  if (!earlier) {
    return std::move(earlier).error();
  }
  if (*earlier) {
    return as_made(std::move(link), **earlier);
  }
  if (auto sound = check_draft(database, draft); !sound) {
    return std::move(sound).error();
  }
  auto id = insert_row(database, link, draft.chosen ? CodeOrigin::kChosen : CodeOrigin::kRandom);
  if (!id) {
    return std::move(id).error();
  }
  link.id.value = *id;
  auto done = draft.chosen ? mark_random_twins(database, link.code) : Done();
  if (done) {
    done = add_link_event(database, link, by, event_of("created", code_and_target(link)));
  }
  if (done) {
    done = add_creation(database, by, AuditRow{"create", "link", link.id.value, {}, json_of(link)});
  }
  if (!done) {
    return std::move(done).error();
  }
  transaction.forget(link.code);
  return link;
}

domain::Link changed(domain::Link link, const domain::LinkChange& change, domain::Timestamp at) {
  link.target = change.target.value_or(link.target);
  link.title = change.title.value_or(link.title);
  link.enabled = change.enabled.value_or(link.enabled);
  link.updated_at = at;
  ++link.version;
  return link;
}

Result<domain::Link> change_link(const SqliteTransaction& transaction,
                                 domain::LinkId id,
                                 const domain::LinkChange& change,
                                 const change::Context& by) {
  SqliteConnection& database = transaction.database();
  auto before = get_link(database, id);
  if (!before) {
    return before;
  }
  if (auto wanted = change::check_condition(by, *before); !wanted) {
    return std::move(wanted).error();
  }
  domain::Link after = changed(*before, change, by.at);
  auto done = database.run(
      "UPDATE links SET target = ?, title = ?, enabled = ?, updated_at = ?, version = ? "
      "WHERE id = ?",
      after.target,
      after.title,
      after.enabled ? 1 : 0,
      stored(after.updated_at),
      after.version,
      id.value);
  if (done) {
    domain::Event event = event_of("updated", sent_fields(*before, change));
    done = add_link_event(database, after, by, std::move(event));
  }
  if (done) {
    const AuditRow row = {"update", "link", id.value, json_of(*before), json_of(after)};
    done = add_audit(database, by, row);
  }
  if (!done) {
    return std::move(done).error();
  }
  transaction.forget(after.code);
  return after;
}

Result<Done> remove_link(const SqliteTransaction& transaction,
                         const domain::Link& link,
                         const change::Context& by) {
  SqliteConnection& database = transaction.database();
  auto done = database.run("DELETE FROM links WHERE id = ?", link.id.value);
  if (done) {
    done = database.run("INSERT OR IGNORE INTO retired_codes (code) VALUES (?)", link.code);
  }
  if (done) {
    done = add_link_event(database, link, by, event_of("deleted", code_and_target(link)));
  }
  if (done) {
    done = add_audit(database, by, AuditRow{"delete", "link", link.id.value, json_of(link), {}});
  }
  transaction.forget(link.code);
  return done;
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

Result<Page<domain::Link>> list_links(SqliteConnection& database, const LinkQuery& query) {
  const std::string sql = list_statement(query);
  SqliteStatement statement = database.prepare(sql);
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

}  // namespace

domain::Link link_of(const SqliteRow& row) {
  domain::Link link;
  link.id.value = row.integer(0);
  link.user.value = row.integer(1);
  link.code = row.text(2);
  link.target = row.text(3);
  link.title = row.text(4);
  link.enabled = row.integer(5) != 0;
  link.created_at = timestamp_of(row.integer(6));
  link.updated_at = timestamp_of(row.integer(7));
  link.version = row.integer(8);
  return link;
}

Result<std::optional<domain::Link>> find_link(SqliteConnection& database, domain::LinkId id) {
  static const std::string kSql = std::string(kSelectLink) + "WHERE id = ?";
  return database.first(kSql, link_of, id.value);
}

Result<std::optional<domain::Link>> find_link(SqliteConnection& database, std::string_view code) {
  static const std::string kSql = std::string(kSelectLink) + "WHERE code = ?";
  return database.first(kSql, link_of, code);
}

Result<bool> remove_links_of(const SqliteTransaction& transaction,
                             domain::UserId user,
                             std::uint32_t limit,
                             const change::Context& by) {
  LinkQuery query;
  query.user = user;
  query.limit = limit;
  auto links = list_links(transaction.database(), query);
  if (!links) {
    return std::move(links).error();
  }
  for (const domain::Link& link : links->rows) {
    if (auto removed = remove_link(transaction, link, by); !removed) {
      return std::move(removed).error();
    }
  }
  return !links->more;
}

Task<Result<domain::Link>> SqliteLinkStore::insert(domain::LinkDraft draft, change::Context by) {
  auto work = [draft = std::move(draft), by = std::move(by)](SqliteTransaction& transaction) {
    return insert_link(transaction, draft, by);
  };
  return engine_.change(std::move(work));
}

Task<Result<std::optional<domain::Link>>> SqliteLinkStore::find(domain::LinkId id) {
  return engine_.read([id](SqliteConnection& database) { return find_link(database, id); });
}

Task<Result<std::optional<domain::Link>>> SqliteLinkStore::find_by_code(std::string code) {
  auto work = [code = std::move(code)](SqliteConnection& database) {
    return find_link(database, code);
  };
  return engine_.read(std::move(work));
}

Task<Result<std::optional<domain::Link>>> SqliteLinkStore::find_typed(std::string code) {
  auto work = [code = std::move(code)](SqliteConnection& database) {
    return find_typed_link(database, code);
  };
  return engine_.read(std::move(work));
}

Task<Result<Page<domain::Link>>> SqliteLinkStore::list(LinkQuery query) {
  auto work = [query = std::move(query)](SqliteConnection& database) {
    return list_links(database, query);
  };
  return engine_.read(std::move(work));
}

Task<Result<domain::Link>> SqliteLinkStore::change(domain::LinkId id,
                                                   domain::LinkChange change,
                                                   change::Context by) {
  auto work = [id, change = std::move(change), by = std::move(by)](SqliteTransaction& transaction) {
    return change_link(transaction, id, change, by);
  };
  return engine_.change(std::move(work));
}

Task<Result<Done>> SqliteLinkStore::remove(domain::LinkId id, change::Context by) {
  auto work = [id, by = std::move(by)](SqliteTransaction& transaction) -> Result<Done> {
    auto link = get_link(transaction.database(), id);
    if (!link) {
      return std::move(link).error();
    }
    if (auto wanted = change::check_condition(by, *link); !wanted) {
      return wanted;
    }
    return remove_link(transaction, *link, by);
  };
  return engine_.change(std::move(work));
}

Task<Result<std::uint64_t>> SqliteLinkStore::count() {
  auto work = [](SqliteConnection& database) -> Result<std::uint64_t> {
    auto count = database.number("SELECT count(*) FROM links");
    if (!count) {
      return std::move(count).error();
    }
    return static_cast<std::uint64_t>(*count);
  };
  return engine_.read(work);
}

Task<Result<std::vector<domain::Link>>> SqliteLinkStore::find_by_codes(
    std::vector<std::string> words) {
  auto work = [words = std::move(words)](SqliteConnection& database) {
    return find_in_any_case(database, words);
  };
  return engine_.read(std::move(work));
}

}  // namespace ginnel::storage
