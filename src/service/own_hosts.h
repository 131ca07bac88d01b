// SPDX-License-Identifier: MIT
#pragma once

#include <string>
#include <vector>

#include "domain/target_url.h"
#include "service/options.h"

namespace ginnel::service {

/// Every host that no link may lead to: `options.own_hosts` and the host of `options.public_url`,
/// in the form that domain::TargetUrl::parse compares.
std::vector<std::string> own_hosts(const LinkOptions& options);

/// Where links may lead: not to own_hosts, and as `options` say.
domain::TargetRules target_rules(const LinkOptions& options);

}  // namespace ginnel::service
