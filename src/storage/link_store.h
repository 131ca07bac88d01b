// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "base/result.h"
#include "base/task.h"
#include "change/context.h"
#include "domain/link.h"
#include "storage/page.h"

namespace ginnel::storage {

/// Which links to list, in ascending order of id or, the newest first, in descending order.
struct LinkQuery {
  domain::LinkId after;  ///< only ids that come later in the order; 0: from its beginning
  std::optional<domain::UserId> user;
  std::optional<bool> enabled;
  std::uint32_t limit = 100;
  bool newest_first = false;
  std::optional<std::string> code = std::nullopt;  ///< exactly this one
  std::size_t max_bytes = kMaxPageBytes;           ///< of the rows' texts, but one row at least
};

/// Where links live. What is said of UserStore about threads, errors and transactions holds here
/// too; every committed change is announced to the ChangeListener before the caller hears of it.
class LinkStore {
 public:
  LinkStore() = default;
  LinkStore(const LinkStore&) = delete;
  LinkStore& operator=(const LinkStore&) = delete;
  virtual ~LinkStore() = default;

  /// Adds a link with its `created` event. Fails with kConflict when the code is taken, when it
  /// differs by case alone from one that a person chose, or when it is a random one
  /// (`!draft.chosen`) that a deleted link had, and with kNotFound when the owner is unknown.
  /// `by.key` as in UserStore::insert; the code that was made then is given, too.
  virtual Task<Result<domain::Link>> insert(domain::LinkDraft draft, change::Context by) = 0;

  virtual Task<Result<std::optional<domain::Link>>> find(domain::LinkId id, CallContext call) = 0;

  /// The link with exactly this code, or nothing.
  virtual Task<Result<std::optional<domain::Link>>> find_by_code(std::string code,
                                                                 CallContext call) = 0;

  virtual Task<Result<Page<domain::Link>>> list(LinkQuery query, CallContext call) = 0;

  /// Changes a link and leaves an `updated` event whose details hold the fields that were sent, as
  /// they are now, and for a new target `{"original_url":{"after":...,"before":...}}`.
  /// Fails with kNotFound.
  virtual Task<Result<domain::Link>> change(domain::LinkId id,
                                            domain::LinkChange change,
                                            change::Context by) = 0;

  /// Deletes a link and leaves a `deleted` event with its code and target. Fails with kNotFound.
  virtual Task<Result<Done>> remove(domain::LinkId id, change::Context by) = 0;

  /// How many links there are, for the length of new codes and the start-up log.
  virtual Task<Result<std::uint64_t>> count(CallContext call) = 0;

  /// The links whose code is one of `words`, in any case: routes shadow them.
  virtual Task<Result<std::vector<domain::Link>>> find_by_codes(std::vector<std::string> words,
                                                                CallContext call) = 0;
};

}  // namespace ginnel::storage
