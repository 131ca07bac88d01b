// SPDX-License-Identifier: MIT
#pragma once

#include <string>
#include <vector>

#include "service/options.h"

namespace ginnel::service {

/// Every host that no link may lead to: `options.own_hosts` and the host of `options.public_url`,
/// in the form that domain::TargetUrl::parse compares.
std::vector<std::string> own_hosts(const LinkOptions& options);

}  // namespace ginnel::service
