// SPDX-License-Identifier: MIT
#include "base/thread.h"

#include <cstdint>
#include <pthread.h>
#include <sched.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <unistd.h>

namespace ginnel {
namespace {

constexpr int kBehindNice = 5;

/// The shortest that Linux takes.
constexpr std::uint64_t kShortTurnNanoseconds = 100'000;

/// What sched_setattr(2) takes, in its first form: glibc 2.36 has neither the function nor this,
/// and the kernel's header of it cannot be included beside pthread.h.
struct SchedulingAttributes {
  std::uint32_t size = sizeof(SchedulingAttributes);
  std::uint32_t policy = SCHED_OTHER;
  std::uint64_t flags = 0;
  std::int32_t nice = 0;
  std::uint32_t priority = 0;
  std::uint64_t runtime = 0;  ///< nanoseconds
  std::uint64_t deadline = 0;
  std::uint64_t period = 0;
};
static_assert(sizeof(SchedulingAttributes) == 48);

/// Whatever the kernel says, the thread runs as before; an older one passes over the length.
void ask_for_short_turns() noexcept {
  SchedulingAttributes attributes;
  attributes.nice = ::getpriority(PRIO_PROCESS, 0);
  attributes.runtime = kShortTurnNanoseconds;
  ::syscall(SYS_sched_setattr, 0, &attributes, 0);
}

}  // namespace

void describe_thread(const char* name, Standing standing) noexcept {
  ::pthread_setname_np(::pthread_self(), name);
  if (standing == Standing::kFirst) {
    ask_for_short_turns();
  } else if (standing == Standing::kBehind) {
    ::setpriority(PRIO_PROCESS, 0, kBehindNice);
  }
}

}  // namespace ginnel
