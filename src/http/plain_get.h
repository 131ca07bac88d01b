// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <string_view>

#include "http/request.h"

namespace ginnel::http {

/// Reads the requests that nearly all visitors send without asking Beast, which looks at each byte
/// by itself: a whole `GET target HTTP/1.1` with one Host, at most 100 fields of printable ASCII,
/// `Connection: keep-alive` or `close` at most, and nothing that announces a body or another
/// protocol. Everything else, requests that come in pieces and all that is wrong included, is left
/// to Beast: what is read here it reads in the same way (parser_test.cc compares them).
///
/// Nearly half of the instructions of a redirect with a browser's fields were Beast's
/// (docs/decisions/0014-plain-get.md).
class PlainGet final {
 public:
  /// The longest request that is read here. Beast decides about the limits.
  static constexpr std::size_t kMaxBytes = 8'192;

  /// Fills `request`, whose first byte is the first of `bytes`, and gives how many bytes it has.
  /// Gives 0 when the bytes are to be read by Beast; `request` is then to be reset.
  static std::size_t read(std::string_view bytes, Request& request);
};

}  // namespace ginnel::http
