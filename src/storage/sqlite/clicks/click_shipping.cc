// SPDX-License-Identifier: MIT
#include "storage/sqlite/clicks/click_shipping.h"

#include <array>
#include <bit>
#include <cstdint>
#include <span>
#include <string_view>
#include <utility>
#include <vector>

#include "storage/sqlite/clicks/click_rollups.h"
#include "storage/sqlite/rows/trail.h"
#include "storage/sqlite/rows/user_clicks.h"

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

/// Adds a row of `clicks` with the number `id`.
Result<Done> insert_click(Statement& statement,
                          std::int64_t id,
                          const domain::Click& click,
                          const TextIds& ids) {
  using domain::Dimension;
  const auto id_by = [&ids](Dimension dimension) {
    return ids[static_cast<std::size_t>(dimension)];
  };
  return statement.run(id,
                       click.link.value,
                       click.user.value,
                       stored(click.at),
                       click.code,
                       id_by(Dimension::kReferrer),
                       id_by(Dimension::kCountry),
                       id_by(Dimension::kDevice),
                       id_by(Dimension::kBrowser),
                       id_by(Dimension::kSystem),
                       static_cast<std::int64_t>(click.bot),
                       std::bit_cast<std::int64_t>(click.visitor),
                       click.network,
                       ids.back());
}

CountedClick counted(const domain::Click& click, const TextIds& ids) {
  CountedClick counted;
  counted.link = click.link;
  counted.stretch = domain::stretch_of(click.at);
  counted.human = click.bot == domain::BotClass::kHuman;
  counted.visitor = click.visitor;
  std::copy_n(ids.begin(), counted.values.size(), counted.values.begin());
  counted.values[static_cast<std::size_t>(domain::Dimension::kBotClass)] =
      static_cast<std::int64_t>(click.bot);
  return counted;
}

Result<Done> add_clicks(Connection& database,
                        ClickTexts& texts,
                        std::span<const domain::Click> clicks) {
  auto id = take_ids(database, clicks.size());
  if (!id) {
    return std::move(id).error();
  }
  Statement insert = database.prepare(
      "INSERT INTO clicks (id, link_id, user_id, at, code, referrer, country, device, browser, "
      "system, bot, visitor, network, rules) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)");
  std::vector<CountedClick> rows;
  rows.reserve(clicks.size());
  for (const domain::Click& click : clicks) {
    auto ids = text_ids(database, texts, click);
    if (!ids) {
      return std::move(ids).error();
    }
    if (auto done = insert_click(insert, (*id)++, click, *ids); !done) {
      return done;
    }
    rows.push_back(counted(click, *ids));
  }
  return ClickRollups(database).add(rows);
}

}  // namespace

Result<ShipOutcome> ship_clicks(Connection& database, ClickTexts& texts, const ClickBatch& batch) {
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
    done = add_clicks(database, texts, batch.clicks);
  }
  if (done) {
    done = add_user_clicks(database, batch.clicks);
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
