// SPDX-License-Identifier: MIT
#include "observability/log.h"

#include <array>
#include <charconv>
#include <chrono>
#include <cmath>
#include <cstdlib>
#include <ctime>
#include <type_traits>
#include <unistd.h>

#include <fmt/chrono.h>
#include <spdlog/async.h>
#include <spdlog/async_logger.h>

#include "base/json_text.h"
#include "base/terminal.h"
#include "observability/line_sink.h"

namespace ginnel::observability {
namespace {

constexpr std::array<std::string_view, 4> kLevelNames = {"debug", "info", "warn", "error"};
constexpr std::array<std::string_view, 4> kLevelColours = {
    "\033[2m", "\033[32m", "\033[33m", "\033[31m"};
constexpr std::string_view kColourEnd = "\033[0m";

std::string_view name_of(LogLevel level) {
  return kLevelNames[static_cast<std::size_t>(level)];
}

/// `2026-11-24T12:00:01.250Z` (RFC 3339 section 5.6).
std::string rfc3339(std::int64_t milliseconds) {
  const auto seconds = static_cast<std::time_t>(milliseconds / 1'000);
  return fmt::format("{:%Y-%m-%dT%H:%M:%S}.{:03}Z", fmt::gmtime(seconds), milliseconds % 1'000);
}

/// The shortest text that gives the number back; null for what JSON has no number for.
std::string number_text(double number) {
  if (!std::isfinite(number)) {
    return "null";
  }
  char digits[40];
  const auto end = std::to_chars(digits, digits + sizeof digits, number).ptr;
  return {digits, end};
}

/// Stands for the rest of a text that is too long.
constexpr std::string_view kRest = "...";

/// What is logged of a text: it ends between two characters (RFC 3629: 10xxxxxx goes on one).
std::string_view beginning_of(std::string_view text) {
  constexpr unsigned char kGoesOn = 0x80;
  constexpr unsigned char kMask = 0xc0;
  if (text.size() <= kMostTextBytes) {
    return text;
  }
  std::size_t end = kMostTextBytes;
  while (end > 0 && (static_cast<unsigned char>(text[end]) & kMask) == kGoesOn) {
    --end;
  }
  return text.substr(0, end);
}

std::string quoted_text(std::string_view text) {
  const std::string_view start = beginning_of(text);
  std::string quoted;
  append_json_string(quoted, start);
  if (start.size() < text.size()) {
    quoted.insert(quoted.size() - 1, kRest);
  }
  return quoted;
}

std::string value_text(const Field::Value& value) {
  return std::visit(
      [](const auto& held) -> std::string {
        using Held = std::decay_t<decltype(held)>;
        if constexpr (std::is_same_v<Held, std::string_view>) {
          return quoted_text(held);
        } else if constexpr (std::is_same_v<Held, bool>) {
          return held ? "true" : "false";
        } else if constexpr (std::is_same_v<Held, double>) {
          return number_text(held);
        } else {
          return std::to_string(held);
        }
      },
      value);
}

/// A text without quotes where it needs none.
std::string plain_text(const Field::Value& value) {
  if (const auto* text = std::get_if<std::string_view>(&value)) {
    const std::string quoted = quoted_text(*text);
    const std::size_t start = beginning_of(*text).size();
    const std::size_t shown = start < text->size() ? start + kRest.size() : start;
    const bool plain = !text->empty() && quoted.size() == shown + 2 &&
                       text->find_first_of(" =") == std::string_view::npos;
    return plain ? quoted.substr(1, shown) : quoted;
  }
  return value_text(value);
}

LineSink::Room room_of(const LogOptions& options) {
  return {static_cast<std::int64_t>(options.queue_lines),
          static_cast<std::int64_t>(options.queue_bytes)};
}

bool is_terminal() {
  return ::isatty(STDERR_FILENO) == 1;
}

std::int64_t now_milliseconds() {
  return std::chrono::duration_cast<std::chrono::milliseconds>(
             std::chrono::system_clock::now().time_since_epoch())
      .count();
}

}  // namespace

Log::Log(const LogOptions& options)
    : level_(options.level),
      json_(options.format == LogFormat::kJson ||
            (options.format == LogFormat::kAuto && !is_terminal())),
      colour_(takes_colour(STDERR_FILENO)),
      sink_(std::make_shared<LineSink>(STDERR_FILENO, room_of(options))),
      // More than are admitted: it never overruns.
      writer_(std::make_shared<spdlog::details::thread_pool>(options.queue_lines + 1, 1)) {
  logger_ = std::make_shared<spdlog::async_logger>(
      "ginnel", sink_, writer_, spdlog::async_overflow_policy::overrun_oldest);
  logger_->set_level(spdlog::level::trace);
}

Log::~Log() {
  constexpr std::chrono::seconds kPatience{1};
  sink_->end_by(LineSink::Clock::now() + kPatience);
}

std::uint64_t Log::dropped() const noexcept {
  return sink_->dropped();
}

void Log::write(LogLevel level, std::string_view message, Fields fields) {
  if (!writes(level)) {
    return;
  }
  const std::int64_t now = now_milliseconds();
  try {
    const std::string line = json_ ? json_line(now, level, message, fields)
                                   : text_line(now, level, message, fields, colour_);
    if (sink_->admit(line.size())) {
      logger_->log(spdlog::level::info, spdlog::string_view_t(line.data(), line.size()));
    }
  } catch (const std::bad_alloc&) {
    sink_->note_dropped();  // whoever logs may be telling just that
  }
}

std::string json_line(std::int64_t milliseconds,
                      LogLevel level,
                      std::string_view message,
                      Fields fields) {
  std::string line;
  JsonObject object(line);
  object.add("time", rfc3339(milliseconds)).add("level", name_of(level)).add("message", message);
  for (const Field& field : fields) {
    object.add_raw(field.key, value_text(field.value));
  }
  object.end();
  return line;
}

std::string text_line(std::int64_t milliseconds,
                      LogLevel level,
                      std::string_view message,
                      Fields fields,
                      bool colour) {
  std::string name(name_of(level));
  name.resize(5, ' ');
  std::string line = rfc3339(milliseconds).substr(11, 12);
  line.append(" ");
  if (colour) {
    line.append(kLevelColours[static_cast<std::size_t>(level)]).append(name).append(kColourEnd);
  } else {
    line.append(name);
  }
  line.append(" ").append(message);
  for (const Field& field : fields) {
    line.append("  ").append(field.key).append("=").append(plain_text(field.value));
  }
  return line;
}

}  // namespace ginnel::observability
