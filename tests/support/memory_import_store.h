// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <functional>
#include <memory>
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

/// An import decides on a copy of the tables, and again at its commit: others go on beside it.
class MemoryImport final : public storage::Import {
 public:
  MemoryImport(MemoryDatabase& database, MemoryTables copy, change::ImportOrigin origin)
      : database_(database), copy_(std::move(copy)), origin_(std::move(origin)) {}

  Task<Result<change::ImportCounts>> commit(change::Context by) override {
    auto keeping =
        database_.change(by.deadline, [&](MemoryTables& tables) { return keep(tables, by); });
    co_return co_await std::move(keeping);
  }

 private:
  Task<Result<std::vector<change::ImportVerdict>>> bring(
      std::vector<change::ImportRow> rows) override {
    auto verdicts = tally_.add_all(rows, importing_to(copy_));
    rows_.insert(rows_.end(), rows.begin(), rows.end());
    co_return verdicts;
  }

  static std::function<Result<change::ImportVerdict>(const change::ImportRow&)> importing_to(
      MemoryTables& tables) {
    return [importer = MemoryImporter(tables)](const change::ImportRow& row) mutable {
      return std::visit(importer, row);
    };
  }

  Result<change::ImportCounts> keep(MemoryTables& tables, const change::Context& by) {
    change::ImportTally tally;
    MemoryTables after = tables;
    if (auto all = tally.add_all(rows_, importing_to(after)); !all) {
      return std::move(all).error();
    }
    if (tally.counts().inserted > 0) {
      after.add_to_trail(tally.entry(origin_, by));
    }
    tables = std::move(after);
    return tally.counts();
  }

  MemoryDatabase& database_;
  MemoryTables copy_;
  change::ImportOrigin origin_;
  change::ImportTally tally_;
  std::vector<change::ImportRow> rows_;
};

class MemoryImportStore final : public storage::ImportStore {
 public:
  explicit MemoryImportStore(MemoryDatabase& database) : database_(database) {}

  Task<Result<std::unique_ptr<storage::Import>>> begin(change::ImportOrigin origin) override {
    auto copying =
        database_.change(kNoDeadline, [](MemoryTables& tables) { return Result(tables); });
    auto copy = co_await std::move(copying);
    if (!copy) {
      co_return std::move(copy).error();
    }
    co_return std::make_unique<MemoryImport>(database_, std::move(*copy), std::move(origin));
  }

 private:
  MemoryDatabase& database_;
};

}  // namespace ginnel::support
