// SPDX-License-Identifier: MIT
#include "storage/postgres/engine/fault.h"

#include <algorithm>
#include <string_view>
#include <utility>

namespace ginnel::storage::postgres {
namespace {

struct Meaning {
  std::string_view state;  ///< SQLSTATE, or the two letters that its class has
  ErrorKind kind;
  const char* message;
};

constexpr const char* kTooLate = "The database took too long";
constexpr const char* kBusy = "The database is busy; try again";
constexpr const char* kAway = "The database cannot be reached; try again";

// https://www.postgresql.org/docs/15/errcodes-appendix.html; the first that fits is meant.
constexpr Meaning kMeanings[] = {
    {"23503", ErrorKind::kConflict, "Something that it names is not there"},
    {"23505", ErrorKind::kConflict, "Somebody else has this already"},
    {"40", ErrorKind::kUnavailable, kBusy},                               // rolled back
    {"53100", ErrorKind::kUnavailable, "The database has no room left"},  // disk_full
    {"53", ErrorKind::kUnavailable, kBusy},                               // too many connections
    {"55P03", ErrorKind::kUnavailable, kBusy},                            // a lock waited too long
    {"57014", ErrorKind::kTimeout, kTooLate},                             // the statement's limit
    {"57", ErrorKind::kUnavailable, kAway},                               // it stops, or starts
    {"25006", ErrorKind::kUnavailable, "The database takes no changes now; try again"},
    {"08", ErrorKind::kUnavailable, kAway},
    {"58", ErrorKind::kUnavailable, "The database has a fault of its system; try again"},
};

std::string field_of(const PGresult* result, int field) {
  const char* const text = PQresultErrorField(result, field);
  return text == nullptr ? std::string() : text;
}

/// Without the line's end that libpq puts behind its messages.
std::string line_of(std::string text) {
  text.erase(std::min(text.find_last_not_of('\n') + 1, text.size()));
  return text;
}

}  // namespace

Fault fault_of(const PGresult* result) {
  std::string state = field_of(result, PG_DIAG_SQLSTATE);
  std::string constraint = field_of(result, PG_DIAG_CONSTRAINT_NAME);
  std::string detail = state + ": " + field_of(result, PG_DIAG_MESSAGE_PRIMARY);
  const auto* const meaning = std::ranges::find_if(
      kMeanings, [&](const Meaning& one) { return state.starts_with(one.state); });
  if (meaning == std::end(kMeanings)) {
    return {Error(ErrorKind::kInternal, "internal error", std::move(detail)),
            std::move(state),
            std::move(constraint)};
  }
  return {Error(meaning->kind, meaning->message, std::move(detail)),
          std::move(state),
          std::move(constraint)};
}

Fault too_late() {
  return {Error(ErrorKind::kTimeout, kTooLate), {}, {}};
}

Fault fault_of(PGconn* connection) {
  return {Error(ErrorKind::kUnavailable, kAway, line_of(PQerrorMessage(connection))), {}, {}};
}

}  // namespace ginnel::storage::postgres
