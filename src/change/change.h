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

enum class Act { kCreate, kUpdate, kDelete };

struct UserRow {
  domain::UserRecord record;
  bool has_new_name = true;  ///< else it is found by the key that it has
};

struct LinkRow {
  domain::Link link;
  bool chosen = false;  ///< a person chose the code; looked at when the row is made
};

struct EventRow {
  domain::Event event;  ///< with the numbers of what it names, gone or not
  domain::Event shown;  ///< without those of what is gone
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
/// What is written is decided once, by the functions of users.h, links.h and events.h, from the row
/// as a store found it; a store keeps it in one transaction and then announces `forgotten`:
///
///     auto change = change::update(*before, wanted, by);
///     if (change) { done = apply(transaction, *change); }
struct Change {
  Act act = Act::kCreate;
  Row row;
  std::vector<domain::Event> events;   ///< that follow; the store gives them their numbers
  domain::AuditEntry entry;            ///< of the trail, which gives it its number
  std::optional<KeptKey> key;          ///< in the place of an older one of the same key
  std::vector<std::string> retired;    ///< codes that no random one may be again
  std::vector<std::string> forgotten;  ///< codes that caches are to forget
};

/// How long a key is remembered.
inline constexpr std::chrono::hours kKeyLifetime{24};

/// What the request of `by` made before, by what is kept of its key: the row is to be given as it
/// was then (as_made), and nothing is made. Nothing when it is the first such request. Fails with
/// kKeyReused when another one had the key.
Result<std::optional<KeptKey>> earlier_creation(std::optional<KeptKey> kept, const Context& by);

/// The row of a draft as it was when `earlier` was kept.
domain::UserRecord as_made(domain::UserRecord record, const KeptKey& earlier);
domain::Link as_made(domain::Link link, const KeptKey& earlier);
domain::Event as_made(domain::Event event, const KeptKey& earlier);

}  // namespace ginnel::change
