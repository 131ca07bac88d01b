// SPDX-License-Identifier: MIT
#include "http/input_buffer.h"

#include <algorithm>
#include <cstring>
#include <utility>

namespace ginnel::http {

void InputBuffer::shrink() {
  const std::size_t kept = filled_ - message_;
  if (kept > kInitialBytes) {
    return;
  }
  std::vector<char> smaller(kInitialBytes);
  std::memcpy(smaller.data(), bytes_.data() + message_, kept);
  bytes_ = std::move(smaller);
  parsed_ -= message_;
  filled_ -= message_;
  message_ = 0;
}

bool InputBuffer::make_space(bool may_grow) {
  const bool was_full = space().empty();
  if (in_body() && parsed_ > header_end_) {
    std::memmove(bytes_.data() + header_end_, bytes_.data() + parsed_, filled_ - parsed_);
    filled_ -= parsed_ - header_end_;
    parsed_ = header_end_;
  }
  if (message_ > 0) {
    std::memmove(bytes_.data(), bytes_.data() + message_, filled_ - message_);
    filled_ -= message_;
    parsed_ -= message_;
    header_end_ -= in_body() ? message_ : 0;
    message_ = 0;
  }
  if (bytes_.empty()) {
    grow_to(kInitialBytes);
  } else if (may_grow && in_body() && was_full) {
    grow_to(kMaxBytes);
  } else if (may_grow && space().empty()) {
    grow_to(std::min(bytes_.size() * 2, kMaxBytes));
  }
  return !space().empty();
}

/// To this size and no byte more, which a vector that grows by itself would take.
void InputBuffer::grow_to(std::size_t size) {
  bytes_.reserve(size);
  bytes_.resize(size);
}

}  // namespace ginnel::http
