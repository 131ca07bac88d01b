// SPDX-License-Identifier: MIT
#pragma once

namespace ginnel {

/// Where a thread stands when cores are scarce: a redirect is not to wait for a batch of clicks.
enum class Standing {
  kFirst,   ///< answers visitors
  kMiddle,  ///< as the system has it
  kBehind,  ///< nobody waits for it, or he waits for a disk anyway
};

/// Names the calling thread (15 characters at most), as `ps -L` and `perf` show it, and says where
/// it stands.
///
/// kFirst asks for short turns: since Linux 6.12 such a thread, when it wakes, does not wait for
/// the turn of another to end, which lasts 3 ms (sched_setattr(2), `sched_runtime`). kBehind has
/// the nice value 5, a third of the weight of others; Linux keeps one for each thread
/// (setpriority(2), "C library/kernel differences"). With 15 the shipper stored 500 clicks a second
/// beside a compiler (2026-11-25, 2 cores).
void describe_thread(const char* name, Standing standing = Standing::kMiddle) noexcept;

}  // namespace ginnel
