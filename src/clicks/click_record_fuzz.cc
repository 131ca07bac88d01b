// SPDX-License-Identifier: MIT
// Every reader of a segment bears any bytes, and all of them see the same in it.
#include "clicks/segment_readers_fixture.h"
#include "support/fuzz_target.h"

std::string ginnel::support::fault_of(std::string_view bytes) {
  const std::string segment(bytes);
  const std::string fault = clicks::disagreement_on(segment);
  return fault.empty() ? clicks::disagreement_on(clicks::with_right_checksums(segment)) : fault;
}
