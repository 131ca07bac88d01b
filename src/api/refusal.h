// SPDX-License-Identifier: MIT
#pragma once

#include <array>
#include <cstddef>
#include <string_view>

#include "base/error.h"

namespace ginnel::api {

/// Why a caller is refused.
enum class RefusalReason : std::size_t {
  kMissingKey,
  kWrongKey,
  kNoKeySet,       ///< the server has none, and others are to reach it
  kForwarded,      ///< a proxy passed it on, for anybody
  kUnknownHost,    ///< it asks for a name that is not this machine's alone
  kForeignOrigin,  ///< a page that is not the server's sent it
  kCrossSite,      ///< the same, said by Sec-Fetch-Site
  kSystemAccount,  ///< a program of a system account sent it: a proxy may be one
  kUnknownOwner,   ///< the kernel does not tell whose program sent it
};

/// Their names in metrics, in the same order.
inline constexpr std::array<std::string_view, 9> kRefusalReasons = {"missing_key",
                                                                    "wrong_key",
                                                                    "no_key_set",
                                                                    "forwarded",
                                                                    "unknown_host",
                                                                    "foreign_origin",
                                                                    "cross_site",
                                                                    "system_account",
                                                                    "unknown_owner"};

/// A caller that is refused.
struct Refusal {
  RefusalReason reason;
  Error error;
};

}  // namespace ginnel::api
