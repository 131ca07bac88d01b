// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <cstdint>

namespace ginnel::config {

/// The cores this process may run on (sched_getaffinity(2)), at least 1. A quota of CPU time
/// (cgroups) is not taken into account.
std::uint64_t usable_cores() noexcept;

/// Raises this process' limit of open files as far as it may (RLIMIT_NOFILE, soft to hard) and
/// gives it. Call it once, before sockets are opened.
std::uint64_t raise_file_limit() noexcept;

/// How many of the `wanted` connections fit below `file_limit`: 128 descriptors, or a quarter of a
/// small limit, stay free for the database, listeners, files and the connections above the limit
/// that get one answer.
std::size_t connections_within(std::size_t wanted, std::uint64_t file_limit) noexcept;

}  // namespace ginnel::config
