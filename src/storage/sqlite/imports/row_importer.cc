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
  if (!deletions.asked) {
    auto any = database_->exists(
        "SELECT 1 FROM audit WHERE entity = ? AND action = 'delete' LIMIT 1", deletions.entity);
    if (!any) {
      return any;
    }
    deletions.asked = true;
    deletions.any = *any;
  }
  if (!deletions.any) {
    return false;
  }
  return database_->exists(
      "SELECT 1 FROM audit WHERE entity = ? AND entity_id = ? AND action = 'delete' LIMIT 1",
      deletions.entity,
      id);
}

template <class Row>
Result<change::ImportVerdict> RowImporter::bring(const Row& row) {
  if (change::is_importable(row)) {
    auto is_in = insert(row);
    if (!is_in) {
      return std::move(is_in).error();
    }
    if (*is_in) {
      return change::ImportVerdict();
    }
  }
  auto facts = facts_about(row);
  if (!facts) {
    return std::move(facts).error();
  }
  return change::judge(row, *facts);
}

template <class Facts, class Row>
Result<change::ImportVerdict> RowImporter::bring_unless_deleted(Deletions& deletions,
                                                                const Row& row) {
  auto gone = was_deleted(deletions, row.id.value);
  if (!gone) {
    return std::move(gone).error();
  }
  if (*gone) {
    Facts facts;
    facts.was_deleted = true;
    return change::judge(row, facts);
  }
  return bring(row);
}

Result<change::ImportVerdict> RowImporter::operator()(const domain::User& user) {
  return bring_unless_deleted<change::UserFacts>(users_, user);
}

Result<change::ImportVerdict> RowImporter::operator()(const domain::Link& link) {
  return bring_unless_deleted<change::LinkFacts>(links_, link);
}

Result<change::ImportVerdict> RowImporter::operator()(const domain::Event& event) {
  return bring(event);
}

Result<bool> RowImporter::insert(const domain::User& user) {
  auto is_in = insert_as(domain::username_key(user.username), user);
  return is_in && !*is_in ? insert_beside(user) : is_in;
}

Result<bool> RowImporter::insert_as(const std::string& username_key, const domain::User& user) {
  auto done = database_->run(
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
  return database_->changed_rows() == 1;
}

Result<bool> RowImporter::insert_beside(const domain::User& user) {
  auto other = database_->first(std::string(kSelectUser) + "WHERE username_key = ?",
                                user_of,
                                domain::username_key(user.username));
  if (!other) {
    return std::move(other).error();
  }
  auto known = database_->exists("SELECT 1 FROM users WHERE id = ? OR email_key = ?",
                                 user.id.value,
                                 domain::email_key(user.email));
  if (!known) {
    return known;
  }
  if (!*other || *known) {
    return false;
  }
  const auto keys = change::keys_side_by_side(user.username, (*other)->username);
  if (!keys) {
    return false;
  }
  if (keys->of_other) {
    auto moved = database_->run(
        "UPDATE users SET username_key = ? WHERE id = ?", *keys->of_other, (*other)->id.value);
    if (!moved) {
      return std::move(moved).error();
    }
  }
  return insert_as(keys->own, user);
}

Result<change::UserFacts> RowImporter::facts_about(const domain::User& user) {
  change::UserFacts facts;
  auto kept = find_user(*database_, user.id);
  if (!kept) {
    return std::move(kept).error();
  }
  if (*kept) {
    facts.kept = std::move(*kept);
    return facts;
  }
  auto has_name = find_username(*database_, user.username);
  if (!has_name) {
    return std::move(has_name).error();
  }
  auto has_email = find_email(*database_, user.email);
  if (!has_email) {
    return std::move(has_email).error();
  }
  facts.has_name = *has_name;
  facts.has_email = *has_email;
  return facts;
}

Result<bool> RowImporter::insert(const domain::Link& link) {
  static const std::string kSql = std::string("INSERT ") + kIntoLinks +
                                  "SELECT ?1, ?2, ?3, CASE WHEN ?4 = 0 AND EXISTS (SELECT 1 FROM "
                                  "links WHERE chosen <> 0 "
                                  "AND chosen = 1 AND code = ?3 COLLATE NOCASE) THEN 2 ELSE ?4 "
                                  "END, "  // CodeOrigin::kRandomTwin
                                  "?5, ?6, ?7, ?8, ?9, ?10 "
                                  "WHERE EXISTS (SELECT 1 FROM users WHERE id = ?2) ON CONFLICT DO "
                                  "NOTHING";
  const CodeOrigin origin = change::is_chosen(link) ? CodeOrigin::kChosen : CodeOrigin::kRandom;
  return insert_link(*database_, kSql, link, origin);
}

Result<change::LinkFacts> RowImporter::facts_about(const domain::Link& link) {
  change::LinkFacts facts;
  auto kept = find_link(*database_, link.id);
  if (!kept) {
    return std::move(kept).error();
  }
  if (*kept) {
    facts.kept = std::move(*kept);
    return facts;
  }
  auto owner = find_user(*database_, link.user);
  if (!owner) {
    return std::move(owner).error();
  }
  auto same_code = find_link(*database_, link.code);
  if (!same_code) {
    return std::move(same_code).error();
  }
  facts.owner_is_there = owner->has_value();
  if (*same_code) {
    facts.has_code = (*same_code)->id;
  }
  return facts;
}

Result<bool> RowImporter::insert(const domain::Event& event) {
  auto done = database_->run(
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
  return database_->changed_rows() == 1;
}

Result<change::EventFacts> RowImporter::facts_about(const domain::Event& event) {
  change::EventFacts facts;
  auto kept = database_->first(find_event_statement(), event_row_of, event.id.value);
  if (!kept) {
    return std::move(kept).error();
  }
  facts.kept = std::move(*kept);
  facts.is_click = facts.kept && facts.kept->event.origin == domain::EventOrigin::kClick;
  if (facts.kept) {
    return facts;
  }
  auto link = find_link(*database_, event.link.value_or(domain::LinkId()));
  if (!link) {
    return std::move(link).error();
  }
  auto user = find_user(*database_, event.user.value_or(domain::UserId()));
  if (!user) {
    return std::move(user).error();
  }
  facts.link_is_there = !event.link || *link;
  facts.user_is_there = !event.user || *user;
  return facts;
}

}  // namespace ginnel::storage::sqlite
