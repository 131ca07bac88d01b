// SPDX-License-Identifier: MIT
#pragma once

#include <concepts>
#include <cstddef>
#include <cstdint>
#include <initializer_list>
#include <memory>
#include <string>
#include <string_view>
#include <variant>

#include "observability/options.h"

namespace spdlog {
class logger;
namespace details {
class thread_pool;
}
}  // namespace spdlog

namespace ginnel::observability {

class LineSink;

/// One fact of a log line.
struct Field {
  using Value = std::variant<std::string_view, std::int64_t, double, bool>;

  Field(std::string_view name, std::string_view text) : key(name), value(text) {}
  Field(std::string_view name, const std::string& text)
      : key(name), value(std::string_view(text)) {}
  Field(std::string_view name, const char* text) : key(name), value(std::string_view(text)) {}
  Field(std::string_view name, bool flag) : key(name), value(flag) {}
  Field(std::string_view name, std::integral auto number)
      : key(name), value(static_cast<std::int64_t>(number)) {}
  Field(std::string_view name, double number) : key(name), value(number) {}

  std::string_view key;
  Value value;
};

using Fields = std::initializer_list<Field>;

/// What is logged of one text, which may be a client's: a path has up to 16 KiB.
inline constexpr std::size_t kMostTextBytes = 1'024;

/// The process' log: fields, not sentences, one line each on standard error.
///
/// As JSON, a line begins with `time` (UTC, RFC 3339 with milliseconds), `level` and `message`, and
/// goes on with the fields in the order given. Of a text its first kMostTextBytes are logged. Lines
/// are made by the caller and written by a thread of the log's own from a queue that is bounded in
/// lines and bytes, so a caller never waits; what is dropped is counted. Safe to call from any
/// thread. Destroying it writes what is queued, as far as its reader takes it within a second.
class Log final {
 public:
  explicit Log(const LogOptions& options);
  ~Log();
  Log(const Log&) = delete;
  Log& operator=(const Log&) = delete;

  void debug(std::string_view message, Fields fields = {}) {
    write(LogLevel::kDebug, message, fields);
  }
  void info(std::string_view message, Fields fields = {}) {
    write(LogLevel::kInfo, message, fields);
  }
  void warn(std::string_view message, Fields fields = {}) {
    write(LogLevel::kWarn, message, fields);
  }
  void error(std::string_view message, Fields fields = {}) {
    write(LogLevel::kError, message, fields);
  }

  /// Whether a line of this level is written at all.
  bool writes(LogLevel level) const noexcept { return level >= level_; }

  /// Lines dropped because the queue was full, since start.
  std::uint64_t dropped() const noexcept;

 private:
  void write(LogLevel level, std::string_view message, Fields fields);

  LogLevel level_;
  bool json_;
  bool colour_;
  std::shared_ptr<LineSink> sink_;
  std::shared_ptr<spdlog::logger> logger_;
  std::shared_ptr<spdlog::details::thread_pool> writer_;  ///< ends first: it writes to the logger
};

/// One line as JSON, without its end. `milliseconds` since the epoch.
std::string json_line(std::int64_t milliseconds,
                      LogLevel level,
                      std::string_view message,
                      Fields fields);

/// One line for people, without its end: `12:00:01.250 info  listening address=127.0.0.1:8080`.
std::string text_line(std::int64_t milliseconds,
                      LogLevel level,
                      std::string_view message,
                      Fields fields,
                      bool colour);

}  // namespace ginnel::observability
