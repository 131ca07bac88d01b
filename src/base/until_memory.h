// SPDX-License-Identifier: MIT
#pragma once

#include <chrono>
#include <new>
#include <thread>

namespace ginnel {

/// Gives what `work()` gives, however often it has to be tried: for what must not be left undone
/// for want of memory, on a thread that may wait. An attempt that fails must have done nothing.
template <class Work>
auto until_memory(Work work) {
  constexpr std::chrono::milliseconds kPause{10};
  while (true) {
    try {
      return work();
    } catch (const std::bad_alloc&) {
      std::this_thread::sleep_for(kPause);
    }
  }
}

}  // namespace ginnel
