// SPDX-License-Identifier: MIT
#include "base/thread.h"

#include <pthread.h>
#include <sys/resource.h>

namespace ginnel {

void describe_thread(const char* name, Niceness niceness) noexcept {
  ::pthread_setname_np(::pthread_self(), name);
  if (niceness != Niceness::kNone) {
    ::setpriority(PRIO_PROCESS, 0, static_cast<int>(niceness));
  }
}

}  // namespace ginnel
