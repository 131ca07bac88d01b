// SPDX-License-Identifier: MIT
#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "change/context.h"
#include "domain/event.h"
#include "domain/link.h"
#include "domain/timestamp.h"
#include "domain/user.h"

namespace ginnel::change {

enum class Act {
  kNothing,  ///< everything stays as it is
  kCreate,
  kUpdate,
  kDelete,
};

// `answer` is what is given to whoever asked for a change of the row.

struct UserRow {
  domain::UserRecord record;
  std::string name_key;  ///< that the name is found by: domain::username_key, or one of older times

  const domain::User& answer() const noexcept { return record.user; }
};

struct LinkRow {
  domain::Link link;
  bool chosen = false;  ///< a person chose the code; looked at when the row is made

  const domain::Link& answer() const noexcept { return link; }
};

struct EventRow {
  domain::Event event;  ///< with the numbers of what it names, gone or not
  domain::Event shown;  ///< without those of what is gone

  const domain::Event& answer() const noexcept { return shown; }
};

/// A row as it is afterwards; one that is deleted, as it was.
using Row = std::variant<UserRow, LinkRow, EventRow>;

/// What was made under an idempotency key: what the request itself says of the row, the repeated
/// one says too.
struct KeptKey {
  std::string who;
  std::string key;
  std::string request;  ///< a digest of everything that was asked
  std::int64_t id = 0;  ///< of the row
  std::string code;     ///< of a link
  domain::Timestamp at;
};

/// Everything that one change of a row writes: all of it, or nothing.
///
/// What is written is decided once, by the functions of users.h, links.h and events.h, from what a
/// store found: a row or none, and what it keeps of the key of `by`. A store writes the change in
/// one transaction, gives the row's `answer`, and announces `forgotten`:
///
///     auto change = change::update(find(transaction, id), wanted, by);
///     if (change) { done = write(transaction, *change); }
struct Change {
  Act act = Act::kNothing;
  Row row;
  std::vector<domain::Event> events;   ///< that follow; the store gives them their numbers
  domain::AuditEntry entry;            ///< of the trail, which gives it its number
  std::optional<KeptKey> key;          ///< in the place of an older one of the same key
  std::vector<std::string> retired;    ///< codes that no random one may be again
  std::vector<std::string> forgotten;  ///< codes that caches are to forget
};

/// How long a key is remembered.
inline constexpr std::chrono::hours kKeyLifetime{24};

}  // namespace ginnel::change
