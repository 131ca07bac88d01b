// SPDX-License-Identifier: MIT
#pragma once

#include "clicks/click_recorder.h"

namespace ginnel::support {

/// A recorder whose journal has no file: whatever is recorded is dropped, and counted as that.
struct LostClicks {
  clicks::JournalOptions options;
  clicks::DiskUse disk{0};
  clicks::JournalWriter writer{options, disk};
  clicks::ClickRecorder recorder{writer, clicks::AddressPolicy()};
};

}  // namespace ginnel::support
