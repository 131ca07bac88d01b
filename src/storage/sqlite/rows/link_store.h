// SPDX-License-Identifier: MIT
#pragma once

#include <optional>
#include <string_view>
#include <vector>

#include "storage/link_store.h"
#include "storage/sqlite/engine/engine.h"

namespace ginnel::storage::sqlite {

/// Links in SQLite.
class LinkStore final : public storage::LinkStore {
 public:
  /// `engine` must outlive this.
  explicit LinkStore(Engine& engine) : engine_(engine) {}

  Task<Result<domain::Link>> insert(domain::LinkDraft draft, change::Context by) override;
  Task<Result<std::optional<domain::Link>>> find(domain::LinkId id, CallContext call) override;
  Task<Result<std::optional<domain::Link>>> find_by_code(std::string code,
                                                         CallContext call) override;
  Task<Result<Page<domain::Link>>> list(LinkQuery query, CallContext call) override;
  Task<Result<domain::Link>> change(domain::LinkId id,
                                    domain::LinkChange change,
                                    change::Context by) override;
  Task<Result<Done>> remove(domain::LinkId id, change::Context by) override;
  Task<Result<std::uint64_t>> count(CallContext call) override;
  Task<Result<std::vector<domain::Link>>> find_by_codes(std::vector<std::string> words,
                                                        CallContext call) override;

 private:
  Engine& engine_;
};

/// LinkStore::list.
Result<Page<domain::Link>> list_links(Connection& database, const LinkQuery& query);

}  // namespace ginnel::storage::sqlite
