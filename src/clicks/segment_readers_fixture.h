// SPDX-License-Identifier: MIT
#pragma once

#include <algorithm>
#include <array>
#include <cstring>
#include <sstream>
#include <string>
#include <string_view>
#include <sys/mman.h>
#include <unistd.h>

#include "base/file_descriptor.h"
#include "clicks/crc32c.h"
#include "clicks/journal_inspection.h"
#include "clicks/segment.h"
#include "clicks/segment_check.h"

namespace ginnel::clicks {

/// A file in memory that has a path.
class MemoryFile final {
 public:
  explicit MemoryFile(std::string_view bytes)
      : file_(::memfd_create("segment", MFD_CLOEXEC)),
        path_("/proc/self/fd/" + std::to_string(file_.number())) {
    written_ = ::pwrite(file_.number(), bytes.data(), bytes.size(), 0) ==
               static_cast<ssize_t>(bytes.size());
  }

  bool written() const noexcept { return written_; }
  const std::string& path() const noexcept { return path_; }

 private:
  FileDescriptor file_;
  std::string path_;
  bool written_ = false;
};

/// The same bytes with the checksums of a segment's header and of its records made right, as far as
/// lengths lead: chance never gets past a checksum.
inline std::string with_right_checksums(std::string bytes) {
  constexpr std::size_t kPrefix = 8;
  const auto put = [&bytes](std::size_t at, std::uint32_t checksum) {
    std::memcpy(bytes.data() + at, &checksum, sizeof checksum);
  };
  if (bytes.size() >= kSegmentHeaderBytes) {
    const std::size_t at = kSegmentHeaderBytes - sizeof(std::uint32_t);
    put(at, crc32c(std::string_view(bytes).substr(0, at)));
  }
  for (std::size_t at = kSegmentHeaderBytes; at + kPrefix <= bytes.size();) {
    std::uint32_t length = 0;
    std::memcpy(&length, bytes.data() + at + sizeof(std::uint32_t), sizeof length);
    if (length < kPrefix || length > bytes.size() - at) {
      break;
    }
    put(at, crc32c(std::string_view(bytes).substr(at + 4, length - 4)));
    at += length;
  }
  return bytes;
}

/// What a way of reading a segment finds.
struct Reading {
  std::uint64_t records = 0;
  std::uint64_t end = 0;
  bool torn = false;

  friend bool operator==(const Reading&, const Reading&) = default;
};

/// As the shipper reads, `limit` records at a time. Encoding what was read gives it again, or
/// `fault` says so.
inline Reading read_as_shipper(const SegmentToShip& segment,
                               std::size_t limit,
                               std::string& fault) {
  Reading reading;
  for (bool complete = false; !complete;) {
    const auto part = read_part(segment, reading.end, limit);
    if (!part) {
      fault = "a part cannot be read";
      return reading;
    }
    for (const ClickRecord& record : part->records) {
      std::array<char, kMaxRecordBytes> room{};
      std::string_view again(room.data(), encode(record, room.data()));
      ClickRecord read;
      // Texts that we would have cut were written by somebody else.
      const bool cut =
          std::max(record.user_agent.size(), record.referrer.size()) > kMaxRecordedText;
      if (!cut && (decode(again, read) != Decoded::kRecord || read != record)) {
        fault = "a record that was read does not come back";
      }
    }
    reading.records += part->records.size();
    reading.end = part->next;
    reading.torn = part->torn;
    complete = part->complete;
  }
  return reading;
}

/// What the shipper, the check and the inspection of a segment with these bytes do not agree on;
/// empty when they do. Every one of them must bear any bytes.
inline std::string disagreement_on(std::string_view bytes) {
  const MemoryFile file(bytes);
  if (!file.written()) {
    return "no file";
  }
  SegmentToShip segment;
  segment.path = file.path();
  segment.end = bytes.size();
  segment.sealed = true;
  const auto header = read_segment_header(file.path());
  if (!header) {
    segment.end = 0;  // the shipper would say that it is none
  } else {
    segment.header = *header;
  }
  std::string fault;
  const Reading one_by_one = read_as_shipper(segment, 1, fault);
  const Reading at_once = read_as_shipper(segment, 1'000, fault);
  if (one_by_one != at_once) {
    return "the shipper reads differently in small stretches";
  }
  const auto check = check_segment(file.path());
  const bool agree = !check || (check->records == at_once.records && check->end == at_once.end &&
                                (!at_once.torn || check->ending != SegmentEnding::kClean));
  if (bytes.size() > kSegmentHeaderBytes && !agree) {
    return "check and shipper differ";
  }
  std::ostringstream out;
  const auto sound = inspect_journal(file.path(), out);
  if (!sound || (*sound && !check)) {
    return "inspection and check differ";
  }
  const std::string text = out.str();
  const bool printable = std::all_of(
      text.begin(), text.end(), [](char c) { return c == '\n' || (c >= ' ' && c <= '~'); });
  return printable ? fault : "the inspection prints what is not printable";
}

}  // namespace ginnel::clicks
