// SPDX-License-Identifier: MIT
#include "storage/sqlite/clicks/click_shipping.h"

#include <array>
#include <bit>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "storage/sqlite/clicks/sums_cursor.h"
#include "storage/sqlite/rows/trail.h"

namespace ginnel::storage::sqlite {

namespace {

/// Whether the cursor stood at `batch.from`; it stands at `batch.to` now.
Result<bool> move_cursor(Connection& database, const ClickBatch& batch) {
  const std::int64_t now = stored(domain::now());
  if (batch.from == 0) {
    auto begun = database.run(
        "INSERT INTO journal_cursors (segment, next, done, moved_at) VALUES (?, 0, 0, ?) "
        "ON CONFLICT DO NOTHING",
        batch.segment,
        now);
    if (!begun) {
      return std::move(begun).error();
    }
  }
  auto moved = database.run(
      "UPDATE journal_cursors SET next = ?, done = ?, moved_at = ? "
      "WHERE segment = ? AND next = ? AND done = 0",
      static_cast<std::int64_t>(batch.to),
      batch.last ? 1 : 0,
      now,
      batch.segment,
      static_cast<std::int64_t>(batch.from));
  if (!moved) {
    return std::move(moved).error();
  }
  return database.changed_rows() == 1;
}

/// The first of `count` numbers that are taken off the sequence.
Result<std::int64_t> take_ids(Connection& database, std::size_t count) {
  const auto numbers = static_cast<std::int64_t>(count);
  auto last = database.number(
      "UPDATE sequences SET value = value + ? WHERE name = 'event' RETURNING value", numbers);
  if (!last) {
    return last;
  }
  auto valid = new_id(*last);
  if (!valid) {
    return valid;
  }
  return *last - numbers + 1;
}

/// The texts of a click that are kept by their ids: by Dimension, then the rules' version.
using TextIds = std::array<std::int64_t, domain::kDimensionCount + 1>;

Result<TextIds> text_ids(Connection& database, ClickTexts& texts, const domain::Click& click) {
  const std::array<std::string_view, domain::kDimensionCount + 1> all = {"",
                                                                         click.referrer,
                                                                         click.country,
                                                                         click.device,
                                                                         click.browser,
                                                                         click.system,
                                                                         "",
                                                                         click.rules};
  TextIds ids{};
  for (std::size_t place = 0; place < all.size(); ++place) {
    auto id = texts.id_of(database, all[place]);
    if (!id) {
      return std::move(id).error();
    }
    ids[place] = *id;
  }
  return ids;
}

/// Rows in a statement: with so many a row costs a fifth less than alone, and hardly less with more
/// (docs/performance.md).
constexpr std::size_t kRowsAtOnce = 32;

std::string insert_statement(std::size_t rows) {
  std::string sql =
      "INSERT INTO clicks (id, link_id, user_id, at, code, referrer, country, device, browser, "
      "system, bot, visitor, network, rules) VALUES ";
  for (std::size_t row = 0; row < rows; ++row) {
    sql += row == 0 ? "" : ", ";
    sql += "(?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)";
  }
  return sql;
}

/// Binds a row of `clicks` with the number `id`.
void bind_click(Statement& insert,
                std::int64_t id,
                const domain::Click& click,
                const TextIds& ids) {
  insert.bind(id);
  insert.bind(click.link.value);
  insert.bind(click.user.value);
  insert.bind(stored(click.at));
  insert.bind(std::string_view(click.code));
  for (const auto dimension : {domain::Dimension::kReferrer,
                               domain::Dimension::kCountry,
                               domain::Dimension::kDevice,
                               domain::Dimension::kBrowser,
                               domain::Dimension::kSystem}) {
    insert.bind(ids[static_cast<std::size_t>(dimension)]);
  }
  insert.bind(static_cast<std::int64_t>(click.bot));
  insert.bind(std::bit_cast<std::int64_t>(click.visitor));
  insert.bind(std::string_view(click.network));
  insert.bind(ids.back());
}

/// What is needed to sum up a click with the number `id`.
TailClick tail_click(std::int64_t id, const domain::Click& click, const TextIds& ids) {
  TailClick tail;
  tail.id = id;
  tail.user = click.user.value;
  tail.at = click.at;
  tail.sums.link = click.link;
  tail.sums.stretch = domain::stretch_of(click.at);
  tail.sums.human = click.bot == domain::BotClass::kHuman;
  tail.sums.visitor = click.visitor;
  for (std::size_t place = 0; place < domain::kDimensionCount; ++place) {
    tail.sums.values[place] = static_cast<TextId>(ids[place]);
  }
  tail.sums.values.back() = static_cast<TextId>(click.bot);
  return tail;
}

/// Adds kRowsAtOnce clicks, or one, with the numbers from `id` on, and to `batch`.
Result<Done> insert_clicks(Connection& database,
                           ClickTexts& texts,
                           std::span<const domain::Click> clicks,
                           std::int64_t id,
                           std::vector<TailClick>& batch) {
  static const std::string kInsertMany = insert_statement(kRowsAtOnce);
  static const std::string kInsertOne = insert_statement(1);
  Statement insert = database.prepare(clicks.size() == 1 ? kInsertOne : kInsertMany);
  for (const domain::Click& click : clicks) {
    auto ids = text_ids(database, texts, click);
    if (!ids) {
      return std::move(ids).error();
    }
    batch.push_back(tail_click(id, click, *ids));
    bind_click(insert, id, click, *ids);
    ++id;
  }
  return insert.each([](const Row&) {});
}

Result<Done> add_clicks(Connection& database,
                        ClickTexts& texts,
                        ClickTail& tail,
                        std::span<const domain::Click> clicks) {
  auto cursor = find_sums_cursor(database);
  auto id = take_ids(database, clicks.size());
  if (!cursor) {
    return std::move(cursor).error();
  }
  if (!id) {
    return std::move(id).error();
  }
  std::vector<TailClick> batch;
  batch.reserve(clicks.size());
  while (!clicks.empty()) {
    const auto some = clicks.first(clicks.size() < kRowsAtOnce ? 1 : kRowsAtOnce);
    if (auto done = insert_clicks(database, texts, some, *id, batch); !done) {
      return done;
    }
    *id += static_cast<std::int64_t>(some.size());
    clicks = clicks.subspan(some.size());
  }
  tail.add(*cursor, batch, *id);
  cursor->next = *id;
  cursor->unsummed += static_cast<std::int64_t>(batch.size());
  return store_sums_cursor(database, *cursor);
}

}  // namespace

Result<ShipOutcome> ship_clicks(Connection& database,
                                ClickTexts& texts,
                                ClickTail& tail,
                                const ClickBatch& batch) {
  auto moved = move_cursor(database, batch);
  if (!moved) {
    return std::move(moved).error();
  }
  if (!*moved) {
    return ShipOutcome::kShippedBefore;
  }
  if (batch.clicks.empty()) {
    return ShipOutcome::kShipped;
  }
  auto done = texts.begin(database);
  if (done) {
    done = add_clicks(database, texts, tail, batch.clicks);
  }
  if (!done) {
    return std::move(done).error();
  }
  return ShipOutcome::kShipped;
}

Result<SegmentCursor> find_segment_cursor(Connection& database, const std::string& segment) {
  auto cursor = [](const Row& row) {
    return SegmentCursor{static_cast<std::uint64_t>(row.integer(0)), row.integer(1) == 1};
  };
  auto found =
      database.first("SELECT next, done FROM journal_cursors WHERE segment = ?", cursor, segment);
  if (!found) {
    return std::move(found).error();
  }
  return found->value_or(SegmentCursor());
}

}  // namespace ginnel::storage::sqlite
