// SPDX-License-Identifier: MIT
#include "storage/sqlite/file/log_name.h"

#include <array>
#include <cstddef>
#include <fcntl.h>
#include <string_view>
#include <sys/stat.h>
#include <unistd.h>
#include <utility>

#include "base/file_descriptor.h"
#include "base/random.h"
#include "storage/sqlite/file/file_lock.h"

namespace ginnel::storage::sqlite {

namespace {

/// Two numbers of 31 bits: the log's and that of the one before.
constexpr std::int64_t kNumber = 0x7fff'ffff;
constexpr int kNumberBits = 31;

std::int64_t number_of(std::int64_t name) noexcept {
  return name & kNumber;
}

std::int64_t number_before(std::int64_t name) noexcept {
  return name >> kNumberBits;
}

/// The name that the file has without its log; nothing when it cannot be read so.
std::optional<std::int64_t> name_in_file(const std::string& path) {
  auto bare = Connection::open(path, Connection::Mode::kBare);
  if (!bare) {
    return std::nullopt;
  }
  const auto name = log_name(*bare);
  return name ? std::optional<std::int64_t>(*name) : std::nullopt;
}

/// Whether there is a log with anything in it (https://www.sqlite.org/walformat.html): its header
/// of 32 bytes, and a frame that bears the header's salts.
bool has_frames(const std::string& path) {
  constexpr std::size_t kMagic = 3;  // of these bytes all logs have in common
  constexpr std::size_t kSalts = 16;
  constexpr std::size_t kSaltsOfFrame = 32 + 8;
  constexpr std::size_t kSaltBytes = 8;
  std::array<char, 32 + 24> bytes{};
  const FileDescriptor log(::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK));
  if (!log.is_open() ||
      ::pread(log.number(), bytes.data(), bytes.size(), 0) != static_cast<ssize_t>(bytes.size())) {
    return false;
  }
  const std::string_view all(bytes.data(), bytes.size());
  return all.substr(0, kMagic) == "\x37\x7f\x06" &&
         all.substr(kSalts, kSaltBytes) == all.substr(kSaltsOfFrame, kSaltBytes);
}

enum class Header { kNone, kWithoutLog, kWithLog };

/// What the header of the database's file says of its log
/// (https://www.sqlite.org/fileformat2.html#file_format_version_numbers).
Header header_of(const std::string& path) {
  constexpr std::size_t kVersions = 18;
  std::array<char, 20> bytes{};
  const FileDescriptor file(::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK));
  if (!file.is_open() ||
      ::pread(file.number(), bytes.data(), bytes.size(), 0) != static_cast<ssize_t>(bytes.size())) {
    return Header::kNone;
  }
  return bytes[kVersions] == 1 && bytes[kVersions + 1] == 1 ? Header::kWithoutLog
                                                            : Header::kWithLog;
}

}  // namespace

Result<Done> name_log(Connection& connection) {
  auto has_place = connection.exists("SELECT 1 FROM sqlite_schema WHERE name = 'sequences'");
  if (!has_place) {
    return std::move(has_place).error();
  }
  if (!*has_place) {
    return Done();
  }
  std::array<std::uint8_t, 4> random{};
  fill_with_entropy(random);
  std::int64_t number = 0;
  for (const std::uint8_t byte : random) {
    number = (number << 8) | byte;
  }
  number = (number & kNumber) | 1;  // 0 stands for none
  return connection.run(
      "INSERT INTO sequences (name, value) VALUES ('log', ?) ON CONFLICT (name) DO UPDATE "
      "SET value = ((value & 0x7fffffff) << 31) | excluded.value",
      number);
}

Result<std::int64_t> log_name(Connection& connection) {
  auto has_place = connection.exists("SELECT 1 FROM sqlite_schema WHERE name = 'sequences'");
  if (!has_place) {
    return std::move(has_place).error();
  }
  return *has_place ? connection.number("SELECT value FROM sequences WHERE name = 'log'")
                    : Result<std::int64_t>(0);
}

Result<LogCheck> LogCheck::begin(const std::string& path) {
  LogCheck check(path);
  check.has_frames_ = has_frames(path + "-wal");
  const Header header = header_of(path);
  const std::int64_t noted = FileLock::noted_log(path);
  if (!check.has_frames_ && (noted == 0 || header == Header::kNone)) {
    return check;
  }
  check.in_file_ = name_in_file(path);
  if (!check.has_frames_) {
    const bool is_before = check.in_file_ && number_of(*check.in_file_) == number_before(noted);
    return is_before ? Result<LogCheck>(check.vanished()) : Result<LogCheck>(std::move(check));
  }
  switch (header) {
    case Header::kNone:
      return check.foreign("that file is missing or empty");
    case Header::kWithoutLog:
      return check.foreign("that file never had a log, as a backup has none");
    case Header::kWithLog:
      break;
  }
  return check;
}

Result<Done> LogCheck::finish(Connection& connection) const {
  if (!has_frames_ || !in_file_) {
    return Done();
  }
  const auto name = log_name(connection);
  const std::int64_t in_file = number_of(*in_file_);
  const bool fits = name && (number_of(*name) == in_file || number_before(*name) == in_file);
  if (fits) {
    return Done();
  }
  sqlite3_db_config(connection.handle(), SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, 1, nullptr);
  return foreign(name ? "they bear the names of different logs" : "together they are damaged");
}

Result<Done> LogCheck::name_begun_log(Connection& connection) const {
  auto name = log_name(connection);
  if (!name) {
    return std::move(name).error();
  }
  if (has_frames_ && *name != 0) {
    return Done();
  }
  auto done = connection.run("BEGIN IMMEDIATE");
  if (done) {
    done = name_log(connection);
  }
  if (done) {
    done = connection.run("COMMIT");
  }
  if (!done) {
    connection.roll_back();
  }
  return done;
}

Error LogCheck::vanished() const {
  return Error(ErrorKind::kInvalid,
               path_ + "-wal is gone or emptied: the server that wrote to " + path_ +
                   " was killed, and changes that it acknowledged are in that log alone. Put it "
                   "back, or restore a backup; or, to go on with " +
                   path_ + " as it is, without them, delete " + path_ + ".lock");
}

Error LogCheck::foreign(const char* why) const {
  return Error(ErrorKind::kInvalid,
               path_ + "-wal is not the log of " + path_ + ": " + why +
                   ". Put the file back that was there before; or, to go on with " + path_ +
                   " as it is, without what the log holds, move " + path_ + "-wal, " + path_ +
                   "-shm and " + path_ + ".lock away");
}

}  // namespace ginnel::storage::sqlite
