// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <span>
#include <string_view>
#include <vector>

#include "base/release_memory.h"

namespace ginnel::http {

/// The bytes a connection sent and nobody has used yet, with those of the request under way.
///
/// [message | parsed | unparsed | space): the header of a request stays where it is, since the
/// Request points into it, until `drop_message`. Holds nothing before the first byte, then 4 KiB,
/// which takes a browser's header (700 bytes measured), and grows to hold a header of the largest
/// size, or a body that comes faster than 4 KiB a read.
class InputBuffer final {
 public:
  static constexpr std::size_t kInitialBytes = 4'096;
  static constexpr std::size_t kMaxBytes = 36'864;  ///< a header, a chunk's line, and space to read

  /// Where the request under way begins.
  const char* message() const noexcept { return bytes_.data() + message_; }

  std::string_view unparsed() const noexcept {
    return {bytes_.data() + parsed_, filled_ - parsed_};
  }

  void mark_parsed(std::size_t count) noexcept { parsed_ += count; }

  /// The request under way is answered: what was parsed is free again, and so is the memory that
  /// only a large request needed.
  void drop_message() {
    message_ = parsed_;
    header_end_ = 0;
    if (parsed_ == filled_) {
      message_ = parsed_ = filled_ = 0;
    }
    if (bytes_.size() > kInitialBytes) {
      shrink();
    }
  }

  /// Of what was parsed, the first `bytes` are the header, which stays; what follows is the body,
  /// which is copied out as it is parsed.
  void header_ends_after(std::size_t bytes) noexcept { header_end_ = message_ + bytes; }

  /// Whether `header_ends_after` was said of this request.
  bool in_body() const noexcept { return header_end_ != 0; }

  /// Makes room to read at least one byte; `message()` may have changed afterwards. Gives false
  /// when only more memory would be room, and it may not grow above its first 4 KiB.
  bool make_space(bool may_grow = true);

  std::span<char> space() noexcept { return std::span<char>(bytes_).subspan(filled_); }
  void mark_filled(std::size_t count) noexcept { filled_ += count; }

  /// Forgets everything and gives the memory back.
  void release() noexcept {
    message_ = parsed_ = filled_ = header_end_ = 0;
    release_memory(bytes_);
  }

  std::size_t capacity() const noexcept { return bytes_.capacity(); }

 private:
  void shrink();
  void grow_to(std::size_t size);

  std::vector<char> bytes_;
  std::size_t message_ = 0;
  std::size_t header_end_ = 0;
  std::size_t parsed_ = 0;
  std::size_t filled_ = 0;
};

}  // namespace ginnel::http
