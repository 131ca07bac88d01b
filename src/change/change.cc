// SPDX-License-Identifier: MIT
#include "change/change.h"

namespace ginnel::change {

Result<std::optional<KeptKey>> earlier_creation(std::optional<KeptKey> kept, const Context& by) {
  if (!kept || kept->at <= by.at - kKeyLifetime) {
    return std::optional<KeptKey>();
  }
  if (kept->request != by.key->request) {
    return Error::about_field(ErrorKind::kKeyReused,
                              "Idempotency-Key",
                              "Idempotency-Key was sent with another request before");
  }
  return kept;
}

domain::UserRecord as_made(domain::UserRecord record, const KeptKey& earlier) {
  record.user.id.value = earlier.id;
  record.user.created_at = earlier.at;
  return record;
}

domain::Link as_made(domain::Link link, const KeptKey& earlier) {
  link.id.value = earlier.id;
  link.code = earlier.code;
  link.created_at = earlier.at;
  link.updated_at = earlier.at;
  return link;
}

domain::Event as_made(domain::Event event, const KeptKey& earlier) {
  event.id.value = earlier.id;
  event.at = earlier.at;
  return event;
}

}  // namespace ginnel::change
