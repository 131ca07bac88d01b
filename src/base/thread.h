// SPDX-License-Identifier: MIT
#pragma once

namespace ginnel {

/// How far a thread stands behind those that answer visitors, as a nice value.
enum class Niceness {
  kNone = 0,
  kChanges = 5,      ///< somebody waits, but for a disk anyway
  kBackground = 15,  ///< nobody waits
};

/// Names the calling thread (15 characters at most), as `ps -L` and `perf` show it, and lets others
/// go before it where cores are scarce: a running redirect is not to wait behind a batch of clicks.
/// Linux keeps a nice value for each thread (setpriority(2), "C library/kernel differences"); it
/// can only be lowered.
void describe_thread(const char* name, Niceness niceness = Niceness::kNone) noexcept;

}  // namespace ginnel
