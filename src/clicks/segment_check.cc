// SPDX-License-Identifier: MIT
#include "clicks/segment_check.h"

#include <algorithm>
#include <string_view>
#include <utility>
#include <vector>

namespace ginnel::clicks {
namespace {

constexpr std::size_t kPieceBytes = std::size_t{1} << 20;
static_assert(kPieceBytes > kMaxRecordBytes);

std::string_view view_of(const std::vector<char>& bytes) noexcept {
  return {bytes.data(), bytes.size()};
}

/// How far into a piece a record may begin so that all of it is there. In the last piece: anywhere.
std::size_t whole_records_in(std::string_view piece) noexcept {
  return piece.size() == kPieceBytes ? piece.size() - kMaxRecordBytes + 1 : piece.size();
}

struct Remains {
  std::uint64_t bytes = 0;  ///< not zero
  std::uint64_t records = 0;
};

/// Looks for records at every byte of a piece, since nothing tells where one begins. Gives how much
/// of it is done with.
std::size_t search(std::string_view piece, Remains& remains) noexcept {
  const std::size_t end = whole_records_in(piece);
  std::size_t at = 0;
  while (at < end) {
    ClickRecord record;
    std::string_view rest = piece.substr(at);
    if (decode(rest, record) == Decoded::kRecord) {
      ++remains.records;
      at = piece.size() - rest.size();
    } else {
      ++at;
    }
  }
  remains.bytes += static_cast<std::uint64_t>(
      std::count_if(piece.begin(), piece.begin() + static_cast<std::ptrdiff_t>(at), [](char byte) {
        return byte != 0;
      }));
  return at;
}

Result<Remains> remains_behind(const std::string& path, std::uint64_t from) {
  Remains remains;
  while (true) {
    auto piece = read_bytes(path, from, kPieceBytes);
    if (!piece) {
      return std::move(piece).error();
    }
    from += search(view_of(*piece), remains);
    if (piece->size() < kPieceBytes) {
      return remains;
    }
  }
}

SegmentEnding ending_of(const Remains& remains) noexcept {
  if (remains.records > 0) {
    return SegmentEnding::kDamaged;
  }
  return remains.bytes > 0 ? SegmentEnding::kTorn : SegmentEnding::kClean;
}

}  // namespace

Result<SegmentCheck> check_segment(const std::string& path) {
  auto header = read_segment_header(path);
  if (!header) {
    return std::move(header).error();
  }
  SegmentCheck check;
  check.header = std::move(*header);
  auto end =
      for_each_record(path, [&check](std::uint64_t, const ClickRecord&) { ++check.records; });
  if (!end) {
    return std::move(end).error();
  }
  auto remains = remains_behind(path, *end);
  if (!remains) {
    return std::move(remains).error();
  }
  check.end = *end;
  check.ending = ending_of(*remains);
  check.bytes_behind = remains->bytes;
  check.records_behind = remains->records;
  return check;
}

Result<std::uint64_t> for_each_record(
    const std::string& path, const std::function<void(std::uint64_t, const ClickRecord&)>& visit) {
  std::uint64_t from = kSegmentHeaderBytes;
  while (true) {
    auto piece = read_bytes(path, from, kPieceBytes);
    if (!piece) {
      return std::move(piece).error();
    }
    const std::size_t end = whole_records_in(view_of(*piece));
    std::string_view rest = view_of(*piece);
    std::size_t at = 0;
    while (at < end) {
      ClickRecord record;
      if (decode(rest, record) != Decoded::kRecord) {
        return from + at;
      }
      visit(from + at, record);
      at = piece->size() - rest.size();
    }
    from += at;
    if (piece->size() < kPieceBytes) {
      return from;
    }
  }
}

}  // namespace ginnel::clicks
