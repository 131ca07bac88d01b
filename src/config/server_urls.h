// SPDX-License-Identifier: MIT
#pragma once

#include <string>
#include <vector>

#include "http/options.h"
#include "service/options.h"

namespace ginnel::config {

/// Where a caller on this machine finds what listens at `address`: at the address itself, or on
/// loopback for one that stands for every address.
std::string local_url(http::ListenAddress address);

/// What short URLs begin with where nobody has said it, by the first of the addresses that are
/// listened on: `http://localhost:PORT` where that leads there (every address, 127.0.0.1, ::1),
/// otherwise that address.
std::string default_public_url(const std::vector<http::ListenAddress>& listen);

/// `links` with that for its public_url, unless it has one.
service::LinkOptions with_public_url(service::LinkOptions links,
                                     const std::vector<http::ListenAddress>& listen);

}  // namespace ginnel::config
