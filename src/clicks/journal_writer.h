// SPDX-License-Identifier: MIT
#pragma once

#include "clicks/click_record.h"

namespace ginnel::clicks {

/// One core's end of the journal. Used on its loop only; neither waits, locks nor allocates.
class JournalWriter {
 public:
  JournalWriter() = default;
  JournalWriter(const JournalWriter&) = delete;
  JournalWriter& operator=(const JournalWriter&) = delete;
  virtual ~JournalWriter() = default;

  /// Puts a record into memory, for the next flush.
  virtual void append(const ClickRecord& record) noexcept = 0;

  /// Hands what was appended to the kernel in one write: the loop calls it before it sends the
  /// answers. What cannot be written is dropped and counted; visitors hear nothing of it.
  virtual void flush() noexcept = 0;
};

}  // namespace ginnel::clicks
