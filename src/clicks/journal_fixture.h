// SPDX-License-Identifier: MIT
#pragma once

#include <array>
#include <chrono>
#include <cstdint>
#include <fstream>
#include <iterator>
#include <memory>
#include <string>
#include <string_view>
#include <thread>
#include <vector>

#include <gtest/gtest.h>

#include "clicks/click_record.h"
#include "clicks/segment.h"

namespace ginnel::clicks {

/// Ids of two databases.
inline const std::string kOurs(32, 'd');
inline const std::string kTheirs(32, 'e');

/// Segments that a test fills several of.
inline constexpr std::uint64_t kSegmentBytes = 64 << 10;

/// A click like many. `number` is its visitor, so that a reader can tell which it is.
inline ClickRecord usual_click(std::uint64_t number = 1) {
  ClickRecord record;
  record.at = domain::Timestamp(std::chrono::microseconds(1'795'564'800'123'456));
  record.link = {42};
  record.user = {7};
  record.visitor = number;
  record.network = {{203, 0, 113}, 3};
  record.code = "Ab3xY9z";
  record.user_agent =
      "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/130.0 "
      "Safari/537.36";
  record.referrer = "https://example.org/a/page?with=query";
  return record;
}

inline std::string bytes_of(const ClickRecord& record) {
  std::array<char, kMaxRecordBytes> room{};
  return {room.data(), encode(record, room.data())};
}

inline SegmentHeader header_of(const std::string& database = kOurs) {
  SegmentHeader header;
  header.id = "0123456789abcdef0123456789abcdef";
  header.database = database;
  header.created = domain::Timestamp(std::chrono::microseconds(1'795'564'800'000'000));
  return header;
}

/// A segment's file: header, clicks 1 to `clicks`.
inline std::string segment_of(std::uint64_t clicks, const std::string& database = kOurs) {
  std::string bytes = segment_header_bytes(header_of(database));
  for (std::uint64_t number = 1; number <= clicks; ++number) {
    bytes += bytes_of(usual_click(number));
  }
  return bytes;
}

inline void write_file(const std::string& path, std::string_view bytes) {
  std::ofstream(path, std::ios::binary) << bytes;
}

inline std::string file_text(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(file), {}};
}

/// A segment of an earlier process, as `Journal::segments` gives it.
inline SegmentToShip sealed(const std::string& path, std::uint64_t end) {
  SegmentToShip segment;
  segment.path = path;
  segment.header = header_of();
  segment.end = end;
  segment.sealed = true;
  segment.earlier = true;
  return segment;
}

/// The visitors of all records of a segment, in order, read `limit` at a time.
inline std::vector<std::uint64_t> visitors_in(const SegmentToShip& segment,
                                              std::size_t limit = 1'000) {
  std::vector<std::uint64_t> visitors;
  std::uint64_t from = 0;
  bool complete = false;
  while (!complete) {
    const auto part = read_part(segment, from, limit);
    if (!part) {
      ADD_FAILURE() << part.error().detail;
      break;
    }
    for (const ClickRecord& record : part->records) {
      visitors.push_back(record.visitor);
    }
    from = part->next;
    complete = part->complete;
  }
  return visitors;
}

/// 1, 2, ... `last`.
inline std::vector<std::uint64_t> numbers_to(std::uint64_t last) {
  std::vector<std::uint64_t> numbers;
  for (std::uint64_t number = 1; number <= last; ++number) {
    numbers.push_back(number);
  }
  return numbers;
}

/// Waits for another thread to make something true; false when it has not in 10 s.
template <class Condition>
bool becomes_true(Condition condition) {
  const auto deadline = std::chrono::steady_clock::now() + std::chrono::seconds(10);
  while (!condition()) {
    if (std::chrono::steady_clock::now() > deadline) {
      return false;
    }
    std::this_thread::yield();
  }
  return true;
}

}  // namespace ginnel::clicks
