// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

#include "base/result.h"
#include "change/change.h"

namespace ginnel::change {

/// Kinds of rows that are imported and exported.
enum class RowKind { kUser, kLink, kEvent };

/// `user`, `link`, `event`: what the trail calls one.
std::string_view to_text(RowKind kind) noexcept;

/// `users`, `urls`, `events`: what the interface and the command line call many.
std::string_view plural_of(RowKind kind) noexcept;

/// A row to import: its numbers and times are kept as they are.
using ImportRow = std::variant<domain::User, domain::Link, domain::Event>;

/// Bytes of its texts.
inline std::size_t text_bytes(const ImportRow& row) {
  return std::visit([](const auto& of) { return of.text_bytes(); }, row);
}

/// The largest number an import may bring. The rest, 2^40 numbers, is left for the rows that come
/// after it: one row with domain::kMaxId would be the last that a store takes.
inline constexpr std::int64_t kMaxImportedId = domain::kMaxId - (std::int64_t{1} << 40);

/// What becomes of a row.
enum class ImportOutcome {
  kInserted,
  kUnchanged,  ///< the same row was there already
  kDiffers,    ///< the id is there with other content: left alone
  kDeleted,    ///< the audit trail shows that this id was deleted: it does not come back
  kRefused,    ///< breaks a rule; the reason says which
};

struct ImportVerdict {
  ImportOutcome outcome = ImportOutcome::kInserted;
  std::string reason;  ///< empty for kInserted and kUnchanged
};

/// What a database has that may be in a row's way, in the order in which it decides: whoever finds
/// one of them need not look for those that follow.
struct UserFacts {
  bool was_deleted = false;                     ///< by the trail
  std::optional<domain::User> kept;             ///< with this number
  std::optional<domain::UserId> has_name = {};  ///< see keys_side_by_side
  std::optional<domain::UserId> has_email = {};
};

struct LinkFacts {
  bool was_deleted = false;
  std::optional<domain::Link> kept;
  bool owner_is_there = false;
  std::optional<domain::LinkId> has_code = {};
};

struct EventFacts {
  std::optional<EventRow> kept;  ///< an event or a click
  bool is_click = false;
  bool link_is_there = false;  ///< or the row names none
  bool user_is_there = false;
};

/// What is to become of a row: kInserted when nothing is in its way.
ImportVerdict judge(const domain::User& row, const UserFacts& facts);
ImportVerdict judge(const domain::Link& row, const LinkFacts& facts);
ImportVerdict judge(const domain::Event& row, const EventFacts& facts);

/// Whether a database may take this row, as far as the row itself tells: its number, its code. A
/// store that inserts rows only where nothing is in their way asks this first, and `judge` when
/// nothing was inserted.
bool is_importable(const domain::User& row) noexcept;
bool is_importable(const domain::Link& row);
bool is_importable(const domain::Event& row) noexcept;

/// Whether a person chose the code of an imported link. Rows do not tell: one that the generator
/// may have made counts as random.
bool is_chosen(const domain::Link& row) noexcept;

/// Keys (domain::username_key) under which two users stand side by side whose names have one key
/// today, as they may in a database of an older time.
struct NameKeys {
  std::string own;
  std::optional<std::string> of_other;  ///< what the other's key becomes; nothing: it stays
};

/// Those of a user called `name` beside one called `other`; nothing when the names were one at all
/// times.
std::optional<NameKeys> keys_side_by_side(std::string_view name, std::string_view other);

/// What the row of the trail about an import says.
struct ImportOrigin {
  std::string entity;  ///< user, link or event
  std::string file;    ///< its name, without folders
  std::string sha256;  ///< of its bytes, in hex
};

/// What an import came to.
struct ImportCounts {
  std::uint64_t rows = 0;
  std::uint64_t inserted = 0;
  std::uint64_t unchanged = 0;
  std::uint64_t skipped = 0;  ///< kDiffers, kDeleted and kRefused
};

/// Counts rows as they come.
class ImportTally final {
 public:
  /// `id` is that of the row.
  void add(ImportOutcome outcome, std::int64_t id);

  /// Has `bring(row)`, which gives a Result<ImportVerdict>, decide of one row after the other, and
  /// counts them. Fails as the first that does.
  template <class Bring>
  Result<std::vector<ImportVerdict>> add_all(const std::vector<ImportRow>& rows, Bring bring) {
    std::vector<ImportVerdict> verdicts;
    verdicts.reserve(rows.size());
    for (const ImportRow& row : rows) {
      Result<ImportVerdict> verdict = bring(row);
      if (!verdict) {
        return std::move(verdict).error();
      }
      add(verdict->outcome, std::visit([](const auto& of) { return of.id.value; }, row));
      verdicts.push_back(std::move(*verdict));
    }
    return verdicts;
  }

  const ImportCounts& counts() const noexcept { return counts_; }

  /// The largest number of what was inserted, or 0.
  std::int64_t last_id() const noexcept { return last_id_; }

  /// The row of the trail about all of it.
  domain::AuditEntry entry(const ImportOrigin& origin, const Context& by) const;

 private:
  ImportCounts counts_;
  std::int64_t first_id_ = 0;
  std::int64_t last_id_ = 0;
};

}  // namespace ginnel::change
