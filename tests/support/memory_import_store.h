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

/// An import decides on a copy of the tables, and again at its commit: others go on beside it.
class MemoryImport final : public storage::Import {
 public:
  MemoryImport(MemoryDatabase& database, MemoryTables copy, change::ImportOrigin origin)
      : database_(database), copy_(std::move(copy)), origin_(std::move(origin)) {}

  Task<Result<change::ImportCounts>> commit(change::Context by) override {
    return database_.change(
        [this, by = std::move(by)](MemoryTables& tables) { return keep(tables, by); });
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
    auto copying = database_.change([](MemoryTables& tables) { return Result(tables); });
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
