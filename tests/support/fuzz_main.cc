// SPDX-License-Identifier: MIT
// libFuzzer's entry: a fault ends the program, so that its input is kept.
#include <cstddef>
#include <cstdint>
#include <cstdio>
#include <cstdlib>

#include "support/fuzz_target.h"

// NOLINTNEXTLINE(readability-identifier-naming): libFuzzer calls it by this name
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string fault = ginnel::support::fault_of({reinterpret_cast<const char*>(data), size});
  if (!fault.empty()) {
    std::fprintf(stderr, "%s\n", fault.c_str());
    std::abort();
  }
  return 0;
}
