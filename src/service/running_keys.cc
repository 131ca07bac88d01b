// SPDX-License-Identifier: MIT
#include "service/running_keys.h"

namespace ginnel::service {

RunningKeys::Claim::~Claim() {
  if (keys_ != nullptr) {
    const std::lock_guard lock(keys_->mutex_);
    keys_->keys_.erase(key_);
  }
}

Result<RunningKeys::Claim> RunningKeys::claim(const change::Context& caller) {
  if (!caller.key) {
    return Claim();
  }
  Claim::Key key(caller.who, caller.key->text);
  const std::lock_guard lock(mutex_);
  if (!keys_.insert(key).second) {
    return Error::about_field(ErrorKind::kUnderWay,
                              "Idempotency-Key",
                              "A request with this Idempotency-Key is under way");
  }
  return Claim(*this, std::move(key));
}

}  // namespace ginnel::service
