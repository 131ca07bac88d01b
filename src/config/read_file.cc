// SPDX-License-Identifier: MIT
#include "config/read_file.h"

#include <array>
#include <cerrno>
#include <chrono>
#include <fcntl.h>
#include <poll.h>
#include <system_error>
#include <unistd.h>

#include "base/file_descriptor.h"
#include "base/text.h"

namespace ginnel::config {
namespace {

using Clock = std::chrono::steady_clock;

constexpr std::size_t kMaxBytes = std::size_t{1} << 20;
constexpr std::chrono::seconds kPipePatience{5};

Error system_error(int code) {
  return {ErrorKind::kInvalid, std::generic_category().message(code)};
}

/// Whether there is something to read, or the end: a file always has one of them.
bool becomes_readable(const FileDescriptor& file, Clock::time_point deadline) {
  const auto left =
      std::chrono::duration_cast<std::chrono::milliseconds>(deadline - Clock::now()).count();
  pollfd query{file.number(), POLLIN, 0};
  const int ready = left > 0 ? ::poll(&query, 1, static_cast<int>(left)) : 0;
  return ready > 0 || (ready < 0 && errno == EINTR);
}

}  // namespace

Result<std::string> read_file(const std::string& path) {
  // O_NONBLOCK: opening a pipe waits for its writer otherwise.
  const FileDescriptor file(::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY));
  if (!file.is_open()) {
    return system_error(errno);
  }
  const auto deadline = Clock::now() + kPipePatience;
  std::string text;
  std::array<char, 4096> piece;
  while (text.size() <= kMaxBytes) {
    if (!becomes_readable(file, deadline)) {
      return Error(ErrorKind::kInvalid, "it is a pipe or a device that nobody writes to");
    }
    const ssize_t length = ::read(file.number(), piece.data(), piece.size());
    if (length == 0) {
      return text;
    }
    if (length < 0 && errno != EINTR && errno != EAGAIN) {
      return system_error(errno);
    }
    text.append(piece.data(), length < 0 ? 0 : static_cast<std::size_t>(length));
  }
  return Error(ErrorKind::kInvalid, "it has more than 1 MiB, which is not what was meant");
}

Result<std::string> read_secret_file(const std::string& path) {
  Result<std::string> text = read_file(path);
  if (!text) {
    return Error(ErrorKind::kInvalid, path + " cannot be read: " + text.error().message);
  }
  if (trimmed(*text).empty()) {
    return Error(ErrorKind::kInvalid, path + " is empty");
  }
  return std::string(trimmed(*text));
}

}  // namespace ginnel::config
