// SPDX-License-Identifier: MIT
#include "storage/sqlite/clicks/click_texts.h"

#include <limits>
#include <utility>

namespace ginnel::storage::sqlite {

Result<Done> ClickTexts::begin(Connection& database) {
  added_.clear();
  auto last = database.number("SELECT max(id) FROM click_texts");
  if (!last) {
    return std::move(last).error();
  }
  last_known_ = *last;
  return Done();
}

Result<std::int64_t> ClickTexts::id_of(Connection& database, std::string_view text) {
  if (text.empty()) {
    return kUnknownText;
  }
  if (const auto known = known_.find(text); known != known_.end()) {
    return known->second;
  }
  if (const auto added = added_.find(text); added != added_.end()) {
    return added->second;
  }
  auto id = look_up(database, text);
  if (!id) {
    return id;
  }
  if (*id > last_known_) {
    added_.emplace(text, *id);
    return id;
  }
  if (known_.size() >= limit_) {
    known_.clear();  // what recurs is back at once
  }
  known_.emplace(text, *id);
  return id;
}

Result<std::int64_t> ClickTexts::look_up(Connection& database, std::string_view text) {
  auto integer = [](const Row& row) { return row.integer(0); };
  auto found = database.first("SELECT id FROM click_texts WHERE text = ?", integer, text);
  if (!found) {
    return std::move(found).error();
  }
  if (*found) {
    return **found;
  }
  auto done = database.run("INSERT INTO click_texts (text) VALUES (?)", text);
  if (!done) {
    return std::move(done).error();
  }
  const std::int64_t id = database.last_id();
  if (id > std::numeric_limits<TextId>::max()) {
    return Error(ErrorKind::kInternal, "internal error", "no ids are left for texts of clicks");
  }
  return id;
}

}  // namespace ginnel::storage::sqlite
