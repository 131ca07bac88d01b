// SPDX-License-Identifier: MIT
#include "clicks/segment.h"

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstring>
#include <string_view>
#include <sys/stat.h>
#include <unistd.h>
#include <utility>

#include "base/file_descriptor.h"
#include "base/file_io.h"
#include "base/hex.h"
#include "clicks/crc32c.h"

namespace ginnel::clicks {
namespace {

constexpr std::array<char, 8> kMagic = {'G', 'I', 'N', 'C', 'L', 'I', 'C', 'K'};
/// Of the form; a newer one is refused, whatever its header says besides.
constexpr std::uint32_t kVersion = 1;

/// A segment's header on disk, as docs/journal.md draws it.
struct Fixed {
  std::array<char, 8> magic;
  std::uint32_t version;
  std::uint32_t header_bytes;
  std::array<std::uint8_t, 16> id;
  std::array<std::uint8_t, 16> database;
  std::int64_t created;
  std::uint32_t unused;
  std::uint32_t checksum;  ///< CRC32C of everything before it
};
static_assert(sizeof(Fixed) == kSegmentHeaderBytes);

std::uint32_t checksum_of(const Fixed& fixed) noexcept {
  return crc32c({reinterpret_cast<const char*>(&fixed), offsetof(Fixed, checksum)});
}

Error cannot_read(const std::string& path, ErrorKind kind, const std::string& why) {
  return Error(kind, "The journal cannot be read", path + ": " + why);
}

Result<FileDescriptor> open_to_read(const std::string& path) {
  auto file = open_regular_file(path);
  if (!file) {
    return cannot_read(path, file.error().kind, file.error().message);
  }
  return file;
}

Error not_a_segment(const std::string& path, const std::string& why) {
  return Error(ErrorKind::kInvalid, path + " is no segment of a journal: " + why);
}

Result<std::vector<char>> read_open_file(const FileDescriptor& file,
                                         const std::string& path,
                                         std::uint64_t offset,
                                         std::size_t size) {
  const auto failed = [&path] {
    return cannot_read(path, ErrorKind::kUnavailable, std::strerror(errno));
  };
  struct stat status {};
  if (::fstat(file.number(), &status) != 0) {
    return failed();
  }
  const auto length = static_cast<std::uint64_t>(status.st_size);
  size = static_cast<std::size_t>(std::min<std::uint64_t>(size, length - std::min(length, offset)));
  std::vector<char> bytes(size);
  std::size_t filled = 0;
  while (filled < size) {
    const ssize_t count = ::pread(
        file.number(), bytes.data() + filled, size - filled, static_cast<off_t>(offset + filled));
    if (count < 0 && errno == EINTR) {
      continue;
    }
    if (count < 0) {
      return failed();
    }
    if (count == 0) {
      break;
    }
    filled += static_cast<std::size_t>(count);
  }
  bytes.resize(filled);
  return bytes;
}

Result<SegmentHeader> read_header(const FileDescriptor& file, const std::string& path) {
  auto bytes = read_open_file(file, path, 0, sizeof(Fixed));
  if (!bytes) {
    return std::move(bytes).error();
  }
  Fixed fixed;
  if (bytes->size() < sizeof fixed) {
    return not_a_segment(path, "it is shorter than a header");
  }
  std::memcpy(&fixed, bytes->data(), sizeof fixed);
  if (fixed.magic != kMagic) {
    return not_a_segment(path, "it does not begin with GINCLICK");
  }
  if (fixed.version > kVersion) {
    return not_a_segment(path,
                         "it was written by a newer version (format " +
                             std::to_string(fixed.version) + ", this one reads " +
                             std::to_string(kVersion) + ")");
  }
  if (fixed.checksum != checksum_of(fixed) || fixed.version != kVersion ||
      fixed.header_bytes != sizeof fixed) {
    return not_a_segment(path, "its header is damaged");
  }
  SegmentHeader header;
  header.id = to_hex(fixed.id);
  header.database = to_hex(fixed.database);
  header.created = domain::Timestamp(std::chrono::microseconds(fixed.created));
  return header;
}

}  // namespace

std::string segment_header_bytes(const SegmentHeader& header) {
  Fixed fixed{};
  fixed.magic = kMagic;
  fixed.version = kVersion;
  fixed.header_bytes = sizeof fixed;
  from_hex(header.id, fixed.id);  // both are hex digits wherever they come from
  from_hex(header.database, fixed.database);
  fixed.created = header.created.time_since_epoch().count();
  fixed.checksum = checksum_of(fixed);
  return {reinterpret_cast<const char*>(&fixed), sizeof fixed};
}

Result<SegmentHeader> read_segment_header(const std::string& path) {
  const auto file = open_to_read(path);
  return file ? read_header(*file, path) : file.error();
}

Result<std::vector<char>> read_bytes(const std::string& path,
                                     std::uint64_t offset,
                                     std::size_t size) {
  const auto file = open_to_read(path);
  return file ? read_open_file(*file, path, offset, size) : file.error();
}

Result<SegmentPart> read_part(const SegmentToShip& segment, std::uint64_t from, std::size_t limit) {
  SegmentPart part;
  part.next = std::max(from, kSegmentHeaderBytes);
  if (part.next >= segment.end) {
    part.complete = true;
    return part;
  }
  auto file = open_to_read(segment.path);
  if (!file) {
    return std::move(file).error();
  }
  auto header = read_header(*file, segment.path);
  if (!header) {
    return std::move(header).error();
  }
  if (header->id != segment.header.id) {
    return not_a_segment(segment.path, "another one has taken its name");
  }
  const std::uint64_t wanted =
      std::min<std::uint64_t>(segment.end - part.next, (limit + 1) * kMaxRecordBytes);
  auto bytes = read_open_file(*file, segment.path, part.next, static_cast<std::size_t>(wanted));
  if (!bytes) {
    return std::move(bytes).error();
  }
  part.bytes = std::move(*bytes);
  std::string_view rest(part.bytes.data(), part.bytes.size());
  ClickRecord record;
  Decoded found = Decoded::kRecord;
  while (part.records.size() < limit && (found = decode(rest, record)) == Decoded::kRecord) {
    part.records.push_back(record);
  }
  part.next += part.bytes.size() - rest.size();
  part.torn = found == Decoded::kTorn;
  part.complete = found != Decoded::kRecord || part.next >= segment.end;
  return part;
}

}  // namespace ginnel::clicks
