// SPDX-License-Identifier: MIT
#include "http/input_buffer.h"

#include <algorithm>
#include <cstring>

namespace ginnel::http {

void InputBuffer::drop_message() {
  if (parsed_ == filled_) {
    parsed_ = filled_ = 0;
    if (bytes_.size() > kInitialBytes) {
      bytes_.resize(kInitialBytes);
      bytes_.shrink_to_fit();
    }
  }
  message_ = parsed_;
  header_end_ = 0;
}

void InputBuffer::make_space() {
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
  if (in_body()) {
    bytes_.resize(kMaxBytes);
  } else if (space().empty()) {
    bytes_.resize(std::min(bytes_.size() * 2, kMaxBytes));
  }
}

}  // namespace ginnel::http
