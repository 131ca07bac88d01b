// SPDX-License-Identifier: MIT
#pragma once

namespace ginnel {

/// Whether a thread stands behind those that answer visitors where cores are scarce: a redirect is
/// not to wait for a batch of clicks.
enum class Standing { kFirst, kBehind };

/// Names the calling thread (15 characters at most), as `ps -L` and `perf` show it, and says where
/// it stands.
///
/// Linux keeps a nice value for each thread (setpriority(2), "C library/kernel differences"). That
/// of kBehind is 5, a third of the weight of others: with 15 the shipper stored 500 clicks a second
/// beside a compiler (2026-11-25, 2 cores).
void describe_thread(const char* name, Standing standing = Standing::kFirst) noexcept;

}  // namespace ginnel
