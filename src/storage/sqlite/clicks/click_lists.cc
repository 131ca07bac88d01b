// SPDX-License-Identifier: MIT
#include "storage/sqlite/clicks/click_lists.h"

#include <algorithm>
#include <limits>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

#include "storage/leb128.h"

namespace ginnel::storage::sqlite {
namespace {

/// Of at most two bytes each in a busy list, so that four rows fit into a page, as SQLite wants it:
/// a longer one would take a page of its own.
constexpr std::size_t kInARow = 400;

/// Clicks of older versions that are listed in one go: a millisecond or a few.
constexpr std::size_t kListedAtOnce = 5 * kInARow;

/// A click and the link or user it counts for.
struct OwnedClick {
  std::int64_t owner = 0;
  std::int64_t id = 0;

  // NOLINTNEXTLINE(modernize-use-nullptr): what the compiler makes of it compares with 0
  friend auto operator<=>(const OwnedClick&, const OwnedClick&) = default;
};

/// Behind all others.
constexpr std::int64_t kMost = std::numeric_limits<std::int64_t>::max();
constexpr OwnedClick kEnd = {kMost, kMost};

std::string column_of(ClickOwner kind) {
  return kind == ClickOwner::kLink ? "link_id" : "user_id";
}

std::int64_t number_of(ClickOwner kind) noexcept {
  return static_cast<std::int64_t>(kind);
}

/// How far each number lies above the one before it.
std::string steps_of(std::span<const std::int64_t> ids) {
  std::string steps;
  for (std::size_t place = 1; place < ids.size(); ++place) {
    append_number(steps, static_cast<std::uint64_t>(ids[place] - ids[place - 1]));
  }
  return steps;
}

/// Adds the numbers of a row that are above `after`; where its bytes are damaged, it ends.
void add_ids(std::vector<std::int64_t>& ids,
             std::int64_t first,
             std::string_view steps,
             std::int64_t after = std::numeric_limits<std::int64_t>::min()) {
  auto id = static_cast<std::uint64_t>(first);  // no overflow, whatever damaged bytes say
  for (std::optional<std::uint64_t> step = 0; step; step = take_number(steps)) {
    id += *step;
    if (static_cast<std::int64_t>(id) > after) {
      ids.push_back(static_cast<std::int64_t>(id));
    }
  }
}

OwnedClick owned_click_of(const Row& row) {
  return {row.integer(0), row.integer(1)};
}

/// Clicks of older versions that come next in the order of owners and ids, by their index.
Result<std::vector<OwnedClick>> next_older_clicks(Connection& database, const OlderLists& older) {
  const std::string column = column_of(older.kind);
  const std::string select =
      "SELECT " + column + ", id FROM clicks INDEXED BY " +
      (older.kind == ClickOwner::kLink ? "clicks_by_link" : "clicks_by_user") + " WHERE " + column;
  auto clicks = database.all(select + " = ? AND id > ? AND id < ? ORDER BY id LIMIT ?",
                             owned_click_of,
                             older.owner,
                             older.click,
                             older.end,
                             static_cast<std::int64_t>(kListedAtOnce));
  if (!clicks || clicks->size() == kListedAtOnce) {
    return clicks;
  }
  auto others = database.all(select + " > ? AND id < ? ORDER BY 1, id LIMIT ?",
                             owned_click_of,
                             older.owner,
                             older.end,
                             static_cast<std::int64_t>(kListedAtOnce - clicks->size()));
  if (!others) {
    return others;
  }
  clicks->insert(clicks->end(), others->begin(), others->end());
  return clicks;
}

/// Lists clicks, which come in the order of their owners and ids.
Result<Done> list_clicks(Connection& database,
                         ClickOwner kind,
                         const std::vector<OwnedClick>& clicks) {
  std::vector<std::int64_t> ids;
  for (std::size_t place = 0; place < clicks.size(); ++place) {
    ids.push_back(clicks[place].id);
    if (place + 1 == clicks.size() || clicks[place + 1].owner != clicks[place].owner) {
      if (auto done = add_to_list(database, kind, clicks[place].owner, ids); !done) {
        return done;
      }
      ids.clear();
    }
  }
  return Done();
}

/// The indexes hold no secret: their pages need not be overwritten, which would take as long as
/// writing them.
Result<Done> drop_indexes(Connection& database) {
  auto done = database.execute(
      "PRAGMA secure_delete = OFF; DROP INDEX IF EXISTS clicks_by_link; "
      "DROP INDEX IF EXISTS clicks_by_user");
  auto overwrites_again = database.execute("PRAGMA secure_delete = ON");
  return done ? std::move(overwrites_again) : std::move(done);
}

/// The numbers that are listed, row by row in the order of owners and ids.
class ListReading final {
 public:
  ListReading(Connection& database, ClickOwner kind)
      : rows_(database.prepare("SELECT owner_id, first_id, steps FROM click_lists "
                               "WHERE owner_kind = ? ORDER BY owner_id, first_id")) {
    rows_.bind(number_of(kind));
  }

  /// The next one, or kEnd.
  Result<OwnedClick> next() {
    while (place_ == ids_.size()) {
      auto more = rows_.step();
      if (!more) {
        return std::move(more).error();
      }
      if (!*more) {
        return kEnd;
      }
      ids_.clear();
      place_ = 0;
      owner_ = rows_.row().integer(0);
      add_ids(ids_, rows_.row().integer(1), rows_.row().bytes(2));
    }
    return OwnedClick{owner_, ids_[place_++]};
  }

