// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <string>
#include <utility>
#include <variant>
#include <vector>

#include "change/imports.h"
#include "storage/import_store.h"
#include "support/memory_database.h"

namespace ginnel::support {

/// Brings one row after the other into the tables.
class MemoryImporter final {
 public:
  explicit MemoryImporter(MemoryTables& tables) : tables_(tables) {}

  change::ImportVerdict operator()(const domain::User& row) {
    change::UserFacts facts;
    facts.was_deleted = was_deleted("user", row.id.value);
    if (const auto* const kept = MemoryTables::find(tables_.users, row.id)) {
      facts.kept = kept->user;
    }
    facts.has_name = tables_.find_name(row.username);
    facts.has_email = tables_.find_email(row.email);
    const auto same_key = tables_.names.find(domain::username_key(row.username));
    std::optional<change::NameKeys> keys;
    if (same_key != tables_.names.end()) {
      const auto& other = tables_.users.at(same_key->second).user.username;
      const bool is_old = tables_.names.contains(domain::old_username_key(row.username));
      keys = change::keys_side_by_side(row.username, other);
      if (keys && (keys->of_other || !is_old)) {
        facts.has_name.reset();
      }
    }
    auto verdict = change::judge(row, facts);
    if (verdict.outcome == change::ImportOutcome::kInserted) {
      if (keys && keys->of_other) {
        tables_.names[*keys->of_other] = same_key->second;
        tables_.names.erase(same_key);
      }
      tables_.write(change::Act::kCreate, change::UserRow{{row}, false});
      tables_.names[keys ? keys->own : domain::username_key(row.username)] = row.id;
    }
    return verdict;
  }

  change::ImportVerdict operator()(const domain::Link& row) {
    change::LinkFacts facts;
    facts.was_deleted = was_deleted("link", row.id.value);
    if (const auto* const kept = MemoryTables::find(tables_.links, row.id)) {
      facts.kept = *kept;
    }
    facts.owner_is_there = tables_.users.contains(row.user);
    if (const auto* const same_code = tables_.find_code(row.code)) {
      facts.has_code = same_code->id;
    }
    auto verdict = change::judge(row, facts);
    if (verdict.outcome == change::ImportOutcome::kInserted) {
      tables_.write(change::Act::kCreate, change::LinkRow{row, change::is_chosen(row)});
      tables_.forget({row.code});
    }
    return verdict;
  }

  change::ImportVerdict operator()(const domain::Event& row) {
    change::EventFacts facts;
    const auto* const event = MemoryTables::find(tables_.events, row.id);
    const auto* const click = MemoryTables::find(tables_.clicks, row.id);
    facts.is_click = click != nullptr;
    if (event != nullptr) {
      facts.kept = change::EventRow{*event, tables_.shown(*event)};
    } else if (click != nullptr) {
      facts.kept = change::EventRow{MemoryTables::event_of(*click), tables_.shown(*click)};
    }
    facts.link_is_there = !row.link || tables_.links.contains(*row.link);
    facts.user_is_there = !row.user || tables_.users.contains(*row.user);
    auto verdict = change::judge(row, facts);
    if (verdict.outcome == change::ImportOutcome::kInserted) {
      change::EventRow kept = {row, row};
      kept.event.origin = domain::EventOrigin::kImport;
      tables_.write(change::Act::kCreate, kept);
    }
    return verdict;
  }

 private:
  bool was_deleted(std::string_view entity, std::int64_t id) const {
    return std::ranges::any_of(tables_.trail, [&](const domain::AuditEntry& entry) {
      return entry.action == "delete" && entry.entity == entity && entry.entity_id == id;
    });
  }

  MemoryTables& tables_;
};

class MemoryImportStore final : public storage::ImportStore {
 public:
  explicit MemoryImportStore(MemoryDatabase& database) : database_(database) {}

  Task<Result<change::ImportCounts>> import(change::ImportOrigin origin,
                                            storage::ImportSource source,
                                            storage::ImportObserver observer,
                                            change::Context by) override {
    auto counts = database_.change([&](MemoryTables& tables) -> Result<change::ImportCounts> {
      MemoryTables after = tables;
      MemoryImporter importer(after);
      change::ImportTally tally;
      while (true) {
        auto row = source();
        if (!row) {
          return std::move(row).error();
        }
        if (!*row) {
          break;
        }
        const auto verdict = std::visit(importer, **row);
        tally.add(verdict.outcome, std::visit([](const auto& of) { return of.id.value; }, **row));
        observer(verdict);
      }
      if (tally.counts().inserted > 0) {
        after.add_to_trail(tally.entry(origin, by));
      }
      tables = std::move(after);
      return tally.counts();
    });
    co_return co_await std::move(counts);
  }

 private:
  MemoryDatabase& database_;
};

}  // namespace ginnel::support
