// SPDX-License-Identifier: MIT
#include "base/thread.h"

#include <pthread.h>
#include <sys/resource.h>

namespace ginnel {
namespace {

constexpr int kBehind = 5;

}  // namespace

void describe_thread(const char* name, Standing standing) noexcept {
  ::pthread_setname_np(::pthread_self(), name);
  if (standing == Standing::kBehind) {
    ::setpriority(PRIO_PROCESS, 0, kBehind);
  }
}

}  // namespace ginnel
