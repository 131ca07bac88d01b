// SPDX-License-Identifier: MIT
#include "service/api_keys.h"

#include <sodium.h>

namespace ginnel::service {
namespace {

/// The owner of the one key there is, named for its setting.
constexpr std::string_view kOwner = "api.key";

}  // namespace

ApiKeys::ApiKeys(std::string_view key) {
  if (!key.empty()) {
    keys_.push_back({std::string(kOwner), digest_of(key)});
  }
}

std::optional<std::string> ApiKeys::owner_of(std::string_view shown) const {
  const Digest digest = digest_of(shown);
  std::optional<std::string> owner;
  for (const Key& key : keys_) {
    if (sodium_memcmp(key.digest.data(), digest.data(), digest.size()) == 0) {
      owner = key.owner;
    }
  }
  return owner;
}

/// BLAKE2b.
ApiKeys::Digest ApiKeys::digest_of(std::string_view text) noexcept {
  Digest digest{};
  static_assert(digest.size() == crypto_generichash_BYTES);
  crypto_generichash(digest.data(),
                     digest.size(),
                     reinterpret_cast<const unsigned char*>(text.data()),
                     text.size(),
                     nullptr,
                     0);
  return digest;
}

}  // namespace ginnel::service
