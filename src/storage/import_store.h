// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <memory>
#include <utility>
#include <vector>

#include "base/result.h"
#include "base/task.h"
#include "change/imports.h"

namespace ginnel::storage {

/// An import under way: one transaction, of which nobody else sees anything before its commit. One
/// call at a time, and none after `commit`. Destroyed without a commit it never was. It may outlive
/// the stores; then its calls fail.
class Import {
 public:
  /// What a batch holds at most: rows, and bytes by change::text_bytes. A batch of this size is in
  /// the database within milliseconds.
  static constexpr std::size_t kMaxRows = 1'000;
  static constexpr std::size_t kMaxBytes = std::size_t{1} << 20;

  Import() = default;
  Import(const Import&) = delete;
  Import& operator=(const Import&) = delete;
  virtual ~Import() = default;

  /// Inserts rows and tells what became of each. No rows are a sign of life.
  ///
  /// The sequences are raised past every imported number. Users whose names differ, but by
  /// domain::username_key would be one, come in side by side as long as domain::old_username_key
  /// tells them apart: a database of an older time may hold them.
  ///
  /// Fails with kTooLarge for more than a batch, of which nothing is looked at, and with kTimeout
  /// when the store waited for this too long; every error but the first undoes the whole import.
  Task<Result<std::vector<change::ImportVerdict>>> add(std::vector<change::ImportRow> rows) {
    std::size_t bytes = 0;
    for (const change::ImportRow& row : rows) {
      bytes += change::text_bytes(row);
    }
    if (rows.size() > kMaxRows || bytes > kMaxBytes) {
      co_return Error(ErrorKind::kTooLarge, "internal error", "a batch of an import is too large");
    }
    auto bringing = bring(std::move(rows));
    auto verdicts = co_await std::move(bringing);
    co_return verdicts;
  }

  /// Keeps all of it, with one row of the audit trail if anything was inserted, and no events. The
  /// ChangeListener has heard of every imported code when this gives its answer.
  virtual Task<Result<change::ImportCounts>> commit(change::Context by) = 0;

 private:
  /// `add` of what is no more than a batch.
  virtual Task<Result<std::vector<change::ImportVerdict>>> bring(
      std::vector<change::ImportRow> rows) = 0;
};

/// Brings many rows in one transaction, batch by batch.
///
///     auto import = co_await store.begin(std::move(origin));
///     while (...) {
///       auto verdicts = co_await (*import)->add(std::move(rows));
///     }
///     auto counts = co_await (*import)->commit(std::move(by));
class ImportStore {
 public:
  ImportStore() = default;
  ImportStore(const ImportStore&) = delete;
  ImportStore& operator=(const ImportStore&) = delete;
  virtual ~ImportStore() = default;

  /// Other changes, and a second import, wait for one that is under way or go on beside it; who
  /// waits too long is told kUnavailable. A store may end an import that keeps others waiting and
  /// is silent for half a minute.
  virtual Task<Result<std::unique_ptr<Import>>> begin(change::ImportOrigin origin) = 0;
};

}  // namespace ginnel::storage
