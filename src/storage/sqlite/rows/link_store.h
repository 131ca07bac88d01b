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
  Task<Result<std::optional<domain::Link>>> find(domain::LinkId id) override;
  Task<Result<std::optional<domain::Link>>> find_by_code(std::string code) override;
  Task<Result<Page<domain::Link>>> list(LinkQuery query) override;
  Task<Result<domain::Link>> change(domain::LinkId id,
                                    domain::LinkChange change,
                                    change::Context by) override;
  Task<Result<Done>> remove(domain::LinkId id, change::Context by) override;
  Task<Result<std::uint64_t>> count() override;
  Task<Result<std::vector<domain::Link>>> find_by_codes(std::vector<std::string> words) override;

 private:
  Engine& engine_;
};

/// Columns of a link.
inline constexpr const char* kSelectLink =
    "SELECT id, user_id, code, target, title, enabled, created_at, updated_at, version FROM links ";

/// What a row of these columns says.
domain::Link link_of(const Row& row);

/// The link with this number, or nothing.
Result<std::optional<domain::Link>> find_link(Connection& database, domain::LinkId id);

/// The link with exactly this code, or nothing.
Result<std::optional<domain::Link>> find_link(Connection& database, std::string_view code);

/// LinkStore::list.
Result<Page<domain::Link>> list_links(Connection& database, const LinkQuery& query);

}  // namespace ginnel::storage::sqlite