 private:
  Statement rows_;
  std::int64_t owner_ = 0;
  std::vector<std::int64_t> ids_;
  std::size_t place_ = 0;
};

/// The clicks in the order of owners and ids; SQLite sorts them in a temporary file.
class ClickReading final {
 public:
  ClickReading(Connection& database, ClickOwner kind)
      : rows_(database.prepare("SELECT " + column_of(kind) + ", id FROM clicks ORDER BY 1, 2")) {}

  /// The next one, or kEnd.
  Result<OwnedClick> next() {
    auto more = rows_.step();
    if (!more) {
      return std::move(more).error();
    }
    return *more ? owned_click_of(rows_.row()) : kEnd;
  }

 private:
  Statement rows_;
};

}  // namespace

Result<Done> add_to_list(Connection& database,
                         ClickOwner kind,
                         std::int64_t owner,
                         std::span<const std::int64_t> ids) {
  while (!ids.empty()) {
    const auto row = ids.first(std::min(ids.size(), kInARow));
    auto done = database.run(
        "INSERT INTO click_lists (owner_kind, owner_id, first_id, steps) VALUES (?, ?, ?, ?)",
        number_of(kind),
        owner,
        row.front(),
        Bytes{steps_of(row)});
    if (!done) {
      return done;
    }
    ids = ids.subspan(row.size());
  }
  return Done();
}

Result<std::vector<std::int64_t>> find_clicks(Connection& database,
                                              ClickOwner kind,
                                              std::int64_t owner,
                                              std::int64_t after,
                                              std::size_t most) {
  auto cursor = find_sums_cursor(database);
  if (!cursor) {
    return std::move(cursor).error();
  }
  std::vector<std::int64_t> ids;
  if (!cursor->indexed) {
    Statement rows = database.prepare(
        "SELECT first_id, steps FROM click_lists WHERE owner_kind = ?1 AND owner_id = ?2 "
        "AND first_id >= coalesce((SELECT max(first_id) FROM click_lists WHERE owner_kind = ?1 "
        "AND owner_id = ?2 AND first_id <= ?3), 0) ORDER BY first_id");
    rows.bind(number_of(kind));
    rows.bind(owner);
    rows.bind(after);
    Result<bool> more = rows.step();
    for (; more && *more && ids.size() < most; more = rows.step()) {
      add_ids(ids, rows.row().integer(0), rows.row().bytes(1), after);
    }
    if (!more) {
      return std::move(more).error();
    }
    after = std::max(after, cursor->first_unsummed(kind, owner) - 1);
  }
  if (ids.size() < most) {  // by the index, as long as there is one
    auto done = database.all(
        "SELECT id FROM clicks WHERE " + column_of(kind) + " = ? AND id > ? ORDER BY id LIMIT ?",
        [&ids](const Row& row) { return ids.emplace_back(row.integer(0)); },
        owner,
        after,
        static_cast<std::int64_t>(most - ids.size()));
    if (!done) {
      return std::move(done).error();
    }
  }
  ids.resize(std::min(ids.size(), most));
  return ids;
}

Result<Done> list_older_clicks(Connection& database, SumsCursor& cursor) {
  OlderLists& older = cursor.older;
  auto clicks = next_older_clicks(database, older);
  if (!clicks) {
    return std::move(clicks).error();
  }
  const bool are_the_last = clicks->size() < kListedAtOnce;
  older.unlisted = std::max<std::int64_t>(0, older.unlisted - std::ssize(*clicks));
  if (!are_the_last) {
    older.owner = clicks->back().owner;
    older.click = clicks->back().id;
  }
  if (auto done = list_clicks(database, older.kind, *clicks); !done || !are_the_last) {
    return done;
  }
  if (older.kind == ClickOwner::kLink) {
    older = {older.end, ClickOwner::kUser, 0, 0, older.unlisted};
    return Done();
  }
  cursor.indexed = false;
  return drop_indexes(database);
}

Result<Done> compare_lists(Connection& database,
                           ClickOwner kind,
                           const std::function<void(std::int64_t owner)>& differs) {
  ListReading lists(database, kind);
  ClickReading clicks(database, kind);
  std::int64_t told = 0;
  auto listed = lists.next();
  auto counted = clicks.next();
  while (listed && counted && std::min(*listed, *counted) != kEnd) {
    const OwnedClick first = std::min(*listed, *counted);
    const bool is_listed = *listed == first;
    const bool is_counted = *counted == first;
    if (is_listed != is_counted && std::exchange(told, first.owner) != first.owner) {
      differs(first.owner);
    }
    if (is_listed) {
      listed = lists.next();
    }
    if (is_counted) {
      counted = clicks.next();
    }
  }
  if (!listed || !counted) {
    return std::move(listed ? counted : listed).error();
  }
  return Done();
}

Result<Done> make_lists_anew(Connection& database, ClickOwner kind) {
  auto done = database.run("DELETE FROM click_lists WHERE owner_kind = ?", number_of(kind));
  ClickReading clicks(database, kind);
  std::vector<std::int64_t> ids;
  auto click = clicks.next();
  while (done && click && *click != kEnd) {
    const std::int64_t owner = click->owner;
    ids.push_back(click->id);
    click = clicks.next();
    if (click && (click->owner != owner || ids.size() == kInARow)) {
      done = add_to_list(database, kind, owner, std::exchange(ids, {}));
    }
  }
  return click ? std::move(done) : std::move(click).error();
}

}  // namespace ginnel::storage::sqlite
