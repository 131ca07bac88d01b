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
    change::UserFacts facts = {was_deleted("user", row.id.value), answer_of(tables_.find(row.id))};
    auto same_name = tables_.find_name(row.username);
    const auto same_email = tables_.find_email(row.email);
    const auto keys = same_name
                          ? change::keys_side_by_side(row.username, same_name->answer().username)
                          : change::NameKeys{domain::username_key(row.username), std::nullopt};
    if (same_name && !keys) {
      facts.has_name = same_name->answer().id;
    }
    if (same_email) {
      facts.has_email = same_email->answer().id;
    }
    auto verdict = change::judge(row, facts);
    if (verdict.outcome == change::ImportOutcome::kInserted) {
      if (keys->of_other) {
        same_name->name_key = *keys->of_other;
        tables_.put(change::Act::kUpdate, *same_name);
      }
      tables_.put(change::Act::kCreate, change::UserRow{{row}, keys->own});
    }
    return verdict;
  }

  change::ImportVerdict operator()(const domain::Link& row) {
    const auto same_code = tables_.find_code(row.code);
    auto verdict = change::judge(
        row,
        change::LinkFacts{was_deleted("link", row.id.value),
                          answer_of(tables_.find(row.id)),
                          tables_.users.has(row.user),
                          same_code ? std::optional(same_code->link.id) : std::nullopt});
    if (verdict.outcome == change::ImportOutcome::kInserted) {
      tables_.put(change::Act::kCreate, change::LinkRow{row, change::is_chosen(row)});
      tables_.forgotten.add(row.code);
    }
    return verdict;
  }

  change::ImportVerdict operator()(const domain::Event& row) {
    const auto kept = tables_.find(row.id);
    auto verdict =
        change::judge(row,
                      change::EventFacts{kept,
                                         kept && kept->event.origin == domain::EventOrigin::kClick,
                                         tables_.links.has(row.link),
                                         tables_.users.has(row.user)});
    if (verdict.outcome == change::ImportOutcome::kInserted) {
      change::EventRow made = {row, row};
      made.event.origin = domain::EventOrigin::kImport;
      tables_.put(change::Act::kCreate, made);
    }
    return verdict;
  }

 private:
  bool was_deleted(std::string_view entity, std::int64_t id) const {
    const auto tells_it = [&](const domain::AuditEntry& entry) {
      return entry.action == "delete" && entry.entity == entity && entry.entity_id == id;
    };
    return tables_.trail.first(tells_it).has_value();
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
