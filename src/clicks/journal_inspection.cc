// SPDX-License-Identifier: MIT
#include "clicks/journal_inspection.h"

#include <algorithm>
#include <filesystem>
#include <ostream>
#include <string_view>
#include <system_error>
#include <utility>
#include <vector>

#include <fmt/format.h>

#include "clicks/journal_folder.h"
#include "clicks/segment_check.h"
#include "domain/timestamp.h"

namespace ginnel::clicks {
namespace {

namespace fs = std::filesystem;

bool is_segment(const fs::path& path) {
  return path.extension() == ".clicks" || path.extension() == kDamagedSuffix;
}

/// The files at `path`: itself, or the segments in and below a folder, in the order of their names.
Result<std::vector<std::string>> segments_at(const std::string& path) {
  std::error_code error;
  if (!fs::exists(path, error)) {
    return Error(ErrorKind::kNotFound, "There is nothing at " + path);
  }
  if (!fs::is_directory(path, error)) {
    return std::vector<std::string>{path};
  }
  std::vector<std::string> paths;
  for (fs::recursive_directory_iterator entry(path, error), end; !error && entry != end;
       entry.increment(error)) {
    if (is_segment(entry->path())) {
      paths.push_back(entry->path().string());
    }
  }
  if (error) {
    return Error(ErrorKind::kUnavailable, path + " cannot be read: " + error.message());
  }
  std::sort(paths.begin(), paths.end());
  return paths;
}

std::string quoted(std::string_view text) {
  std::string out = "\"";
  for (const char c : text) {
    if (c == '"' || c == '\\') {
      out += '\\';
      out += c;
    } else if (c >= ' ' && c <= '~') {
      out += c;
    } else {
      out += fmt::format("\\x{:02x}", static_cast<unsigned char>(c));
    }
  }
  return out + '"';
}

std::string record_line(std::uint64_t at, const ClickRecord& record) {
  return fmt::format(
      "{} {} code={} link={} user={} visitor={:016x} network={}{} referrer={} agent={}\n",
      at,
      domain::to_text(record.at),
      quoted(record.code),
      record.link.value,
      record.user.value,
      record.visitor,
      record.network.length == 0 ? "-" : to_text(record.network),
      record.prefetch ? " prefetch" : "",
      quoted(record.referrer),
      quoted(record.user_agent));
}

std::string ending_text(const SegmentCheck& check) {
  switch (check.ending) {
    case SegmentEnding::kClean:
      return "ends clean";
    case SegmentEnding::kTorn:
      return fmt::format(
          "torn at byte {}: {} bytes behind it are not zero", check.end, check.bytes_behind);
    case SegmentEnding::kDamaged:
      return fmt::format("DAMAGED at byte {}: {} sound records behind it, {} bytes not zero",
                         check.end,
                         check.records_behind,
                         check.bytes_behind);
  }
  return "";
}

/// One line about a segment; whether it is sound.
bool write_verdict(const std::string& path, std::ostream& out) {
  const auto check = check_segment(path);
  if (!check) {
    out << path << ": " << check.error().message << '\n';
    return false;
  }
  out << fmt::format(
      "{}: {} records, {} bytes, {}\n", path, check->records, check->end, ending_text(*check));
  return check->ending != SegmentEnding::kDamaged;
}

bool inspect_segment(const std::string& path, std::ostream& out) {
  const auto header = read_segment_header(path);
  if (!header) {
    out << path << ": " << header.error().message << '\n';
    return false;
  }
  out << fmt::format("segment {} of database {}, made {}\n",
                     header->id,
                     header->database,
                     domain::to_text(header->created));
  const auto end = for_each_record(path, [&out](std::uint64_t at, const ClickRecord& record) {
    out << record_line(at, record);
  });
  return write_verdict(path, out) && end.has_value();
}

/// Runs `one` on every segment at `path`; whether all of them were sound.
template <class One>
Result<bool> on_each(const std::string& path, One one) {
  auto paths = segments_at(path);
  if (!paths) {
    return std::move(paths).error();
  }
  bool sound = true;
  for (const std::string& each : *paths) {
    sound = one(each) && sound;
  }
  return sound;
}

}  // namespace

Result<bool> inspect_journal(const std::string& path, std::ostream& out) {
  return on_each(path, [&out](const std::string& each) { return inspect_segment(each, out); });
}

Result<bool> verify_journal(const std::string& path, std::ostream& out) {
  return on_each(path, [&out](const std::string& each) { return write_verdict(each, out); });
}

}  // namespace ginnel::clicks
