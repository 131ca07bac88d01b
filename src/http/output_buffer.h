// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

#include "base/release_memory.h"

namespace ginnel::http {

/// The answers of a connection that are queued, and how far they are sent.
class OutputBuffer final {
 public:
  /// Memory that it keeps once everything is sent: the answers of a few pipelined redirects.
  static constexpr std::size_t kKeptBytes = 4'096;

  /// What is appended here is sent after what stands there.
  std::string& bytes() noexcept { return bytes_; }

  bool empty() const noexcept { return bytes_.empty(); }
  std::string_view unsent() const noexcept { return std::string_view(bytes_).substr(sent_); }

  /// The kernel took this much of `unsent`. It is emptied once all is sent.
  void mark_sent(std::size_t count) noexcept {
    sent_ += count;
    if (sent_ == bytes_.size()) {
      bytes_.clear();
      sent_ = 0;
    }
  }

  /// Answers that are queued, sent ones included.
  std::size_t size() const noexcept { return bytes_.size(); }
  std::size_t capacity() const noexcept { return bytes_.capacity(); }

  /// Forgets what is not sent and gives the memory back.
  void release() noexcept {
    release_memory(bytes_);
    sent_ = 0;
  }

 private:
  std::string bytes_;
  std::size_t sent_ = 0;
};

}  // namespace ginnel::http
