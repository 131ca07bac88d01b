// SPDX-License-Identifier: MIT
// Every reader of a segment bears any bytes, and all of them see the same in it. Run it as
// docs/journal.md says; what it finds goes to tests/corpus/journal, which a unit test reads.
#include <cstddef>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <string>
#include <string_view>

#include "clicks/segment_readers_fixture.h"

// NOLINTNEXTLINE(readability-identifier-naming): libFuzzer calls it by this name
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string bytes(reinterpret_cast<const char*>(data), size);
  for (const std::string& each : {bytes, ginnel::clicks::with_right_checksums(bytes)}) {
    const std::string fault = ginnel::clicks::disagreement_on(each);
    if (!fault.empty()) {
      std::fprintf(stderr, "%s\n", fault.c_str());
      std::abort();
    }
  }
  return 0;
}
