// SPDX-License-Identifier: MIT
#include "storage/sqlite/imports/row_importer.h"

#include <optional>
#include <string>
#include <utility>
#include <variant>

#include "storage/sqlite/rows/event_list.h"
#include "storage/sqlite/rows/event_store.h"
#include "storage/sqlite/rows/link_row.h"
#include "storage/sqlite/rows/trail.h"
#include "storage/sqlite/rows/user_store.h"

namespace ginnel::storage::sqlite {

Result<bool> RowImporter::was_deleted(Deletions& deletions, std::int64_t id) {
  Connection& database = transaction_.database();
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

template <class Row>
Result<change::ImportVerdict> RowImporter::explained(const Row& row) {
  auto facts = facts_about(row);
  if (!facts) {
    return std::move(facts).error();
  }
  return change::judge(row, *facts);
}

template <class Row>
Result<change::ImportVerdict> RowImporter::verdict(const Row& row, Result<bool> is_in) {
  if (!is_in) {
    return std::move(is_in).error();
  }
  return *is_in ? change::ImportVerdict() : explained(row);
}

Result<change::ImportVerdict> RowImporter::operator()(const domain::User& user) {
  auto gone = was_deleted(users_, user.id.value);
  if (!gone) {
    return std::move(gone).error();
  }
  if (*gone || !change::is_importable(user)) {
    return explained(user);
  }
  auto is_in = insert(user, domain::username_key(user.username));
  if (is_in && !*is_in) {
    is_in = insert_beside(user);
  }
  return verdict(user, std::move(is_in));
}

Result<bool> RowImporter::insert(const domain::User& user, const std::string& username_key) {
  Connection& database = transaction_.database();
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

Result<bool> RowImporter::insert_beside(const domain::User& user) {
  Connection& database = transaction_.database();
  auto other = database.first(std::string(kSelectUser) + "WHERE username_key = ?",
                              user_of,
                              domain::username_key(user.username));
  auto known = database.exists("SELECT 1 FROM users WHERE id = ? OR email_key = ?",
                               user.id.value,
                               domain::email_key(user.email));
  if (!other || !known) {
    return other ? std::move(known).error() : std::move(other).error();
  }
  if (!*other || *known) {
    return false;
  }
  const auto keys = change::keys_side_by_side(user.username, (*other)->username);
  if (!keys) {
    return false;
  }
  if (keys->of_other) {
    auto moved = database.run(
        "UPDATE users SET username_key = ? WHERE id = ?", *keys->of_other, (*other)->id.value);
    if (!moved) {
      return std::move(moved).error();
    }
  }
  return insert(user, keys->own);
}

Result<change::UserFacts> RowImporter::facts_about(const domain::User& user) {
  Connection& database = transaction_.database();
  change::UserFacts facts;
  const auto gone = was_deleted(users_, user.id.value);
  auto kept = find_user(database, user.id);
  if (!gone || !kept) {
    return gone ? std::move(kept).error() : gone.error();
  }
  facts.was_deleted = *gone;
  facts.kept = std::move(*kept);
  if (facts.was_deleted || facts.kept) {
    return facts;
  }
  const auto has_name = find_username(database, user.username);
  const auto has_email = find_email(database, user.email);
  if (!has_name || !has_email) {
    return has_name ? has_email.error() : has_name.error();
  }
  facts.has_name = *has_name;
  facts.has_email = *has_email;
  return facts;
}

Result<change::ImportVerdict> RowImporter::operator()(const domain::Link& link) {
  auto gone = was_deleted(links_, link.id.value);
  if (!gone) {
    return std::move(gone).error();
  }
  if (*gone || !change::is_importable(link)) {
    return explained(link);
  }
  auto is_in = insert(link);
  if (is_in && *is_in) {
    transaction_.forget(link.code);
  }
  return verdict(link, std::move(is_in));
}

Result<bool> RowImporter::insert(const domain::Link& link) {
  static const std::string kSql = insert_statement(
      "CASE WHEN ?4 = 0 AND EXISTS (SELECT 1 FROM links WHERE chosen <> 0 AND chosen = 1 "
      "AND code = ?3 COLLATE NOCASE) THEN 2 ELSE ?4 END",  // CodeOrigin::kRandomTwin
      "WHERE EXISTS (SELECT 1 FROM users WHERE id = ?2) ON CONFLICT DO NOTHING");
  const CodeOrigin origin = change::is_chosen(link) ? CodeOrigin::kChosen : CodeOrigin::kRandom;
  return insert_link(transaction_.database(), kSql, link, origin);
}

Result<change::LinkFacts> RowImporter::facts_about(const domain::Link& link) {
  Connection& database = transaction_.database();
  change::LinkFacts facts;
  const auto gone = was_deleted(links_, link.id.value);
  auto kept = find_link(database, link.id);
  if (!gone || !kept) {
    return gone ? std::move(kept).error() : gone.error();
  }
  facts.was_deleted = *gone;
  facts.kept = std::move(*kept);
  if (facts.was_deleted || facts.kept) {
    return facts;
  }
  const auto owner = find_user(database, link.user);
  const auto same_code = find_link(database, link.code);
  if (!owner || !same_code) {
    return owner ? same_code.error() : owner.error();
  }
  facts.owner_is_there = owner->has_value();
  if (*same_code) {
    facts.has_code = (*same_code)->id;
  }
  return facts;
}

Result<change::ImportVerdict> RowImporter::operator()(const domain::Event& event) {
  return change::is_importable(event) ? verdict(event, insert(event)) : explained(event);
}

Result<bool> RowImporter::insert(const domain::Event& event) {
  Connection& database = transaction_.database();
  auto done = database.run(
      "INSERT INTO events (id, link_id, user_id, type, at, details, origin) "
      "SELECT ?1, ?2, ?3, ?4, ?5, ?6, ?7 "
      "WHERE (?2 IS NULL OR EXISTS (SELECT 1 FROM links WHERE id = ?2)) "
      "AND (?3 IS NULL OR EXISTS (SELECT 1 FROM users WHERE id = ?3)) "
      "AND NOT EXISTS (SELECT 1 FROM clicks WHERE id = ?1) ON CONFLICT DO NOTHING",
      event.id.value,
      stored(event.link),
      stored(event.user),
      event.type,
      stored(event.at),
      event.details,
      static_cast<std::int64_t>(domain::EventOrigin::kImport));
  if (!done) {
    return std::move(done).error();
  }
  return database.changed_rows() == 1;
}

Result<change::EventFacts> RowImporter::facts_about(const domain::Event& event) {
  Connection& database = transaction_.database();
  change::EventFacts facts;
  auto kept = database.first(find_event_statement(), event_row_of, event.id.value);
  if (!kept) {
    return std::move(kept).error();
  }
  facts.kept = std::move(*kept);
  facts.is_click = facts.kept && facts.kept->event.origin == domain::EventOrigin::kClick;
  if (facts.kept) {
    return facts;
  }
  const auto link = find_link(database, event.link.value_or(domain::LinkId()));
  const auto user = find_user(database, event.user.value_or(domain::UserId()));
  if (!link || !user) {
    return link ? user.error() : link.error();
  }
  facts.link_is_there = !event.link || *link;
  facts.user_is_there = !event.user || *user;
  return facts;
}

Result<change::ImportTally> import_rows(RowImporter& importer,
                                        const ImportSource& source,
                                        const ImportObserver& observer) {
  change::ImportTally tally;
  while (true) {
    auto row = source();
    if (!row) {
      return std::move(row).error();
    }
    if (!*row) {
      return tally;
    }
    auto verdict = std::visit(importer, **row);
    if (!verdict) {
      return std::move(verdict).error();
    }
    tally.add(verdict->outcome, std::visit([](const auto& of) { return of.id.value; }, **row));
    observer(*verdict);
  }
}

}  // namespace ginnel::storage::sqlite
