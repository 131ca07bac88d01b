// SPDX-License-Identifier: MIT
#include "transfer/duplicate_finder.h"

#include <algorithm>
#include <cerrno>
#include <span>
#include <unistd.h>

#include "base/file_io.h"
#include "transfer/upload_file.h"

namespace ginnel::transfer {
namespace {

constexpr std::size_t kBucketsOfAColumn = 64;

/// Entries written at once: 8 KiB.
constexpr std::size_t kChunkEntries = 512;

/// Entries of a bucket that are sorted at once, unless it holds more different ones: 1 MiB. A file
/// may repeat one cell without end, so a bucket is not read as a whole.
constexpr std::size_t kSortedEntries = 65'536;

}  // namespace

DuplicateFinder::DuplicateFinder(FileDescriptor file, std::size_t columns)
    : file_(std::move(file)), buckets_(columns * kBucketsOfAColumn) {}

Result<DuplicateFinder> DuplicateFinder::make(const std::string& folder, std::size_t columns) {
  FileDescriptor file = nameless_file(folder);
  if (!file.is_open()) {
    return upload_not_kept("make the file of cells");
  }
  return DuplicateFinder(std::move(file), columns);
}

Result<Done> DuplicateFinder::add(std::size_t column, std::string_view cell, std::uint32_t line) {
  Entry entry;
  entry.hash = SipHash13(key_)(cell);
  entry.more_hash = static_cast<std::uint32_t>(SipHash13(other_key_)(cell));
  entry.line = line;
  Bucket& bucket = buckets_[column * kBucketsOfAColumn + entry.hash % kBucketsOfAColumn];
  bucket.rest.push_back(entry);
  return bucket.rest.size() < kChunkEntries ? Result<Done>(Done()) : write(bucket);
}

Result<Done> DuplicateFinder::write(Bucket& bucket) {
  const auto bytes = std::as_bytes(std::span(bucket.rest));
  if (!write_all(file_.number(), {reinterpret_cast<const char*>(bytes.data()), bytes.size()})) {
    return upload_not_kept("write the file of cells");
  }
  bucket.chunks.push_back(chunks_++);
  bucket.rest.clear();
  return Done();
}

Result<Done> DuplicateFinder::find(const std::function<void(const Duplicate&)>& tell) {
  for (std::size_t place = 0; place < buckets_.size(); ++place) {
    if (auto found = find_in(place, tell); !found) {
      return found;
    }
  }
  return Done();
}

Result<Done> DuplicateFinder::find_in(std::size_t place,
                                      const std::function<void(const Duplicate&)>& tell) {
  std::vector<Entry> entries;
  // Tells of the repeated ones and keeps the first of each: those to come have higher lines.
  const auto sort_out = [&] {
    std::ranges::sort(entries);
    std::size_t kept = 0;
    for (const Entry& entry : entries) {
      if (kept > 0 && entry.same_cell(entries[kept - 1])) {
        tell({place / kBucketsOfAColumn, entry.line, entries[kept - 1].line});
      } else {
        entries[kept++] = entry;
      }
    }
    entries.resize(kept);
  };
  std::size_t limit = kSortedEntries;
  for (const std::uint32_t chunk : buckets_[place].chunks) {
    if (auto done = read(chunk, entries); !done) {
      return done;
    }
    if (entries.size() >= limit) {
      sort_out();
      limit = std::max(kSortedEntries, entries.size() * 2);
    }
  }
  entries.insert(entries.end(), buckets_[place].rest.begin(), buckets_[place].rest.end());
  sort_out();
  buckets_[place] = Bucket();
  return Done();
}

Result<Done> DuplicateFinder::read(std::uint32_t chunk, std::vector<Entry>& entries) const {
  const std::size_t before = entries.size();
  entries.resize(before + kChunkEntries);
  const auto bytes = std::as_writable_bytes(std::span(entries).subspan(before));
  const auto offset = static_cast<off_t>(chunk) * static_cast<off_t>(bytes.size());
  ssize_t count = 0;
  do {
    count = ::pread(file_.number(), bytes.data(), bytes.size(), offset);
  } while (count < 0 && errno == EINTR);
  if (count != static_cast<ssize_t>(bytes.size())) {
    return upload_not_kept("read the file of cells");
  }
  return Done();
}

}  // namespace ginnel::transfer
