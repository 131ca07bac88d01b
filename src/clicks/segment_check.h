// SPDX-License-Identifier: MIT
#pragma once

#include <cstdint>
#include <functional>
#include <string>

#include "base/result.h"
#include "clicks/click_record.h"
#include "clicks/segment.h"

namespace ginnel::clicks {

/// What follows the sound records of a segment.
enum class SegmentEnding {
  kClean,    ///< nothing: zeros, or the end of the file
  kTorn,     ///< one that was not written whole: the process, or the machine, ended meanwhile
  kDamaged,  ///< sound ones, behind one that is not: it was written whole and changed since
};

/// What is in a segment.
struct SegmentCheck {
  SegmentHeader header;
  std::uint64_t records = 0;
  std::uint64_t end = 0;  ///< the byte behind the last of them
  SegmentEnding ending = SegmentEnding::kClean;
  std::uint64_t bytes_behind = 0;    ///< that are not zero
  std::uint64_t records_behind = 0;  ///< sound ones, which nobody ships
};

/// Reads a whole segment, a piece at a time: it may be larger than memory. One that is being
/// written may look torn. Fails as read_segment_header.
Result<SegmentCheck> check_segment(const std::string& path);

/// Shows every sound record and where it begins, in order, up to the first that is not. Gives where
/// the next one would begin. Fails with kUnavailable when the file cannot be read.
Result<std::uint64_t> for_each_record(
    const std::string& path, const std::function<void(std::uint64_t, const ClickRecord&)>& visit);

}  // namespace ginnel::clicks
