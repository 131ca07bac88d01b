// SPDX-License-Identifier: MIT
#pragma once

#include <cstdint>
#include <string>

namespace ginnel::http {

/// What somebody may do. Each has what those before it have.
enum class Rights : std::uint8_t {
  kVisit,   ///< ask public routes: everybody may
  kManage,  ///< ask guarded routes too
};

/// Who sends a request and what he may do, as the router's guard found. Nobody in particular, who
/// may visit, unless it says more.
struct Principal {
  std::string name;  ///< in the audit trail; empty for one who did not have to say
  Rights rights = Rights::kVisit;
};

}  // namespace ginnel::http
