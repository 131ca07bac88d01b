// SPDX-License-Identifier: MIT
#include "storage/sqlite/row_importer.h"

#include <algorithm>
#include <optional>
#include <utility>
#include <variant>

#include "domain/code_generator.h"
#include "domain/reserved_codes.h"
#include "domain/short_code.h"
#include "storage/sqlite/chosen_codes.h"
#include "storage/sqlite/sqlite_event_list.h"
#include "storage/sqlite/sqlite_link_store.h"
#include "storage/sqlite/sqlite_trail.h"
#include "storage/sqlite/sqlite_user_store.h"

namespace ginnel::storage {

namespace {

template <class Tag>
std::optional<std::int64_t> number_of(const std::optional<domain::Id<Tag>>& id) {
  return id ? std::optional(id->value) : std::nullopt;
}

ImportVerdict refused(std::string reason) {
  return ImportVerdict{ImportOutcome::kRefused, std::move(reason)};
}

ImportVerdict compared(bool same, std::string_view entity, std::int64_t id) {
  if (same) {
    return ImportVerdict{ImportOutcome::kUnchanged, {}};
  }
  return ImportVerdict{
      ImportOutcome::kDiffers,
      std::string(entity) + " " + std::to_string(id) + " is there already, with other content"};
}

ImportVerdict deleted(std::string_view entity, std::int64_t id) {
  return ImportVerdict{ImportOutcome::kDeleted,
                       std::string(entity) + " " + std::to_string(id) + " was deleted"};
}

ImportVerdict unknown(std::string_view entity, std::int64_t id) {
  return refused(std::string(entity) + " " + std::to_string(id) + " does not exist");
}

ImportVerdict taken(std::string_view what, std::string_view by, std::int64_t id) {
  return refused(std::string(what) + " is taken by " + std::string(by) + " " + std::to_string(id));
}

bool is_importable(std::int64_t id) noexcept {
  return id >= 1 && id <= kMaxImportedId;
}

ImportVerdict bad_id() {
  return refused("id must be between 1 and " + std::to_string(kMaxImportedId));
}

/// Why no link may have this code, or nothing.
std::optional<std::string> code_fault(const std::string& code) {
  if (!domain::ShortCode::is_valid(code)) {
    return "short_code is not a valid code";
  }
  if (domain::is_reserved(code)) {
    return "short_code is reserved";
  }
  return std::nullopt;
}

/// Rows do not tell who made their codes: one that the generator may have made counts as random.
CodeOrigin origin_of(const domain::Link& link) noexcept {
  return domain::may_be_random(link.code, link.id) ? CodeOrigin::kRandom : CodeOrigin::kChosen;
}

bool same_content(domain::Link kept, const domain::Link& row) {
  kept.version = row.version;
  return kept == row;
}

/// Whether the event or click with this number is what the row says, as it is shown or, where it
/// names what is gone by now, as it was; nothing when there is none.
Result<std::optional<bool>> same_event(SqliteConnection& database, const domain::Event& event) {
  auto same = [&event](const SqliteRow& row) {
    const domain::Event kept = shown_event_of(row);
    return (kept.link == event.link || row.optional_integer(7) == number_of(event.link)) &&
           (kept.user == event.user || row.optional_integer(8) == number_of(event.user)) &&
           kept.type == event.type && kept.at == event.at && kept.details == event.details;
  };
  return database.first(find_event_statement(), same, event.id.value);
}

void count(ImportCounts& counts, ImportOutcome outcome) {
  ++counts.rows;
  switch (outcome) {
    case ImportOutcome::kInserted:
      ++counts.inserted;
      return;
    case ImportOutcome::kUnchanged:
      ++counts.unchanged;
      return;
    case ImportOutcome::kDiffers:
    case ImportOutcome::kDeleted:
    case ImportOutcome::kRefused:
      ++counts.skipped;
      return;
  }
}

}  // namespace

Result<bool> RowImporter::was_deleted(Deletions& deletions, std::int64_t id) {
  SqliteConnection& database = transaction_.database();
  if (!deletions.asked) {
    auto any = database.exists("SELECT 1 FROM audit WHERE entity = ? AND action = 'delete' LIMIT 1",
                               deletions.entity);
    if (!any) {
      return any;
    }
    deletions.asked = true;
    deletions.any = *any;
  }
  if (!deletions.any) {
    return false;
  }
  return database.exists(
      "SELECT 1 FROM audit WHERE entity = ? AND entity_id = ? AND action = 'delete' LIMIT 1",
      deletions.entity,
      id);
}

ImportVerdict RowImporter::inserted(std::int64_t id) {
  first_id_ = first_id_ == 0 ? id : std::min(first_id_, id);
  last_id_ = std::max(last_id_, id);
  return ImportVerdict{ImportOutcome::kInserted, {}};
}

Result<ImportVerdict> RowImporter::operator()(const domain::User& user) {
  if (!is_importable(user.id.value)) {
    return bad_id();
  }
  auto gone = was_deleted(users_, user.id.value);
  if (!gone) {
    return std::move(gone).error();
  }
  if (*gone) {
    return deleted("user", user.id.value);
  }
  auto is_in = insert(user, domain::username_key(user.username));
  if (!is_in) {
    return std::move(is_in).error();
  }
  return *is_in ? inserted(user.id.value) : insert_beside(user);
}

Result<bool> RowImporter::insert(const domain::User& user, const std::string& username_key) {
  SqliteConnection& database = transaction_.database();
  auto done = database.run(
      "INSERT INTO users (id, username, email, username_key, email_key, created_at) "
      "SELECT ?, ?, ?, ?, ?, ? "
      "WHERE NOT EXISTS (SELECT 1 FROM users WHERE username_key = ?) ON CONFLICT DO NOTHING",
      user.id.value,
      user.username,
      user.email,
      username_key,
      domain::email_key(user.email),
      stored(user.created_at),
      domain::old_username_key(user.username));
  if (!done) {
    return std::move(done).error();
  }
  return database.changed_rows() == 1;
}

Result<ImportVerdict> RowImporter::insert_beside(const domain::User& user) {
  SqliteConnection& database = transaction_.database();
  const std::string key = domain::username_key(user.username);
  const std::string old_key = domain::old_username_key(user.username);
  auto other = database.first(std::string(kSelectUser) + "WHERE username_key = ?", user_of, key);
  auto known = database.exists("SELECT 1 FROM users WHERE id = ? OR email_key = ?",
                               user.id.value,
                               domain::email_key(user.email));
  if (!other || !known) {
    return other ? std::move(known).error() : std::move(other).error();
  }
  const std::string old_key_of_other =
      *other ? domain::old_username_key((*other)->username) : old_key;
  if (*known || old_key_of_other == old_key) {
    return explain(user);
  }
  // Whose older key is today's as well has it: no other row can keep that one beside it.
  if (old_key == key) {
    auto moved = database.run(
        "UPDATE users SET username_key = ? WHERE id = ?", old_key_of_other, (*other)->id.value);
    if (!moved) {
      return std::move(moved).error();
    }
  }
  auto is_in = insert(user, old_key);
  if (!is_in) {
    return std::move(is_in).error();
  }
  return *is_in ? inserted(user.id.value) : explain(user);
}

Result<ImportVerdict> RowImporter::explain(const domain::User& user) {
  SqliteConnection& database = transaction_.database();
  auto kept = find_user(database, user.id);
  if (!kept) {
    return std::move(kept).error();
  }
  if (*kept) {
    return compared(**kept == user, "user", user.id.value);
  }
  auto same_name = find_username(database, user.username);
  if (!same_name) {
    return std::move(same_name).error();
  }
  if (*same_name) {
    return taken("username", "user", (*same_name)->value);
  }
  auto same_email = find_email(database, user.email);
  if (!same_email) {
    return std::move(same_email).error();
  }
  return taken("email", "user", same_email->value_or(domain::UserId()).value);
}

Result<ImportVerdict> RowImporter::operator()(const domain::Link& link) {
  if (!is_importable(link.id.value)) {
    return bad_id();
  }
  auto gone = was_deleted(links_, link.id.value);
  if (!gone) {
    return std::move(gone).error();
  }
  if (*gone) {
    return deleted("link", link.id.value);
  }
  if (code_fault(link.code)) {
    return explain(link);
  }
  SqliteConnection& database = transaction_.database();
  auto done = database.run(
      "INSERT INTO links "
      "(id, user_id, code, target, title, enabled, created_at, updated_at, version, chosen) "
      "SELECT ?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, "
      "CASE WHEN ?10 = 0 AND EXISTS (SELECT 1 FROM links WHERE chosen <> 0 AND chosen = 1 "
      "AND code = ?3 COLLATE NOCASE) THEN 2 ELSE ?10 END "  // CodeOrigin::kRandomTwin
      "WHERE EXISTS (SELECT 1 FROM users WHERE id = ?2) ON CONFLICT DO NOTHING",
      link.id.value,
      link.user.value,
      link.code,
      link.target,
      link.title,
      link.enabled ? 1 : 0,
      stored(link.created_at),
      stored(link.updated_at),
      link.version,
      static_cast<std::int64_t>(origin_of(link)));
  if (!done) {
    return std::move(done).error();
  }
  if (database.changed_rows() != 1) {
    return explain(link);
  }
  transaction_.forget(link.code);
  return inserted(link.id.value);
}

Result<ImportVerdict> RowImporter::explain(const domain::Link& link) {
  SqliteConnection& database = transaction_.database();
  auto kept = find_link(database, link.id);
  if (!kept) {
    return std::move(kept).error();
  }
  if (*kept) {
    return compared(same_content(std::move(**kept), link), "link", link.id.value);
  }
  if (auto fault = code_fault(link.code)) {
    return refused(std::move(*fault));
  }
  auto owner = find_user(database, link.user);
  if (!owner) {
    return std::move(owner).error();
  }
  if (!*owner) {
    return unknown("user", link.user.value);
  }
  auto same_code = find_link(database, link.code);
  if (!same_code) {
    return std::move(same_code).error();
  }
  return taken("short_code", "link", *same_code ? (*same_code)->id.value : 0);
}

Result<ImportVerdict> RowImporter::operator()(const domain::Event& event) {
  if (!is_importable(event.id.value)) {
    return bad_id();
  }
  SqliteConnection& database = transaction_.database();
  auto done = database.run(
      "INSERT INTO events (id, link_id, user_id, type, at, details, origin) "
      "SELECT ?1, ?2, ?3, ?4, ?5, ?6, ?7 "
      "WHERE (?2 IS NULL OR EXISTS (SELECT 1 FROM links WHERE id = ?2)) "
      "AND (?3 IS NULL OR EXISTS (SELECT 1 FROM users WHERE id = ?3)) "
      "AND NOT EXISTS (SELECT 1 FROM clicks WHERE id = ?1) ON CONFLICT DO NOTHING",
      event.id.value,
      number_of(event.link),
      number_of(event.user),
      event.type,
      stored(event.at),
      event.details,
      static_cast<std::int64_t>(domain::EventOrigin::kImport));
  if (!done) {
    return std::move(done).error();
  }
  if (database.changed_rows() != 1) {
    return explain(event);
  }
  last_event_id_ = std::max(last_event_id_, event.id.value);
  return inserted(event.id.value);
}

Result<ImportVerdict> RowImporter::explain(const domain::Event& event) {
  SqliteConnection& database = transaction_.database();
  auto same = same_event(database, event);
  if (!same) {
    return std::move(same).error();
  }
  if (*same && **same) {
    return compared(true, "event", event.id.value);
  }
  auto click = database.exists("SELECT 1 FROM clicks WHERE id = ?", event.id.value);
  if (!click) {
    return std::move(click).error();
  }
  if (*click) {
    return taken("id", "click", event.id.value);
  }
  if (*same) {
    return compared(false, "event", event.id.value);
  }
  auto link = find_link(database, event.link.value_or(domain::LinkId()));
  if (!link) {
    return std::move(link).error();
  }
  if (event.link && !*link) {
    return unknown("link", event.link->value);
  }
  return unknown("user", event.user.value_or(domain::UserId()).value);
}

Result<ImportCounts> import_rows(RowImporter& importer,
                                 const ImportSource& source,
                                 const ImportObserver& observer) {
  ImportCounts counts;
  while (true) {
    Result<std::optional<ImportRow>> row = source();
    if (!row) {
      return std::move(row).error();
    }
    if (!*row) {
      return counts;
    }
    Result<ImportVerdict> verdict = std::visit(importer, **row);
    if (!verdict) {
      return std::move(verdict).error();
    }
    count(counts, verdict->outcome);
    observer(*verdict);
  }
}

}  // namespace ginnel::storage
