// SPDX-License-Identifier: MIT
#include "change/trail.h"

#include <utility>

namespace ginnel::change {

domain::AuditEntry entry_of(const Context& by,
                            std::string action,
                            std::string entity,
                            std::int64_t id,
                            std::string before,
                            std::string after) {
  domain::AuditEntry entry;
  entry.at = by.at;
  entry.who = by.who;
  entry.request_id = by.request_id;
  entry.action = std::move(action);
  entry.entity = std::move(entity);
  entry.entity_id = id;
  entry.before = std::move(before);
  entry.after = std::move(after);
  return entry;
}

Result<bool> is_repeated(const std::optional<KeptKey>& kept, const Context& by) {
  if (!kept || kept->at <= by.at - kKeyLifetime) {
    return false;
  }
  if (kept->request != by.key->request) {
    return Error::about_field(ErrorKind::kKeyReused,
                              "Idempotency-Key",
                              "Idempotency-Key was sent with another request before");
  }
  return true;
}

std::optional<KeptKey> kept_key_of(const Context& by, std::int64_t id, std::string code) {
  if (!by.key) {
    return std::nullopt;
  }
  return KeptKey{by.who, by.key->text, by.key->request, id, std::move(code), by.at};
}

}  // namespace ginnel::change
